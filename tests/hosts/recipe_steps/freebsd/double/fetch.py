"""fetch(1): -o FILE, -q, -m, -T SECONDS and an address; curl does the work."""

from __future__ import annotations

import subprocess
import sys

from .options import Usage, parse
from .places import HIDDEN


def main(arguments: list[str]) -> int:
    try:
        options = parse(arguments, "146AadFf:h:i:lMmN:no:pPqRrS:sT:UvVw:B:c:", program="fetch")
    except Usage:
        return 1
    if not options.operands:
        print("usage: fetch [-146AadFlMmnPpqRrsUVv] [-o file] URL ...", file=sys.stderr)
        return 1
    for address in options.operands:
        target = options.values.get("o", address.rpartition("/")[2] or "fetch.out")
        command = [str(HIDDEN / "curl"), "-fsSL", "-m", options.values.get("T", "120"), "-o", target, address]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode:
            print(f"fetch: {address}: {done.stderr.strip().rpartition(') ')[2]}", file=sys.stderr)
            return 1
        if "q" not in options:
            print(f"{target}                                              100% of", file=sys.stderr)
    return 0
