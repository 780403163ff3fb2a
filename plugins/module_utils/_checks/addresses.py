# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses and the networks that hold them."""

from __future__ import annotations

from ipaddress import ip_address, ip_network


def is_inside(address: str, network: str) -> bool | None:
    """Whether the network (or single address) holds the address; None where one of them is something else, a name."""
    try:
        return ip_address(address.partition("%")[0]) in ip_network(network, strict=False)
    except ValueError:
        return None
