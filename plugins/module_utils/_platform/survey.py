# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What `os_support_info` answers, put together in one pass over the host."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import BadInput, Refused
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.detect import detect
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.production import recommend
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.subscription import has_extended_support
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.support import (
    WARN_DAYS,
    SupportStatus,
    assess,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform
    from ansible_collections.groundwork.python_host.plugins.module_utils._platform.production import Production
    from ansible_collections.groundwork.python_host.plugins.module_utils._platform.support import Support


@dataclass(frozen=True)
class Survey:
    """A host's operating system, its support, and what that means for production."""

    platform: Platform
    support: Support
    production: Production

    @property
    def warnings(self) -> tuple[str, ...]:
        """The reason, wherever there is something to do or to know about the release."""
        is_fine = self.support.status is SupportStatus.SUPPORTED and self.production.recommended
        return () if is_fine else (f"{self.production.reason}.",)

    def to_json(self) -> dict[str, object]:
        """Shape: {os: {name, …, support: {…}, production: {recommended, reason}}, service_manager, container}."""
        platform = self.platform
        return {
            "os": {
                "name": platform.name,
                "version": platform.version,
                "codename": platform.codename,
                "pretty_name": platform.title,
                "family": platform.family,
                "package_tool": platform.package_tool,
                "lts": platform.lts,
                "support": self.support.to_json(),
                "production": {"recommended": self.production.recommended, "reason": self.production.reason},
            },
            "service_manager": platform.service_manager,
            "container": platform.container,
        }


def survey(host: HostReader, *, today: date, warn_days: int = WARN_DAYS) -> Survey:
    """Look at the host once and judge its release by the given day. Raises BadInput for a negative `warn_days`."""
    if warn_days < 0:
        raise BadInput([f"warn_days is {warn_days}, expected 0 or more days before the end of support"])
    platform = detect(host)
    support = assess(
        platform,
        today=today,
        warn_days=warn_days,
        has_extended_support=has_extended_support(host, platform, today=today),
    )
    return Survey(platform, support, recommend(platform, support))


def require(found: Survey, *, production: bool, families: Sequence[str]) -> None:
    """Let a system pass that fits. Raises Refused, with the reason and what overrides it, for one that does not."""
    title, family = found.platform.title, found.platform.family
    if families and family not in families:
        raise Refused(
            f"This is for systems of the family {', '.join(families)}; this host is {title}. Nothing was changed."
        )
    if production and not found.production.recommended:
        raise Refused(
            f"{found.production.reason}. Nothing was changed. "
            "To go on all the same, set python_host_allow_unsupported to true."
        )
