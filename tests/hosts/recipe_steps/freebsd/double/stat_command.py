"""stat(1): -f FORMAT, -n, -L, -l, -s, -x. GNU's -c is an illegal option. Formats:
freebsd/freebsd-src:usr.bin/stat/stat.1.
"""

from __future__ import annotations

import grp
import os
import pwd
import re
import stat
import sys
import time

from .options import Options, Usage, parse

_FORMAT = re.compile(r"%([#+ 0-]*)(\d*)(?:\.\d+)?([DOUXFS]?)([HML]?)([a-zA-Z%@])|%([nt%])")
_DEFAULT = '%d %i %Sp %l %Su %Sg %r %z "%Sa" "%Sm" "%Sc" "%SB" %k %b %#Xf %N'
_TYPES = {stat.S_IFREG: "Regular File", stat.S_IFDIR: "Directory", stat.S_IFLNK: "Symbolic Link"}


def main(arguments: list[str]) -> int:
    try:
        options = parse(arguments, "FhHLlnqrst:f:x", program="stat")
    except Usage:
        print("usage: stat [-FHLnq] [-f format | -l | -r | -s | -x] [-t timefmt] [file|handle ...]", file=sys.stderr)
        return 1
    code = 0
    for name in options.operands:
        try:
            found = os.stat(name) if "L" in options else os.lstat(name)
        except OSError as error:
            if "q" not in options:
                print(f"stat: {name}: stat: {error.strerror}", file=sys.stderr)
            code = 1
            continue
        form = options.values.get("f", _DEFAULT)
        print(_filled(form, name, found, options), end="" if "n" in options else "\n")
    return code


def _filled(form: str, name: str, found: os.stat_result, options: Options) -> str:
    def value(match: re.Match[str]) -> str:
        if match[6]:
            return {"n": "\n", "t": "\t", "%": "%"}[match[6]]
        flags, _width, kind, part, letter = match[1], match[2], match[3], match[4], match[5]
        return _value(letter, kind, part, name, found, options, is_alternate="#" in flags)

    return _FORMAT.sub(value, form)


def _value(
    letter: str, kind: str, part: str, name: str, found: os.stat_result, options: Options, *, is_alternate: bool
) -> str:
    if letter == "N":
        return name
    if letter == "T":
        return _TYPES.get(stat.S_IFMT(found.st_mode), "Other") if part == "H" else ""
    if letter in "acmB":
        seconds = {"a": found.st_atime, "c": found.st_ctime}.get(letter, found.st_mtime)
        form = options.values.get("t", "%b %e %H:%M:%S %Y")
        return time.strftime(form, time.localtime(seconds)) if kind == "S" else str(int(seconds))
    if letter == "p":
        return _mode(kind, part, found.st_mode, is_alternate=is_alternate)
    if letter in "ug" and kind == "S":
        return _owner(letter, found)
    if letter == "Y":
        return os.readlink(name) if stat.S_ISLNK(found.st_mode) else ""
    numbers = {
        "u": found.st_uid,
        "g": found.st_gid,
        "z": found.st_size,
        "l": found.st_nlink,
        "i": found.st_ino,
        "d": found.st_dev,
        "r": found.st_rdev,
        "b": found.st_blocks,
        "k": found.st_blksize,
        "f": 0,
    }
    number = numbers.get(letter, 0)
    if kind == "X":
        return f"{'0x' if is_alternate else ''}{number:x}"
    return f"{number:o}" if kind == "O" else str(number)


def _mode(kind: str, part: str, mode: int, *, is_alternate: bool) -> str:
    if kind == "S":
        return stat.filemode(mode)
    number = {"L": mode & 0o777, "M": mode >> 9 & 0o7, "H": mode >> 12}.get(part, mode)
    return f"{'0' if is_alternate else ''}{number:o}"


def _owner(letter: str, found: os.stat_result) -> str:
    try:
        return pwd.getpwuid(found.st_uid).pw_name if letter == "u" else grp.getgrgid(found.st_gid).gr_name
    except KeyError:
        return str(found.st_uid if letter == "u" else found.st_gid)
