# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""systemd's units: are they in force now and at the next boot, and what makes them so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Change, Command

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

# All units that any check asks about, so that one question answers them all.
UNITS = (
    "apt-daily.timer",
    "apt-daily-upgrade.timer",
    "fail2ban.service",
    "firewalld.service",
    "netfilter-persistent.service",
    "nftables.service",
    "ssh.socket",
    "ufw.service",
)
ASKED = ("systemctl", "show", "-p", "UnitFileState,ActiveState", *UNITS)
STARTS_AT_BOOT = ("enabled", "enabled-runtime", "static", "alias", "generated", "indirect")


@dataclass(frozen=True)
class Unit:
    """Whether a unit starts at boot, and whether it runs now; an unknown unit does neither."""

    is_enabled: bool
    is_active: bool
    is_masked: bool = False


def unit(host: HostReader, name: str) -> Unit:
    """One of UNITS as systemd has it in force. Raises HostError where there is no systemd to ask."""
    return parse(host.query(ASKED).stdout)[name]


def parse(text: str) -> Mapping[str, Unit]:
    """`systemctl show` answers with a block of Key=Value lines for each unit, in the order asked for."""
    blocks = [dict(line.partition("=")[::2] for line in block.splitlines()) for block in text.split("\n\n")]
    return {
        name: Unit(
            is_enabled=block.get("UnitFileState") in STARTS_AT_BOOT,
            is_active=block.get("ActiveState") == "active",
            is_masked=block.get("UnitFileState", "").startswith("masked"),
        )
        for name, block in zip(UNITS, blocks)
    }


def enable_and_start(host: HostReader, name: str) -> Iterator[Command]:
    """The one command that mends both, if either is wrong; what somebody has masked stays so."""
    found = unit(host, name)
    if found.is_masked or (found.is_enabled and found.is_active):
        return
    before = f"{'enabled' if found.is_enabled else 'disabled'}, {'active' if found.is_active else 'inactive'}"
    yield Command(("systemctl", "enable", "--now", name), Change("unit", name, before, "enabled, active"))
