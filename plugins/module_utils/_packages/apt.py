# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Packages on the Debian family, by dpkg-query, apt-get and apt-cache; no Python binding is needed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import ActionFailed
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Change, Command, Touches
from ansible_collections.groundwork.python_host.plugins.module_utils._packages import apt_command, apt_words
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_files import file_problem, read_file
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_index import Index
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_locks import (
    first_held,
    run_when_free,
    standard_error,
    wait_for_locks,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_names import (
    is_file,
    spelling_problem,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_refusals import (
    refusal,
    refuse_other_removals,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
    PackagePlan,
    State,
    Upgrade,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_words import Planned
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
        InstalledPackages,
        Native,
        PackageRequest,
        Surroundings,
    )

# A maintainer script may print much; what failed stands at the end.
MOST_WORDS = 2000
JOURNAL = "/var/lib/dpkg/updates"


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
        problems = (self._problem(name, request.state) for name in request.names)
        return tuple(dict.fromkeys(problem for problem in problems if problem))

    def plan(self, request: PackageRequest, wanted: tuple[Native, ...], installed: InstalledPackages) -> PackagePlan:
        """See PackageBackend. Where nothing can be different, apt is not even asked."""
        names = self._to_do(request, wanted, installed)
        if not names and request.upgrade is Upgrade.NONE:
            return PackagePlan()
        if not self._surroundings.executor.is_check_mode:
            wait_for_locks(self._surroundings)
        if request.state is not State.ABSENT:
            self._index.settle()
        command = self._command(request, names, installed)
        planned = self._simulate(command, installed) if command else ()
        refuse_other_removals(planned, names if request.state is State.ABSENT else ())
        changes = tuple(package.change for package in planned)
        return PackagePlan(changes, command, is_repair_needed=bool(changes) and self._is_interrupted())

    def actions(self, plan: PackagePlan) -> tuple[Command, ...]:
        """See PackageBackend."""
        commands = []
        if plan.is_repair_needed:
            change = Change("packages", "dpkg --configure -a", "interrupted", "configured")
            commands.append(_writing(apt_command.repair(), change))
        if plan.changes:
            change = plan.to_change(f"apt-get {plan.command[0]}")
            command = _writing(apt_command.transact(self._options(""), plan.command), change)
            commands.append(replace(command, touches=Touches(packages=plan.installed_by_name)))
        return tuple(commands)

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
        problem = spelling_problem(name, state)
        return file_problem(self._host, name) if is_file(name) and not problem else problem

    def _options(self, configuration: str) -> tuple[str, ...]:
        return apt_command.options(
            lock_timeout=self._surroundings.lock_timeout,
            install_recommends=self._surroundings.install_recommends,
            configuration=configuration,
        )

    def _to_do(
        self, request: PackageRequest, wanted: tuple[Native, ...], installed: InstalledPackages
    ) -> tuple[str, ...]:
        """The names that apt has to be told."""
        if request.state is State.ABSENT:
            return tuple(native.name for native in wanted if native.name in installed.present)
        if request.state is State.LATEST:
            return tuple(
                installed.that_satisfies(native) or native.name
                for native in wanted
                if not self._is_held_in(native, installed)
            )
        return tuple(native.name for native in wanted if not self._is_there(native, installed))

    def _is_there(self, native: Native, installed: InstalledPackages) -> bool:
        return self._is_held_in(native, installed) or installed.satisfies(native)

    def _is_held_in(self, native: Native, installed: InstalledPackages) -> bool:
        """True for a package file whose very version is installed."""
        package = read_file(self._host, native.name) if is_file(native.name) else None
        return package is not None and package.is_in(installed)

    def _command(
        self, request: PackageRequest, names: tuple[str, ...], installed: InstalledPackages
    ) -> tuple[str, ...]:
        if request.state is State.ABSENT:
            return ("remove", *names)
        if request.upgrade is Upgrade.ALL:
            return ("upgrade", "--with-new-pkgs", *names)
        if request.upgrade is Upgrade.SECURITY:
            pinned = self._security_updates(installed)
            return ("install", *pinned, *names) if pinned or names else ()
        return ("install", *names)

    def _security_updates(self, installed: InstalledPackages) -> tuple[str, ...]:
        """The updates that a security archive offers, each pinned to that version.

        A version from elsewhere may be newer and hide the security archive's own; where the archive can be made the
        preferred one, it is.
        """
        suite = f"{self._surroundings.platform.codename}-security"
        preferred = ("-t", suite) if self._index.has_suite(suite) else ()
        planned = self._simulate(("upgrade", "--with-new-pkgs", *preferred), installed)
        return tuple(
            f"{package.change.name}={package.change.after}"
            for package in planned
            if package.is_security and package.change.action == "upgrade"
        )

    def _simulate(self, command: tuple[str, ...], installed: InstalledPackages) -> tuple[Planned, ...]:
        argv = apt_command.simulate(self._options(self._index.configuration), command)
        timeout = apt_command.SIMULATION_SECONDS
        result = self._host.query(argv, ok=(0, 100), timeout=timeout, env=apt_command.ENVIRONMENT)
        if result.rc:
            raise refusal(self._host, result, configuration=self._index.configuration)
        return apt_words.parse_simulation(result.stdout, installed)

    def _is_interrupted(self) -> bool:
        """True where dpkg was stopped half-way; a dpkg that is still at work keeps the same journal."""
        return bool(self._host.listdir(JOURNAL)) and first_held(self._host) is None


def _writing(argv: tuple[str, ...], change: Change) -> Command:
    return Command(argv, change, timeout=apt_command.TRANSACTION_SECONDS, env=apt_command.ENVIRONMENT)


def _failure(change: Change | None, stderr: str) -> str:
    target, words = change.target if change else "apt-get", " ".join(stderr.split())[-MOST_WORDS:]
    return (
        f"{target} has failed. It says: {words} (Once the cause is gone, run again: what was left half-way is then "
        "finished first. If a package file was not found, the index is out of date: set cache_valid_time to 0.)"
    )
