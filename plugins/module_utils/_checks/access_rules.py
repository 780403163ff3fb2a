# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules of access.conf(5): `+` or `-`, whom, from where; the first that fits decides."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checks.patterns import comes_from

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

FILE = "/etc/security/access.conf"
EXCEPT = "EXCEPT"
ADDRESS = re.compile(r"[0-9a-fA-F:.]+(/\d+)?")


def refusal(text: str, name: str, groups: Sequence[str], *, address: str) -> str:
    """The line that keeps this login out; empty where it is let in, and where no file can tell."""
    for line in (line.strip() for line in text.splitlines()):
        fields = [field.strip() for field in line.split(":", 2)]
        if line.startswith("#") or len(fields) < 3:
            continue
        whom = fits(fields[1], lambda token: _is_user(token, name, groups))
        origin = fits(fields[2], lambda token: _is_origin(token, address))
        if whom is False or origin is False:
            continue
        if whom is None or origin is None:
            return ""
        return line if fields[0] == "-" else ""
    return ""


def fits(words: str, is_one: Callable[[str], bool | None]) -> bool | None:
    """Of the words before EXCEPT one fits, and none of those behind it; None where that cannot be told."""
    tokens = words.replace(",", " ").split()
    end = tokens.index(EXCEPT) if EXCEPT in tokens else len(tokens)
    among = _any(is_one(token) for token in tokens[:end])
    if not among or end == len(tokens):
        return among
    excepted = fits(" ".join(tokens[end + 1 :]), is_one)
    return None if excepted is None else not excepted


def _any(answers: Iterable[bool | None]) -> bool | None:
    known = list(answers)
    return True if True in known else None if None in known else False


def _is_user(token: str, name: str, groups: Sequence[str]) -> bool | None:
    """A netgroup, or a user at a host, is nothing that this host's files know."""
    if "@" in token:
        return None
    return token in ("ALL", name) or token.strip("()") in groups


def _is_origin(token: str, address: str) -> bool | None:
    """Names of hosts and domains stay unknown; LOCAL is nobody who comes over a network."""
    if token in ("ALL", "LOCAL"):
        return token == "ALL"
    if not address:
        return None
    if token.endswith(".") and ADDRESS.fullmatch(token):
        return address.startswith(token)
    return comes_from(address, token) if ADDRESS.fullmatch(token) else None
