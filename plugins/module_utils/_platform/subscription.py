# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether this host shows a paid extension of its release's support."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import HostError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform

# Ubuntu Pro's client keeps its last known status here, readable by everyone; `pro status` itself takes seconds.
UBUNTU_PRO_STATUS = "/var/lib/ubuntu-advantage/status.json"


def has_extended_support(host: HostReader, platform: Platform, *, today: date) -> bool:
    """True on an Ubuntu host with a running Ubuntu Pro subscription whose esm-infra archive is switched on."""
    if platform.name != "ubuntu":
        return False
    try:
        status = json.loads(host.read_text(UBUNTU_PRO_STATUS) or "{}")
    except (HostError, ValueError):
        return False
    return isinstance(status, dict) and _is_attached(status, today) and _has_esm(status)


def _is_attached(status: Mapping[str, Any], today: date) -> bool:
    return status.get("attached") is True and not _is_before(status.get("expires"), today)


def _is_before(expires: object, today: date) -> bool:
    """A subscription that names no readable end counts as running: `attached` is the client's own word."""
    try:
        return date.fromisoformat(str(expires)[:10]) < today
    except ValueError:
        return False


def _has_esm(status: Mapping[str, Any]) -> bool:
    services = status.get("services")
    rows = services if isinstance(services, list) else []
    return any(
        isinstance(row, dict) and row.get("name") == "esm-infra" and row.get("status") == "enabled" for row in rows
    )
