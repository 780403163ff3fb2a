"""chroot(8): -u USER, -g GROUP, -G GROUP,…, -n. Words and exit codes: freebsd/freebsd-src:usr.sbin/chroot/chroot.c.

Names are looked up outside; whoever is named only by -u keeps the groups that the caller has.
"""

from __future__ import annotations

import grp
import os
import pwd
import sys

from .options import Options, Usage, parse


def main(arguments: list[str]) -> int:
    try:
        options = parse(arguments, "+G:g:u:n", program="chroot")
    except Usage:
        return _usage()
    if not options.operands or any(not options.values[letter] for letter in "Ggu" if letter in options):
        return _usage()
    try:
        group = _group(options.values["g"]) if "g" in options else None
        more = [_group(name) for name in options.values.get("G", "").split(",") if name]
        user = _user(options.values["u"]) if "u" in options else None
    except LookupError as error:
        print(f"chroot: {error.args[0]}", file=sys.stderr)
        return 1
    return _become(options, group, more, user)


def _usage() -> int:
    print("usage: chroot [-g group] [-G group,group,...] [-u user] [-n] newroot [command]", file=sys.stderr)
    return 1


def _group(name: str) -> int:
    if name.isdigit():
        return int(name)
    try:
        return grp.getgrnam(name).gr_gid
    except KeyError:
        raise LookupError(f"no such group '{name}'") from None


def _user(name: str) -> int:
    if name.isdigit():
        return int(name)
    try:
        return pwd.getpwnam(name).pw_uid
    except KeyError:
        raise LookupError(f"no such user '{name}'") from None


def _become(options: Options, group: int | None, more: list[int], user: int | None) -> int:
    root, *words = options.operands
    subject = root
    try:
        os.chdir(root)
        os.chroot(".")
        subject = "setgroups"
        if more:
            os.setgroups(more)
        subject = "setgid"
        if group is not None:
            os.setgid(group)
        subject = "setuid"
        if user is not None:
            os.setuid(user)
        shell = os.environ.get("SHELL") or "/bin/sh"
        words = words or [shell, "-i"]
        subject = words[0]
        os.execvp(words[0], words)
    except OSError as error:
        print(f"chroot: {subject}: {error.strerror}", file=sys.stderr)
    return 1
