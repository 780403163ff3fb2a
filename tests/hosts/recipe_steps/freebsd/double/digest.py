"""md5(1), sha1(1), sha256(1), sha512(1): `NAME (FILE) = DIGEST`, -q the digest alone, -r turned round, -s TEXT."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

from .options import Usage, parse


def main(arguments: list[str]) -> int:
    program = os.path.basename(sys.argv[0])
    try:
        options = parse(arguments, "bc:pqrs:tx", program=program)
    except Usage:
        return 1
    if "s" in options:
        return _show(program, f'"{options.values["s"]}"', options.values["s"].encode(), options.given)
    if not options.operands:
        print(hashlib.new(program, sys.stdin.buffer.read()).hexdigest())
        return 0
    code = 0
    for name in options.operands:
        try:
            content = Path(name).read_bytes()
        except OSError as error:
            print(f"{program}: {name}: {error.strerror}", file=sys.stderr)
            code = 1
            continue
        _show(program, name, content, options.given)
        if "c" in options and hashlib.new(program, content).hexdigest() != options.values["c"]:
            print(" [ Failed ]")
            code = 2
    return code


def _show(program: str, name: str, content: bytes, given: set[str]) -> int:
    digest = hashlib.new(program, content).hexdigest()
    if "q" in given:
        print(digest)
    else:
        print(f"{digest} {name}" if "r" in given else f"{program.upper()} ({name}) = {digest}")
    return 0
