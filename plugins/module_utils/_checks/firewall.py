# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The row about the firewall: judged by the kernel's rules, mended with ufw."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Check, Context, Finding
from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.options import Opening
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import services, sshd
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.packet_filter import (
    PacketFilter,
    packet_filter,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import (
    Action,
    Change,
    Command,
    Touches,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    Commands = tuple[tuple[str, ...], ...]

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

FIREWALL_CHECK = "FW-001"
UFW_CONFIGURATION = "/etc/ufw/ufw.conf"
UFW_UNIT = "ufw.service"
UFW_DEFAULTS = "/etc/default/ufw"
IPV6 = "/proc/net/if_inet6"
UFW_FILES = (UFW_CONFIGURATION, UFW_DEFAULTS, "/etc/ufw/user.rules", "/etc/ufw/user6.rules")
# Loads what the files say, which may be nothing at all: ufw's own commands would change the files.
UFW_UNLOADS = (("/usr/lib/ufw/ufw-init", "force-stop"),)
UFW_LOADS = (*UFW_UNLOADS, ("/usr/lib/ufw/ufw-init", "start"))
# Where the kernel's own chain leads to ufw's, its rules are loaded.
UFW_IS_LOADED = "-A INPUT -j ufw-before-input"
# What loads rules at boot; one of them must be on.
BOOT_UNITS = ("nftables.service", "netfilter-persistent.service", "firewalld.service")
# The answers to a DHCP client's own questions; ufw's stock rules let them in.
CLIENT_PORTS = (("udp", 68), ("udp", 546))


@dataclass(frozen=True)
class Firewall(Check):
    """New inbound connections are refused, but for SSH and what the user listed, now and after a boot."""

    def inspect(self, host: HostReader, context: Context) -> Finding:
        """Judge the loaded rules; name the services that switching on would cut off."""
        loaded = packet_filter(host)
        problems = self._problems(host, context, loaded)
        return self.verdict(
            not problems,
            expected="inbound denied, but for " + ", ".join(opening.words for opening in self._openings(host, context)),
            observed="; ".join(problems) or "inbound is denied but for these, also after a boot",
            evidence=loaded.source,
            remedy=self._advice(host, context, loaded),
        )

    def _advice(self, host: HostReader, context: Context, loaded: PacketFilter) -> str:
        other = "" if loaded.denies else _other_firewall(host, context)
        if other:
            return f"{other} has the rules of this host: let it deny inbound connections, or switch it off to have ufw"
        if not loaded.denies and _why_ufw_is_no_help(host, loaded):
            return "mend that by hand: what ufw would load leaves it open"
        cut_off = () if loaded.denies else would_be_cut_off(host, context)
        if cut_off:
            return (
                f"these services listen and would be cut off: {', '.join(cut_off)}. "
                "List each in python_host_firewall_allow, or in python_host_firewall_cut"
            )
        return "look at `ufw status verbose` and at the rules that the evidence command shows"

    def _openings(self, host: HostReader, context: Context) -> tuple[Opening, ...]:
        """SSH first: the ports that sshd will have, and the one that this very login came through."""
        ports = (*sshd.lasting_ports(host, context), context.login.port)
        ssh = tuple(Opening(port, "tcp") for port in dict.fromkeys(ports) if port)
        return tuple(dict.fromkeys((*ssh, *context.options.firewall_allow)))

    def _missing(self, host: HostReader, context: Context, loaded: PacketFilter) -> list[Opening]:
        """Where SSH is let in from some addresses only, this login's among them, it is not opened to all the world."""
        listed = context.options.firewall_allow
        source = context.login.address
        return [
            opening
            for opening in self._openings(host, context)
            if not loaded.lets_in(opening) and (opening in listed or not loaded.lets_in_from(opening, source))
        ]

    def _problems(self, host: HostReader, context: Context, loaded: PacketFilter) -> list[str]:
        if not loaded.denies:
            return [_why_ufw_is_no_help(host, loaded) or "no rule in the kernel denies inbound connections"]
        problems = [f"{opening.words} is not let in" for opening in self._missing(host, context, loaded)]
        if not _loads_at_boot(host):
            masked = services.unit(host, UFW_UNIT).is_masked
            problems.append("nothing loads the rules at the next boot" + (f" ({UFW_UNIT} is masked)" if masked else ""))
        return problems

    def remedy(self, host: HostReader, context: Context) -> Iterator[Action]:
        """SSH is let in first, then what is listed; then the rest is denied. A firewall other than ufw stays as is."""
        loaded = packet_filter(host)
        if loaded.denies and not (_ufw_enabled(host) or loaded.is_ufws):
            return
        if not loaded.denies and _why_ufw_is_no_help(host, loaded):
            return
        if not loaded.denies and (_other_firewall(host, context) or would_be_cut_off(host, context)):
            return
        # Taken back, the rules are as they were found: not loaded, even where the files would have them loaded.
        undo = UFW_UNLOADS if _ufw_enabled(host) and not _ufw_is_loaded(host) else UFW_LOADS
        if undo == UFW_UNLOADS:
            # ufw takes no rule while it believes that its chains are there.
            yield _ufw(
                "disable", before="on, and not loaded", after="off until it lets SSH in", target="ufw", undo=undo
            )
        openings = self._missing(host, context, loaded) if loaded.denies else self._openings(host, context)
        yield from (_allow(opening, undo) for opening in openings)
        if not loaded.denies or not _ufw_enabled(host):
            yield _ufw(
                "default", "deny", "incoming", before="not enforced", after="denied", target="inbound", undo=undo
            )
            yield _ufw("--force", "enable", before="off", after="on, also at boot", target="ufw", undo=undo)
            if loaded.is_ufws:
                # Where its chains are there already, enabling loads no new rule into them.
                yield Command(("ufw", "reload"))
        if _is_ufws_unit_off(host):
            change = Change("unit", UFW_UNIT, "disabled", "enabled")
            yield Command(("systemctl", "enable", UFW_UNIT), change, touches=Touches(unit=UFW_UNIT))


def will_let_in(host: HostReader, context: Context, opening: Opening) -> bool:
    """The opening is let in now, or will be by the row above, which adds it to ufw."""
    loaded = packet_filter(host)
    is_ufw = loaded.is_ufws or _ufw_enabled(host)
    return loaded.lets_in(opening) or (is_ufw and not is_left_out(context))


def is_left_out(context: Context) -> bool:
    """The row above is skipped or waived, so that this run leaves the firewall alone."""
    return FIREWALL_CHECK in {*context.options.skip, *(waiver.check_id for waiver in context.options.waivers)}


def _allow(opening: Opening, undo: Commands) -> Command:
    source = opening.source or "any"
    words = ("allow", "proto", opening.protocol, "from", source, "to", "any", "port", str(opening.port))
    return _ufw(*words, before="not let in", after="let in", target=opening.words, undo=undo)


def _ufw(*words: str, target: str, before: str, after: str, undo: Commands) -> Command:
    change = Change("firewall", target, before, after)
    return Command(("ufw", *words), change, touches=Touches(paths=UFW_FILES), undo=undo)


def _ufw_enabled(host: HostReader) -> bool:
    """ufw loads its rules at boot."""
    return re.search(r"^ENABLED=yes\s*$", host.read_text(UFW_CONFIGURATION) or "", re.MULTILINE) is not None


def _ufw_is_loaded(host: HostReader) -> bool:
    """ufw's rules are in the kernel, whatever its file says."""
    return host.which("iptables") is not None and UFW_IS_LOADED in host.query(("iptables", "-S")).stdout.splitlines()


def _other_firewall(host: HostReader, context: Context) -> str:
    """The service that somebody has put in charge of the rules; ufw beside it would make two firewalls."""
    if context.platform.service_manager != "systemd":
        return ""
    return next((name for name in BOOT_UNITS if services.unit(host, name).is_active), "")


def _why_ufw_is_no_help(host: HostReader, loaded: PacketFilter) -> str:
    """What would let connections in although ufw is on; empty when ufw would deny them."""
    if loaded.open_chain:
        return f"a rule of the chain {loaded.open_chain} accepts everything (`iptables -S {loaded.open_chain}`)"
    if re.search(r"^IPV6=no\s*$", host.read_text(UFW_DEFAULTS) or "", re.MULTILINE) and host.stat(IPV6):
        return f"{UFW_DEFAULTS} leaves IPv6 open (IPV6=no)"
    return ""


def _loads_at_boot(host: HostReader) -> bool:
    if _ufw_enabled(host) and services.unit(host, UFW_UNIT).is_enabled:
        return True
    return any(services.unit(host, name).is_enabled for name in BOOT_UNITS)


def _is_ufws_unit_off(host: HostReader) -> bool:
    """ufw's unit is there, nothing else loads rules at boot, and nobody has masked it."""
    found = services.unit(host, UFW_UNIT)
    others = any(services.unit(host, name).is_enabled for name in BOOT_UNITS)
    return host.which("ufw") is not None and not (found.is_enabled or found.is_masked or others)


def would_be_cut_off(host: HostReader, context: Context) -> tuple[str, ...]:
    """The sockets that outsiders can reach now and that neither SSH, `firewall_allow` nor `firewall_cut` names."""
    settled = {
        (opening.protocol, opening.port) for opening in (*context.options.firewall_allow, *context.options.firewall_cut)
    }
    settled.update(("tcp", port) for port in (*sshd.lasting_ports(host, context), context.login.port))
    settled.update(CLIENT_PORTS)
    sockets = listening(host.query(("ss", "-Hltunp")).stdout)
    return tuple(dict.fromkeys(words for protocol, port, words in sockets if (protocol, port) not in settled))


def listening(text: str) -> tuple[tuple[str, int, str], ...]:
    """(protocol, port, words) of each socket in `ss -Hltunp` that is not bound to a loopback address."""
    sockets = []
    for line in text.splitlines():
        fields = line.split()
        if len(fields) < 6:
            continue
        address, _separator, port = fields[4].rpartition(":")
        if not address.partition("%")[0].strip("[]").startswith(("127.", "::1", "::ffff:127.")):
            program = re.search(r'\(\("([^"]+)"', line)
            sockets.append((fields[0], int(port), f"{port}/{fields[0]} ({program.group(1) if program else 'unknown'})"))
    return tuple(sockets)
