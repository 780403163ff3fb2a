"""swapinfo(8), dmesg(8), kenv(1): what a virtual machine without swap says."""

from __future__ import annotations

import os
import sys

from .places import release


def main(arguments: list[str]) -> int:
    return {"swapinfo": _swapinfo, "dmesg": _dmesg, "kenv": _kenv}[os.path.basename(sys.argv[0])](arguments)


def _swapinfo(_arguments: list[str]) -> int:
    print("Device          1K-blocks     Used    Avail Capacity")
    return 0


def _dmesg(_arguments: list[str]) -> int:
    print("---<<BOOT>>---\nCopyright (c) 1992-2026 The FreeBSD Project.")
    print(f"{release().ident}\nCPU: QEMU Virtual CPU version 2.5+ (2400.00-MHz K8-class CPU)")
    return 0


def _kenv(arguments: list[str]) -> int:
    values = {
        "smbios.system.product": "double",
        "smbios.system.maker": "groundwork",
        "smbios.bios.vendor": "groundwork",
    }
    words = [word for word in arguments if not word.startswith("-")]
    if not words:
        print("\n".join(f'{name}="{value}"' for name, value in values.items()))
        return 0
    if words[0] not in values:
        if "-q" not in arguments:
            print(f"kenv: unable to get {words[0]}", file=sys.stderr)
        return 1
    print(values[words[0]])
    return 0
