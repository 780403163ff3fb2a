# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The packages that the fixes of a run need: one plan for all, without the checks whose packages cannot be had."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import BadInput
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
    PackagePlan,
    PackageRequest,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.names import first_natives

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Check, Context
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.transaction import PackageSession


@dataclass(frozen=True)
class PackageNeeds:
    """What will be installed; `lacking` says by check id why packages of that check cannot be."""

    plan: PackagePlan = PackagePlan()
    lacking: Mapping[str, str] = field(default_factory=dict)


def package_needs(session: PackageSession, context: Context, checks: Iterable[Check]) -> PackageNeeds:
    """Ask once for all of them. Only where some are not to be had is each check asked for by itself."""
    missing = {check.check_id: names for check in checks if (names := _missing(session, context, check))}
    if not missing:
        return PackageNeeds()
    try:
        return PackageNeeds(_planned(session, missing.values()))
    except BadInput:
        reasons = {names: _why_not(session, names) for names in dict.fromkeys(missing.values())}
    to_be_had = [names for names in missing.values() if not reasons[names]]
    lacking = {check_id: reasons[names] for check_id, names in missing.items() if reasons[names]}
    return PackageNeeds(_planned(session, to_be_had) if to_be_had else PackagePlan(), lacking)


def _missing(session: PackageSession, context: Context, check: Check) -> tuple[str, ...]:
    names = check.needs(context)
    # What the base system brings everywhere needs no package tool.
    return session.missing(names) if first_natives(names, context.platform) else ()


def _planned(session: PackageSession, wanted: Iterable[tuple[str, ...]]) -> PackagePlan:
    return session.plan(PackageRequest(tuple(dict.fromkeys(name for names in wanted for name in names))))


def _why_not(session: PackageSession, names: tuple[str, ...]) -> str:
    """Why these cannot be installed, with what a person can do; empty where they can."""
    try:
        session.plan(PackageRequest(names))
    except BadInput as error:
        return f"packages that this needs cannot be installed: {'; '.join(error.problems)}"
    return ""
