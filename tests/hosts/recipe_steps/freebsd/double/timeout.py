"""timeout(1): -k TIME, -s SIGNAL, --foreground, --preserve-status; since 15 also -f, -p, -v.

freebsd/freebsd-src:bin/timeout/timeout.c: unless --foreground is given, it is the reaper of all that the command
starts, signals all of it, and ends only when none of it is left (procctl(2), PROC_REAP_ACQUIRE). Exit codes: 124 when
time was up, 125 for a wrong duration or signal, 126 and 127 for a command that cannot be run, 128 and the signal's
number.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from pathlib import Path

from .options import Options, Usage, parse
from .places import release

_SUBREAPER = 36  # prctl(2): PR_SET_CHILD_SUBREAPER
_LONG = {"preserve-status": "p", "foreground": "f", "kill-after=": "k", "signal=": "s", "help": "h", "verbose": "v"}
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "": 1}
_PASSED_ON = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT)


class _Invalid(Exception):
    """A word that no duration or signal has."""


def main(arguments: list[str]) -> int:
    letters = "+fpk:s:vh" if int(release().version.partition(".")[0]) >= 15 else "+k:s:h"
    try:
        options = parse(arguments, letters, program="timeout", long=_LONG)
        if "h" in options or len(options.operands) < 2:
            raise Usage
    except Usage:
        return _usage()
    try:
        after = _duration(options.values["k"]) if "k" in options else None
        first = _signal(options.values["s"]) if "s" in options else signal.SIGTERM
        return _Run(options, first, after).run(_duration(options.operands[0]))
    except _Invalid as error:
        print(f"timeout: invalid {error}", file=sys.stderr)
        return 125


def _usage() -> int:
    print(
        "Usage: timeout [-k time | --kill-after time] [-s sig | --signal sig] [--foreground] [--preserve-status]"
        " <duration> <command> <arg ...>",
        file=sys.stderr,
    )
    return 1


def _duration(text: str) -> float:
    unit = text[-1:] if text[-1:] in {"s", "m", "h", "d"} else ""
    try:
        seconds = float(text.removesuffix(unit)) * _UNITS[unit]
    except ValueError:
        raise _Invalid("duration") from None
    if not 0 <= seconds < 100000000:
        raise _Invalid("duration")
    return seconds


def _signal(text: str) -> signal.Signals:
    name = text.upper().removeprefix("SIG")
    try:
        return signal.Signals(int(text)) if text.isdigit() else signal.Signals[f"SIG{name}"]
    except (KeyError, ValueError):
        raise _Invalid("signal") from None


class _Run:
    def __init__(self, options: Options, number: signal.Signals, kill_after: float | None) -> None:
        self.words = options.operands[1:]
        self.is_foreground = "f" in options
        self.keeps_status = "p" in options
        self.number = number
        self.kill_after = kill_after
        self.status: int | None = None
        self.child = 0

    def run(self, seconds: float) -> int:
        if not self.is_foreground:
            ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
        awaited = {signal.SIGCHLD, signal.SIGALRM, *_PASSED_ON}
        signal.pthread_sigmask(signal.SIG_BLOCK, awaited)
        self.child = os.fork()
        if self.child == 0:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, awaited)
            self._become_command()
        signal.setitimer(signal.ITIMER_REAL, seconds)
        is_late = self._wait(awaited)
        if self.status is None:
            self.status = os.waitpid(self.child, 0)[1]
        code = os.waitstatus_to_exitcode(self.status)
        return 124 if is_late and not self.keeps_status else code if code >= 0 else 128 - code

    def _become_command(self) -> None:
        try:
            os.execvp(self.words[0], self.words)
        except OSError as error:
            print(f"timeout: exec({self.words[0]}): {error.strerror}", file=sys.stderr)
            os._exit(127 if isinstance(error, FileNotFoundError) else 126)

    def _wait(self, awaited: set[signal.Signals]) -> bool:
        """Whether time was up before all of it had ended."""
        is_late = False
        while True:
            number = signal.sigwait(awaited)
            if number == signal.SIGCHLD:
                if self._has_ended():
                    return is_late
                continue
            is_late = is_late or number == signal.SIGALRM
            self._send(self.number if number == signal.SIGALRM else signal.Signals(number))
            if self.kill_after is None:
                return is_late
            signal.setitimer(signal.ITIMER_REAL, self.kill_after)
            self.kill_after, self.number = None, signal.SIGKILL

    def _has_ended(self) -> bool:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return self.status is not None
            if pid == 0:
                return self.status is not None and self.is_foreground
            if pid == self.child:
                self.status = status

    def _send(self, number: signal.Signals) -> None:
        for pid in [self.child] if self.is_foreground else _descendants(os.getpid()):
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue


def _descendants(ancestor: int) -> list[int]:
    parents: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found = [ancestor]
    for pid in found:
        found += [each for each, parent in parents.items() if parent == pid]
    return found[1:]
