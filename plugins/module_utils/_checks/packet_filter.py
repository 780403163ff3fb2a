# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the kernel's packet filter does with new inbound connections, read from the rules that are loaded."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.options import Opening
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import NeedsRoot

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

REFUSING_TARGETS = ("DROP", "REJECT")
NFT_REFUSES = ("drop", "reject")
# ufw's `limit` rules accept through this chain.
ACCEPTING_TARGETS = ("ACCEPT", "ufw-user-limit-accept")
# Rules about what passes through or leaves (`ufw route allow`) let nobody in.
RULE = re.compile(
    r"-A (?!(?i:\S*(?:forward|output)))\S+(?: -s (\S+))?"
    r" -p (tcp|udp) -m (?:tcp|udp|multiport) --dports? (\S+) -j (\S+)"
)

# A rule with its chain, its condition and where it leads.
JUMP = re.compile(r"^-A (\S+)((?: .*)?) -j (\S+)(?: --reject-with \S+)?$", re.MULTILINE)

# ufw writes the name of an application profile (`ufw allow OpenSSH`) in its rules.
COMMENT = re.compile(r' -m comment --comment (?:"(?:[^"\\]|\\.)*"|\S+)')


@dataclass(frozen=True)
class PacketFilter:
    """`denies`: new inbound connections are refused unless a rule lets them in. `openings`: those rules.

    `source` names the command that the rules were read with. `open_chain` is the chain with a rule that accepts
    everything, and so makes the rest of a firewall's rules worthless. `is_ufws`: these are the rules that ufw loads.
    """

    denies: bool
    openings: tuple[Opening, ...]
    source: str
    open_chain: str = ""
    is_ufws: bool = False

    def lets_in(self, wanted: Opening) -> bool:
        """Some rule covers the port for at least the wanted source."""
        return not self.denies or any(_covers(opening, wanted) for opening in self.openings)

    def lets_in_from(self, wanted: Opening, address: str) -> bool:
        """Some rule covers the port for this one address; without an address, for anybody at all."""
        if address:
            return self.lets_in(replace(wanted, source=address.partition("%")[0]))
        return any((opening.port, opening.protocol) == (wanted.port, wanted.protocol) for opening in self.openings)


def packet_filter(host: HostReader) -> PacketFilter:
    """The filter that denies, if one does. Raises NeedsRoot, because the kernel shows its rules to root alone.

    iptables also shows what ufw loaded; nft also shows rules that no iptables command knows.
    """
    if host.uid != 0:
        raise NeedsRoot("the kernel's packet filter")
    found = [*_from_iptables(host), *_from_nft(host)]
    chain = next((candidate.open_chain for candidate in found), "")
    nothing = PacketFilter(denies=False, openings=(), source="iptables -S, nft -j list ruleset", open_chain=chain)
    return next((candidate for candidate in found if candidate.denies), nothing)


def _from_iptables(host: HostReader) -> Iterator[PacketFilter]:
    """Both address families must deny; IPv6 left open is a way round IPv4's rules."""
    if host.which("iptables") is None:
        return
    rules = host.query(("iptables", "-S")).stdout
    denies, openings = iptables_denies(rules), iptables_openings(rules)
    open_chain, is_ufws = iptables_open_chain(rules), "-A INPUT -j ufw-before-input" in rules.splitlines()
    if host.which("ip6tables") and host.stat("/proc/net/if_inet6"):
        rules = host.query(("ip6tables", "-S")).stdout
        denies = denies and iptables_denies(rules)
        openings += tuple(replace(opening, source=opening.source or "::/0") for opening in iptables_openings(rules))
    yield PacketFilter(denies, openings, "iptables -S", open_chain, is_ufws)


def iptables_denies(rules: str) -> bool:
    """What decides about a connection that no condition fits: a rule, or else the INPUT chain's policy."""
    policy = re.search(r"^-P INPUT (\w+)$", rules, re.MULTILINE)
    _chain, target = _decision(_jumps(rules), "INPUT", ())
    return (target or (policy.group(1) if policy else "")) in REFUSING_TARGETS


def iptables_open_chain(rules: str) -> str:
    """The chain with a rule that accepts whatever comes; empty when there is none."""
    chain, target = _decision(_jumps(rules), "INPUT", ())
    return chain if target == "ACCEPT" else ""


