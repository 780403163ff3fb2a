# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""For whom sshd's configuration makes exceptions: its Match lines, as logins to ask sshd about.

sshd alone says what holds for them. The text is only read to know whom to ask about, because `sshd -T` answers for one
login at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_network
from itertools import product
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import sshd_files
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.patterns import is_like

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader


@dataclass(frozen=True)
class Whom:
    """A login that a Match line names; an empty part is one that the line leaves open."""

    user: str = ""
    address: str = ""
    server: str = ""
    port: int = 0


def exceptions(host: HostReader) -> tuple[Whom, ...]:
    """The logins that Match lines name, one for each pattern in them."""
    lines = [line.words for line in sshd_files.lines(host) if line.keyword == "match"]
    return tuple(dict.fromkeys(whom for words in lines for whom in _named(host, words[1:])))


def as_member(words: Sequence[str], name: str, groups: Sequence[str]) -> list[str]:
    """A Match line's words as they will hold for an account that is yet to be made.

    sshd takes somebody whom it does not know for a member of no group (match_cfg_line_group of OpenSSH's servconf.c),
    so a list of groups that will fit the account is replaced by its name.
    """
    found = list(words)
    for place in range(1, len(found) - 1, 2):
        if found[place].lower() == "group" and _fits_one(groups, found[place + 1].split(",")):
            found[place : place + 2] = ["User", name]
    return found


def _fits_one(groups: Sequence[str], patterns: Sequence[str]) -> bool:
    """One group that an exception fits decides against (ga_match_pattern_list of OpenSSH's groupaccess.c)."""
    fitting = [pattern for pattern in patterns if any(is_like(group, pattern.lstrip("!")) for group in groups)]
    return bool(fitting) and not any(pattern.startswith("!") for pattern in fitting)


def _named(host: HostReader, words: Sequence[str]) -> Iterator[Whom]:
    criteria = {name.lower(): value for name, value in zip(words[::2], words[1::2])}
    users = [*_literal(criteria.get("user", "")), *_members(host, criteria.get("group", ""))]
    addresses = [_an_address_in(entry) for entry in _literal(criteria.get("address", ""))]
    servers = [_an_address_in(entry) for entry in _literal(criteria.get("localaddress", ""))]
    ports = [int(entry) for entry in _literal(criteria.get("localport", "")) if entry.isdigit()]
    for user, address, server, port in product(users or [""], addresses or [""], servers or [""], ports or [0]):
        if user or address or server or port:
            yield Whom(user, address, server, port)


def _literal(patterns: str) -> list[str]:
    """The names in a list that are no exception from it; a wildcard stands for one letter."""
    return [entry.replace("*", "x").replace("?", "x") for entry in patterns.split(",") if entry and entry[0] != "!"]


def _members(host: HostReader, groups: str) -> Iterator[str]:
    for group in _literal(groups):
        fields = host.query(("getent", "group", group), ok=(0, 2)).stdout.strip().split(":")
        yield from (name for name in fields[3].split(",") if name) if len(fields) > 3 else ()


def _an_address_in(entry: str) -> str:
    """Any address of a network; what is no network is taken as it is."""
    try:
        return str(ip_network(entry, strict=False)[0])
    except ValueError:
        return entry
