"""blacklistd.conf(5): rules in [local], exceptions in [remote]; on release 15 a folder of further files, too.

A rule: address:port, type, protocol, owner, name, number of failures, duration; `*` is anything, `=` the local value.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass
from pathlib import Path

from ..places import release

_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


@dataclass(frozen=True)
class Limits:
    """-1 is never."""

    failures: int = -1
    duration: int = -1


def limits(address: str, port: int) -> Limits:
    local, remote = _sections()
    found = next((_limits(words) for words in local if _is_local_match(words[0], port)), Limits())
    for words in remote:
        if len(words) >= 7 and _is_remote_match(words[0], address, port):
            own = [_number(words[5], found.failures), _duration(words[6], found.duration)]
            return Limits(*own)
    return found


def _sections() -> tuple[list[list[str]], list[list[str]]]:
    base = Path(f"/etc/{release().blocker}.conf")
    paths = [base, *sorted(Path(f"/etc/{release().blocker}.conf.d").glob("*"))] if release().is_packaged else [base]
    sections: dict[str, list[list[str]]] = {"local": [], "remote": []}
    for path in paths:
        section = "local"
        for line in path.read_text().splitlines() if path.exists() else ():
            text = line.partition("#")[0].strip()
            match = re.fullmatch(r"\[(\w+)\]", text)
            if match:
                section = match[1]
            elif len(text.split()) >= 6:
                sections[section].append(text.split())
    return sections["local"], sections["remote"]


def _is_local_match(place: str, port: int) -> bool:
    return place == "*" or _port(place.rpartition(":")[2]) == port


def _is_remote_match(place: str, address: str, port: int) -> bool:
    host, colon, number = place.rpartition(":") if re.search(r":\w+$", place) and "." in place else (place, "", "")
    if colon and _port(number) != port:
        return False
    if host == "*":
        return True
    try:
        return ipaddress.ip_address(address) in ipaddress.ip_network(host.strip("[]"), strict=False)
    except ValueError:
        return False


def _port(word: str) -> int:
    if word.isdigit():
        return int(word)
    try:
        return socket.getservbyname(word, "tcp")
    except OSError:
        return -2


def _limits(words: list[str]) -> Limits:
    return Limits(_number(words[5], -1), _duration(words[6] if len(words) > 6 else "*", -1))


def _number(word: str, same: int) -> int:
    return same if word == "=" else -1 if word == "*" else int(word)


def _duration(word: str, same: int) -> int:
    if word in {"=", "*"}:
        return same if word == "=" else -1
    match = re.fullmatch(r"(\d+)([smhdw]?)", word)
    return int(match[1]) * _UNITS[match[2]] if match else -1
