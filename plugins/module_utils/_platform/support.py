# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a release still gets fixes. Today's date comes from the caller, so that no test grows old."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._platform.releases import (
    find,
    is_listed,
    is_newer_than_all,
)

if TYPE_CHECKING:
    from datetime import date

    from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform
    from ansible_collections.groundwork.python_host.plugins.module_utils._platform.releases import Release

WARN_DAYS = 180


class SupportStatus(Enum):
    """Where a release stands on a given day."""

    SUPPORTED = "supported"
    ENDS_SOON = "ends_soon"
    EXTENDED = "extended"
    ENDED = "ended"
    NEWER = "newer"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Support:
    """A release's standing and its dates; a date that nobody told us is None."""

    status: SupportStatus
    until: date | None = None
    extended_until: date | None = None
    extended_by: str = ""
    branch_until: date | None = None

    def to_json(self) -> dict[str, str | None]:
        """Shape: {status, until, extended_until, branch_until}, dates as YYYY-MM-DD or null."""
        return {
            "status": self.status.value,
            "until": _text(self.until),
            "extended_until": _text(self.extended_until),
            "branch_until": _text(self.branch_until),
        }


def assess(
    platform: Platform, *, today: date, warn_days: int = WARN_DAYS, has_extended_support: bool = False
) -> Support:
    """The platform's support on a day; `has_extended_support` is what this host shows of a subscription."""
    release = find(platform.name, platform.version)
    if release is None:
        return Support(_unlisted(platform))
    return Support(
        _status(release, today=today, warn_days=warn_days, has_extended_support=has_extended_support),
        until=release.supported_until,
        extended_until=release.extended_until,
        extended_by=release.extended_by,
        branch_until=release.branch_until,
    )


def _unlisted(platform: Platform) -> SupportStatus:
    """A release between or before the rows is one that has long ended; without a version nothing can be said."""
    if not platform.version or not is_listed(platform.name):
        return SupportStatus.UNKNOWN
    is_newer = is_newer_than_all(platform.name, platform.version)
    return SupportStatus.NEWER if is_newer else SupportStatus.ENDED


def _status(release: Release, *, today: date, warn_days: int, has_extended_support: bool) -> SupportStatus:
    if today <= release.supported_until:
        # A FreeBSD point release never has long to live: what matters is the branch, in which one upgrades on.
        last_day = release.branch_until or release.supported_until
        return SupportStatus.ENDS_SOON if last_day - today <= timedelta(days=warn_days) else SupportStatus.SUPPORTED
    is_extended = release.is_extended_for_all or has_extended_support
    if is_extended and release.extended_until and today <= release.extended_until:
        return SupportStatus.EXTENDED
    return SupportStatus.ENDED


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
