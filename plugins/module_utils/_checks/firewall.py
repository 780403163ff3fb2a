# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The row about the firewall: judged by the kernel's rules, mended with the tool of the host's family."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Callable

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Check, Context, Finding
from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.options import Opening
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import listeners, pf_filter, sshd
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.firewall_tool import (
    FirewallTool,
    is_left_out,
    missing,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.firewalld import Firewalld
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.packet_filter import (
    PacketFilter,
    packet_filter,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.pf import Pf
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.ufw import Ufw
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import lookup

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Action
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.login import Login
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

TOOLS: Mapping[str, FirewallTool] = {"*": Ufw(), "redhat": Firewalld(), "freebsd": Pf()}
# What tells which rules are in force.
FILTERS: Mapping[str, Callable[[HostReader, Login], PacketFilter]] = {
    "*": packet_filter,
    "freebsd": pf_filter.loaded,
}
# The answers to a DHCP client's own questions; the stock rules let them in.
CLIENT_PORTS = (("udp", 68), ("udp", 546))


@dataclass(frozen=True)
class Firewall(Check):
    """New inbound connections are refused, but for SSH and what the user listed, now and after a boot."""

    def inspect(self, host: HostReader, context: Context) -> Finding:
        """Judge the loaded rules; name the services that switching on would cut off."""
        loaded = _loaded(host, context)
        problems = self._problems(host, context, loaded)
        return self.verdict(
            not problems,
            expected="inbound denied, but for " + ", ".join(opening.words for opening in openings(host, context)),
            observed="; ".join(problems) or "inbound is denied but for these, also after a boot",
            evidence=loaded.source,
            remedy=self._advice(host, context, loaded),
        )

    def _advice(self, host: HostReader, context: Context, loaded: PacketFilter) -> str:
        tool = tool_of(context)
        if loaded.denies:
            return tool.look
        other = tool.rival(host, context)
        if other:
            words = f"let it deny inbound connections, or switch it off to have {tool.name}"
            return f"{other} has the rules of this host: {words}"
        if tool.why_no_help(host, context, loaded):
            return f"mend that by hand: what {tool.name} would load leaves it open"
        cut_off = would_be_cut_off(host, context)
        if cut_off:
            return (
                f"these services listen and would be cut off: {', '.join(cut_off)}. "
                "List each in python_host_firewall_allow, or in python_host_firewall_cut"
            )
        return tool.look

    def _problems(self, host: HostReader, context: Context, loaded: PacketFilter) -> list[str]:
        tool, wanted = tool_of(context), openings(host, context)
        if not loaded.denies:
            return [tool.why_no_help(host, context, loaded) or "no rule in the kernel denies inbound connections"]
        return [
            *(f"{opening.words} is not let in" for opening in missing(loaded, context, wanted)),
            *tool.problems(host, context, loaded, wanted),
        ]

    def remedy(self, host: HostReader, context: Context) -> Iterator[Action]:
        """SSH is let in first, then what is listed; then the rest is denied. Another firewall stays as it is."""
        tool, loaded = tool_of(context), _loaded(host, context)
        if loaded.denies and not _is_in_charge(tool, host, loaded):
            return
        if not loaded.denies and _is_left_open(tool, host, context, loaded):
            return
        yield from tool.remedy(host, context, loaded, openings(host, context))


def tool_of(context: Context) -> FirewallTool:
    """The firewall that this family of systems has."""
    return lookup(TOOLS, context.platform)


def openings(host: HostReader, context: Context) -> tuple[Opening, ...]:
    """SSH first: the ports that sshd will have, and the one that this very login came through."""
    ports = (*sshd.lasting_ports(host, context), context.login.port)
    ssh = tuple(Opening(port, "tcp") for port in dict.fromkeys(ports) if port)
    return tuple(dict.fromkeys((*ssh, *context.options.firewall_allow)))


def will_let_in(host: HostReader, context: Context, opening: Opening) -> bool:
    """The opening is let in now, to this login's address at least, or will be by the row above, which adds it to the
    tool's rules.
    """
    loaded = _loaded(host, context)
    is_open = loaded.lets_in(opening) or loaded.lets_in_from(opening, context.login.address)
    return is_open or (_is_in_charge(tool_of(context), host, loaded) and not is_left_out(context))


def will_be_on(host: HostReader, context: Context) -> bool:
    """The family's own tool has the rules of this host when this run is over."""
    tool, loaded = tool_of(context), _loaded(host, context)
    if loaded.denies or is_left_out(context):
        return _is_in_charge(tool, host, loaded)
    return not _is_left_open(tool, host, context, loaded)


def obstacles(host: HostReader, context: Context) -> Iterator[str]:
    """Rules that would refuse this login when the run is over. One whose address is not known is not judged."""
    if context.login.address and not is_left_out(context):
        yield from tool_of(context).obstacles(host, context, sshd.lasting_ports(host, context))


def _loaded(host: HostReader, context: Context) -> PacketFilter:
    return lookup(FILTERS, context.platform)(host, context.login)


def _is_in_charge(tool: FirewallTool, host: HostReader, loaded: PacketFilter) -> bool:
    return loaded.made_by == tool.name or tool.is_on(host)


def _is_left_open(tool: FirewallTool, host: HostReader, context: Context, loaded: PacketFilter) -> bool:
    return bool(tool.why_no_help(host, context, loaded) or tool.rival(host, context) or would_be_cut_off(host, context))


def would_be_cut_off(host: HostReader, context: Context) -> tuple[str, ...]:
    """The sockets that outsiders can reach now and that neither SSH, `firewall_allow` nor `firewall_cut` names."""
    settled = {
        (opening.protocol, opening.port) for opening in (*context.options.firewall_allow, *context.options.firewall_cut)
    }
    settled.update(("tcp", port) for port in (*sshd.lasting_ports(host, context), context.login.port))
    settled.update(CLIENT_PORTS)
    sockets = listeners.reachable(host, context.platform)
    open_sockets = [socket for socket in sockets if (socket.protocol, socket.port) not in settled]
    tool = tool_of(context)
    return tuple(
        dict.fromkeys(
            socket.words
            for socket in open_sockets
            if not tool.stays_open(host, context, Opening(socket.port, socket.protocol))
        )
    )
