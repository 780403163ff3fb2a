"""Process ids by a program's name, for the double's rc.subr.

As `_find_processes` of freebsd/freebsd-src:libexec/rc/rc.subr compares: the first word of the command with the name,
its last part, that part with a colon; for an interpreted program the script's path behind the interpreter.
"""

from __future__ import annotations

import re
from pathlib import Path

from .places import HIDDEN


def main(arguments: list[str]) -> int:
    if arguments[0] == "--pidfile":
        path, procname, interpreter = arguments[1:4]
        candidates = _from_file(Path(path))
    else:
        procname, interpreter = arguments[:2]
        candidates = sorted(int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit())
    found = [pid for pid in candidates if _is(pid, procname, interpreter)]
    print(" ".join(str(pid) for pid in found), end="")
    return 0


def _from_file(path: Path) -> list[int]:
    try:
        words = path.read_text().split()
    except OSError:
        return []
    return [int(words[0])] if words and words[0].isdigit() else []


def _is(pid: int, procname: str, interpreter: str) -> bool:
    words = command(pid)
    if not words:
        return False
    name = procname.rpartition("/")[2]
    if interpreter != ".":
        return len(words) > 1 and words[0].rpartition("/")[2] == interpreter.rpartition("/")[2] and words[1] == procname
    return words[0] in {procname, name, f"{name}:", f"({name})", f"[{name}]"}


def command(pid: int) -> list[str]:
    """Its words as FreeBSD would show them: without the interpreter that only the double has."""
    try:
        raw = Path(f"/proc/{pid}/cmdline").read_bytes().rstrip(b"\0").decode(errors="replace")
    except OSError:
        return []
    words = raw.split("\0") if "\0" in raw else raw.split(" ")
    if words and words[0].startswith(str(HIDDEN)):
        words = _without_interpreter(words)
    return words


def _without_interpreter(words: list[str]) -> list[str]:
    if not re.match(r"python3", words[0].rpartition("/")[2]):
        return [words[0].rpartition("/")[2], *words[1:]]
    script = next((index for index, word in enumerate(words[1:], 1) if not word.startswith("-")), len(words))
    return words[script:]
