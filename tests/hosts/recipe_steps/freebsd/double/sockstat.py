"""sockstat(1): -4 -6 -c -l -L -n -q -P PROTO -p PORTS -u. Columns: freebsd/freebsd-src:usr.bin/sockstat/main.c."""

from __future__ import annotations

import pwd
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .find_process import command
from .options import Options, Usage, parse
from .places import HIDDEN

_USER = re.compile(r'\("([^"]*)",pid=(\d+),fd=(\d+)\)')


@dataclass(frozen=True)
class Socket:
    """One socket of one process."""

    pid: int
    descriptor: int
    protocol: str
    local: str
    foreign: str
    is_listening: bool


def main(arguments: list[str]) -> int:
    try:
        options = parse(arguments, "46AbCcfIij:KLlnP:p:qSsUuvw", program="sockstat")
    except Usage:
        return 1
    if "q" not in options:
        head = ("USER", "COMMAND", "PID", "FD", "PROTO", "LOCAL ADDRESS", "FOREIGN ADDRESS")
        print("{:<8} {:<10} {:<5} {:<3} {:<6} {:<21} {:<21}".format(*head))
    for each in sockets():
        if _is_wanted(each, options):
            user, name = _owner(each.pid)
            print(
                f"{user[:8]:<8} {name[:10]:<10} {each.pid:<5} {each.descriptor:<3} {each.protocol:<6} "
                f"{each.local:<21} {each.foreign:<21}"
            )
    return 0


def sockets() -> list[Socket]:
    done = subprocess.run([HIDDEN / "ss", "-HtunapO"], capture_output=True, check=False, text=True)
    found = []
    for line in done.stdout.splitlines():
        words = line.split()
        if len(words) < 6 or words[1] in {"TIME-WAIT", "CLOSE-WAIT"}:
            continue
        version = "6" if words[4].startswith("[") else "4"
        for _name, pid, descriptor in _USER.findall(line):
            is_listening = words[1] in {"LISTEN", "UNCONN"}
            ends = (_address(words[4]), _address(words[5]))
            found.append(Socket(int(pid), int(descriptor), f"{words[0]}{version}", *ends, is_listening))
    return found


def _address(text: str) -> str:
    host, _colon, port = text.rpartition(":")
    host = host.strip("[]").partition("%")[0]
    return f"{'*' if host in {'0.0.0.0', '::', '*', ''} else host}:{port}"


def _is_wanted(each: Socket, options: Options) -> bool:
    versions = {letter for letter in "46" if letter in options} or {"4", "6"}
    if each.protocol[-1] not in versions or ("u" in options and not options.given & {"4", "6"}):
        return False
    if options.given & {"c", "l"} and ("l" in options) != each.is_listening and not {"c", "l"} <= options.given:
        return False
    if "P" in options and each.protocol[:-1] not in options.values["P"].split(","):
        return False
    if "p" in options:
        wanted = options.values["p"].split(",")
        return bool({each.local.rpartition(":")[2], each.foreign.rpartition(":")[2]}.intersection(wanted))
    return not ("L" in options and each.local.startswith(("127.", "::1")))


def _owner(pid: int) -> tuple[str, str]:
    try:
        uid = Path(f"/proc/{pid}").stat().st_uid
        name = (command(pid) or ["?"])[0].rstrip(":").rpartition("/")[2]
        return pwd.getpwuid(uid).pw_name, name
    except (OSError, KeyError):
        return "?", "?"