def _jumps(rules: str) -> Sequence[tuple[str, str, str]]:
    return JUMP.findall(COMMENT.sub("", rules))


def _decision(jumps: Sequence[tuple[str, str, str]], chain: str, above: tuple[str, ...]) -> tuple[str, str]:
    """The chain and the target that everything ends in; both empty where only conditions decide.

    A chain of its own decides for the one that calls it: ufw's user rules may accept all (`ufw allow from any`).
    """
    for condition, target in ((condition, target) for name, condition, target in jumps if name == chain):
        if target == "RETURN":
            # Behind a condition as well: what comes after it is not for everything any more.
            break
        if condition:
            continue
        if target in ("ACCEPT", *REFUSING_TARGETS):
            return chain, target
        inner = ("", "") if target in above else _decision(jumps, target, (*above, chain))
        if inner[1]:
            return inner
    return "", ""


def iptables_openings(rules: str) -> tuple[Opening, ...]:
    """The rules that accept a destination port, from everywhere or from one source, on every interface."""
    return tuple(opening for line in rules.splitlines() for opening in _rule_openings(line))


def _rule_openings(line: str) -> Iterator[Opening]:
    # A rule with more conditions than these lets in less than we could claim, so it is passed over.
    match = RULE.fullmatch(COMMENT.sub("", line.replace(" -m conntrack --ctstate NEW", "")))
    if match and match.group(4) in ACCEPTING_TARGETS:
        for port in match.group(3).split(","):
            if port.isdigit():
                yield Opening(int(port), match.group(2), match.group(1) or "")


def _from_nft(host: HostReader) -> Iterator[PacketFilter]:
    if host.which("nft") is None:
        return
    objects = json.loads(host.query(("nft", "-j", "list", "ruleset")).stdout or "{}").get("nftables", [])
    chains = [entry["chain"] for entry in objects if "chain" in entry]
    rules = [entry["rule"] for entry in objects if "rule" in entry]
    # Of the rules without a condition the first one decides; where there is none, the chain's policy does.
    decisive = {_place(rule, rule["chain"]): _verdict(rule) for rule in reversed(rules) if _verdict(rule)}
    inbound = [chain for chain in chains if chain.get("hook") == "input"]
    families = {
        chain["family"]
        for chain in inbound
        if decisive.get(_place(chain, chain["name"]), chain.get("policy")) in NFT_REFUSES
    }
    openings = tuple(opening for rule in rules for opening in nft_openings(rule))
    yield PacketFilter("inet" in families or {"ip", "ip6"} <= families, openings, "nft -j list ruleset")


def _place(entry: dict[str, Any], chain: str) -> tuple[str, str, str]:
    return entry["family"], entry["table"], chain


def _verdict(rule: dict[str, Any]) -> str:
    """What a rule without any condition does with everything; empty for every other rule."""
    statements = {statement for expression in rule.get("expr", []) for statement in expression}
    verdicts = statements & {"accept", *NFT_REFUSES}
    return verdicts.pop() if verdicts and statements - verdicts <= {"counter", "log"} else ""


def nft_openings(rule: dict[str, Any]) -> Iterator[Opening]:
    """The ports that one nftables rule accepts from everywhere; a rule with further matches is passed over."""
    expressions = rule.get("expr", [])
    matches = [expression["match"] for expression in expressions if "match" in expression]
    if not any("accept" in expression for expression in expressions) or len(matches) != 1:
        return
    payload = matches[0].get("left", {}).get("payload", {})
    if payload.get("field") != "dport" or matches[0].get("op") not in ("==", "in"):
        return
    right = matches[0].get("right")
    ports = right.get("set", []) if isinstance(right, dict) else [right]
    for port in ports:
        if isinstance(port, int) and payload.get("protocol") in ("tcp", "udp"):
            yield Opening(port, payload["protocol"])


def _covers(opening: Opening, wanted: Opening) -> bool:
    if (opening.port, opening.protocol) != (wanted.port, wanted.protocol):
        return False
    if not opening.source:
        return True
    if not wanted.source:
        return False
    outer, inner = ip_network(opening.source), ip_network(wanted.source)
    return outer.version == inner.version and inner.subnet_of(outer)  # type: ignore[arg-type]  # same version
