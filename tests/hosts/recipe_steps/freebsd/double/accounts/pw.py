"""pw(8): `pw useradd NAME …`, `pw user add -n NAME …`, and the same for groups; words and exit codes in `refusal`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from ..options import Usage, parse
from . import groups, users
from .databases import ETC, locked
from .refusal import DATA, NO_PERMISSION, USAGE, Refused

_COMMANDS = {
    "useradd": users.add,
    "usermod": users.modify,
    "userdel": users.delete,
    "usershow": users.show,
    "usernext": users.following,
    "lock": users.lock,
    "unlock": users.unlock,
    "groupadd": groups.add,
    "groupmod": groups.modify,
    "groupdel": groups.delete,
    "groupshow": groups.show,
    "groupnext": groups.following,
}
_SWITCHES = {
    "useradd": "V:R:C:qn:u:c:d:e:p:g:G:mM:k:w:b:L:s:oi:h:H:Db:NPY",
    "usershow": "V:R:qn:u:FPa7",
    "usermod": "V:R:C:qn:u:c:d:e:p:g:G:mM:l:k:w:L:s:h:H:NPY",
    "userdel": "V:R:qn:u:rY",
    "usernext": "C:q",
    "lock": "V:R:C:qn:u:",
    "unlock": "V:R:C:qn:u:",
    "groupadd": "V:R:C:qn:g:M:oh:H:NPY",
    "groupmod": "V:R:C:qn:g:l:M:m:d:h:H:NPY",
    "groupdel": "V:R:qn:g:Y",
    "groupshow": "V:R:qn:g:FPa",
    "groupnext": "C:q",
}
_ALIASES = {"show": "show", "del": "del", "add": "add", "mod": "mod", "next": "next"}


def main(arguments: list[str]) -> int:
    words = list(arguments)
    etc = ETC
    while words[:1] in (["-V"], ["-R"]):
        etc = Path(words[1]) if words[0] == "-V" else Path(words[1]) / "etc"
        words = words[2:]
    if len(words) > 1 and words[0] in {"user", "group"} and words[1] in _ALIASES:
        words[:2] = [words[0] + words[1]]
    if words and words[0][:3] in _ALIASES and words[0][3:] in {"user", "group"}:
        words[0] = words[0][3:] + words[0][:3]
    if not words or words[0] not in _COMMANDS:
        print("usage:\n  pw [user|group|lock|unlock] [add|del|mod|show|next] [help|switches/values]", file=sys.stderr)
        return USAGE
    try:
        return _run(words[0], words[1:], etc)
    except Refused as refused:
        if "-q" not in words:
            print(f"pw: {refused}", file=sys.stderr)
        return refused.code


def _run(command: str, words: list[str], etc: Path) -> int:
    name = words.pop(0) if words and not words[0].startswith("-") else None
    try:
        options = parse(words, _SWITCHES[command], program="pw")
    except Usage as error:
        raise Refused(USAGE, "bad usage") from error
    if options.operands and name is None:
        name = options.operands[0]
    name = options.values.get("n", name)
    is_reading = command.endswith(("show", "next")) or "N" in options
    if not is_reading and os.geteuid() != 0:
        raise Refused(NO_PERMISSION, "you must be root to run this program")
    if name is None and not ({"u", "g", "a", "D"} & options.given) and not command.endswith("next"):
        kind = "group name" if command.startswith("group") else "user name or id"
        raise Refused(DATA, f"{kind} required")
    with locked(etc):
        return _COMMANDS[command](name, options, etc)
