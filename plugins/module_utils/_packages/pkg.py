# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Packages on FreeBSD, by pkg 2; no Python binding is needed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import (
    ActionFailed,
    BadInput,
    HostError,
    Refused,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Command, Touches
from ansible_collections.groundwork.python_host.plugins.module_utils._packages import (
    pkg_bootstrap,
    pkg_command,
    pkg_words,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
    HOLD,
    UNHOLD,
    InstalledPackages,
    PackagePlan,
    State,
    Upgrade,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.holds import (
    hold_changes,
    marking_change,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_catalogue import Catalogue
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_errors import (
    failure,
    killed,
    own_words,
    was_killed,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_files import file_problem
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_locks import (
    Overtaken,
    query_when_free,
    run_when_free,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_names import SPELLING
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_planner import PkgPlanner
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_removal import removal
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_request import local_name, pending
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_simulation import Simulator
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.spelling import is_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
        Native,
        PackageRequest,
        Step,
        Surroundings,
    )

# The commands that run a package's last script.
COMING = ("pkg install", "pkg upgrade")


class PkgBackend:
    """Implements PackageBackend."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self._host = surroundings.host
        self._catalogue = Catalogue(surroundings)

    def installed(self) -> InstalledPackages:
        """See PackageBackend."""
        if not pkg_bootstrap.is_there(self._host):
            return InstalledPackages()
        result = query_when_free(
            self._surroundings, pkg_words.QUERY, ok=pkg_command.FOUND_OR_NOT, timeout=pkg_command.QUESTION_SECONDS
        )
        if result.rc and result.stderr.strip():
            raise HostError(f"pkg does not tell what is installed. It says: {own_words(result.stderr)}")
        return pkg_words.parse_installed(result.stdout)

    def problems(self, request: PackageRequest) -> tuple[str, ...]:
        """See PackageBackend."""
        names = (self._problem(name, request.state) for name in request.names)
        marks = (SPELLING.mark_problem(name) for name in (*request.hold, *request.unhold))
        return tuple(dict.fromkeys(problem for problem in (*names, *marks) if problem))

    def plan(self, request: PackageRequest, wanted: tuple[Native, ...], installed: InstalledPackages) -> PackagePlan:
        """See PackageBackend. Where nothing can be different, pkg is not even asked."""
        request = _by_name(request, installed)
        natives = pending(self._host, request, wanted, installed)
        if not natives and request.upgrade is Upgrade.NONE and not request.autoremove:
            return PackagePlan(hold_changes(request, installed, transaction=()))
        if not pkg_bootstrap.is_there(self._host):
            return self._first_plan(request, wanted)
        simulator = Simulator(self._surroundings, self._catalogue)
        if request.state is State.ABSENT or request.autoremove:
            names = tuple(dict.fromkeys(filter(None, (local_name(native, installed) for native in natives))))
            return removal(simulator, request, names, installed=installed)
        self._catalogue.settle()
        planner = PkgPlanner(self._surroundings, self._catalogue, request, installed=installed, simulator=simulator)
        reached = (local_name(native, installed) for native in wanted if native.version and native not in natives)
        return planner.plan(natives, versioned=frozenset(filter(None, reached)))

    def actions(self, plan: PackagePlan) -> tuple[Command, ...]:
        """See PackageBackend."""
        changed = {change.name for change in plan.transaction}
        held = plan.marked(HOLD)
        return (
            *self._marking(plan, UNHOLD, plan.marked(UNHOLD)),
            *self._marking(plan, HOLD, (name for name in held if name not in changed)),
            *(self._transaction(step) for step in plan.steps),
            *self._marking(plan, HOLD, (name for name in held if name in changed)),
        )

    def run(self, plan: PackagePlan) -> None:
        """See PackageBackend."""
        for command in self.actions(plan):
            try:
                run_when_free(self._surroundings, command)
            except Overtaken:
                raise
            except ActionFailed as error:
                raise ActionFailed(self._told(plan, command, error)) from error

    def available(self, names: Iterable[str]) -> Mapping[str, str]:
        """See PackageBackend: one `pkg rquery` for all names, which may be origins."""
        asked = tuple(dict.fromkeys(names))
        if not asked or not pkg_bootstrap.is_there(self._host):
            return {}
        self._catalogue.settle()
        versions: dict[str, list[str]] = {}
        for offer in self._catalogue.offers(asked):
            for name in (offer.name, offer.origin):
                versions.setdefault(name, []).append(offer.version)
        return {name: self._catalogue.newest(versions[name]) for name in asked if name in versions}

    def _told(self, plan: PackagePlan, command: Command, error: ActionFailed) -> str:
        """Why the command has failed; after a kill, what is there of the packages that were to come."""
        target = command.change.target if command.change else "pkg"
        if target not in COMING or not was_killed(error):
            return failure(target, error)
        versions = self.installed().versions
        came = [one.name for one in plan.transaction if one.after and versions.get(one.name) == one.after]
        return killed(target, error, came=came)

    def _problem(self, name: str, state: State) -> str:
        problem = SPELLING.problem(name, state)
        return file_problem(self._host, name) if is_file(name) and not problem else problem

    def _first_plan(self, request: PackageRequest, wanted: tuple[Native, ...]) -> PackagePlan:
        """The plan of a host without pkg: in check mode a guess, otherwise pkg is got first."""
        if request.state is State.ABSENT or request.autoremove:
            return PackagePlan()
        pkg_bootstrap.bootstrap(self._surroundings)
        if self._surroundings.executor.is_check_mode:
            return pkg_bootstrap.after_bootstrap(pkg_bootstrap.foretold(request, wanted), pkg_bootstrap.NEWEST)
        installed = self.installed()
        if not pkg_bootstrap.is_there(self._host) or "pkg" not in installed.versions:
            raise Refused("Nothing was changed: `pkg bootstrap` has reported success, and pkg is not there.")
        try:
            problems = self.problems(request)
            if problems:
                raise BadInput(problems)
            plan = self.plan(request, wanted, installed)
        except (BadInput, Refused) as error:
            raise pkg_bootstrap.refusal(error) from error
        return pkg_bootstrap.after_bootstrap(plan, installed.versions["pkg"])

    def _transaction(self, step: Step) -> Command:
        settings = pkg_command.patience(self._surroundings.lock_timeout)
        plan = PackagePlan(step.changes, step.command)
        return Command(
            pkg_command.transact(settings, step.command),
            plan.to_change(f"pkg {step.command[0]}"),
            timeout=pkg_command.TRANSACTION_SECONDS + self._surroundings.lock_timeout,
            touches=Touches(packages=plan.installed_by_name),
        )

    def _marking(self, plan: PackagePlan, action: str, names: Iterable[str]) -> tuple[Command, ...]:
        """One command for each package: pkg takes no more than one."""
        settings = pkg_command.patience(self._surroundings.lock_timeout)
        verb = "lock" if action == HOLD else "unlock"
        return tuple(
            Command(
                pkg_command.mark(settings, verb, name),
                marking_change(plan, action, (name,), target=f"pkg {verb}"),
                timeout=pkg_command.QUESTION_SECONDS + self._surroundings.lock_timeout,
            )
            for name in names
        )


def _by_name(request: PackageRequest, installed: InstalledPackages) -> PackageRequest:
    """The request with the names of installed packages for origins that are to be held or let go."""

    def named(origins: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(installed.provided.get(one, one) for one in origins)

    return replace(request, hold=named(request.hold), unhold=named(request.unhold))
