# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""systemd's units: are they in force now and at the next boot, and what makes them so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Change, Command

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader


def is_enabled(host: HostReader, unit: str) -> bool:
    """The unit starts at boot. `is-enabled` answers 1 for a disabled unit and 4 (older: 1) for an unknown one."""
    result = host.query(("systemctl", "is-enabled", unit), ok=(0, 1, 4))
    return result.stdout.strip() in ("enabled", "enabled-runtime", "static", "alias", "generated", "indirect")


def is_active(host: HostReader, unit: str) -> bool:
    """The unit runs now. `is-active` answers 3 for an inactive unit and 4 for an unknown one."""
    return host.query(("systemctl", "is-active", unit), ok=(0, 1, 3, 4)).stdout.strip() == "active"


def enable_and_start(host: HostReader, unit: str) -> Iterator[Command]:
    """The one command that mends both, if either is wrong."""
    enabled, active = is_enabled(host, unit), is_active(host, unit)
    if enabled and active:
        return
    before = f"{'enabled' if enabled else 'disabled'}, {'active' if active else 'inactive'}"
    yield Command(("systemctl", "enable", "--now", unit), Change("unit", unit, before, "enabled, active"))
