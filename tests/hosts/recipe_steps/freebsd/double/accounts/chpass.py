"""chpass(1) without an editor: -p HASH, -s SHELL, -e DATE, -a LINE. No user: the caller's own account."""

from __future__ import annotations

import os
import pwd
import sys
from dataclasses import replace

from ..options import Usage, parse
from .databases import load_users, locked, save_users


def main(arguments: list[str]) -> int:
    try:
        options = parse(arguments, "a:e:p:s:l", program="chpass")
    except Usage:
        return 1
    name = options.operands[0] if options.operands else pwd.getpwuid(os.getuid()).pw_name
    if os.geteuid() != 0:
        print("chpass: Permission denied", file=sys.stderr)
        return 1
    with locked():
        users = load_users()
        old = next((user for user in users if user.name == name), None)
        if old is None:
            print(f"chpass: {name}: no such user", file=sys.stderr)
            return 1
        new = replace(old, password=options.values.get("p", old.password), shell=options.values.get("s", old.shell))
        if "e" in options:
            new = replace(new, expire=int(options.values["e"] or 0))
        save_users([new if user == old else user for user in users])
    return 0
