"""sysrc(8). Words, streams and exit codes: freebsd/freebsd-src:usr.sbin/sysrc/sysrc; os_facts 9.

`name: old -> new` is printed even when nothing changed. An unknown variable: message on standard error, exit code 1.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from . import rc_conf
from .options import Options, Usage, parse

_ASSIGNMENT = re.compile(r"([A-Za-z0-9_]+)([+-]?)=(.*)", re.DOTALL)
_NAME = re.compile(r"[A-Za-z0-9_]+\Z")


def main(arguments: list[str]) -> int:
    if "--version" in arguments:
        print("7.3 Sep-15,2026")
        return 1
    try:
        options = parse(arguments, "aAcdDeEf:FhilLnNqR:s:vxX", program="sysrc")
    except Usage:
        return _usage()
    files = _files(options)
    if "l" in options:
        print(" ".join(files))
        return 0
    if "a" in options or "A" in options:
        return _dump(options, files)
    if "h" in options or not options.operands:
        return _usage()
    if not rc_conf.are_sound(files):
        print("sysrc: Exiting due to previous syntax errors", file=sys.stderr)
        return 1
    return max([_one(options, files, operand) for operand in options.operands])


def _usage() -> int:
    print("Usage: sysrc [OPTIONS] {name[[+|-]=value] ... | -a | -A | -l | -L [name ...]}", file=sys.stderr)
    print("Try `sysrc --help' for more information.", file=sys.stderr)
    return 1


def _files(options: Options) -> list[str]:
    if "f" in options:
        return options.lists["f"]
    if "D" in options:
        return []
    files = rc_conf.conf_files()
    if "s" in options:
        extra = [f"{folder}/{options.values['s']}" for folder in ("/etc/rc.conf.d", "/usr/local/etc/rc.conf.d")]
        files = [*files, *(path for path in extra if Path(path).exists())]
    if "E" in options:
        files = [path for path in files if Path(path).exists()]
    return files


def _dump(options: Options, files: list[str]) -> int:
    for name, value in rc_conf.variables(files, with_defaults="A" in options).items():
        if "n" in options:
            print(value)
        elif "N" in options:
            print(name)
        else:
            print(f'{name}="{value}"' if "e" in options else f"{name}: {value}")
    return 0


def _one(options: Options, files: list[str], operand: str) -> int:
    assignment = _ASSIGNMENT.match(operand)
    name = assignment[1] if assignment else operand
    if not _NAME.match(name):
        print(f"sysrc: {name}: name contains characters not allowed in shell", file=sys.stderr)
        raise SystemExit(1)
    if "x" in options or "X" in options:
        return _delete(options, files, name, is_assignment=assignment is not None)
    if assignment is None:
        return _show(options, files, name)
    before = rc_conf.value(files, name)
    new = _new_value(assignment[2], before or "", assignment[3])
    if "c" in options:
        return _check(options, files, name, before=before, new=new)
    return _assign(options, files, name, before=before or "", new=new)


def _new_value(mode: str, before: str, given: str) -> str:
    """`+=` and `-=` work on words, or on what the first character of the value separates."""
    if not mode:
        return given
    separator = given[:1] if given and not re.match(r"[\sA-Za-z0-9./]", given) else " "
    words = [word for word in before.split(separator) if word]
    change = [word for word in given.split(separator) if word]
    if mode == "+":
        return separator.join([*words, *(word for word in dict.fromkeys(change) if word not in words)])
    return separator.join(word for word in words if word not in change)


def _unknown(options: Options, name: str) -> int:
    if "i" not in options and "q" not in options:
        print(f"sysrc: unknown variable '{name}'", file=sys.stderr)
    return 1


def _show(options: Options, files: list[str], name: str) -> int:
    found = rc_conf.value(files, name)
    if found is None:
        return _unknown(options, name)
    if "c" in options:
        return 0
    where = rc_conf.holder(files, name) or ""
    if "F" in options:
        print(where if "n" in options else f"{name}: {where}")
        return 0
    prefix = f"{where}: " if "v" in options else ""
    if "n" in options:
        print(f"{prefix}{found}")
    elif "N" in options:
        print(f"{prefix}{name}")
    elif "e" in options:
        print(f'{prefix}{name}="{found}"')
    else:
        print(f"{prefix}{name}: {found}")
    return 0


def _check(options: Options, files: list[str], name: str, *, before: str | None, new: str) -> int:
    if before == new:
        if "v" in options:
            print(f"{rc_conf.holder(files, name)}: {name}: already set to `{before}'")
        return 0
    if "v" in options:
        if before is None:
            print(f"{name}: not currently set")
        else:
            print(f"{rc_conf.holder(files, name)}: {name}: would change from `{before}' to `{new}'")
    return 1


def _assign(options: Options, files: list[str], name: str, *, before: str, new: str) -> int:
    where = rc_conf.holder(files, name)
    if where is None or where == rc_conf.DEFAULTS:
        where = files[0] if files else rc_conf.DEFAULTS
    prefix = f"{where}: " if "v" in options else ""
    problem = rc_conf.assign(Path(where), name, new, is_new=rc_conf.holder(files, name) in (None, rc_conf.DEFAULTS))
    if problem:
        print(f"sysrc: {problem}", file=sys.stderr)
        return 1
    after = rc_conf.value(files, name) or ""
    if "N" in options:
        print(f"{prefix}{name}")
    elif "n" in options:
        print(f"{prefix}{before} -> {after}")
    elif "e" in options:
        print(f'{prefix}{name}="{before}" # -> "{after}"')
    else:
        print(f"{prefix}{name}: {before} -> {after}")
    return 0


def _delete(options: Options, files: list[str], name: str, *, is_assignment: bool) -> int:
    if not is_assignment and rc_conf.value(files, name) is None:
        return _unknown(options, name)
    for path in files:
        rc_conf.delete(Path(path), name)
    return 0
