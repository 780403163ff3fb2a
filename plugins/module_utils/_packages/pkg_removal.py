# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One plan of pkg's to remove: what is named, and what nothing needs any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._packages import pkg_refusals
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
    PackagePlan,
    Step,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.holds import (
    hold_changes,
    refuse_change_of_held,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_words import Summary, names_of

if TYPE_CHECKING:
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
        InstalledPackages,
        PackageChange,
        PackageRequest,
    )
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_simulation import Simulator


def removal(
    simulator: Simulator, request: PackageRequest, names: tuple[str, ...], *, installed: InstalledPackages
) -> PackagePlan:
    """These go, and with `autoremove` all that came along and is needed no more. Raises Refused for harm."""
    pkg_refusals.refuse_vital(names, installed)
    held = installed.held - set(request.unhold)
    refuse_change_of_held((name for name in names if name in held), installed)
    _prepare(simulator, request, names, installed=installed)
    gone = simulator.foretell(("delete", *names)) if names else Summary()
    unused = _unused(simulator, request, names)
    pkg_refusals.refuse_other_removals(gone, {*names, *names_of(unused)})
    pkg_refusals.refuse_vital(names_of((*gone.changes, *unused)), installed)
    refuse_change_of_held(names_of((*gone.changes, *unused)) & held, installed)
    rest = tuple(change for change in unused if change.name not in names_of(gone.changes))
    steps = (
        *((Step(("delete", *names), gone.changes),) if gone.changes else ()),
        *((Step(("autoremove",), rest),) if rest else ()),
    )
    changes = (*gone.changes, *rest)
    marks = hold_changes(request, installed, transaction=changes)
    return PackagePlan((*changes, *marks), steps[0].command if steps else (), steps=steps)


def _prepare(
    simulator: Simulator, request: PackageRequest, names: tuple[str, ...], *, installed: InstalledPackages
) -> None:
    """Have pkg foretell with the locks as they will be."""
    simulator.unlock(sorted(installed.held & set(request.unhold)))
    simulator.lock(sorted((set(request.hold) - installed.held - set(names)) & set(installed.versions)))


def _unused(simulator: Simulator, request: PackageRequest, names: tuple[str, ...]) -> tuple[PackageChange, ...]:
    """What nothing will need. Names that go count as not asked for, so that what only they need goes with them."""
    if not request.autoremove:
        return ()
    if names:
        simulator.forget(names)
    return simulator.foretell(("autoremove",)).changes
