# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the firewall's row asks of the tool that it mends with; each family has one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Context
    from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.options import Opening
    from ansible_collections.groundwork.python_host.plugins.module_utils._checks.packet_filter import PacketFilter
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Action
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

FIREWALL_CHECK = "FW-001"


class FirewallTool(Protocol):
    """`name` is the tool's name, `unit` what loads its rules at boot.

    `look` tells a person where to look.
    """

    @property
    def name(self) -> str:
        """See above."""

    @property
    def unit(self) -> str:
        """See above."""

    @property
    def look(self) -> str:
        """See above."""

    def rival(self, host: HostReader, context: Context) -> str:
        """What somebody has put in charge of this host's rules instead; the tool beside it would make two firewalls."""

    def is_on(self, host: HostReader) -> bool:
        """It is told to load its rules, whether it has done so or not."""

    def why_no_help(self, host: HostReader, context: Context, loaded: PacketFilter) -> str:
        """What would let connections in although the tool is on; empty when it would deny them."""

    def problems(
        self, host: HostReader, context: Context, loaded: PacketFilter, openings: Sequence[Opening]
    ) -> Iterator[str]:
        """What is wrong besides the rules that are loaded: what would be different after a boot."""

    def remedy(
        self, host: HostReader, context: Context, loaded: PacketFilter, openings: Sequence[Opening]
    ) -> Iterator[Action]:
        """Let in the openings that are not, first of all; then deny the rest, now and after a boot."""

    def stays_open(self, host: HostReader, context: Context, opening: Opening) -> bool:
        """It lets this in once it is on, although nobody asked us for it."""

    def obstacles(self, host: HostReader, context: Context, ports: Sequence[int]) -> Iterator[str]:
        """Rules of its own that refuse this very login to one of these ports, and that none of ours comes before."""


def is_left_out(context: Context) -> bool:
    """The firewall's row is skipped or waived, so that this run leaves the firewall alone."""
    return FIREWALL_CHECK in {*context.options.skip, *(waiver.check_id for waiver in context.options.waivers)}


def missing(loaded: PacketFilter, context: Context, openings: Sequence[Opening]) -> list[Opening]:
    """What is listed has to be let in from wherever it says, SSH from this login's address: where others are kept from
    SSH, it is not opened to all the world.
    """
    listed, source = context.options.firewall_allow, context.login.address
    return [
        opening
        for opening in openings
        if not (loaded.lets_in(opening) if opening in listed else loaded.lets_in_from(opening, source))
    ]
