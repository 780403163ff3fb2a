# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of a task on the Debian family, from apt's own simulations."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._packages import apt_notes, apt_space
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_refusals import refuse_other_removals
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_simulator import Foretold, Simulator
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_status import has_journal
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_upgrade import upgrade_of
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
    PackagePlan,
    Step,
    Upgrade,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.disk_space import refuse_when_full
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.holds import hold_changes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_index import Index
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_task import Task
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
        PackageChange,
        Surroundings,
    )


class AptPlanner:
    """Plans one task. `is_interrupted` says that an earlier transaction has to be finished, whatever is asked."""

    def __init__(self, surroundings: Surroundings, index: Index, task: Task, *, is_interrupted: bool) -> None:
        self._surroundings = surroundings
        self._host = surroundings.host
        self._index = index
        self._task = task
        self._is_interrupted = is_interrupted

    def plan(self) -> PackagePlan:
        """The transactions and the marks beside them. Raises Refused where they would do harm or have no room."""
        task = self._task
        if task.is_idle and not self._is_interrupted:
            return PackagePlan(hold_changes(task.request, task.installed, transaction=()))
        if not task.is_removal or self._is_interrupted:
            self._index.settle()
        foretold, notes = self._foretell()
        refuse_when_full(
            self._host, apt_space.bytes_wanted(self._host, foretold.new, configuration=self._index.configuration)
        )
        steps = self._steps(foretold)
        changes = merged(change for step in (*foretold.before, Step((), foretold.changes)) for change in step.changes)
        return PackagePlan(
            (*changes, *hold_changes(task.request, task.installed, transaction=changes)),
            steps[-1].command if steps else (),
            is_repair_needed=self._has_to_configure(foretold),
            notes=(*notes, *apt_notes.mended(change.name for step in foretold.before for change in step.changes)),
            steps=steps,
        )

    def _foretell(self) -> tuple[Foretold, tuple[str, ...]]:
        task = self._task
        simulator = Simulator(self._surroundings, self._index, task)
        before = simulator.finish_the_interrupted() if self._is_interrupted else ()
        if task.request.autoremove:
            return self._autoremoval(simulator), ()
        if task.request.upgrade is Upgrade.NONE:
            verb = "remove" if task.is_removal and task.names else "install"
            return self._checked(simulator.foretell((verb, *task.words))), ()
        command, notes = upgrade_of(self._surroundings, self._index, task, simulator=simulator)
        if not (command or self._is_interrupted):
            return Foretold(before=before), notes
        foretold = self._checked(simulator.foretell(command or ("install",)))
        return foretold, (*notes, *apt_notes.upgrade_notes(foretold.stdout, held=task.held))

    def _autoremoval(self, simulator: Simulator) -> Foretold:
        """What is named goes alone first, because what would go with it is not for autoremove to take."""
        words = self._task.words
        if not words:
            return simulator.foretell(("autoremove",))
        self._checked(simulator.foretell(("remove", *words)))
        return simulator.foretell(("remove", "--auto-remove", *words))

    def _checked(self, foretold: Foretold) -> Foretold:
        refuse_other_removals(foretold.planned, self._task.removable)
        return foretold

    def _steps(self, foretold: Foretold) -> tuple[Step, ...]:
        """A command that changes nothing after others is still to tell apt that somebody has named the packages."""
        has_work = any(not package.is_only_configured for package in foretold.planned)
        is_told = bool(foretold.before and self._task.names)
        own = (Step(foretold.command, foretold.changes),) if has_work or is_told else ()
        return (*foretold.before, *own)

    def _has_to_configure(self, foretold: Foretold) -> bool:
        """True where dpkg has something unpacked to configure, or a journal that apt would not begin with."""
        is_unpacked = any(package.is_only_configured for package in foretold.planned)
        return self._is_interrupted and (is_unpacked or has_journal(self._host))


def merged(changes: Iterable[PackageChange]) -> tuple[PackageChange, ...]:
    """Each package once, from what it is before the first of its changes to what it is after the last."""
    by_name: dict[str, PackageChange] = {}
    for change in changes:
        first = by_name.get(change.name, change)
        is_removal = change.after is None
        removed = replace(change, before=first.before or change.before)
        by_name[change.name] = removed if is_removal else replace(first, after=change.after)
    return tuple(by_name.values())
