"""lockf(1): -k keeps the file, -n needs it, -s says nothing, -t SECONDS; a lock that another holds: exit code 75."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import time

from .options import Usage, parse


def main(arguments: list[str]) -> int:
    try:
        options = parse(arguments, "knpst:w", program="lockf")
    except Usage:
        return 64
    if len(options.operands) < 2:
        print("usage: lockf [-knsw] [-t seconds] file command [arguments]", file=sys.stderr)
        return 64
    name, *command = options.operands
    if "n" in options and not os.path.exists(name):
        return 69
    deadline = time.monotonic() + float(options.values["t"]) if "t" in options else None
    with open(name, "a") as stream:
        while True:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                if deadline is not None and time.monotonic() >= deadline:
                    if "s" not in options:
                        print(f"lockf: {name}: already locked", file=sys.stderr)
                    return 75
                time.sleep(0.1)
        code = subprocess.run(command, check=False).returncode
    if "k" not in options:
        os.unlink(name)
    return code
