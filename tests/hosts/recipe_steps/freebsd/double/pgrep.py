"""pgrep(1), pkill(1). Words, criteria, exit codes: freebsd/freebsd-src:bin/pkill/pkill.c.

0: something matched; 1: nothing did; 2: bad usage; 3: an error. Ancestors are left out unless -a is given. Of -c (login
class), -j (jail), -M and -N nothing is known here: they match as on a host without jails.
"""

from __future__ import annotations

import fcntl
import grp
import os
import pwd
import re
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .find_process import command
from .options import Options, Usage, parse

if TYPE_CHECKING:
    from collections.abc import Callable

_MATCH, _NO_MATCH, _BAD_USAGE, _ERROR = 0, 1, 2, 3
_CRITERIA = frozenset("FGPUcgjnostu")
_SWITCHES = "DF:G:ILM:N:P:SU:ac:d:fg:ij:lnoqs:t:u:vx"


class Refused(Exception):
    """A message for standard error and an exit code."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class _Process:
    pid: int
    parent: int
    group: int
    session: int
    user: int
    real_user: int
    real_group: int
    terminal: int
    started: int
    name: str

    def text(self, *, is_whole: bool) -> str:
        words = command(self.pid) if is_whole else []
        return " ".join(words) or self.name


def main(arguments: list[str]) -> int:
    program = os.path.basename(sys.argv[0])
    words, number = _with_signal(arguments) if program == "pkill" else (arguments, signal.SIGTERM)
    try:
        options = parse(words, _SWITCHES, program=program)
        foreign = "dSq" if program == "pkill" else "I"
        if options.given & set(foreign) or not (options.given & _CRITERIA or options.operands):
            raise Usage
    except Usage:
        return _usage(program)
    try:
        return _act(_selected(options), options, program, number)
    except Refused as refused:
        print(f"{program}: {refused}", file=sys.stderr)
        return refused.code


def _usage(program: str) -> int:
    own = "[-LSfilnoqvx] [-d delim]" if program == "pgrep" else "[-signal] [-ILfilnovx]"
    print(
        f"usage: {program} {own} [-F pidfile] [-G gid] [-M core] [-N system]\n"
        "             [-P ppid] [-U uid] [-c class] [-g pgrp] [-j jail]\n"
        "             [-s sid] [-t tty] [-u euid] pattern ...",
        file=sys.stderr,
    )
    return _BAD_USAGE


def _with_signal(arguments: list[str]) -> tuple[list[str], int]:
    """The first word may be -NUMBER or -NAME."""
    first = arguments[0][1:] if arguments[:1] and arguments[0].startswith("-") else ""
    if first.isdigit():
        return arguments[1:], int(first)
    name = f"SIG{first.upper().removeprefix('SIG')}"
    if first and name in signal.Signals.__members__:
        return arguments[1:], signal.Signals[name]
    return arguments, signal.SIGTERM


def _selected(options: Options) -> list[_Process]:
    if {"n", "o"} <= options.given:
        raise Refused("Options -n and -o are mutually exclusive", _ERROR)
    if "L" in options and "F" not in options:
        raise Refused("Option -L doesn't make sense without -F", _ERROR)
    processes = [each for each in _processes() if each.pid != os.getpid()]
    if "F" in options:
        pid = _from_file(Path(options.values["F"]), is_locked="L" in options)
        processes = [each for each in processes if each.pid == pid]
    chosen = {each.pid for each in processes if _is_meant(each, options)}
    if "a" not in options:
        chosen -= _ancestors(processes)
    best = [each for each in processes if each.pid in chosen]
    if best and options.given & {"n", "o"}:
        pick = max if "n" in options else min
        chosen = {pick(best, key=lambda each: (each.started, each.pid)).pid}
    return [each for each in processes if (each.pid in chosen) != ("v" in options)]


def _is_meant(process: _Process, options: Options) -> bool:
    numbers: dict[str, tuple[int, Callable[[str], int]]] = {
        "G": (process.real_group, _group),
        "P": (process.parent, int),
        "U": (process.real_user, _user),
        "g": (process.group, lambda text: int(text) or os.getpgrp()),
        "s": (process.session, lambda text: int(text) or os.getsid(0)),
        "u": (process.user, _user),
        "t": (process.terminal, _terminal),
    }
    for letter, (value, read) in numbers.items():
        if letter in options:
            wanted = [read(word) for text in options.lists[letter] for word in text.split(",")]
            if value not in wanted:
                return False
    if "j" in options and options.values["j"] not in {"none"}:
        return False
    return not options.operands or any(_matches(process, pattern, options) for pattern in options.operands)


def _matches(process: _Process, pattern: str, options: Options) -> bool:
    text = process.text(is_whole="f" in options)
    try:
        compiled = re.compile(pattern, re.IGNORECASE if "i" in options else 0)
    except re.error as error:
        raise Refused(f"Cannot compile regular expression `{pattern}' ({error.msg})", _BAD_USAGE) from error
    return bool(compiled.fullmatch(text) if "x" in options else compiled.search(text))


def _user(text: str) -> int:
    try:
        return int(text) if text.isdigit() else pwd.getpwnam(text).pw_uid
    except KeyError:
        raise Refused(f"Unknown user `{text}'", _BAD_USAGE) from None


def _group(text: str) -> int:
    try:
        return int(text) if text.isdigit() else grp.getgrnam(text).gr_gid
    except KeyError:
        raise Refused(f"Unknown group `{text}'", _BAD_USAGE) from None


def _terminal(text: str) -> int:
    if text == "-":
        return 0
    for path in (f"/dev/pts/{text}", f"/dev/{text}", f"/dev/tty{text}"):
        if os.path.exists(path):
            return os.stat(path).st_rdev
    raise Refused(f"No such tty: `{text}'", _BAD_USAGE)


def _from_file(path: Path, *, is_locked: bool) -> int:
    try:
        with path.open() as stream:
            if is_locked:
                _check_lock(stream.fileno(), path)
            line = stream.readline().strip()
    except OSError as error:
        raise Refused(f"Cannot open pidfile `{path}': {error.strerror}", _ERROR) from error
    if not line:
        raise Refused(f"Pidfile `{path}' is empty", _ERROR)
    if not line.isdigit():
        raise Refused(f"Invalid pid in file `{path}'", _ERROR)
    return int(line)


def _check_lock(descriptor: int, path: Path) -> None:
    """Who could lock the file would find no daemon behind it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    raise Refused(f"File '{path}' can be locked", _ERROR)


