"""Names and numbers of protocols: protocols(5)."""

from __future__ import annotations

import functools
from pathlib import Path


@functools.cache
def _table() -> dict[str, int]:
    """Every name and alias; the name itself comes first."""
    found = {"icmp6": 58}
    for line in Path("/etc/protocols").read_text().splitlines():
        words = line.partition("#")[0].split()
        if len(words) > 1:
            found |= {name: int(words[1]) for name in (words[0], *words[2:]) if name not in found}
    return found


def number(word: str) -> int | None:
    if word.isdigit():
        return int(word) if int(word) < 256 else None
    return _table().get(word)


def name(protocol: int) -> str:
    return next((each for each, value in _table().items() if value == protocol and each != "icmp6"), str(protocol))
