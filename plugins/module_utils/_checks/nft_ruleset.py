# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a set of nftables rules does with one new inbound connection, found by walking through them as the kernel does.

The shape of the rules is libnftables-json(5)'s.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any, Union

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    Place = tuple[str, str, str]
    Value = Union[str, int, None]

ACCEPT, DROP, REJECT, RETURN, CONTINUE = "accept", "drop", "reject", "return", "continue"
ENDING = (ACCEPT, DROP, REJECT)
REFUSING = (DROP, REJECT)
# Before a packet is routed, and when it is for this host.
HOOKS = ("prerouting", "input")
FAMILIES = {4: ("ip", "inet"), 6: ("ip6", "inet")}
DEEPEST = 16
# They count and tell; a limit on how often a rule fits is not reached by one packet.
WITHOUT_EFFECT = ("counter", "log", "limit")


@dataclass(frozen=True)
class Packet:
    """The first packet of a connection to this host; `port` is None for one that no rule names."""

    source: str
    interface: str = ""
    protocol: str = "tcp"
    port: int | None = None
    server: str = ""


@dataclass(frozen=True)
class Decision:
    """What happens to a packet, and the chain with the rule that decided it, if no chain's policy did."""

    verdict: str
    chain: str = ""

    @property
    def is_refused(self) -> bool:
        """It does not get in."""
        return self.verdict in REFUSING


@dataclass(frozen=True)
class Ruleset:
    """The base chains in the order in which a packet meets them, and the rules of every chain."""

    entrances: tuple[Mapping[str, Any], ...] = ()
    rules: Mapping[Place, Sequence[Any]] = field(default_factory=dict)
    sets: Mapping[Place, Sequence[Any]] = field(default_factory=dict)

    def decide(self, packet: Packet) -> Decision:
        """A packet gets in if no base chain refuses it; what one accepts still goes through those after it."""
        family = FAMILIES[ip_address(packet.source).version]
        decided = Decision(ACCEPT)
        for chain in self.entrances:
            if chain["family"] not in family:
                continue
            found = self._walk((chain["family"], chain["table"], chain["name"]), packet, depth=0)
            is_decided = found.verdict in ENDING
            verdict = found.verdict if is_decided else chain.get("policy", ACCEPT)
            decided = Decision(verdict, found.chain if is_decided else decided.chain)
            if decided.is_refused:
                return decided
        return decided

    def target(self, place: Place, packet: Packet) -> str:
        """The first chain that the rules of this one hand the packet over to; empty when they do not."""
        outcomes = (self._outcome(place, expressions, packet) for expressions in self.rules.get(place, ()))
        return next((outcome[1] for outcome in outcomes if outcome and outcome[1]), "")

    def _walk(self, place: Place, packet: Packet, *, depth: int) -> Decision:
        """Through one chain and those that it leads to; CONTINUE where none of them decides."""
        for expressions in self.rules.get(place, ()) if depth < DEEPEST else ():
            outcome = self._outcome(place, expressions, packet)
            verdict, target = outcome or (CONTINUE, "")
            if verdict in ENDING:
                return Decision(verdict, place[2])
            if verdict == RETURN:
                break
            if verdict in ("jump", "goto"):
                found = self._walk((*place[:2], target), packet, depth=depth + 1)
                if found.verdict in ENDING or verdict == "goto":
                    return found
        return Decision(CONTINUE)

    def _outcome(
        self, place: Place, expressions: Sequence[Mapping[str, Any]], packet: Packet
    ) -> tuple[str, str] | None:
        """A rule's verdict with the chain that it leads to; None where it does not fit, or does what we do not know."""
        for expression in expressions:
            ((statement, words),) = expression.items()
            if statement == "match" and self._fits(place, words, packet):
                continue
            if statement == "vmap":
                return self._mapped(place, words, packet)
            if statement in (*ENDING, RETURN):
                return statement, ""
            if statement in ("jump", "goto"):
                return statement, words["target"]
            if statement not in WITHOUT_EFFECT:
                return None
        return None

    def _mapped(self, place: Place, words: Mapping[str, Any], packet: Packet) -> tuple[str, str] | None:
        value = _value(words["key"], packet)
        for key, verdict in self._members(place, words["data"]):
            if value is not None and self._is_in(place, value, key):
                return self._outcome(place, [verdict], packet)
        return None

    def _fits(self, place: Place, words: Mapping[str, Any], packet: Packet) -> bool:
        """What we cannot know of a packet (marks, routes, what was translated) fits nothing."""
        value = _value(words["left"], packet)
        if value is None:
            return False
        return self._is_in(place, value, words["right"]) is not (words["op"] == "!=")

    def _is_in(self, place: Place, value: str | int, right: Any) -> bool:
        if isinstance(right, list) or (isinstance(right, dict) and "set" in right) or str(right).startswith("@"):
            return any(self._is_in(place, value, member) for member in self._members(place, right))
        if isinstance(right, dict):
            return _is_within(value, right)
        if isinstance(right, str) and right.endswith("*"):
            return str(value).startswith(right[:-1])
        return bool(value == right)

    def _members(self, place: Place, words: Any) -> Iterator[Any]:
        """The members of a set, written out or named, without what the kernel notes beside each (its end of life)."""
        if isinstance(words, str):
            words = self.sets.get((*place[:2], words[1:]), ())
        for member in words["set"] if isinstance(words, dict) else words:
            yield member["elem"]["val"] if isinstance(member, dict) and "elem" in member else member


