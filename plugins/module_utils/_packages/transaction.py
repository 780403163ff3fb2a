# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Packages for one run: what is missing, what a transaction would change, and carrying it out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import ActionFailed, BadInput
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
    CACHE_VALID_TIME,
    LOCK_TIMEOUT,
    Clock,
    PackagePlan,
    PackageRequest,
    State,
    Surroundings,
    Upgrade,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.names import resolve
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.registry import backend_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Executor
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
        InstalledPackages,
        Native,
        PackageBackend,
        PackageChange,
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
        clock: Clock | None = None,
    ) -> None:
        self._surroundings = Surroundings(
            platform=platform,
            host=host,
            executor=executor,
            lock_timeout=lock_timeout,
            cache_valid_time=cache_valid_time,
            install_recommends=install_recommends,
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
        return {name: [native.name for native in natives] for name, natives in resolved.items()}

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
        return self._backend.plan(request, self._natives(request.names, request.state), self._now_installed())

    def perform(self, plan: PackagePlan) -> None:
        """Carry the transaction out, then look whether it did what it foretold. Raises ActionFailed."""
        if not plan.changes:
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
            found = (f"{c.name} is {installed.present.get(c.name, 'absent')}, not {c.after or 'absent'}" for c in wrong)
            raise ActionFailed(f"The package tool reported success, but {'; '.join(found)}. See its log on the host.")

    def _now_installed(self) -> InstalledPackages:
        if self._installed is None:
            self._installed = self._backend.installed()
        return self._installed

    def _natives(self, names: Iterable[str], state: State = State.PRESENT) -> tuple[Native, ...]:
        resolved = resolve(names, self._surroundings.platform, state)
        return tuple(dict.fromkeys(native for natives in resolved.values() for native in natives))


def _is_done(change: PackageChange, installed: InstalledPackages) -> bool:
    """A version that is newer than the foretold one, because the index was fetched in between, is fine."""
    if change.after is None:
        return change.name not in installed.present
    return change.name in installed.versions and installed.versions[change.name] != change.before


def request_problems(request: PackageRequest) -> tuple[str, ...]:
    """What is wrong with a request as a whole, on whatever system."""
    problems = []
    if not request.names and request.upgrade is Upgrade.NONE:
        problems.append("name is empty and upgrade is none, so there is nothing to do: name a package or set upgrade")
    if request.state is State.ABSENT and request.upgrade is not Upgrade.NONE:
        problems.append("state absent and upgrade exclude one another: make two calls of them")
    return tuple(problems)


def waiting_problems(surroundings: Surroundings) -> tuple[str, ...]:
    """What is wrong with the times, one sentence each."""
    seconds = {"lock_timeout": surroundings.lock_timeout, "cache_valid_time": surroundings.cache_valid_time}
    return tuple(f"{name} is {value:g}, expected 0 or more seconds" for name, value in seconds.items() if value < 0)
