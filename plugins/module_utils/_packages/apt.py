# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Packages on the Debian family, by dpkg-query, apt-get and apt-cache; no Python binding is needed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import ActionFailed
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Change, Command, Touches
from ansible_collections.groundwork.python_host.plugins.module_utils._packages import apt_command, apt_marks, apt_words
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_files import file_problem
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_index import Index
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_locks import (
    first_held,
    run_when_free,
    standard_error,
    wait_for_locks,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_names import SPELLING
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_plan import AptPlanner
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_status import has_journal
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_task import task_of
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import PackagePlan
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.spelling import is_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
        InstalledPackages,
        Native,
        PackageRequest,
        State,
        Step,
        Surroundings,
    )

# A maintainer script may print much; what failed stands at the end.
MOST_WORDS = 2000
# dpkg's exit code for packages that cannot be configured, as opposed to trouble with dpkg itself.
SOME_FAILED = 1


class AptBackend:
    """Implements PackageBackend."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self._host = surroundings.host
        self._index = Index(surroundings)

    def installed(self) -> InstalledPackages:
        """See PackageBackend."""
        return apt_words.parse_installed(
            self._host.query(["dpkg-query", "-W", "-f", apt_words.INSTALLED_FORMAT]).stdout
        )

    def problems(self, request: PackageRequest) -> tuple[str, ...]:
        """See PackageBackend."""
        names = (self._problem(name, request.state) for name in request.names)
        marks = (SPELLING.mark_problem(name) for name in (*request.hold, *request.unhold))
        return tuple(dict.fromkeys(problem for problem in (*names, *marks) if problem))

    def plan(self, request: PackageRequest, wanted: tuple[Native, ...], installed: InstalledPackages) -> PackagePlan:
        """See PackageBackend. Where nothing can be different, apt is not even asked."""
        task = task_of(self._host, request, wanted, installed)
        is_interrupted = self._is_interrupted(installed)
        has_work = is_interrupted or not task.is_idle
        if has_work and not self._surroundings.executor.is_check_mode and wait_for_locks(self._surroundings):
            # Whoever was at work has changed what is installed.
            installed = self.installed()
            task = task_of(self._host, request, wanted, installed)
            is_interrupted = self._is_interrupted(installed)
        return AptPlanner(self._surroundings, self._index, task, is_interrupted=is_interrupted).plan()

    def actions(self, plan: PackagePlan) -> tuple[Command, ...]:
        """See PackageBackend."""
        repair = (_repair(has_more=bool(plan.steps)),) if plan.is_repair_needed else ()
        transactions = (self._transaction(step) for step in plan.steps)
        return (*repair, *apt_marks.early_marks(plan), *transactions, *apt_marks.late_marks(plan))

    def run(self, plan: PackagePlan) -> None:
        """See PackageBackend."""
        for command in self.actions(plan):
            try:
                run_when_free(self._surroundings, command)
            except ActionFailed as error:
                raise ActionFailed(_failure(command.change, standard_error(error))) from error

    def available(self, names: Iterable[str]) -> Mapping[str, str]:
        """See PackageBackend: one `apt-cache policy` for all names."""
        asked = tuple(dict.fromkeys(names))
        if not asked:
            return {}
        self._index.settle()
        answer = self._host.query(apt_command.cache(self._index.configuration, "policy", *asked))
        candidates = apt_words.parse_candidates(answer.stdout)
        return {name: candidates[name] for name in asked if name in candidates}

    def _problem(self, name: str, state: State) -> str:
        problem = SPELLING.problem(name, state)
        return file_problem(self._host, name) if is_file(name) and not problem else problem

    def _transaction(self, step: Step) -> Command:
        """Without a change it only tells apt that somebody has named what is there."""
        options = apt_command.options(
            lock_timeout=self._surroundings.lock_timeout,
            install_recommends=self._surroundings.install_recommends,
            configuration="",
        )
        plan = PackagePlan(step.changes, step.command)
        change = plan.to_change(f"apt-get {step.command[0]}") if step.changes else None
        transact = _writing(apt_command.transact(options, step.command), change)
        return replace(transact, touches=Touches(packages=plan.installed_by_name))

    def _is_interrupted(self, installed: InstalledPackages) -> bool:
        """True where dpkg was stopped half-way; a dpkg that is still at work looks the same but for its lock."""
        is_half_way = bool(installed.incomplete) or has_journal(self._host)
        return is_half_way and first_held(self._host) is None


def _repair(*, has_more: bool) -> Command:
    """What cannot be configured must not keep apt from mending or removing it; apt tries again, and then it fails."""
    change = Change("packages", "dpkg --configure -a", "interrupted", "configured")
    return replace(_writing(apt_command.repair(), change), ok=(0, SOME_FAILED) if has_more else (0,))


def _writing(argv: tuple[str, ...], change: Change | None) -> Command:
    return Command(argv, change, timeout=apt_command.TRANSACTION_SECONDS, env=apt_command.ENVIRONMENT)


def _failure(change: Change | None, stderr: str) -> str:
    target, words = change.target if change else "apt", " ".join(stderr.split())[-MOST_WORDS:]
    return (
        f"{target} has failed. It says: {words} (Once the cause is gone, run again: what was left half-way is then "
        "finished first. A package that cannot be configured can be removed by a call with `state: absent`. If a "
        "package file was not found, the index is out of date: set cache_valid_time to 0.)"
    )
