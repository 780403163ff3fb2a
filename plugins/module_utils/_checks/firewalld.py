# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""firewalld, the firewall of Enterprise Linux: what it has loaded, and what it has in store."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import (
    firewalld_actions,
    firewalld_store,
    services,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.firewall_tool import missing
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.packet_filter import (
    FIREWALLD,
    STRANGER,
    WalkedFilter,
    interface_of,
    packet_filter,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Command

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Context
    from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.options import Opening
    from ansible_collections.groundwork.python_host.plugins.module_utils._checks.firewalld_zones import Zone
    from ansible_collections.groundwork.python_host.plugins.module_utils._checks.packet_filter import PacketFilter
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Action
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

UNIT = "firewalld.service"
# The table that it loads while it drops everything (src/firewall/core/nftables.py of firewalld).
PANIC_TABLE = "firewalld_policy_drop"
# The chains that lead to a zone's own; up to firewalld 0.8 sources had one for themselves.
TO_ZONES = ("filter_INPUT_ZONES_SOURCE", "filter_INPUT_ZONES")
OF_ZONE = re.compile(r"filter_IN_(.+?)(?:_pre|_allow|_post)?")
# fail2ban's action that names no zone.
BANS_IN_DEFAULT_ZONE = "firewallcmd-rich"
# Where the rules stand that come before the ports that a zone lets in.
BEFORE_PORTS = re.compile(r"filter_IN_(?:.+_(?:pre|deny)|policy_.*)")


@dataclass(frozen=True)
class Firewalld:
    """See FirewallTool."""

    name: str = FIREWALLD
    unit: str = UNIT
    other_units: Sequence[str] = ("nftables.service", "iptables.service", "ip6tables.service", "ufw.service")
    look: str = "look at `firewall-cmd --list-all-zones` and at the rules that the evidence command shows"

    def rival(self, host: HostReader, context: Context) -> str:
        """See FirewallTool."""
        return services.first_active(host, context.platform, self.other_units)

    def is_on(self, host: HostReader) -> bool:
        """See FirewallTool. One that only starts at the next boot would be started beside what denies now."""
        return services.unit(host, UNIT).is_active

    def why_no_help(self, host: HostReader, context: Context, loaded: PacketFilter) -> str:
        """See FirewallTool."""
        if services.unit(host, UNIT).is_masked:
            return f"no rule in the kernel denies inbound connections, and {UNIT} is masked (`systemctl unmask {UNIT}`)"
        named = OF_ZONE.fullmatch(loaded.open_chain)
        if named:
            return _open_zone(named.group(1))
        if not _is_installed(host):
            return ""
        zone = _lasting_zone(host, context)
        return _open_zone(zone.name) if zone.target == firewalld_store.ACCEPTS_ALL else ""

    def problems(
        self, host: HostReader, context: Context, loaded: PacketFilter, openings: Sequence[Opening]
    ) -> Iterator[str]:
        """See FirewallTool."""
        unit = services.unit(host, UNIT)
        is_ours = isinstance(loaded, WalkedFilter) and loaded.made_by == FIREWALLD
        others = () if is_ours else self.other_units
        if not (unit.is_enabled or any(services.unit(host, name).is_enabled for name in others)):
            yield "nothing loads the rules at the next boot" + (f" ({UNIT} is masked)" if unit.is_masked else "")
        if isinstance(loaded, WalkedFilter) and is_ours:
            yield from _panic(loaded)
            yield from self._what_a_reload_changes(host, context, loaded, openings)

    def _what_a_reload_changes(
        self, host: HostReader, context: Context, loaded: PacketFilter, openings: Sequence[Opening]
    ) -> Iterator[str]:
        zone = _lasting_zone(host, context)
        if zone.target == firewalld_store.ACCEPTS_ALL:
            yield f"after its next reload {_open_zone(zone.name)}"
            return
        shut_now = missing(loaded, context, openings)
        for opening, stored in _shut_in_store(host, context, openings):
            if opening not in shut_now:
                yield f"{opening.words} is let in until firewalld's next reload (zone {stored.name}), and not after it"

    def remedy(
        self, host: HostReader, context: Context, loaded: PacketFilter, openings: Sequence[Opening]
    ) -> Iterator[Action]:
        """See FirewallTool. While it runs, what it has loaded and what it has in store are each mended for themselves:
        a reload would throw away what others have loaded (fail2ban's bans).
        """
        unit = services.unit(host, UNIT)
        if not _is_installed(host):
            yield from firewalld_actions.for_a_new_one(openings)
            yield from services.enable_and_start(host, UNIT)
            yield from firewalld_actions.now_in_a_new_one(openings)
            return
        for opening, zone in _shut_in_store(host, context, openings):
            yield firewalld_actions.store(opening, zone.name, is_running=unit.is_active)
        for opening in missing(loaded, context, openings) if loaded.denies else ():
            source = _source(context, opening)
            zone_name = _loaded_zone(loaded, source)
            # Behind a rule that refuses, one of ours would change nothing.
            if zone_name and not _chain_against(loaded, source or STRANGER, opening.port):
                yield firewalld_actions.let_in_now(opening, zone_name)
        yield from services.enable_and_start(host, UNIT)
        if not unit.is_active:
            yield Command(firewalld_actions.ANSWER)
        elif not loaded.denies:
            yield from firewalld_actions.load()

    def stays_open(self, host: HostReader, context: Context, opening: Opening) -> bool:
        """See FirewallTool. Its stock zones let in more than SSH, and an administrator may have added to them."""
        return _is_installed(host) and firewalld_store.lets_in(host, _lasting_zone(host, context), opening)

    def obstacles(self, host: HostReader, context: Context, ports: Sequence[int]) -> Iterator[str]:
        """See FirewallTool."""
        address, loaded = context.login.address.partition("%")[0], packet_filter(host, context.login)
        if not _is_installed(host) or not (self.is_on(host) or not loaded.denies):
            return
        zone = _lasting_zone(host, context, address)
        for port in ports:
            rule = firewalld_store.refusing_rule(host, zone, port, address)
            words = f"a rule against {port}/tcp from {address}"
            if rule:
                yield (
                    f"firewalld's zone {zone.name} holds {words} ({rule.text}): remove it first (`firewall-cmd "
                    f"--permanent --zone={zone.name} --remove-rich-rule=…`, then `firewall-cmd --reload`)"
                )
            elif chain := _chain_against(loaded, address, port):
                yield (
                    f"firewalld has loaded {words} (`nft list chain inet firewalld {chain}`): remove it first, or "
                    "reload firewalld where it is not one that it keeps"
                )


def why_bans_miss(host: HostReader, context: Context, action: str) -> str:
    """Why what fail2ban tells firewalld with this action holds off nobody; empty where it does."""
    if not services.unit(host, UNIT).is_active:
        return "firewalld, which does not run"
    loaded = packet_filter(host, context.login)
    zone, default = _loaded_zone(loaded, ""), firewalld_store.default_zone(host)
    if action.startswith(BANS_IN_DEFAULT_ZONE) and zone and zone != default:
        return f"firewalld's default zone {default}, and strangers come in by zone {zone}"
    return ""


def _is_installed(host: HostReader) -> bool:
    return host.which(firewalld_actions.OFFLINE) is not None


def _open_zone(zone: str) -> str:
    return f"firewalld's zone {zone} accepts everything (`firewall-cmd --permanent --zone={zone} --get-target`)"


def _panic(loaded: WalkedFilter) -> Iterator[str]:
    if any(chain["table"] == PANIC_TABLE for chain in loaded.ruleset.entrances):
        yield "firewalld is in panic mode and drops everything (`firewall-cmd --panic-off`)"


def _source(context: Context, opening: Opening) -> str:
    """SSH has to be let in where this login comes from; what is listed, where it says or strangers come from."""
    is_listed = opening in context.options.firewall_allow
    source = opening.source if is_listed else context.login.address.partition("%")[0]
    return source.partition("/")[0]


def _lasting_zone(host: HostReader, context: Context, source: str = "") -> Zone:
    """The zone that a connection from there, or a stranger's, will come in by after a reload."""
    interface = interface_of(host, context.login.server.partition("%")[0])
    return firewalld_store.zone_for(host, firewalld_store.store(host), source, interface)


def _shut_in_store(host: HostReader, context: Context, openings: Sequence[Opening]) -> Iterator[tuple[Opening, Zone]]:
    """As with what is loaded, SSH counts as let in where it is from this login's address."""
    for opening in openings:
        source = _source(context, opening)
        zone = _lasting_zone(host, context, source)
        if not firewalld_store.lets_in(host, zone, replace(opening, source=opening.source or source)):
            yield opening, zone


def _loaded_zone(loaded: PacketFilter, source: str) -> str:
    """The zone that a connection from there comes in by now; empty where firewalld's rules are not there."""
    if not isinstance(loaded, WalkedFilter):
        return ""
    chains = (loaded.leads_to(name, source) for name in TO_ZONES)
    return next((chain.partition("filter_IN_")[2] for chain in chains if chain), "")


def _chain_against(loaded: PacketFilter, address: str, port: int) -> str:
    if not isinstance(loaded, WalkedFilter):
        return ""
    decided = loaded.decide(address, port=port)
    return decided.chain if decided.is_refused and BEFORE_PORTS.fullmatch(decided.chain) else ""
