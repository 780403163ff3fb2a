"""blacklistd(8), blocklistd(8): counts what sshd reports, and lets pf drop an address that has failed too often.

What sshd reports on FreeBSD over a socket comes here from the log: a line for each failure that it logs, as long as its
configuration says `UseBlacklist yes` (`UseBlocklist`). A login that succeeds sets the count back. The helper adds the
address to the table portN of the anchor NAME/N, with a rule that it makes there when it is missing, and kills the
address's states: freebsd/freebsd-src:contrib/blocklist/libexec/*-helper. blacklistd's takes pf for the firewall where
there is an /etc/pf.conf, blocklistd's where `/etc/rc.d/pf status` succeeds.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from ..options import Options, Usage, parse
from ..places import RUNNING, release
from ..sshd_config import effective_blocker
from . import configuration, record

_SOCKET = RUNNING / "bans.sock"
# What PAM refused has a line of its own, besides that of the method.
_FAILED = re.compile(r"Failed (?:password|publickey|none) for .* from (\S+) port|error: PAM: .* for .* from (\S+)")
_EXCEEDED = re.compile(r"maximum authentication attempts exceeded for .* from (\S+) port \d+")
_ACCEPTED = re.compile(r"Accepted \S+ for \S+ from (\S+) port \d+")


def main(arguments: list[str]) -> int:
    program = os.path.basename(sys.argv[0])
    try:
        options = parse(arguments, "BbC:c:D:dfP:Rrs:t:v", program=program)
    except Usage:
        return 1
    if "d" not in options and os.fork():
        return 0
    os.setsid()
    nothing = os.open("/dev/null", os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    Path(f"/var/run/{program}.pid").write_text(f"{os.getpid()}\n")
    signal.signal(signal.SIGTERM, lambda _number, _frame: _end(program))
    _prepare(options)
    _serve()
    return 0


def _prepare(options: Options) -> None:
    """-f forgets everything, -r bans again what was banned when the daemon ended."""
    entries = [] if "f" in options else record.load()
    record.save(entries)
    if "r" in options:
        for entry in entries:
            if entry.is_banned:
                _helper("add", entry)


def _serve() -> None:
    _SOCKET.unlink(missing_ok=True)
    server = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    server.bind(str(_SOCKET))
    server.settimeout(5)
    while True:
        try:
            text = server.recv(65536).decode(errors="replace")
        except TimeoutError:
            text = ""
        if text and effective_blocker():
            _take(text)
        _release_expired()


def _take(text: str) -> None:
    accepted, failed = _ACCEPTED.search(text), _FAILED.search(text) or _EXCEEDED.search(text)
    match = accepted or failed
    if match is None:
        return
    address, port = next(part for part in match.groups() if part), _port()
    limits = configuration.limits(address, port)
    entries = record.load()
    entry = next((each for each in entries if (each.address, each.port) == (address, port)), None)
    if entry is None:
        entry = record.Entry(address, port, limits.failures, limits.duration)
        entries.append(entry)
    entry.failures, entry.duration = limits.failures, limits.duration
    if accepted:
        entry.count = 0
    else:
        entry.count += 1
        entry.last = time.time()
        if entry.is_banned and not entry.identifier:
            entry.identifier = _helper("add", entry)
    record.save([each for each in entries if each.count])


def _port() -> int:
    """The port that sshd listens on."""
    text = Path("/etc/ssh/sshd_config").read_text()
    match = re.search(r"^\s*Port\s+(\d+)", text, re.MULTILINE | re.IGNORECASE)
    return int(match[1]) if match else 22


def _release_expired() -> None:
    entries = record.load()
    kept = []
    for entry in entries:
        if entry.duration != -1 and entry.last + entry.duration < time.time():
            if entry.identifier:
                _helper("rem", entry)
        else:
            kept.append(entry)
    if len(kept) != len(entries):
        record.save(kept)


def _helper(action: str, entry: record.Entry) -> str:
    """`OK` once it is done, nothing where it finds no pf."""
    if not _finds_pf():
        return ""
    anchor, table = f"{release().blocker}/{entry.port}", f"port{entry.port}"
    if action == "add":
        if f"<{table}>" not in _run("/sbin/pfctl", "-a", anchor, "-sr").stdout:
            rule = f"block in quick proto tcp from <{table}> to any port {entry.port}\n"
            _run("/sbin/pfctl", "-a", anchor, "-f", "-", text=rule)
        done = _run("/sbin/pfctl", "-qa", anchor, "-t", table, "-T", "add", entry.address)
        _run("/sbin/pfctl", "-qk", entry.address)
    else:
        done = _run("/sbin/pfctl", "-qa", anchor, "-t", table, "-T", "delete", entry.address)
    return "OK" if done.returncode == 0 else ""


def _finds_pf() -> bool:
    if release().blocker == "blacklistd":
        return Path("/etc/pf.conf").is_file()
    return _run("/etc/rc.d/pf", "status").returncode == 0


def _run(*words: str, text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(words, input=text, capture_output=True, check=False, text=True)


def _end(program: str) -> None:
    Path(f"/var/run/{program}.pid").unlink(missing_ok=True)
    sys.exit(0)
