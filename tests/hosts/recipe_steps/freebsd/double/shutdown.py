"""shutdown(8), reboot(8), halt(8), poweroff(8): `now` and `+0` at once, `+N` after N minutes (`+Ns`: seconds), in the
background."""

from __future__ import annotations

import os
import re
import signal
import sys
import time

from .options import Usage, parse


def main(arguments: list[str]) -> int:
    program = os.path.basename(sys.argv[0])
    if os.geteuid() != 0:
        print(f"{program}: NOT super-user", file=sys.stderr)
        return 1
    if program != "shutdown":
        os.kill(1, signal.SIGINT if program == "reboot" else signal.SIGUSR2)
        return 0
    try:
        options = parse(arguments, "ckhnopqr", program=program)
    except Usage:
        return _usage()
    if not options.operands:
        return _usage()
    seconds = _seconds(options.operands[0])
    if seconds is None:
        print("shutdown: bad time format", file=sys.stderr)
        return 1
    print(f"Shutdown {f'in {seconds} seconds' if seconds else 'NOW'}!\nshutdown: [pid {os.getpid()}]")
    sys.stdout.flush()
    _detach()
    time.sleep(seconds + 0.5)
    if options.given & {"r", "h", "p", "c"}:
        os.kill(1, signal.SIGINT if "r" in options else signal.SIGUSR2)
    return 0


def _usage() -> int:
    print("usage: shutdown [-] [-c | -h | -p | -r | -k] [-o [-n]] [-q] time [warning-message ...]", file=sys.stderr)
    return 1


def _seconds(text: str) -> int | None:
    """`now`, or `+N` with a unit; without one in minutes."""
    if text == "now":
        return 0
    match = re.fullmatch(r"\+(\d+)(s|sec|m|min|h|hour)?", text)
    return int(match[1]) * {"s": 1, "h": 3600}.get((match[2] or "m")[0], 60) if match else None


def _detach() -> None:
    if os.fork():
        os._exit(0)
    os.setsid()
    nothing = os.open("/dev/null", os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