def _value(left: Mapping[str, Any], packet: Packet) -> Value:
    """What the packet has where the rule looks; None where we do not know or it has no such field."""
    version = ip_address(packet.source).version
    payload = left.get("payload", {})
    field_of = payload.get("protocol", ""), payload.get("field", "")
    meta = {"iifname": packet.interface or None, "iif": packet.interface or None, "l4proto": packet.protocol}
    meta["nfproto"] = f"ipv{version}"
    if "meta" in left:
        return meta.get(left["meta"]["key"])
    if left.get("ct", {}).get("key") == "state":
        return "new"
    if field_of == ({4: "ip", 6: "ip6"}[version], "saddr"):
        return packet.source
    if field_of == ({4: "ip", 6: "ip6"}[version], "daddr"):
        return packet.server or None
    return packet.port if field_of in ((packet.protocol, "dport"), ("th", "dport")) else None


def _is_within(value: str | int, words: Mapping[str, Any]) -> bool:
    if "prefix" in words:
        network = ip_network(f"{words['prefix']['addr']}/{words['prefix']['len']}", strict=False)
        return ip_address(value) in network
    if "range" in words:
        low, high = words["range"]
        if isinstance(value, int):
            return bool(low <= value <= high)
        return _is_between(value, low, high)
    return False


def _is_between(value: str, low: str, high: str) -> bool:
    """Of words that are no addresses (a range of protocols) we do not know the order."""
    try:
        return ip_address(low).packed <= ip_address(value).packed <= ip_address(high).packed
    except ValueError:
        return False


def parse(text: str) -> Ruleset:
    """The answer of `nft -j list ruleset`; tables that are switched off (dormant) do nothing."""
    objects = json.loads(text or "{}").get("nftables", [])
    asleep = {
        (table["family"], table["name"]) for table in _each(objects, "table") if "dormant" in str(table.get("flags"))
    }
    chains = [chain for chain in _each(objects, "chain") if (chain["family"], chain["table"]) not in asleep]
    entrances = [chain for chain in chains if chain.get("hook") in HOOKS and chain.get("type") == "filter"]
    rules: dict[Place, list[Any]] = {}
    for rule in _each(objects, "rule"):
        rules.setdefault((rule["family"], rule["table"], rule["chain"]), []).append(rule.get("expr", []))
    named = [*_each(objects, "set"), *_each(objects, "map")]
    return Ruleset(
        tuple(sorted(entrances, key=lambda chain: (HOOKS.index(chain["hook"]), chain.get("prio", 0)))),
        rules,
        {(one["family"], one["table"], one["name"]): one.get("elem", []) for one in named},
    )


def _each(objects: Sequence[Mapping[str, Any]], kind: str) -> Iterator[Mapping[str, Any]]:
    return (entry[kind] for entry in objects if kind in entry)
