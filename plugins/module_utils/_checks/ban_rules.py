# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What blacklistd (14.x) or blocklistd (15.x) does with failed logins, found in its file as the daemon finds it.

Source: contrib/blocklist/bin/conf.c of freebsd/freebsd-src and blocklistd.conf(5). Lines stand in any order: the daemon
sorts them, the narrower first, and the first that fits counts. A line of [local] says after how many failures a port is
shut and for how long; the first line of [remote] that fits the other side then changes that. `*` for the failures
means never, for anything else any; `=` leaves what [local] has said. Of lines with the same key the fewest failures and
the longest time count (15.x); a line that cannot be read is passed over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

STAR, EQUAL = -1, -2
SIGNS = {"*": STAR, "=": EQUAL}
# The numbers that FreeBSD's headers give them, by which the daemon sorts.
ANY, INET, INET6, TCP, UDP, ROOT = 0, 2, 28, 6, 17, 0
PROTOCOLS = {"stream": TCP, "dgram": UDP, **SIGNS}
FAMILIES = {"tcp": INET, "udp": INET, "tcp6": INET6, "udp6": INET6, **SIGNS}
OWNERS = {"root": ROOT, **SIGNS}
# Of the names in /etc/services those that such files use.
PORTS = {"ssh": 22, "ftp": 21, "smtp": 25, "domain": 53, "submission": 587, **SIGNS}
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
WHERE = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|(\d+(?:\.\d+){3}))(?:/(\d+))?(?::(\S+))?")
SECTIONS = ("[local]", "[remote]")


@dataclass(frozen=True)
class BanRule:
    """One line. Without an address it is about all; `mask` and `name_mask` are the lengths of networks."""

    address: str
    mask: int
    port: int
    protocol: int
    family: int
    owner: int
    name_mask: int
    failures: int
    seconds: int

    @property
    def key(self) -> tuple[int, ...]:
        """What the daemon sorts by, the highest first."""
        version = {4: INET, 6: INET6}[ip_address(self.address).version] if self.address else ANY
        return (version, self.mask, self.port, self.protocol, self.family, self.name_mask, self.owner)

    def fits(self, port: int, address: str, family: int) -> bool:
        """It is about sshd's port, and about this address of either side (empty: one that no line names)."""
        return self._holds(address) and all(
            mine in (STAR, EQUAL, wanted)
            for mine, wanted in ((self.port, port), (self.protocol, TCP), (self.family, family), (self.owner, ROOT))
        )

    def _holds(self, address: str) -> bool:
        if not self.address:
            return True
        length = "" if self.mask == STAR else f"/{self.mask}"
        return bool(address) and ip_address(address) in ip_network(f"{self.address}{length}", strict=False)


@dataclass(frozen=True)
class BanRules:
    """The lines of both sections in the daemon's order."""

    local: tuple[BanRule, ...]
    remote: tuple[BanRule, ...]

    def failures(self, port: int, address: str, server: str = "") -> int | None:
        """After how many failures of this address sshd's port is shut to it; STAR: never; None: no line is about it."""
        family = {4: INET, 6: INET6}[ip_address(address).version]
        local = next((rule for rule in self.local if rule.fits(port, server, family)), None)
        if local is None:
            return None
        remote = next((rule for rule in self.remote if rule.fits(port, address, family)), None)
        return local.failures if remote is None or remote.failures == EQUAL else remote.failures


def parse(*texts: str) -> BanRules:
    """The rules of all files that the daemon reads."""
    sections: dict[str, list[BanRule]] = {name: [] for name in SECTIONS}
    for text in texts:
        section = SECTIONS[0]
        for line in _lines(text):
            if line in SECTIONS:
                section = line
            else:
                sections[section].extend(_rules(line))
    return BanRules(*(_ordered(sections[name]) for name in SECTIONS))


def _lines(text: str) -> Iterator[str]:
    """Comments go, and a backslash at the end draws the next line to this one (fparseln(3))."""
    for line in text.replace("\\\n", "").splitlines():
        said = line.partition("#")[0].rstrip()
        if said:
            yield said


def _rules(line: str) -> Iterator[BanRule]:
    words = line.split()
    try:
        where, protocol, family, owner, name, failures, seconds = words[:7]
        address, mask, port = _where(where)
        yield BanRule(
            address,
            mask,
            port,
            _number(protocol, PROTOCOLS),
            _number(family, FAMILIES),
            _number(owner, OWNERS),
            int(name.partition("/")[2] or STAR),
            _number(failures, SIGNS),
            seconds_of(seconds),
        )
    except ValueError:
        return


def _where(text: str) -> tuple[str, int, int]:
    """`ssh`, `192.0.2.7`, `192.0.2.0/24:22` or `[2001:db8::]/32:ssh`; the name of an interface is none of them."""
    found = WHERE.fullmatch(text)
    if not found:
        return "", STAR, _number(text, PORTS)
    mask, port = found.group(3), found.group(4)
    return found.group(1) or found.group(2), int(mask or STAR), _number(port or "*", PORTS)


def _number(text: str, names: dict[str, int]) -> int:
    return names[text] if text in names else int(text, 0)


def seconds_of(text: str) -> int:
    """`90`, `6h` or `1h30m` in seconds. Raises ValueError for what is no time."""
    if text in SIGNS:
        return SIGNS[text]
    if text.isdigit():
        return int(text)
    if not re.fullmatch(r"(\d+[smhd])+", text):
        raise ValueError(text)
    return sum(int(number) * SECONDS[unit] for number, unit in re.findall(r"(\d+)(.)", text))


def _ordered(rules: Sequence[BanRule]) -> tuple[BanRule, ...]:
    merged: dict[tuple[object, ...], BanRule] = {}
    for rule in rules:
        key = (rule.address, *rule.key[2:5], rule.owner)
        old = merged.get(key, rule)
        failures, seconds = min(old.failures, rule.failures), max(old.seconds, rule.seconds)
        merged[key] = replace(old, failures=failures, seconds=seconds)
    return tuple(sorted(merged.values(), key=lambda rule: rule.key, reverse=True))
