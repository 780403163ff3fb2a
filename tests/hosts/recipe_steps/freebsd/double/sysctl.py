"""sysctl(8): -n -e -a -d -N -i -q -b -f, `NAME`, `NAME=VALUE`. Values live until the next start; sysctl.conf comes
then.

Words: freebsd/freebsd-src:sbin/sbin/sysctl.c: `NAME: OLD -> NEW` on a change, `unknown oid 'NAME'` on standard error
with exit code 1 (silent under -i), kern.securelevel can only be raised.
"""

from __future__ import annotations

import os
import struct
import sys
import time
from pathlib import Path

from . import memory
from .options import Options, Usage, parse
from .places import RUNNING
from .sysctl_values import BOOT_ONLY, READ_ONLY, defaults

_CHANGED = RUNNING / "sysctl.json"


def main(arguments: list[str]) -> int:
    try:
        options = parse(arguments, "aAbB:def:hiFJlnNoqTtVWxX", program="sysctl")
    except Usage:
        return _usage()
    if "a" in options:
        for name in sorted(defaults()):
            _show(name, options)
        return 0
    words = list(options.operands)
    for path in options.lists.get("f", []):
        words += _lines(Path(path))
    if not words:
        return _usage() if "f" not in options else 0
    return max([_one(word, options) for word in words])


def _usage() -> int:
    print("usage: sysctl [-bdehiJlNnoqTtVWx] [ -B <bufsize> ] [-f filename] name[=value[,value]] ...", file=sys.stderr)
    print("       sysctl [-bdehJlNnoqTtVWx] [ -B <bufsize> ] -a", file=sys.stderr)
    return 1


def _lines(path: Path) -> list[str]:
    text = path.read_text() if path.exists() else ""
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return [line.replace('"', "") for line in lines if line]


def current(name: str) -> str | None:
    changed: dict[str, str] = memory.load(_CHANGED, {})
    known = defaults()
    if name == "kern.boottime":
        started = int(memory.load(RUNNING / "boottime.json", time.time()))
        return f"{{ sec = {started}, usec = 0 }} {time.ctime(started)}"
    return changed.get(name, known.get(name))


def _one(word: str, options: Options) -> int:
    name, equals, value = (part.strip() for part in word.partition("="))
    known = defaults()
    if name not in known:
        branch = [each for each in sorted(known) if each.startswith(f"{name}.")]
        if branch and not equals:
            for each in branch:
                _show(each, options)
            return 0
        if "i" not in options:
            print(f"sysctl: unknown oid '{name}'", file=sys.stderr)
        return 0 if "i" in options else 1
    if not equals:
        _show(name, options)
        return 0
    return _set(name, value, options)


def _set(name: str, value: str, options: Options) -> int:
    before = current(name) or ""
    problem = _problem(name, before, value)
    if problem:
        print(f"sysctl: {problem}", file=sys.stderr)
        return 1
    with memory.changing(_CHANGED, {}) as changed:
        changed[name] = value
    if "q" not in options:
        print(value if "n" in options else f"{name}: {before} -> {value}")
    return 0


def _problem(name: str, before: str, value: str) -> str:
    if name in BOOT_ONLY:
        return f"oid '{name}' is a read only tunable\nsysctl: Tunable values are set in /boot/loader.conf"
    if name in READ_ONLY:
        return f"oid '{name}' is read only"
    if os.geteuid() != 0:
        return f"{name}={value}: Operation not permitted"
    if before.lstrip("-").isdigit() and not value.lstrip("-").isdigit():
        return f"invalid integer '{value}'"
    if name == "kern.securelevel" and int(value) < int(before):
        return f"{name}: Operation not permitted"
    return ""


def _show(name: str, options: Options) -> None:
    value = current(name)
    if "b" in options and name == "kern.boottime":
        started = int(memory.load(RUNNING / "boottime.json", time.time()))
        sys.stdout.buffer.write(struct.pack("@QQ", started, 0))
    elif "N" in options:
        print(name)
    elif "n" in options:
        print(value)
    else:
        print(f"{name}{'=' if 'e' in options else ': '}{value}")
