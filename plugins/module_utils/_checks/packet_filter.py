# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the kernel's packet filter does with new inbound connections, read from the rules that are loaded."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import iptables_rules, nft_ruleset
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.nft_ruleset import Decision, Packet
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import NeedsRoot
from ansible_collections.groundwork.python_host.plugins.module_utils._host.login import Login

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.options import Opening
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

IPTABLES, NFT = ("iptables", "-S"), ("nft", "-j", "list", "ruleset")
ADDRESSES = ("ip", "-j", "addr")
IPV6 = "/proc/net/if_inet6"
UFW, FIREWALLD = "ufw", "firewalld"
# Somebody out in the world, for rules to be tried with: those reserved for examples are on many a list of bad ones.
STRANGER, STRANGER_IPV6 = "9.9.9.9", "2620:fe::fe"


@dataclass(frozen=True)
class PacketFilter:
    """`denies`: new inbound connections are refused unless a rule lets them in. `openings`: those rules.

    `source` names the command that the rules were read with. `open_chain` is the chain with a rule that accepts
    everything, and so makes the rest of a firewall's rules worthless. `made_by` is the firewall that loads them, if
    its rules can be told apart.
    """

    denies: bool
    openings: tuple[Opening, ...]
    source: str
    open_chain: str = ""
    made_by: str = ""

    def lets_in(self, wanted: Opening) -> bool:
        """Some rule covers the port for at least the wanted source."""
        return not self.denies or any(_covers(opening, wanted) for opening in self.openings)

    def lets_in_from(self, wanted: Opening, address: str) -> bool:
        """Some rule covers the port for this one address; without an address, for anybody at all."""
        if address:
            return self.lets_in(replace(wanted, source=address.partition("%")[0]))
        return any((opening.port, opening.protocol) == (wanted.port, wanted.protocol) for opening in self.openings)


@dataclass(frozen=True)
class AskedFilter(PacketFilter):
    """A filter that is asked by sending a made-up packet through its rules, to the address of this run's login."""

    interface: str = ""
    server: str = ""

    def lets_in(self, wanted: Opening) -> bool:
        """A connection from the source gets in, for certain, or from both ends of a network."""
        network = ip_network(wanted.source or STRANGER, strict=False)
        return not any(
            self.decide(str(source), wanted.protocol, wanted.port).is_refused
            for source in dict.fromkeys((network.network_address, network.broadcast_address))
        )

    def lets_in_from(self, wanted: Opening, address: str) -> bool:
        """The same for this address, or for a stranger."""
        return self.lets_in(replace(wanted, source=address.partition("%")[0]))

    def decide(self, source: str, protocol: str = "tcp", port: int | None = None) -> Decision:
        """What happens to a connection from there."""
        raise NotImplementedError

    def _packet(self, source: str, protocol: str, port: int | None) -> Packet:
        version = ip_address(source).version
        server = self.server if self.server and ip_address(self.server).version == version else ""
        return Packet(source, self.interface, protocol, port, server)


@dataclass(frozen=True)
class WalkedFilter(AskedFilter):
    """nftables' rules."""

    ruleset: nft_ruleset.Ruleset = field(default_factory=nft_ruleset.Ruleset, repr=False)

    def decide(self, source: str, protocol: str = "tcp", port: int | None = None) -> Decision:
        """See AskedFilter."""
        return self.ruleset.decide(self._packet(source, protocol, port))

    def leads_to(self, chain: str, source: str) -> str:
        """The chain that one of firewalld's hands a connection from there over to; empty when to none."""
        return self.ruleset.target(("inet", FIREWALLD, chain), self._packet(source or STRANGER, "tcp", None))


def packet_filter(host: HostReader, login: Login | None = None) -> PacketFilter:
    """The filter that denies, if one does. Raises NeedsRoot, because the kernel shows its rules to root alone.

    iptables also shows what ufw loaded; nft also shows rules that no iptables command knows.
    """
    if host.uid != 0:
        raise NeedsRoot("the kernel's packet filter")
    found = [*_from_iptables(host), *_from_nft(host, login or Login())]
    chain = next((candidate.open_chain for candidate in found if candidate.open_chain), "")
    nothing = PacketFilter(denies=False, openings=(), source="iptables -S, nft -j list ruleset", open_chain=chain)
    return next((candidate for candidate in found if candidate.denies), nothing)


def _from_iptables(host: HostReader) -> Iterator[PacketFilter]:
    """Both address families must deny; IPv6 left open is a way round IPv4's rules."""
    if host.which("iptables") is None:
        return
    rules = host.query(IPTABLES).stdout
    denies, openings = iptables_rules.denies(rules), iptables_rules.openings(rules)
    open_chain, is_ufws = iptables_rules.open_chain(rules), "-A INPUT -j ufw-before-input" in rules.splitlines()
    if host.which("ip6tables") and host.stat(IPV6):
        rules = host.query(("ip6tables", "-S")).stdout
        denies = denies and iptables_rules.denies(rules)
        openings += tuple(
            replace(opening, source=opening.source or "::/0") for opening in iptables_rules.openings(rules)
        )
    yield PacketFilter(denies, openings, " ".join(IPTABLES), open_chain, UFW if is_ufws else "")


def _from_nft(host: HostReader, login: Login) -> Iterator[PacketFilter]:
    """What becomes of a connection to a port that no rule names, over IPv4 and, where the host has it, IPv6."""
    if host.which("nft") is None:
        return
    ruleset = nft_ruleset.parse(host.query(NFT).stdout)
    server = login.server.partition("%")[0]
    interface = interface_of(host, server) if ruleset.entrances else ""
    walked = WalkedFilter(False, (), " ".join(NFT), "", _maker(ruleset), interface, server, ruleset)
    strangers = (STRANGER, STRANGER_IPV6) if host.stat(IPV6) else (STRANGER,)
    decisions = [walked.decide(stranger) for stranger in strangers]
    let_in = [decision.chain for decision in decisions if not decision.is_refused]
    yield replace(walked, denies=not let_in, open_chain=next(filter(None, let_in), ""))


def _maker(ruleset: nft_ruleset.Ruleset) -> str:
    return FIREWALLD if any(chain["table"] == FIREWALLD for chain in ruleset.entrances) else ""


def interface_of(host: HostReader, server: str) -> str:
    """The interface with this address of the host; without one, the first that is up and leads out."""
    if host.which("ip") is None:
        return ""
    interfaces = json.loads(host.query(ADDRESSES).stdout or "[]")
    known = [(one["ifname"], address) for one in interfaces for address in one.get("addr_info", ())]
    own = [name for name, address in known if address.get("local") == server]
    outward = [name for name, address in known if address.get("scope") == "global"]
    return next(iter([*own, *outward]), "")


def _covers(opening: Opening, wanted: Opening) -> bool:
    if (opening.port, opening.protocol) != (wanted.port, wanted.protocol):
        return False
    if not opening.source:
        return True
    if not wanted.source:
        return False
    outer, inner = ip_network(opening.source), ip_network(wanted.source)
    return outer.version == inner.version and inner.subnet_of(outer)  # type: ignore[arg-type]  # same version
