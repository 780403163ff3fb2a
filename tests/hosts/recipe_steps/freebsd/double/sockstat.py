"""sockstat(1): -4 -6 -u -c -l -L -n -q -s -w -P PROTO,… -p PORT,…. The other switches are taken without an effect.

Columns: freebsd/freebsd-src:usr.bin/sockstat/sockstat.c up to 14, where they have fixed places and what is too long
pushes the rest; main.c since 15, where they are as wide as their content, save the addresses, which are cut unless -w
is given. Of the sockets of Unix only those with a name are shown.
"""

from __future__ import annotations

import pwd
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .find_process import command
from .options import Options, Usage, parse
from .places import HIDDEN, release

if TYPE_CHECKING:
    from collections.abc import Sequence

_PROCESS = re.compile(r'\("([^"]*)",pid=(\d+),fd=(\d+)\)')
_UNIX = {"u_str": "stream", "u_dgr": "dgram", "u_seq": "seqpac"}
_STATES = {"LISTEN": "LISTEN", "ESTAB": "ESTABLISHED", "SYN-SENT": "SYN_SENT", "SYN-RECV": "SYN_RCVD"}
_HEAD = ("USER", "COMMAND", "PID", "FD", "PROTO", "LOCAL ADDRESS", "FOREIGN ADDRESS")
_STATE_HEAD = ("PATH STATE", "CONN STATE")


@dataclass(frozen=True)
class Socket:
    """One socket of one process."""

    pid: int
    descriptor: int
    protocol: str
    local: str
    foreign: str
    is_listening: bool
    state: str = ""

    @property
    def is_unix(self) -> bool:
        return self.protocol in _UNIX.values()


def main(arguments: list[str]) -> int:
    try:
        options = parse(arguments, "46ACcfIij:Llnp:P:qSsUuvw", program="sockstat")
    except Usage:
        return _usage()
    if options.operands:
        return _usage()
    rows = [_row(each, options) for each in sockets() if _is_wanted(each, options)]
    if int(release().version.partition(".")[0]) >= 15:
        _print_fitting(rows, options)
    else:
        _print_fixed(rows, options)
    return 0


def _usage() -> int:
    text = "usage: sockstat [-46CcfIiLlnqSsUuvw] [-j jid] [-p ports] [-P protocols]"
    if int(release().version.partition(".")[0]) >= 15:
        text = "usage: sockstat [--libxo] [-46ACcfIiLlnqSsUuvw] [-j jid] [-p ports]\n                [-P protocols]"
    print(text, file=sys.stderr)
    return 1


def sockets() -> list[Socket]:
    done = subprocess.run([HIDDEN / "ss", "-HtuxnapO"], capture_output=True, check=False, text=True)
    found = []
    for line in done.stdout.splitlines():
        words = line.split()
        if len(words) < 6 or words[1] in {"TIME-WAIT", "CLOSE-WAIT"}:
            continue
        for _name, pid, descriptor in _PROCESS.findall(line):
            each = _socket(words, int(pid), int(descriptor))
            if each is not None:
                found.append(each)
    return sorted(found, key=lambda each: (each.pid, each.descriptor))


def _socket(words: list[str], pid: int, descriptor: int) -> Socket | None:
    is_listening = words[1] in {"LISTEN", "UNCONN"}
    if words[0] in _UNIX:
        has_name = words[4].startswith("/")
        return Socket(pid, descriptor, _UNIX[words[0]], words[4], "", is_listening) if has_name else None
    protocol = f"{words[0]}{'6' if words[4].startswith('[') else '4'}"
    state = _STATES.get(words[1], words[1].replace("-", "_")) if words[0] == "tcp" else ""
    return Socket(pid, descriptor, protocol, _address(words[4]), _address(words[5]), is_listening, state)


def _address(text: str) -> str:
    host, _colon, port = text.rpartition(":")
    host = host.strip("[]").partition("%")[0]
    return f"{'*' if host in {'0.0.0.0', '::', '*', ''} else host}:{port}"


def _is_wanted(each: Socket, options: Options) -> bool:
    if not _is_of_family(each, options):
        return False
    if options.given & {"c", "l"} and ("l" in options) != each.is_listening and not {"c", "l"} <= options.given:
        return False
    if each.is_unix:
        return True
    if "P" in options and each.protocol[:-1] not in options.values["P"].split(","):
        return False
    if "p" in options and not _has_port(each, options.values["p"]):
        return False
    return not ("L" in options and each.local.startswith(("127.", "::1")))


def _is_of_family(each: Socket, options: Options) -> bool:
    """-P alone stands for both versions; without -4, -6 and -u all are shown."""
    families = {letter for letter in "46u" if letter in options}
    if "P" in options and not families & {"4", "6"}:
        families |= {"4", "6"}
    return ("u" if each.is_unix else each.protocol[-1]) in (families or {"4", "6", "u"})


def _has_port(each: Socket, wanted: str) -> bool:
    ports = {each.local.rpartition(":")[2], each.foreign.rpartition(":")[2]} - {"*"}
    for part in wanted.split(","):
        first, dash, last = part.partition("-")
        if any(int(first) <= int(port) <= int(last if dash else first) for port in ports):
            return True
    return False


def _row(each: Socket, options: Options) -> list[str]:
    try:
        uid = Path(f"/proc/{each.pid}").stat().st_uid
        name = (command(each.pid) or ["?"])[0].rstrip(":").rpartition("/")[2]
        user = str(uid) if "n" in options else pwd.getpwuid(uid).pw_name
    except (OSError, KeyError):
        user, name = "?", "?"
    return [user, name[:10], str(each.pid), str(each.descriptor), each.protocol, each.local, each.foreign, each.state]


def _print_fixed(rows: Sequence[list[str]], options: Options) -> None:
    width = 45 if "w" in options else 21
    if "q" not in options:
        head = "{:<8} {:<10} {:<5} {:<3} {:<6} {:<{width}} {:<{width}}".format(*_HEAD, width=width)
        print(head + (" {:<12} {:<12}".format(*_STATE_HEAD) if "s" in options else ""))
    places = (9, 20, 26, 30, 37, 37 + width + 1)
    for user, name, pid, descriptor, protocol, local, foreign, state in rows:
        line = ""
        for text, place in zip((user, name, f"{pid:>5}", f"{descriptor:<3}", protocol, local), places, strict=True):
            line = f"{line}{text} ".ljust(place)
        line += foreign
        if state and "s" in options:
            line = f"{line} ".ljust(places[-1] + width + 1 + 13) + state
        print(line)


def _print_fitting(rows: Sequence[list[str]], options: Options) -> None:
    number = 9 if "s" in options else 7
    head = [*_HEAD, *_STATE_HEAD][:number]
    table = [[*row[:7], "??", row[7] or "??"][:number] for row in rows]
    for row in table:
        row[6] = row[6] or "??"
    widths = [max(len(row[column]) for row in [head, *table]) for column in range(number)]
    widths[1] = 10
    if "w" not in options:
        widths[5] = widths[6] = 21
    for row in [*([] if "q" in options else [head]), *table]:
        cells = []
        for column, (text, width) in enumerate(zip(row, widths, strict=True)):
            cells.append(text[:width].rjust(width) if column in {2, 3} else text[:width].ljust(width))
        print(" ".join(cells))
