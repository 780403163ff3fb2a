"""jot(1), for random whole numbers alone: `jot -r REPS BEGIN END`, both bounds included and each as likely
(freebsd/freebsd-src:usr.bin/jot/jot.c).
"""

from __future__ import annotations

import random
import sys

from .options import Usage, parse


def main(arguments: list[str]) -> int:
    try:
        options = parse(arguments, "b:cnp:rs:w:", program="jot")
    except Usage:
        return _usage()
    if not options.operands:
        return _usage()
    if options.given != {"r"} or len(options.operands) != 3 or not all(map(str.isdigit, options.operands)):
        print(f"jot: {' '.join(arguments)} is not known to this host, which is a double", file=sys.stderr)
        return 1
    repetitions, begin, end = map(int, options.operands)
    for _number in range(repetitions):
        print(random.randint(*sorted((begin, end))))
    return 0


def _usage() -> int:
    print("usage: jot [-cnr] [-b word] [-w word] [-s string] [-p precision]", file=sys.stderr)
    print("           [reps [begin [end [s]]]]", file=sys.stderr)
    return 1
