"""kldload(8), kldunload(8), kldstat(8): modules are names that are remembered until the next start.

Words: freebsd/freebsd-src:sbin/kldload/kldload.c and kldstat.c; -n: already loaded is no error. Loading pf makes
/dev/pf.
"""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

from . import memory
from .options import Usage, parse
from .places import RUNNING

_MODULES = RUNNING / "modules.json"
_KNOWN = frozenset(
    (
        *(
            "pf",
            "pflog",
            "pfsync",
            "ipfw",
            "if_bridge",
            "accf_http",
            "accf_data",
            "fdescfs",
            "linux",
            "linux64",
            "nullfs",
        ),
        *("tmpfs", "zfs", "aesni", "cryptodev", "coretemp", "cc_htcp", "cc_cubic", "mac_portacl", "mac_bsdextended"),
        *("mac_seeotheruids", "if_vlan", "if_epair", "fusefs", "ng_ether", "vmm", "ipmi", "smbus", "if_wg"),
    )
)


def main(arguments: list[str]) -> int:
    program = os.path.basename(sys.argv[0])
    try:
        options = parse(arguments, {"kldstat": "dhqvi:n:m:"}.get(program, "nvqfi:"), program=program)
    except Usage:
        return 1
    if program == "kldstat":
        return _show(options.values.get("m") or options.values.get("n"), is_quiet="q" in options)
    if os.geteuid() != 0:
        print(f"{program}: {options.operands[0]}: Operation not permitted", file=sys.stderr)
        return 1
    action = _load if program == "kldload" else _unload
    return max([action(Path(name).stem, is_lenient="n" in options) for name in options.operands], default=1)


def loaded() -> list[str]:
    return list(memory.load(_MODULES, []))


def _load(name: str, *, is_lenient: bool) -> int:
    if name in loaded():
        if not is_lenient:
            print(f"kldload: can't load {name}: module already loaded or in kernel", file=sys.stderr)
        return 0 if is_lenient else 1
    if name not in _KNOWN:
        print(f"kldload: can't load {name}: No such file or directory", file=sys.stderr)
        return 1
    with memory.changing(_MODULES, []) as modules:
        modules.append(name)
    if name == "pf":
        os.mknod("/dev/pf", 0o600 | stat.S_IFCHR, os.makedev(1, 3))
    return 0


def _unload(name: str, *, is_lenient: bool) -> int:
    if name not in loaded():
        print(f"kldunload: can't find file {name}: No such file or directory", file=sys.stderr)
        return 1
    with memory.changing(_MODULES, []) as modules:
        modules.remove(name)
    if name == "pf":
        Path("/dev/pf").unlink(missing_ok=True)
    return 0


def _show(name: str | None, *, is_quiet: bool) -> int:
    present = ["kernel", *(f"{each}.ko" for each in loaded())]
    if name is not None:
        present = [each for each in present if each.removesuffix(".ko") == name.removesuffix(".ko")]
        if not present:
            if not is_quiet:
                print(f"kldstat: can't find module {name}: No such file or directory", file=sys.stderr)
            return 1
    if not is_quiet:
        print("Id Refs Address                Size Name")
        for number, each in enumerate(present, 1):
            print(f"{number:2d} {1:4d} {0xFFFFFFFF80200000 + number * 0x100000:#x} {0x1F3C6C0:>10x} {each}")
    return 0
