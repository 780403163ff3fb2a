"""freebsd-version(1): -k installed kernel, -r running kernel, -u userland (os_facts 1.4 [M]; its order is k, r, u).

What `freebsd-update install` brought is remembered; a running kernel is the one of the last start.
"""

from __future__ import annotations

import sys

from . import memory
from .options import Usage, parse
from .places import MEMORY, RUNNING, release

_INSTALLED = MEMORY / "base.json"


def main(arguments: list[str]) -> int:
    try:
        options = parse(arguments, "kruj:", program="freebsd-version")
    except Usage:
        print("usage: freebsd-version [-kru] [-j jail]", file=sys.stderr)
        return 1
    for letter in "kru":
        if letter in options or (letter == "u" and not options.given):
            print(versions()[letter])
    return 0


def versions() -> dict[str, str]:
    this = release()
    installed = memory.load(_INSTALLED, {"kernel": this.kernel, "userland": this.userland})
    running = memory.load(RUNNING / "kernel.json", this.kernel)
    return {"k": installed["kernel"], "r": running, "u": installed["userland"]}


def set_installed(*, kernel: str, userland: str) -> None:
    memory.save(_INSTALLED, {"kernel": kernel, "userland": userland})


def running_ident() -> str:
    """What the kernel that runs says of itself."""
    this = release()
    return this.ident.replace(this.kernel, versions()["r"])


def remember_running_kernel() -> None:
    memory.save(RUNNING / "kernel.json", versions()["k"])
