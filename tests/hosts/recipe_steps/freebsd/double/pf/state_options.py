"""What stands in brackets behind `keep state`, and how pfctl prints it.

freebsd/freebsd-src:sbin/pfctl/parse.y (pfrule: what one option brings along), pfctl_parser.c (print_rule: the order).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_NUMBERS = ("max", "max-src-states", "max-src-conn", "max-src-nodes")
_TIMEOUTS = (
    *("tcp.first", "tcp.opening", "tcp.established", "tcp.closing", "tcp.finwait", "tcp.closed"),
    *("udp.first", "udp.single", "udp.multiple", "icmp.first", "icmp.error"),
    *("other.first", "other.single", "other.multiple", "frag", "interval"),
    *("adaptive.start", "adaptive.end", "src.track", "tcp.tsdiff"),
)
_ORDER = (
    *("max", "no-sync", "source-track", "max-src-states", "max-src-conn", "max-src-conn-rate", "max-src-nodes"),
    *("overload", "if-bound", "sloppy"),
    *_TIMEOUTS,
)


class Unknown(Exception):
    """A word that is no option."""


def read(take: Callable[[], str]) -> dict[str, str]:
    """The options up to the closing bracket, the opening one having been taken."""
    found: dict[str, str] = {}
    word = take()
    while word != ")":
        word = take() if word == "," else _one(word, take, found)
    return _completed(found)


def printed(options: dict[str, str]) -> str:
    names = sorted(options, key=_ORDER.index)
    return f"({', '.join(f'{name} {options[name]}'.strip() for name in names)})" if names else ""


def _one(name: str, take: Callable[[], str], found: dict[str, str]) -> str:
    """The word behind the option."""
    if name in {"no-sync", "sloppy", "if-bound"}:
        found[name] = ""
        return take()
    if name == "floating":
        return take()
    if name == "source-track":
        word = take()
        found[name] = word if word in {"rule", "global"} else "global"
        return take() if word in {"rule", "global"} else word
    if name == "overload":
        return _overload(take, found)
    if name not in _NUMBERS and name not in _TIMEOUTS and name != "max-src-conn-rate":
        raise Unknown(name)
    found[name] = take()
    return take()


def _overload(take: Callable[[], str], found: dict[str, str]) -> str:
    found["overload"] = take()
    word = take()
    for extra in ("flush", "global"):
        if word == extra:
            found["overload"] += f" {extra}"
            word = take()
    return word


def _completed(found: dict[str, str]) -> dict[str, str]:
    by_rule = {"max-src-conn", "max-src-conn-rate", "max-src-nodes"} & set(found)
    if by_rule:
        found["source-track"] = "rule"
    elif "max-src-states" in found:
        found.setdefault("source-track", "global")
    seconds = found.get("max-src-conn-rate", "/0").partition("/")[2]
    if int(found.get("src.track", "0")) < int(seconds or 0):
        found["src.track"] = seconds
    if "max" in found and not {"adaptive.start", "adaptive.end"} & set(found) and int(found["max"]) >= 10:
        found["adaptive.start"] = str(int(found["max"]) // 10 * 6)
        found["adaptive.end"] = str(int(found["max"]) // 10 * 12)
    return found
