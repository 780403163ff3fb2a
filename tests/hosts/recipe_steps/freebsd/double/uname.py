"""uname(1). Fields and their order: freebsd/freebsd-src:usr.bin/uname/uname.c; values: os_facts 1.3 and 1.4."""

from __future__ import annotations

import os
import socket
import sys

from .freebsd_version import running_ident, versions
from .options import Usage, parse
from .places import release

# In the order in which several of them are printed.
_ORDER = "snrvmpiKUb"
_ALL = "snrvm"


def main(arguments: list[str]) -> int:
    try:
        options = parse(arguments, "abiKmnoprsUv", program="uname")
    except Usage:
        print("usage: uname [-abiKmnoprsUv]", file=sys.stderr)
        return 1
    wanted = set(options.given)
    if "o" in wanted:
        wanted.add("s")
    if "a" in wanted:
        wanted |= set(_ALL)
    fields = _fields()
    print(" ".join(fields[letter] for letter in _ORDER if letter in (wanted or {"s"})))
    return 0


def _fields() -> dict[str, str]:
    this = release()
    fields = {
        "s": "FreeBSD",
        "n": socket.gethostname(),
        "r": versions()["r"],
        "v": running_ident(),
        "m": "amd64",
        "p": "amd64",
        "i": "GENERIC",
        "K": str(this.osversion),
        "U": str(this.osversion),
        "b": "0" * 40,
    }
    # uname(1): each value can be overridden, e.g. UNAME_r.
    return {letter: os.environ.get(f"UNAME_{letter}", value) for letter, value in fields.items()}
