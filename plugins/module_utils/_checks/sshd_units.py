# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What sshd's units are called on each system."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import lookup

if TYPE_CHECKING:
    from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform

SERVICES = {"*": "ssh.service", "redhat": "sshd.service"}
SOCKETS = {"*": "ssh.socket", "redhat": "sshd.socket"}


def service(platform: Platform) -> str:
    """The daemon's own unit."""
    return lookup(SERVICES, platform)


def socket(platform: Platform) -> str:
    """The unit by which systemd listens in the daemon's place."""
    return lookup(SOCKETS, platform)
