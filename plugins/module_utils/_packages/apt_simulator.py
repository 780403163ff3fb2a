# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asking apt what it would do, with the very words of the transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._packages import apt_command
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_command import MEND
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_refusals import (
    refusal,
    refuse_mending_by_removal,
    refuse_mending_by_unwanted,
    refuse_other_removals,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_simulation import (
    UNMET,
    parse_simulation,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_status import (
    came_along_for_simulation,
    status_for_simulation,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_words import own_words
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import Step

if TYPE_CHECKING:
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_index import Index
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_simulation import Planned
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_task import Task
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
        PackageChange,
        Surroundings,
    )


@dataclass(frozen=True)
class Foretold:
    """What apt would do when it is told the command; `before` are the transactions that have to come first."""

    command: tuple[str, ...] = ()
    planned: tuple[Planned, ...] = ()
    stdout: str = ""
    before: tuple[Step, ...] = ()

    @property
    def changes(self) -> tuple[PackageChange, ...]:
        """What the command changes."""
        return tuple(package.change for package in self.planned)

    @property
    def new(self) -> tuple[PackageChange, ...]:
        """Those of all changes that are more than configuring what lies unpacked."""
        before = tuple(change for step in self.before for change in step.changes)
        return (*before, *(package.change for package in self.planned if not package.is_only_configured))


class Simulator:
    """apt's answers about one state of the host, in which the task's early marks are set already."""

    def __init__(self, surroundings: Surroundings, index: Index, task: Task) -> None:
        self._surroundings = surroundings
        self._host = surroundings.host
        self._index = index
        self._task = task
        self._answers: dict[tuple[str, ...], CommandResult] = {}
        self._steps: list[Step] = []
        self._brought = ""
        self._came_along = ""
        self._status = status_for_simulation(self._host, task.early_marks)

    def finish_the_interrupted(self) -> tuple[Step, ...]:
        """The transactions that finish an earlier one; what is foretold from here on is about the host after them."""
        if self._task.to_remove_whole:
            self._take(("remove", *self._task.to_remove_whole), removable=self._task.to_remove_whole)
        if self._task.to_unpack_again:
            self._take((*MEND, "--reinstall", *self._task.to_unpack_again))
        return tuple(self._steps)

    def foretell(self, command: tuple[str, ...]) -> Foretold:
        """apt's answer. Raises BadInput for what is not to be had, Refused for what apt cannot do.

        Where dependencies of installed packages are broken, apt does nothing else until they are mended, by a
        transaction of its own; the answer is then about the host as that leaves it.
        """
        result = self._result(command)
        if result.rc and UNMET.search(result.stderr):
            self._mend(result)
            result = self._result(command)
        return Foretold(command, self._planned(result), result.stdout, tuple(self._steps))

    def _mend(self, broken: CommandResult) -> None:
        planned = self._planned(self._result(MEND))
        paragraph = broken.stdout.partition("unmet dependencies:")[2]
        words = f"{own_words(broken.stderr)} {' '.join(paragraph.split())}"
        refuse_mending_by_removal(planned, self._task.removable, words=words)
        refuse_mending_by_unwanted(planned, self._task.unwanted, words=words)
        self._take(MEND, removable=self._task.removable)

    def _take(self, command: tuple[str, ...], *, removable: tuple[str, ...] = ()) -> None:
        """Make the command one of the steps, so that the next answers are about the host after it."""
        planned = self._planned(self._result(command))
        refuse_other_removals(planned, removable)
        changes = tuple(package.change for package in planned if not package.is_only_configured)
        if not changes:
            return
        self._steps.append(Step(command, changes))
        asked = [f"{change.name}={change.after}" for change in changes if change.after]
        if asked:
            self._brought += self._host.query(apt_command.cache(self._index.configuration, "show", *asked)).stdout
        gone = {change.name for step in self._steps for change in step.changes if change.after is None}
        marks = self._task.early_marks
        self._status = status_for_simulation(self._host, marks, brought=self._brought, gone=gone)
        if self._task.request.autoremove:
            self._came_along = came_along_for_simulation(self._host, self._new_and_unnamed())

    def _new_and_unnamed(self) -> list[str]:
        """What the steps install and do not name: an automatic removal may take it again."""
        pairs = [(step.command, change) for step in self._steps for change in step.changes]
        return sorted({one.name for command, one in pairs if one.before is None and one.name not in command})

    def _planned(self, result: CommandResult) -> tuple[Planned, ...]:
        installed = self._task.installed
        if result.rc:
            raise refusal(self._host, result, configuration=self._index.configuration, installed=installed)
        return parse_simulation(result.stdout, installed)

    def _result(self, command: tuple[str, ...]) -> CommandResult:
        shared = apt_command.options(
            lock_timeout=self._surroundings.lock_timeout,
            install_recommends=self._surroundings.install_recommends,
            configuration=self._index.configuration,
        )
        argv = apt_command.simulate(shared, command, status=self._status, came_along=self._came_along)
        known = (str(len(self._steps)), *argv)
        if known not in self._answers:
            self._answers[known] = self._host.query(
                argv, ok=(0, 100), timeout=apt_command.SIMULATION_SECONDS, env=apt_command.ENVIRONMENT
            )
        return self._answers[known]
