"""Gives a copy of Debian's Python another minor number, for a release whose packages have a newer one as their default.

Names of files and folders, `--version`, sys.version_info, the cache's tag and the folders that it searches have the new
number. The language, the standard library, the headers and the format of compiled modules stay those of the old one.
Modules that the new one has removed are still there, and load. The program is for x86-64 and loaded at a fixed address,
as Debian's is.
"""

from __future__ import annotations

import py_compile
import re
import sys
from pathlib import Path

_BASE = 0x400000


def renumber(prefix: Path, series: str) -> None:
    """`series` is `3.12`."""
    old, new = sys.version_info.minor, int(series.partition(".")[2])
    if old == new:
        return
    words = {
        f"python3.{old}": f"python3.{new}",
        f"cpython-3{old}": f"cpython-3{new}",
        f"config-3.{old}-": f"config-3.{new}-",
    }
    program = prefix / f"bin/python3.{old}"
    program.write_bytes(_renumbered(program.read_bytes(), old, new))
    (data,) = prefix.glob("lib/python3.*/_sysconfigdata__x86*.py")
    data.write_text(_replaced(data.read_text(), {**words, f"'3.{old}": f"'3.{new}"}))
    _keep_loading(prefix / f"lib/python3.{old}/warnings.py")
    for path in sorted(prefix.rglob("*"), key=lambda path: len(path.parts), reverse=True):
        if path.is_symlink() and (target := _replaced(str(path.readlink()), words)) != str(path.readlink()):
            path.unlink()
            path.symlink_to(target)
        path.rename(path.with_name(_replaced(path.name, words)))


def _keep_loading(warnings: Path) -> None:
    """A module that is to go with the new number would refuse to load: it asks for the number."""
    asked = "_version=sys.version_info"
    warnings.write_text(warnings.read_text().replace(asked, f"_version={tuple(sys.version_info)!r}"))
    py_compile.compile(str(warnings), doraise=True, invalidation_mode=py_compile.PycInvalidationMode.CHECKED_HASH)


def _renumbered(program: bytes, old: int, new: int) -> bytes:
    major, _minor, micro = sys.version_info[:3]
    texts = {
        f"\0{major}.{old}.{micro}\0".encode(): f"\0{major}.{new}.{micro}\0".encode(),
        f"cpython-{major}{old}".encode(): f"cpython-{major}{new}".encode(),
        sys.hexversion.to_bytes(4, "little"): (sys.hexversion + ((new - old) << 16)).to_bytes(4, "little"),
    }
    for text, by in texts.items():
        if text not in program:
            raise LookupError(f"the program does not have {text!r}")
        program = program.replace(text, by)
    number = old.to_bytes(4, "little")
    for place in (_in_version_info(program, number), _in_search_path(program, number)):
        program = program[:place] + new.to_bytes(4, "little") + program[place + 4 :]
    return program


def _in_version_info(program: bytes, number: bytes) -> int:
    """Where the minor number is put into a register for a call, next after the major one."""
    pattern = rb"\xbf\x03\0\0\0.{0,8}?\xbf(" + re.escape(number) + rb")"
    (found,) = re.finditer(pattern, program, re.DOTALL)
    return found.start(1)


def _in_search_path(program: bytes, number: bytes) -> int:
    """Where the number is put into a register together with the address of its name in getpath.py."""
    address = (program.index(b"VERSION_MINOR\0") + _BASE).to_bytes(4, "little")
    (found,) = re.finditer(rb"\xba(" + re.escape(number) + rb")\xbe" + re.escape(address), program, re.DOTALL)
    return found.start(1)


def _replaced(text: str, words: dict[str, str]) -> str:
    for old, new in words.items():
        text = text.replace(old, new)
    return text


if __name__ == "__main__":
    renumber(Path(sys.argv[1]), sys.argv[2])
