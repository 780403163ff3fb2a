"""ntpd(8), ntpq(8), ntpdate(8), ntptime(8): a daemon that leaves the clock alone, and the peers that it would have.

The clock belongs to the machine underneath. `ntpq -pn` says that the first peer is the one that is followed.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from .options import Usage, parse

_PEERS = (
    ("198.51.100.1", "*", "192.0.2.1", 2),
    ("198.51.100.2", "+", "192.0.2.2", 2),
    ("198.51.100.3", "-", "192.0.2.3", 3),
)


def main(arguments: list[str]) -> int:
    return {"ntpd": _daemon, "ntpq": _query}.get(os.path.basename(sys.argv[0]), _nothing)(arguments)


def _nothing(_arguments: list[str]) -> int:
    return 0


def _daemon(arguments: list[str]) -> int:
    try:
        options = parse(arguments, "46aAbc:dD:f:gGi:I:k:l:LmMnNp:P:qQr:s:t:u:U:v:V:wx", program="ntpd")
    except Usage:
        return 1
    if "q" in options:
        return 0
    pidfile = Path(options.values.get("p", "/var/run/ntpd.pid"))
    if "n" not in options and os.fork():
        return 0
    os.setsid()
    nothing = os.open("/dev/null", os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    pidfile.parent.mkdir(parents=True, exist_ok=True)
    pidfile.write_text(f"{os.getpid()}")
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(0))
    while True:
        time.sleep(3600)


def _query(arguments: list[str]) -> int:
    if not _is_running():
        print("ntpq: read: Connection refused", file=sys.stderr)
        return 1
    if not any(word.startswith("-") and "p" in word for word in arguments) and "peers" not in arguments:
        print("associd=0 status=0615 leap_none, sync_ntp, 1 event, clock_sync,")
        return 0
    print("     remote           refid      st t when poll reach   delay   offset  jitter")
    print("=" * 78)
    for remote, sign, reference, stratum in _PEERS:
        print(f"{sign}{remote:<16}{reference:<17}{stratum} u   12   64  377    1.024   +0.035   0.041")
    return 0


def _is_running() -> bool:
    for path in ("/var/db/ntp/ntpd.pid", "/var/run/ntpd.pid"):
        try:
            os.kill(int(Path(path).read_text()), 0)
        except (OSError, ValueError):
            continue
        return True
    return False
