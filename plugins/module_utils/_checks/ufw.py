# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ufw, the firewall of Debian's family."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import services, ufw_rules
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.firewall_tool import missing
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.packet_filter import (
    IPV6,
    UFW,
    packet_filter,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Change, Command, Touches

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Context
    from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.options import Opening
    from ansible_collections.groundwork.python_host.plugins.module_utils._checks.packet_filter import PacketFilter
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Action
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

    Commands = tuple[tuple[str, ...], ...]

CONFIGURATION = "/etc/ufw/ufw.conf"
DEFAULTS = "/etc/default/ufw"
FILES = (CONFIGURATION, DEFAULTS, *ufw_rules.FILES.values())
# Loads what the files say, which may be nothing at all: ufw's own commands would change the files.
UNLOADS = (("/usr/lib/ufw/ufw-init", "force-stop"),)
LOADS = (*UNLOADS, ("/usr/lib/ufw/ufw-init", "start"))
# Where the kernel's own chain leads to ufw's, its rules are loaded.
IS_LOADED = "-A INPUT -j ufw-before-input"


@dataclass(frozen=True)
class Ufw:
    """See FirewallTool."""

    name: str = UFW
    unit: str = "ufw.service"
    other_units: Sequence[str] = ("nftables.service", "netfilter-persistent.service", "firewalld.service")
    look: str = "look at `ufw status verbose` and at the rules that the evidence command shows"

    def rival(self, host: HostReader, context: Context) -> str:
        """See FirewallTool."""
        return services.first_active(host, context.platform, self.other_units)

    def is_on(self, host: HostReader) -> bool:
        """See FirewallTool."""
        return re.search(r"^ENABLED=yes\s*$", host.read_text(CONFIGURATION) or "", re.MULTILINE) is not None

    def why_no_help(self, host: HostReader, context: Context, loaded: PacketFilter) -> str:
        """See FirewallTool."""
        if loaded.open_chain:
            return f"a rule of the chain {loaded.open_chain} accepts everything (`iptables -S {loaded.open_chain}`)"
        if re.search(r"^IPV6=no\s*$", host.read_text(DEFAULTS) or "", re.MULTILINE) and host.stat(IPV6):
            return f"{DEFAULTS} leaves IPv6 open (IPV6=no)"
        return ""

    def problems(
        self, host: HostReader, context: Context, loaded: PacketFilter, openings: Sequence[Opening]
    ) -> Iterator[str]:
        """See FirewallTool."""
        unit = services.unit(host, self.unit)
        if not (self._is_loaded_by_another(host) or (self.is_on(host) and unit.is_enabled)):
            yield "nothing loads the rules at the next boot" + (f" ({self.unit} is masked)" if unit.is_masked else "")

    def _is_loaded_by_another(self, host: HostReader) -> bool:
        return any(services.unit(host, name).is_enabled for name in self.other_units)

    def remedy(
        self, host: HostReader, context: Context, loaded: PacketFilter, openings: Sequence[Opening]
    ) -> Iterator[Action]:
        """Taken back, the rules are as they were found: not loaded, even where the files would have them loaded."""
        undo = UNLOADS if self.is_on(host) and not _is_loaded(host) else LOADS
        if undo == UNLOADS:
            # ufw takes no rule while it believes that its chains are there.
            yield _ufw(
                "disable", before="on, and not loaded", after="off until it lets SSH in", target="ufw", undo=undo
            )
        shut = missing(loaded, context, openings) if loaded.denies else openings
        yield from (_allow(opening, undo) for opening in shut)
        if not loaded.denies or not self.is_on(host):
            yield _ufw(
                "default", "deny", "incoming", before="not enforced", after="denied", target="inbound", undo=undo
            )
            yield _ufw("--force", "enable", before="off", after="on, also at boot", target="ufw", undo=undo)
            if loaded.made_by == UFW:
                # Where its chains are there already, enabling loads no new rule into them.
                yield Command(("ufw", "reload"))
        if self._is_unit_off(host):
            change = Change("unit", self.unit, "disabled", "enabled")
            yield Command(("systemctl", "enable", self.unit), change, touches=Touches(unit=self.unit))

    def _is_unit_off(self, host: HostReader) -> bool:
        """ufw's unit is there, nothing else loads rules at boot, and nobody has masked it."""
        unit = services.unit(host, self.unit)
        has_ufw = host.which("ufw") is not None
        return has_ufw and not (unit.is_enabled or unit.is_masked or self._is_loaded_by_another(host))

    def stays_open(self, host: HostReader, context: Context, opening: Opening) -> bool:
        """See FirewallTool. What ufw has in store is somebody's, and may be from long ago."""
        return False

    def obstacles(self, host: HostReader, context: Context, ports: Sequence[int]) -> Iterator[str]:
        """See FirewallTool. ufw is on, or this run switches it on, which it does where nothing else denies."""
        if host.which("ufw") is None or not (self.is_on(host) or not packet_filter(host, context.login).denies):
            return
        yield from ufw_rules.against(host, context.login.address.partition("%")[0], ports)


def _allow(opening: Opening, undo: Commands) -> Command:
    source = opening.source or "any"
    words = ("allow", "proto", opening.protocol, "from", source, "to", "any", "port", str(opening.port))
    return _ufw(*words, before="not let in", after="let in", target=opening.words, undo=undo)


def _ufw(*words: str, target: str, before: str, after: str, undo: Commands) -> Command:
    change = Change("firewall", target, before, after)
    return Command(("ufw", *words), change, touches=Touches(paths=FILES), undo=undo)


def _is_loaded(host: HostReader) -> bool:
    """ufw's rules are in the kernel, whatever its file says."""
    return host.which("iptables") is not None and IS_LOADED in host.query(("iptables", "-S")).stdout.splitlines()
