# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of one transaction on the Debian family, from apt's own simulations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._packages import apt_notes, apt_space
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_refusals import refuse_other_removals
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_simulator import Foretold, Simulator
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_status import has_journal
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import PackagePlan, Upgrade
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.disk_space import refuse_when_full
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.holds import hold_changes

if TYPE_CHECKING:
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_index import Index
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_task import Task
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
        PackageChange,
        Surroundings,
    )

# New packages that an update needs come with it; nothing goes.
UPGRADE = ("upgrade", "--with-new-pkgs")


class AptPlanner:
    """Plans one task. `is_interrupted` says that an earlier transaction has to be finished, whatever is asked."""

    def __init__(self, surroundings: Surroundings, index: Index, task: Task, *, is_interrupted: bool) -> None:
        self._surroundings = surroundings
        self._index = index
        self._task = task
        self._is_interrupted = is_interrupted

    def plan(self) -> PackagePlan:
        """The transaction and the marks beside it. Raises Refused where it would do harm or has no room."""
        task = self._task
        if task.is_idle and not self._is_interrupted:
            return PackagePlan(hold_changes(task.request, task.installed, transaction=()))
        if not task.is_removal or self._is_interrupted:
            self._index.settle()
        foretold, notes = self._foretell()
        planned = (*foretold.mending, *foretold.planned)
        changes = tuple(package.change for package in planned)
        mending = tuple(package.change.name for package in foretold.mending)
        # What only has to be configured is unpacked already.
        new = tuple(package.change for package in planned if not package.is_only_configured)
        self._refuse_without_room(new)
        return PackagePlan(
            (*changes, *hold_changes(task.request, task.installed, transaction=changes)),
            foretold.command if new[len(mending) :] or (mending and task.names) else (),
            is_repair_needed=self._is_interrupted and self._has_to_configure(changes),
            notes=(*notes, *apt_notes.mended(mending)),
            mending=mending,
        )

    def _foretell(self) -> tuple[Foretold, tuple[str, ...]]:
        task = self._task
        simulator = Simulator(self._surroundings, self._index, installed=task.installed, marks=task.early_marks)
        if task.request.autoremove:
            return self._autoremoval(simulator), ()
        if task.is_removal and task.names:
            return self._checked(simulator.foretell(("remove", *task.names), named=task.names)), ()
        if task.request.upgrade is Upgrade.ALL:
            foretold = self._checked(simulator.foretell((*UPGRADE, *task.words)))
            notes = apt_notes.upgrade_notes(foretold.stdout, task.installed, is_security=False)
        elif task.request.upgrade is Upgrade.SECURITY:
            foretold, notes = self._security(simulator)
        else:
            foretold, notes = self._checked(simulator.foretell(("install", *task.words))), ()
        return foretold, notes

    def _autoremoval(self, simulator: Simulator) -> Foretold:
        """What is named goes alone first, because what would go with it is not for autoremove to take."""
        names = self._task.names
        if not names:
            return simulator.foretell(("autoremove",))
        self._checked(simulator.foretell(("remove", *names), named=names))
        return simulator.foretell(("remove", "--auto-remove", *names), named=names)

    def _security(self, simulator: Simulator) -> tuple[Foretold, tuple[str, ...]]:
        """The updates that a security archive offers, each pinned to that version.

        A version from elsewhere may be newer and hide the security archive's own; where the archive can be made the
        preferred one, it is.
        """
        task = self._task
        suite = f"{self._surroundings.platform.codename}-security"
        has_suite = self._index.has_suite(suite)
        updates = simulator.foretell((*UPGRADE, "-t", suite) if has_suite else UPGRADE)
        pinned = tuple(
            f"{package.change.name}={package.change.after}"
            for package in updates.planned
            if package.is_security and package.change.action == "upgrade"
        )
        notes = apt_notes.upgrade_notes(updates.stdout, task.installed, is_security=True)
        if not (has_suite or pinned):
            notes = (*notes, apt_notes.no_security_archive(suite))
        if not (pinned or task.names or self._is_interrupted):
            return Foretold(), notes
        return self._checked(simulator.foretell(("install", *pinned, *task.words))), notes

    def _has_to_configure(self, changes: tuple[PackageChange, ...]) -> bool:
        """False where all that lies there half-way is removed, and apt finds no journal of dpkg's in its way."""
        removed = {change.name for change in changes if change.after is None}
        stays = {name for name in self._task.installed.incomplete if not {name, name.partition(":")[0]} & removed}
        return bool(stays) or has_journal(self._surroundings.host)

    def _checked(self, foretold: Foretold) -> Foretold:
        refuse_other_removals(foretold.planned, self._task.removable)
        return foretold

    def _refuse_without_room(self, changes: tuple[PackageChange, ...]) -> None:
        host = self._surroundings.host
        refuse_when_full(host, apt_space.bytes_wanted(host, changes, configuration=self._index.configuration))
