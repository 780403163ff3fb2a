"""blacklistctl(8), blocklistctl(8): `dump` with -a -b -n -r -w. Form: freebsd/freebsd-src:contrib/blocklist/bin/*ctl.c.

The newer of the two, of release 15, begins each line with the name of the rule. Without -a or -b: what is not banned
yet.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from ..options import Usage, parse
from . import record


def main(arguments: list[str]) -> int:
    program = os.path.basename(sys.argv[0])
    if arguments[:1] != ["dump"]:
        print(f"{program}: Missing/unknown command\nUsage: {program} dump [-abdnrw]", file=sys.stderr)
        return 1
    try:
        options = parse(arguments[1:], "abD:dnrw", program=program)
    except Usage:
        print(f"Usage: {program} dump [-abdnrw]", file=sys.stderr)
        return 1
    place = Path(options.values.get("D", str(record.path())))
    if not place.exists():
        print(f"{program}: Can't open `{place}': No such file or directory", file=sys.stderr)
        return 1
    width = 39 if "w" in options else 15
    first = "rulename\t" if program == "blocklistctl" else ""
    if "n" not in options:
        print(
            f"{first}{'address':>{width}}/ma:port\tid\tnfail\t{'remaining time' if 'r' in options else 'last access'}"
        )
    for entry in record.load(place):
        if "a" not in options and entry.is_banned != ("b" in options):
            continue
        name = f"{program.removesuffix('ctl')}d\t" if first else ""
        mask = 128 if ":" in entry.address else 32
        failures = "*" if entry.failures == -1 else str(entry.failures)
        when = _when(entry, is_remaining="r" in options)
        count = f"{entry.count}/{failures}"
        print(f"{name}{entry.address:>{width}}/{mask}:{entry.port}\t{entry.identifier}\t{count}\t{when}")
    return 0


def _when(entry: record.Entry, *, is_remaining: bool) -> str:
    if entry.duration == -1:
        return "never"
    if is_remaining:
        left = int(entry.duration - (time.time() - entry.last))
        return f"{left // 86400}d{left // 3600 % 24}h{left // 60 % 60}m{left % 60}s"
    return time.strftime("%Y/%m/%d %H:%M:%S", time.localtime(entry.last))
