# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The network interfaces of a FreeBSD host, from ifconfig(8) (sbin/ifconfig of freebsd/freebsd-src)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

IFCONFIG = ("ifconfig",)
# An interface begins at the margin; what is known of it follows behind a tab.
BLOCK = re.compile(r"^(\S+): flags=.*\n((?:[ \t].*\n?)*)", re.MULTILINE)


@dataclass(frozen=True)
class Interface:
    """`addresses` without their scope."""

    name: str = ""
    addresses: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()

    @property
    def is_loopback(self) -> bool:
        """Only this host itself sends there."""
        return re.fullmatch(r"lo\d+", self.name) is not None


def interfaces(host: HostReader) -> tuple[Interface, ...]:
    """All of them, in ifconfig's order."""
    return tuple(_interface(name, text) for name, text in BLOCK.findall(host.query(IFCONFIG).stdout))


def _interface(name: str, text: str) -> Interface:
    addresses = re.findall(r"^\s+inet6? ([^\s%/]+)", text, re.MULTILINE)
    groups = re.findall(r"^\s+groups: (.*)$", text, re.MULTILINE)
    return Interface(name, tuple(addresses), tuple(" ".join(groups).split()))


def outward(known: Sequence[Interface], server: str) -> Interface:
    """The interface with this address of the host; without one, the first with an address that is no loopback."""
    own = [one for one in known if server in one.addresses]
    others = [one for one in known if one.addresses and not one.is_loopback]
    return next(iter([*own, *others]), Interface())


def has_ipv6(known: Sequence[Interface]) -> bool:
    """Somebody outside can reach this host over IPv6, be it on the same network alone."""
    return any(":" in address for one in known if not one.is_loopback for address in one.addresses)
