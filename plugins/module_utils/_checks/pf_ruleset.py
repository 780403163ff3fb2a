# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What pf's rules do with one new inbound connection, found by walking through them as the kernel does.

pf.conf(5) of freebsd/freebsd-src: the last rule that fits decides, unless one that is quick fits before; an anchor's
rules are tried where it stands, and one that is quick ends the search if any of its rules has fitted; what no rule fits
gets in, or with net.pf.default_to_drop does not. A table in an anchor that is not filled there is the main one's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checks.nft_ruleset import (
    ACCEPT,
    DROP,
    Decision,
    Packet,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.pf_rules import (
    ANCHOR,
    BLOCK,
    PASS,
    End,
    Rule,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    Tables = Mapping[tuple[str, str], "Sequence[str] | None"]

VERDICTS = {PASS: ACCEPT, BLOCK: DROP}
FAMILIES = {4: "inet", 6: "inet6"}
# The first packet of a TCP connection; every flag that a rule may ask for.
FIRST = "S"


@dataclass(frozen=True)
class Ruleset:
    """`tables` are the addresses of each table, by anchor and name; None where they are not known. A table that is not
    there holds none.

    `skipped` are the interfaces that pf does not look at. `groups` are the groups of the packets' interface.
    """

    rules: tuple[Rule, ...] = ()
    tables: Tables = field(default_factory=dict)
    skipped: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    default: str = ACCEPT

    def decide(self, packet: Packet, *, in_doubt: str = BLOCK) -> Decision:
        """Of the rules about which we cannot tell whether they fit, those with this action do."""
        if packet.interface in self.skipped:
            return Decision(ACCEPT)
        found, _is_final = self._walk(self.rules, "", packet, in_doubt=in_doubt)
        return found or Decision(self.default)

    def leads_to(self, anchor: str, packet: Packet) -> bool:
        """A packet comes by this anchor for certain: no rule before lets it in at once, or may."""
        for place, rule in enumerate(self.rules):
            if rule.action == ANCHOR and rule.name == anchor and self._fits(rule, "", packet):
                decided, is_final = self._walk(self.rules[:place], "", packet, in_doubt=PASS)
                return not (is_final and decided and not decided.is_refused)
        return False

    def _walk(
        self, rules: Sequence[Rule], path: str, packet: Packet, *, in_doubt: str, is_certain: bool = True
    ) -> tuple[Decision | None, bool]:
        """The last rule that fits, and whether the search has ended with it."""
        found: Decision | None = None
        for rule in rules:
            fits = self._fits(rule, path, packet)
            if fits is False:
                continue
            if rule.action == ANCHOR:
                inner = f"{path}/{rule.name}".strip("/").removesuffix("/*")
                is_sure = is_certain and fits is True
                decided, is_final = self._walk(rule.rules, inner, packet, in_doubt=in_doubt, is_certain=is_sure)
                is_final = is_final or (rule.is_quick and decided is not None)
            elif (fits and is_certain) or rule.action == in_doubt:
                decided, is_final = Decision(VERDICTS[rule.action], path), rule.is_quick
            else:
                continue
            found = decided or found
            if is_final:
                return found, True
        return found, False

    def _fits(self, rule: Rule, path: str, packet: Packet) -> bool | None:
        """None where we cannot tell."""
        answers = tuple(self._answers(rule, path, packet))
        if False in answers:
            return False
        return None if None in answers else True

    def _answers(self, rule: Rule, path: str, packet: Packet) -> Iterator[bool | None]:
        version = ip_address(packet.source).version
        yield not rule.is_for_fragments
        yield rule.direction in ("", "in")
        yield rule.family in ("", FAMILIES[version])
        yield rule.protocol in ("", packet.protocol)
        yield packet.protocol != "tcp" or has_flags(rule.flags)
        yield self._is_on(rule, packet)
        yield self._is_at(rule.source, path, packet.source, packet)
        yield None if rule.source.ports else True
        yield self._is_at(rule.target, path, packet.server, packet)
        yield fits_port(rule.target, packet.port)
        yield None if rule.is_doubtful else True

    def _is_on(self, rule: Rule, packet: Packet) -> bool | None:
        if rule.interface in ("", "any"):
            return True
        if not packet.interface:
            return None
        return (rule.interface in (packet.interface, *self.groups)) is not rule.is_interface_negated

    def _is_at(self, end: End, path: str, address: str, packet: Packet) -> bool | None:
        found = self._holds(end.address, path, address, packet)
        return None if found is None else found is not end.is_negated

    def _holds(self, place: str, path: str, address: str, packet: Packet) -> bool | None:
        if place == "any":
            return True
        if place in ("no-route", "urpf-failed"):
            return False
        if place.startswith("("):
            return self._is_own(place.strip("()"), address, packet)
        if not address:
            return None
        if place.startswith("<"):
            return self._is_in_table(place.strip("<>"), path, address)
        return holds(place, address)

    def _is_own(self, interface: str, address: str, packet: Packet) -> bool | None:
        """The addresses of an interface may change, so pf looks at each packet; of all that is known only this host's
        own.
        """
        if address == packet.source:
            return None
        return True if interface in ("self", packet.interface) else None

    def _is_in_table(self, name: str, path: str, address: str) -> bool | None:
        """The narrowest network that holds the address decides; one behind an exclamation mark takes it out."""
        addresses = self.tables.get((path, name), self.tables.get(("", name), ()))
        if addresses is None:
            return None
        held = [entry for entry in addresses if holds(entry.lstrip("!"), address)]
        narrowest = max(held, key=lambda entry: ip_network(entry.lstrip("!"), strict=False).prefixlen, default="!")
        return not narrowest.startswith("!")


def has_flags(flags: str) -> bool:
    """`S/SA`: of S and A a packet has S alone. The first one of a connection has no other flag."""
    wanted, slash, considered = flags.partition("/")
    return not slash or set(wanted) == set(considered) & set(FIRST)


def fits_port(end: End, port: int | None) -> bool:
    """None is a port that no rule names."""
    if end.ports is None:
        return True
    operator, low, high = end.ports
    if port is None:
        return operator in ("!=", "<>")
    return {
        "=": port == low,
        "!=": port != low,
        "<": port < low,
        "<=": port <= low,
        ">": port > low,
        ">=": port >= low,
        "><": low < port < high,
        "<>": port < low or port > high,
        ":": low <= port <= high,
    }[operator]


def holds(place: str, address: str) -> bool:
    """A network, an address, or two with a dash between them (the first and the last)."""
    wanted = ip_address(address)
    first, _dash, last = place.partition(" - ")
    if last:
        low, high = ip_address(first), ip_address(last)
        return low.version == wanted.version and low.packed <= wanted.packed <= high.packed
    return wanted in ip_network(first, strict=False)
