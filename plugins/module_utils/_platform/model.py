# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an operating system is to the rest of the collection, and how a table gives its entry for one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

Entry = TypeVar("Entry")


@dataclass(frozen=True)
class Platform:
    """The operating system of a host, as it names itself.

    `name` is the ID of os-release (`ubuntu`, `debian`, `centos`, `rhel`, `rocky`, `almalinux`, `freebsd`, …),
    `macos`, or `unknown`. `family` is `debian`, `redhat`, `freebsd` or `unknown`, `package_tool` accordingly `apt`,
    `dnf`, `pkg` or `unknown`. `service_manager` is `systemd`, `openrc`, `rc`, `launchd` or `none`. `container` is
    empty on a machine, real or virtual, that is no container.
    """

    name: str
    version: str = ""
    codename: str = ""
    family: str = "unknown"
    package_tool: str = "unknown"
    lts: bool = False
    service_manager: str = "none"
    container: str = ""
    pretty_name: str = ""

    @property
    def major(self) -> str:
        """The version up to its first dot: `8` of `8.10`, `22` of `22.04`."""
        return self.version.partition(".")[0]

    @property
    def title(self) -> str:
        """The name for people, never empty."""
        name = "An unknown system" if self.name == "unknown" else self.name
        return self.pretty_name or f"{name} {self.version}".rstrip()


def lookup(table: Mapping[str, Entry], platform: Platform) -> Entry:
    """The most specific entry: `rhel-8.10`, `rhel-8`, `rhel`, `redhat-8`, `redhat`, `*`.

    Raises KeyError where the table has no `*` and nothing else fits.
    """
    for key in _keys(platform):
        if key in table:
            return table[key]
    raise KeyError(f"the table has no entry for {platform.title}, and no default (`*`)")


def _keys(platform: Platform) -> tuple[str, ...]:
    return (
        f"{platform.name}-{platform.version}",
        f"{platform.name}-{platform.major}",
        platform.name,
        f"{platform.family}-{platform.major}",
        platform.family,
        "*",
    )
