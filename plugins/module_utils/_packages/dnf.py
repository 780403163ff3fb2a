# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Packages on the Red Hat family, by rpm and dnf 4; no Python binding is needed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import (
    ActionFailed,
    CommandMissing,
    Refused,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import (
    Change,
    Command,
    Touches,
    WriteFile,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages import dnf_command, epel
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import HOLD, UNHOLD
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_errors import failure
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_history import was_killed
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_holds import held_names
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_locks import (
    first_held,
    run_when_free,
    wait_for_locks,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_names import SPELLING
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_planner import DnfPlanner
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_simulation import Simulator
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.holds import marking_change
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.rpm_database import installed_now
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.rpm_files import file_problem
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.rpm_words import installed_packages
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.spelling import is_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Action
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
        InstalledPackages,
        Native,
        PackagePlan,
        PackageRequest,
        State,
        Surroundings,
    )

DNF5 = "dnf5"


class DnfBackend:
    """Implements PackageBackend."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self._host = surroundings.host
        self._simulator = Simulator(surroundings)

    def installed(self) -> InstalledPackages:
        """See PackageBackend."""
        found = installed_packages(installed_now(self._host))
        return replace(found, held=held_names(self._host, found))

    def problems(self, request: PackageRequest) -> tuple[str, ...]:
        """See PackageBackend."""
        names = (self._problem(name, request.state) for name in request.names)
        marks = (_mark_problem(name) for name in (*request.hold, *request.unhold))
        return tuple(dict.fromkeys(problem for problem in (*names, *marks) if problem))

    def plan(self, request: PackageRequest, wanted: tuple[Native, ...], installed: InstalledPackages) -> PackagePlan:
        """See PackageBackend. Where nothing can be different, dnf is not even asked."""
        planner = DnfPlanner(self._simulator, request, wanted, installed)
        is_interrupted = self._is_interrupted(installed)
        if planner.is_idle and not is_interrupted:
            return planner.marks()
        self._refuse_dnf5()
        if not self._surroundings.executor.is_check_mode and wait_for_locks(self._surroundings):
            # Whoever was at work has changed what is installed.
            planner = DnfPlanner(self._simulator, request, wanted, self.installed())
        return planner.plan()

    def actions(self, plan: PackagePlan) -> tuple[Action, ...]:
        """See PackageBackend."""
        settings = self._settings()
        return (
            *(_repair(settings, step.command) for step in plan.steps),
            *_marking(settings, plan, UNHOLD, "delete"),
            *epel.enabling(self._host, plan.repositories, settings),
            *self._transaction(plan),
            *_marking(settings, plan, HOLD, "add"),
        )

    def run(self, plan: PackagePlan) -> None:
        """See PackageBackend."""
        for action in self.actions(plan):
            try:
                run_when_free(self._surroundings, action)
            except ActionFailed as error:
                raise ActionFailed(failure(_target(action), error)) from error

    def available(self, names: Iterable[str]) -> Mapping[str, str]:
        """See PackageBackend: one `dnf repoquery` for all names."""
        asked = tuple(dict.fromkeys(names))
        if not asked:
            return {}
        self._refuse_dnf5()
        lines = self._simulator.ask("repoquery", "--latest-limit=1", "--qf", "%{name} %{evr}", *asked).lines()
        found = dict(line.split(" ", 1) for line in lines if line.count(" ") == 1)
        return {name: found[name] for name in asked if name in found}

    def _problem(self, name: str, state: State) -> str:
        problem = SPELLING.problem(name, state)
        return file_problem(self._host, name) if is_file(name) and not problem else problem

    def _settings(self) -> dnf_command.Settings:
        return dnf_command.Settings(install_recommends=self._surroundings.install_recommends)

    def _transaction(self, plan: PackagePlan) -> tuple[Command, ...]:
        if not plan.command:
            return ()
        several = dnf_command.is_several(plan.command)
        path = self._host.scratch_file("dnf/script", dnf_command.script(plan.command)) if several else ""
        argv = dnf_command.transact(self._settings(), plan.command, path=path)
        change = plan.to_change(f"dnf {dnf_command.verb(plan.command)}")
        touches = Touches(packages=plan.installed_by_name)
        return (Command(argv, change, timeout=dnf_command.TRANSACTION_SECONDS, touches=touches),)

    def _is_interrupted(self, installed: InstalledPackages) -> bool:
        """True where dnf was killed in a transaction; one that is still at work looks the same but for its lock."""
        is_half_way = bool(installed.incomplete) or was_killed(self._simulator)
        return is_half_way and first_held(self._host) is None

    def _refuse_dnf5(self) -> None:
        program = self._host.which("dnf")
        if program is None:
            raise CommandMissing("dnf")
        target = self._host.readlink(program) or program
        if target.rpartition("/")[2] == DNF5:
            raise Refused(
                f"Nothing was changed: {program} is dnf 5, and this version of groundwork.python_host drives dnf 4 "
                "alone, which every supported release of Enterprise Linux has."
            )


def _mark_problem(name: str) -> str:
    """Why the name cannot be one to hold: what dnf holds, it holds for all architectures."""
    bare, architecture = dnf_command.by_architecture(name)
    if architecture:
        return f"hold, unhold: {name!r} names an architecture, and dnf holds a package for all of them: give {bare!r}"
    return SPELLING.mark_problem(name)


def _target(action: Action) -> str:
    if isinstance(action, Command) and action.change:
        return action.change.target
    return action.path if isinstance(action, WriteFile) else "dnf"


def _repair(settings: dnf_command.Settings, command: tuple[str, ...]) -> Command:
    words = [word for word in command if "=" not in word]
    change = Change("packages", f"dnf {' '.join(words)}", "interrupted", "complete")
    return Command(dnf_command.transact(settings, command), change, timeout=dnf_command.TRANSACTION_SECONDS)


def _marking(settings: dnf_command.Settings, plan: PackagePlan, action: str, word: str) -> tuple[Command, ...]:
    names = plan.marked(action)
    if not names:
        return ()
    change = marking_change(plan, action, names, target=f"dnf versionlock {word}")
    argv = dnf_command.transact(settings, ("versionlock", word, *names))
    return (Command(argv, change, timeout=dnf_command.QUESTION_SECONDS),)