def _ancestors(processes: list[_Process]) -> set[int]:
    parents = {each.pid: each.parent for each in processes}
    found, pid = set(), os.getppid()
    while pid:
        found.add(pid)
        pid = parents.get(pid, 0)
    return found


def _processes() -> list[_Process]:
    found = []
    for folder in sorted(Path("/proc").glob("[0-9]*"), key=lambda path: int(path.name)):
        try:
            head, _bracket, rest = (folder / "stat").read_text().rpartition(")")
            status = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines() if ":" in line)
        except OSError:
            continue
        fields, users, groups = rest.split(), status["Uid"].split(), status["Gid"].split()
        numbers = (int(fields[1]), int(fields[2]), int(fields[3]), int(users[1]), int(users[0]), int(groups[0]))
        name = head.partition("(")[2]
        found.append(_Process(int(folder.name), *numbers, int(fields[4]), int(fields[19]), name))
    return found


def _act(found: list[_Process], options: Options, program: str, number: int) -> int:
    done = 0
    for process in found:
        if program == "pgrep":
            done += 1
            _show(process, options)
        else:
            if "l" in options:
                print(f"kill -{int(number)} {process.pid}")
            done += _kill(process.pid, number)
    if program == "pkill" and "l" in options and not found:
        print("No matching processes belonging to you were found", file=sys.stderr)
    return _MATCH if done else _NO_MATCH


def _show(process: _Process, options: Options) -> None:
    if "q" in options:
        return
    text = f"{process.pid} {process.text(is_whole='f' in options)}" if "l" in options else f"{process.pid}"
    print(text, end=options.values.get("d", "\n"))


def _kill(pid: int, number: int) -> bool:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return False
    except OSError as error:
        print(f"pkill: signalling pid {pid}: {error.strerror}", file=sys.stderr)
        return False
    return True
