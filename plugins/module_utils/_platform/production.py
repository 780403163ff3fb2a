# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a host may carry production, and the sentence that says why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._platform.releases import is_listed
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.support import SupportStatus

if TYPE_CHECKING:
    from typing import Callable

    from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform
    from ansible_collections.groundwork.python_host.plugins.module_utils._platform.support import Support


@dataclass(frozen=True)
class Production:
    """The recommendation for production and its reason, a sentence that names the release and the date."""

    recommended: bool
    reason: str


def recommend(platform: Platform, support: Support) -> Production:
    """Production is for a long-term release of a system that we know, while it gets fixes."""
    if not is_listed(platform.name):
        return Production(False, _unknown_system(platform))
    if support.status is SupportStatus.UNKNOWN:
        return Production(False, f"{platform.title} does not say which release it is (no VERSION_ID in os-release)")
    if support.status is SupportStatus.ENDED:
        return Production(False, _ended(platform, support))
    if platform.name == "ubuntu" and not platform.lts:
        return Production(False, _interim(platform, support))
    return Production(True, _SENTENCES[support.status](platform, support))


def _unknown_system(platform: Platform) -> str:
    return (
        f"{platform.title} is not a system that this collection supports in production: "
        "those are Ubuntu LTS, Debian, CentOS Stream, RHEL, Rocky Linux, AlmaLinux and FreeBSD"
    )


def _ended(platform: Platform, support: Support) -> str:
    if support.until is None:
        return f"{platform.title} no longer gets security fixes: it is older than the releases that still do"
    sentence = f"{platform.title} has had no security fixes since {support.until}"
    if support.branch_until and support.branch_until > support.until:
        return f"{sentence}; upgrade within branch {platform.major}, which gets them until {support.branch_until}"
    if support.extended_until and support.extended_until > support.until:
        return f"{sentence}; {support.extended_by} would bring them until {support.extended_until}, and is not in force"
    return sentence


def _interim(platform: Platform, support: Support) -> str:
    until = f" and gets fixes only until {support.until}" if support.until else ""
    return f"{platform.title} is an interim release{until}; production is for an LTS release"


def _supported(platform: Platform, support: Support) -> str:
    sentence = f"{platform.title} gets security fixes until {support.until}"
    if support.branch_until:
        return f"{sentence}, and later releases of branch {platform.major} until {support.branch_until}"
    return sentence


def _ends_soon(platform: Platform, support: Support) -> str:
    return f"{_supported(platform, support)}, which is soon: plan the upgrade now"


def _extended(platform: Platform, support: Support) -> str:
    return (
        f"{platform.title} left standard support on {support.until} and gets security fixes from "
        f"{support.extended_by} until {support.extended_until}: plan the upgrade"
    )


def _newer(platform: Platform, _support: Support) -> str:
    return f"{platform.title} is newer than the releases this version of the collection knows, so its dates are unknown"


_SENTENCES: dict[SupportStatus, Callable[[Platform, Support], str]] = {
    SupportStatus.SUPPORTED: _supported,
    SupportStatus.ENDS_SOON: _ends_soon,
    SupportStatus.EXTENDED: _extended,
    SupportStatus.NEWER: _newer,
}
