"""daemon(8): -c -f -S -o -p -P -r -R -t -u -H. The supervisor stays only where one is needed.

freebsd/freebsd-src:usr.sbin/daemon/daemon.c: with -P, -r, -o, -S or -t, `daemon` waits for its child and passes SIGTERM
on; else it becomes the command itself. A pidfile that another process holds: exit code 3.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import pwd
import signal
import sys
import time

from .options import Options, Usage, parse

_LONG = {
    "change-dir": "c",
    "close-fds": "f",
    "sighup": "H",
    "syslog": "S",
    "output-file=": "o",
    "output-mask=": "m",
    "child-pidfile=": "p",
    "supervisor-pidfile=": "P",
    "restart": "r",
    "restart-delay=": "R",
    "title=": "t",
    "user=": "u",
    "syslog-priority=": "s",
    "syslog-facility=": "l",
    "syslog-tag=": "T",
    "help": "h",
}


class _Supervisor:
    """One command, started again where that is wanted, until it is told to end."""

    def __init__(self, options: Options, output: int | None) -> None:
        self.options = options
        self.output = output
        self.child = 0
        self.is_ending = False

    def run(self) -> int:
        signal.signal(signal.SIGTERM, self._end)
        signal.signal(signal.SIGHUP, self._reopen)
        delay = int(self.options.values.get("R", "1"))
        child_file = _locked(self.options.values.get("p"))
        while True:
            self.child = os.fork()
            if self.child == 0:
                self._become_command()
            _write(child_file, self.child)
            status = self._wait()
            if self.is_ending or not {"r", "R"} & self.options.given:
                break
            time.sleep(delay)
        for letter in "pP":
            if letter in self.options:
                _remove(self.options.values[letter])
        return os.waitstatus_to_exitcode(status) if not self.is_ending else 0

    def _become_command(self) -> None:
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        if self.output is not None:
            os.dup2(self.output, 1)
            os.dup2(self.output, 2)
        _change_user(self.options)
        _execute(self.options.operands)

    def _wait(self) -> int:
        while True:
            try:
                return os.waitpid(self.child, 0)[1]
            except InterruptedError:
                continue

    def _end(self, _number: int, _frame: object) -> None:
        self.is_ending = True
        if self.child:
            os.kill(self.child, signal.SIGTERM)

    def _reopen(self, _number: int, _frame: object) -> None:
        if self.output is not None and "H" in self.options:
            os.dup2(_output(self.options) or self.output, self.output)


def main(arguments: list[str]) -> int:
    try:
        options = parse(arguments, "+cfHSp:P:ru:o:s:l:t:m:R:T:h", program="daemon", long=_LONG)
    except Usage:
        return _usage()
    if not options.operands or "h" in options:
        return _usage()
    if "u" in options and not _user(options):
        print(f"daemon: unknown user: {options.values['u']}", file=sys.stderr)
        return 1
    held = [_locked(options.values.get(letter)) for letter in "P"]
    probe = _locked(options.values.get("p"))
    if probe:
        probe.close()
    output = _output(options)
    _detach(options)
    if not options.given & {"P", "r", "R", "o", "S", "t", "p", "T"}:
        _change_user(options)
        _execute(options.operands)
    for stream in held:
        _write(stream, os.getpid())
    _set_name(options)
    return _Supervisor(options, output).run()


def _usage() -> int:
    print(
        "usage: daemon [-cfHrS] [-p child_pidfile] [-P supervisor_pidfile]\n"
        "              [-u user] [-o output_file] [-t title]\n"
        "              [-l syslog_facility] [-s syslog_priority]\n"
        "              [-T syslog_tag] [-m output_mask] [-R restart_delay_secs]\n"
        "command arguments ...",
        file=sys.stderr,
    )
    return 1


def _locked(path: str | None):  # type: ignore[no-untyped-def]
    if path is None:
        return None
    try:
        stream = open(path, "a+")  # noqa: SIM115  # held until the process ends
    except OSError as error:
        print(f"daemon: pidfile ``{path}'': {error.strerror}", file=sys.stderr)
        raise SystemExit(2) from error
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        stream.seek(0)
        print(f"daemon: process already running, pid: {stream.read().strip()}", file=sys.stderr)
        raise SystemExit(3) from error
    return stream


def _write(stream, pid: int) -> None:  # type: ignore[no-untyped-def]
    if stream is not None:
        stream.seek(0)
        stream.truncate()
        stream.write(f"{pid}")
        stream.flush()


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except FileNotFoundError:
        return


def _output(options: Options) -> int | None:
    if "o" in options:
        return os.open(options.values["o"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    return os.open("/dev/null", os.O_WRONLY) if "S" in options else None


def _detach(options: Options) -> None:
    if os.fork():
        os._exit(0)
    os.setsid()
    if "c" in options:
        os.chdir("/")
    if "f" in options:
        nothing = os.open("/dev/null", os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(nothing, number)


def _user(options: Options) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(options.values["u"])
    except KeyError:
        return None


def _change_user(options: Options) -> None:
    user = _user(options) if "u" in options else None
    if user is not None:
        os.initgroups(user.pw_name, user.pw_gid)
        os.setgid(user.pw_gid)
        os.setuid(user.pw_uid)
        os.environ.update(HOME=user.pw_dir, USER=user.pw_name, SHELL=user.pw_shell or "/bin/sh")


def _execute(words: list[str]) -> None:
    try:
        os.execvp(words[0], words)
    except OSError as error:
        print(f"daemon: {words[0]}: {error.strerror}", file=sys.stderr)
        os._exit(1)


def _set_name(options: Options) -> None:
    title = options.values.get("t", options.operands[0])
    ctypes.CDLL(None).prctl(15, f"daemon: {title}"[:15].encode(), 0, 0, 0)
