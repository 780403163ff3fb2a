"""pwd_mkdb(8): -C checks, -p makes passwd too, -d another folder; without -p Linux's files follow all the same."""

from __future__ import annotations

import sys
from pathlib import Path

from ..options import Usage, parse
from .databases import ETC, make_databases


def main(arguments: list[str]) -> int:
    try:
        options = parse(arguments, "BCiLNpd:s:u:", program="pwd_mkdb")
    except Usage:
        return _usage()
    if len(options.operands) != 1:
        return _usage()
    source = Path(options.operands[0])
    if not source.exists():
        print(f"pwd_mkdb: {source}: No such file or directory", file=sys.stderr)
        return 1
    for number, line in enumerate(source.read_text().splitlines(), 1):
        if line.strip() and not line.startswith("#") and line.count(":") != 9:
            print(f"pwd_mkdb: corrupted entry\npwd_mkdb: at line #{number}", file=sys.stderr)
            print(f"pwd_mkdb: {source}: Inappropriate file type or format", file=sys.stderr)
            return 1
    if "C" in options:
        return 0
    etc = Path(options.values.get("d", ETC))
    if source != etc / "master.passwd":
        source.rename(etc / "master.passwd")
        (etc / "master.passwd").chmod(0o600)
    make_databases(etc)
    return 0


def _usage() -> int:
    print("usage: pwd_mkdb [-BCiLNp] [-d directory] [-s cachesize] [-u username] file", file=sys.stderr)
    return 1
