# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Packages for one run: what is missing, what a transaction would change, and carrying it out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import ActionFailed, BadInput
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
    CACHE_VALID_TIME,
    HOLD,
    LOCK_TIMEOUT,
    REINSTALL,
    Clock,
    State,
    Surroundings,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.names import first_natives, resolve
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.registry import backend_for
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.requests import (
    request_problems,
    waiting_problems,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Executor
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
        InstalledPackages,
        Native,
        PackageBackend,
        PackageChange,
        PackagePlan,
        PackageRequest,
    )
    from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform


class PackageSession:
    """All package work of one run; the list of installed packages is read once and again after a transaction."""

    def __init__(
        self,
        platform: Platform,
        host: HostReader,
        executor: Executor,
        *,
        lock_timeout: float = LOCK_TIMEOUT,
        cache_valid_time: float = CACHE_VALID_TIME,
        install_recommends: bool = False,
        may_enable_repositories: bool = True,
        clock: Clock | None = None,
    ) -> None:
        self._surroundings = Surroundings(
            platform=platform,
            host=host,
            executor=executor,
            lock_timeout=lock_timeout,
            cache_valid_time=cache_valid_time,
            install_recommends=install_recommends,
            may_enable_repositories=may_enable_repositories,
            clock=clock or Clock(),
        )
        self._own_backend: PackageBackend | None = None
        self._installed: InstalledPackages | None = None

    def installed(self) -> Mapping[str, str]:
        """The version of each installed package, by native name."""
        return self._now_installed().versions

    def missing(self, names: Iterable[str]) -> tuple[str, ...]:
        """The native names of those packages (given by logical or native name) that are not installed."""
        installed = self._now_installed()
        return tuple(native.name for native in self._natives(names) if not installed.satisfies(native))

    def resolved(self, names: Iterable[str], state: State = State.PRESENT) -> dict[str, list[str]]:
        """What each name stands for on this host."""
        resolved = resolve(names, self._surroundings.platform, state)
        return {name: [native.spelled for native in natives] for name, natives in resolved.items()}

    def available(self, names: Iterable[str]) -> Mapping[str, str]:
        """The version that would be installed, for those of the native names that the repositories have."""
        return self._backend.available(names)

    def candidate(self, name: str) -> str | None:
        """The version of a native package that would be installed; None when no repository has it."""
        return self.available((name,)).get(name)

    def plan(self, request: PackageRequest) -> PackagePlan:
        """What a transaction would change. Raises BadInput with every problem of the request in one message."""
        problems = (
            *request_problems(request),
            *waiting_problems(self._surroundings),
            *self._backend.problems(request),
        )
        if problems:
            raise BadInput(problems)
        platform = self._surroundings.platform
        hold, unhold = first_natives(request.hold, platform), first_natives(request.unhold, platform)
        wanted = self._natives(request.names, request.state)
        return self._backend.plan(replace(request, hold=hold, unhold=unhold), wanted, self._now_installed())

    def perform(self, plan: PackagePlan) -> None:
        """Carry the transaction out, then look whether it did what it foretold. Raises ActionFailed."""
        if plan.is_empty:
            return
        self._backend.run(plan)
        self._installed = None
        if not self._surroundings.executor.is_check_mode:
            self._verify(plan)

    @property
    def _backend(self) -> PackageBackend:
        """Chosen when it is first needed, because an audit must go on where there is none."""
        if self._own_backend is None:
            self._own_backend = backend_for(self._surroundings)
        return self._own_backend

    def _verify(self, plan: PackagePlan) -> None:
        installed = self._now_installed()
        wrong = [change for change in plan.changes if not _is_done(change, installed)]
        if wrong:
            found = "; ".join(_found(change, installed) for change in wrong)
            raise ActionFailed(f"The package tool reported success, but {found}. See its log on the host.")
        if plan.is_repair_needed and installed.incomplete:
            left = ", ".join(f"{name} {version}" for name, version in installed.incomplete.items() if ":" not in name)
            raise ActionFailed(
                f"The interrupted transaction is not finished: {left} is still there half-way. Install the package "
                "again from a file, or remove it by a call with `state: absent`."
            )

    def _now_installed(self) -> InstalledPackages:
        if self._installed is None:
            self._installed = self._backend.installed()
        return self._installed

    def _natives(self, names: Iterable[str], state: State = State.PRESENT) -> tuple[Native, ...]:
        resolved = resolve(names, self._surroundings.platform, state)
        natives = tuple(dict.fromkeys(native for natives in resolved.values() for native in natives))
        versioned = {native.name for native in natives if native.version}
        return tuple(native for native in natives if native.version or native.name not in versioned)


def _is_done(change: PackageChange, installed: InstalledPackages) -> bool:
    """A version that is newer than the foretold one, because the index was fetched in between, is fine."""
    if change.is_marking:
        return (change.name in installed.held) is (change.action == HOLD)
    if change.after is None:
        return change.name not in installed.present
    is_other = change.action == REINSTALL or installed.versions.get(change.name) != change.before
    return change.name in installed.versions and is_other


def _found(change: PackageChange, installed: InstalledPackages) -> str:
    if change.is_marking:
        return f"{change.name} is {'held' if change.name in installed.held else 'not held'}"
    return f"{change.name} is {installed.present.get(change.name, 'absent')}, not {change.after or 'absent'}"
