"""syslogd(8): /etc/syslog.conf's selectors and `!program` blocks, into files; what sshd says reaches the ban daemon,
too.

Messages about a session bear the name sshd-session, as since OpenSSH 9.8 (os_facts 4.3); Debian's sshd is older.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from .options import Usage, parse

_SOCKETS = (Path("/dev/log"), Path("/var/run/log"))
_PIDFILE = Path("/var/run/syslog.pid")
_FACILITIES = (
    *("kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp", "ntp"),
    *("security", "console", "", *(f"local{number}" for number in range(8))),
)
_LEVELS = ("emerg", "alert", "crit", "err", "warning", "notice", "info", "debug")
_SYNONYMS = {"panic": "emerg", "error": "err", "warn": "warning"}
_MESSAGE = re.compile(r"<(\d+)>(?:\w{3} [ \d]\d \d\d:\d\d:\d\d )?([^:\[ ]+)(\[\d+\])?: ?(.*)", re.DOTALL)
_OF_THE_LISTENER = re.compile(r"Server listening|Received (signal|SIGHUP)|fatal: Cannot bind|error: Bind to port")


@dataclass(frozen=True)
class Rule:
    """A line of syslog.conf: (facilities, level number or -1 for none) pairs, where to, and of which programs."""

    selectors: tuple[tuple[str, int], ...]
    target: str
    programs: tuple[str, ...]

    def takes(self, facility: str, level: int, program: str) -> bool:
        if self.programs and program not in self.programs:
            return False
        taken = False
        for name, limit in self.selectors:
            if name in {"*", facility}:
                taken = limit >= 0 and level <= limit
        return taken


def main(arguments: list[str]) -> int:
    try:
        options = parse(arguments, "468ACHFHkLMnNOosTuv?cda:b:f:l:m:P:p:S:", program="syslogd")
    except Usage:
        return 1
    conf = Path(options.values.get("f", "/etc/syslog.conf"))
    if os.fork():
        return 0
    os.setsid()
    nothing = os.open("/dev/null", os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    _PIDFILE.write_text(f"{os.getpid()}\n")
    rules = read(conf)

    def again(_number: int, _frame: object) -> None:
        rules[:] = read(conf)

    signal.signal(signal.SIGHUP, again)
    signal.signal(signal.SIGTERM, lambda _number, _frame: _end())
    _write(rules, "syslog", 6, "syslogd: restart", "syslogd")
    _serve(rules)
    return 0


def read(path: Path) -> list[Rule]:
    rules: list[Rule] = []
    programs: tuple[str, ...] = ()
    lines = path.read_text().splitlines() if path.exists() else []
    for name in sorted(Path("/etc/syslog.d").glob("*.conf")):
        lines += ["!*", *name.read_text().splitlines()]
    for raw in lines:
        line = raw.strip()
        if line.startswith("!"):
            names = line[1:].strip()
            programs = () if names in {"*", ""} else tuple(names.split(","))
        elif line and not line.startswith(("#", "include", "+", "-", ":")):
            parts = line.split(None, 1)
            if len(parts) == 2:
                rules.append(Rule(tuple(_selectors(parts[0])), parts[1].strip().lstrip("-"), programs))
    return rules


def _selectors(text: str) -> list[tuple[str, int]]:
    found = []
    for part in text.split(";"):
        names, _dot, level = part.partition(".")
        word = level.strip("=<>!").lower()
        limit = 7 if word in {"*", "debug"} else -1 if word == "none" else _level(word)
        found += [(name.strip().lower(), limit) for name in names.split(",")]
    return found


def _level(word: str) -> int:
    name = _SYNONYMS.get(word, word)
    return _LEVELS.index(name) if name in _LEVELS else -1


def _serve(rules: list[Rule]) -> None:
    server = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    _SOCKETS[0].unlink(missing_ok=True)
    server.bind(str(_SOCKETS[0]))
    _SOCKETS[0].chmod(0o666)
    _SOCKETS[1].unlink(missing_ok=True)
    _SOCKETS[1].symlink_to(_SOCKETS[0])
    while True:
        data = server.recv(65536).rstrip(b"\0\n").decode(errors="replace")
        match = _MESSAGE.match(data)
        if match is None:
            _write(rules, "user", 5, data, "")
            continue
        facility, level = _FACILITIES[int(match[1]) >> 3 & 31 if int(match[1]) >> 3 < 24 else 1], int(match[1]) & 7
        program = match[2].rpartition("/")[2]
        if program == "sshd":
            program = "sshd" if _OF_THE_LISTENER.match(match[4]) else "sshd-session"
        _write(rules, facility, level, f"{program}{match[3] or ''}: {match[4]}", program)


def _write(rules: list[Rule], facility: str, level: int, text: str, program: str) -> None:
    now = time.localtime()
    stamp = f"{time.strftime('%b', now)} {now.tm_mday:2d} {time.strftime('%H:%M:%S', now)}"
    host = socket.gethostname().partition(".")[0]
    for line in text.splitlines():
        for target in dict.fromkeys(rule.target for rule in rules if rule.takes(facility, level, program)):
            if target.startswith("/") and Path(target).exists():
                with open(target, "a") as stream:
                    stream.write(f"{stamp} {host} {line}\n")
    if program == "sshd-session":
        _tell_the_ban_daemon(text)


def _tell_the_ban_daemon(text: str) -> None:
    client = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        client.sendto(text.encode(), "/var/run/double/bans.sock")
    except OSError:
        return
    finally:
        client.close()


def _end() -> None:
    _PIDFILE.unlink(missing_ok=True)
    sys.exit(0)
