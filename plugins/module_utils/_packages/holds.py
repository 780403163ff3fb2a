# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Packages that no upgrade may touch: which of them a call holds, and which it lets go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import BadInput, Refused
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Change
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
    HOLD,
    UNHOLD,
    PackageChange,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
        InstalledPackages,
        PackagePlan,
        PackageRequest,
    )


def hold_changes(
    request: PackageRequest, installed: InstalledPackages, *, transaction: Iterable[PackageChange]
) -> tuple[PackageChange, ...]:
    """What is to be held and let go, with the versions that the packages have after the transaction.

    Raises BadInput for a package that is to be held and will not be there.
    """
    after = {**installed.versions, **{change.name: change.after for change in transaction}}
    gone = [name for name in request.hold if after.get(name) is None]
    if gone:
        raise BadInput([_nothing_to_hold(name) for name in gone])
    held = (_marking(name, HOLD, after[name]) for name in request.hold if name not in installed.held)
    let_go = (_marking(name, UNHOLD, after.get(name)) for name in request.unhold if name in installed.held)
    return (*held, *let_go)


def marking_change(plan: PackagePlan, action: str, names: Iterable[str], *, target: str) -> Change:
    """Holding these packages, or letting them go, as one change: a line for each, before and after."""
    versions = {change.name: change.after for change in plan.changes}
    lines = [f"{name} {versions.get(name) or 'absent'}" for name in sorted(names)]
    sides = ["\n".join(f"{line} {side}" for line in lines) for side in ("not held", "held")]
    before, after = sides if action == HOLD else reversed(sides)
    return Change("packages", target, before, after)


def held_in(request: PackageRequest, installed: InstalledPackages) -> tuple[str, ...]:
    """What this call leaves as it is, sorted."""
    return tuple(sorted((installed.held | set(request.hold)) - set(request.unhold)))


def left_by_upgrade(request: PackageRequest, installed: InstalledPackages) -> Iterator[str]:
    """A note about what an upgrade does not touch because it is held."""
    shown = ", ".join(f"{name} {installed.versions.get(name, '')}".rstrip() for name in held_in(request, installed))
    if shown:
        yield f"upgrade: {request.upgrade.value} leaves what is held: {shown}"


def refuse_change_of_held(names: Iterable[str], installed: InstalledPackages) -> None:
    """Raise Refused where a transaction would change packages that are held."""
    held = sorted(set(names))
    if held:
        shown = ", ".join(f"{name} {installed.versions.get(name, '')}".rstrip() for name in held)
        raise Refused(
            f"Nothing was changed: what was asked would change packages that are held at their version ({shown}). "
            f"If they are to change, name them under `unhold` in the same call; if not, ask for nothing that needs it."
        )


def _marking(name: str, action: str, version: str | None) -> PackageChange:
    return PackageChange(name, action, version, version)


def _nothing_to_hold(name: str) -> str:
    return f"hold: {name!r} is not installed, so it has no version to be held at: give it under `name`, too"
