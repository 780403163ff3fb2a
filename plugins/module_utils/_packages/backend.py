# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked of packages, what a package tool answers, and what every package tool must be able to do."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Callable, Protocol

from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Change

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Action
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Executor
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform

LOCK_TIMEOUT = 300
CACHE_VALID_TIME = 3600
HOLD = "hold"
UNHOLD = "unhold"
REINSTALL = "reinstall"


class State(Enum):
    """What the named packages shall be."""

    PRESENT = "present"
    LATEST = "latest"
    ABSENT = "absent"


class Upgrade(Enum):
    """Which packages besides the named ones are brought up to date."""

    NONE = "none"
    SECURITY = "security"
    ALL = "all"


@dataclass(frozen=True)
class PackageRequest:
    """What the user wants.

    `names` are logical names, native names, either of them perhaps with a version (`nginx=1.2-3`), and paths of package
    files. The packages in `hold` are kept at their version by whatever upgrade comes, those in `unhold` no longer.
    """

    names: tuple[str, ...] = ()
    state: State = State.PRESENT
    upgrade: Upgrade = Upgrade.NONE
    hold: tuple[str, ...] = ()
    unhold: tuple[str, ...] = ()
    autoremove: bool = False
    allow_downgrade: bool = False


@dataclass(frozen=True)
class Native:
    """A package by the name that this host's package tool knows it by.

    A package of one of the names in `instead` (real or virtual), installed already, does as well. With a `version`,
    nothing but that version does.
    """

    name: str
    instead: tuple[str, ...] = ()
    version: str = ""

    @property
    def spelled(self) -> str:
        """As a user would name it: `nginx`, or `nginx=1.2-3`."""
        return f"{self.name}={self.version}" if self.version else self.name


@dataclass(frozen=True)
class PackageChange:
    """One package that a transaction touches.

    `action` is install, upgrade, downgrade, reinstall, remove, hold or unhold; the last two leave the version as it is.
    """

    name: str
    action: str
    before: str | None
    after: str | None

    @property
    def is_marking(self) -> bool:
        """True for a change of what upgrades may do, which leaves the package itself as it is."""
        return self.action in (HOLD, UNHOLD)

    def to_json(self) -> dict[str, str | None]:
        """Shape: {name, action, from, to}; `from` or `to` is null where the package is not installed."""
        return {"name": self.name, "action": self.action, "from": self.before, "to": self.after}


@dataclass(frozen=True)
class Step:
    """One of several transactions: what the tool is told, and what that changes."""

    command: tuple[str, ...]
    changes: tuple[PackageChange, ...] = ()


@dataclass(frozen=True)
class PackagePlan:
    """One transaction, as the package tool itself has foretold it.

    `command` is what the tool must be told; `is_repair_needed` says that an interrupted one has to be finished first.
    `repositories` are those that have to be enabled for it (EPEL, CRB), and `notes` are sentences for the user about
    what the plan does not do and why.
    """

    changes: tuple[PackageChange, ...] = ()
    command: tuple[str, ...] = ()
    is_repair_needed: bool = False
    repositories: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()

    @property
    def is_empty(self) -> bool:
        """True where nothing is to be done."""
        return not (self.changes or self.is_repair_needed or self.repositories)

    @property
    def transaction(self) -> tuple[PackageChange, ...]:
        """The packages that get another version, come or go."""
        return tuple(change for change in self.changes if not change.is_marking)

    def marked(self, action: str) -> tuple[str, ...]:
        """The names to hold, or to hold no longer."""
        return tuple(change.name for change in self.changes if change.action == action)

    @property
    def installed_by_name(self) -> tuple[str, ...]:
        """The new packages that somebody asked for; the others came along with them."""
        named = {word.partition("=")[0] for word in self.command}
        return tuple(change.name for change in self.transaction if change.before is None and change.name in named)

    def to_json(self) -> list[dict[str, str | None]]:
        """Shape: [{name, action, from, to}], sorted by name."""
        return [change.to_json() for change in sorted(self.changes, key=lambda change: change.name)]

    def to_change(self, target: str) -> Change:
        """The whole transaction as one change: a line for each package, before and after."""
        ordered = sorted(self.transaction, key=lambda change: change.name)
        before = "\n".join(f"{change.name} {change.before or 'absent'}" for change in ordered)
        after = "\n".join(f"{change.name} {change.after or 'absent'}" for change in ordered)
        return Change("packages", target, before, after)


@dataclass(frozen=True)
class InstalledPackages:
    """What is installed: versions by name (`name` and `name:architecture`), and who provides which virtual name.

    `incomplete` are packages that an earlier transaction left half-way: neither installed nor absent. Of those,
    `damaged` have to be unpacked again, and `leaving` were being removed. `held` are the names of packages that no
    upgrade may touch, and `vital` are those that no removal may.
    """

    versions: Mapping[str, str] = field(default_factory=dict)
    provided: Mapping[str, str] = field(default_factory=dict)
    incomplete: Mapping[str, str] = field(default_factory=dict)
    held: frozenset[str] = frozenset()
    damaged: frozenset[str] = frozenset()
    leaving: frozenset[str] = frozenset()
    vital: frozenset[str] = frozenset()

    @property
    def present(self) -> Mapping[str, str]:
        """All that a removal can remove."""
        return {**self.incomplete, **self.versions}

    def satisfies(self, native: Native) -> bool:
        """True where the package, or one that does as well, is installed."""
        return self.that_satisfies(native) is not None

    def that_satisfies(self, native: Native) -> str | None:
        """The name of the installed package that is the one asked for, or does as well."""
        if native.version:
            return native.name if self.versions.get(native.name) == native.version else None
        names = (native.name, *native.instead)
        own = next((name for name in names if name in self.versions), None)
        return own or next((self.provided[name] for name in names if name in self.provided), None)


@dataclass(frozen=True)
class Clock:
    """Time as an input: the time of day, the time that passed, and waiting."""

    now: Callable[[], float] = time.time
    elapsed: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True)
class Surroundings:
    """What a package backend works with."""

    platform: Platform
    host: HostReader
    executor: Executor
    lock_timeout: float = LOCK_TIMEOUT
    cache_valid_time: float = CACHE_VALID_TIME
    install_recommends: bool = False
    may_enable_repositories: bool = True
    clock: Clock = field(default_factory=Clock)


class PackageBackend(Protocol):
    """A package tool."""

    def installed(self) -> InstalledPackages:
        """One query for all packages; asked again at each call."""

    def problems(self, request: PackageRequest) -> tuple[str, ...]:
        """What is wrong with the spelling of the names, one sentence each."""

    def plan(self, request: PackageRequest, wanted: tuple[Native, ...], installed: InstalledPackages) -> PackagePlan:
        """The transaction from the tool's own simulation. Raises BadInput for unknown names, Refused for harm.

        `wanted` is what the names of the request stand for here; `hold` and `unhold` are native names already.
        """

    def actions(self, plan: PackagePlan) -> tuple[Action, ...]:
        """The transaction as actions for the executor."""

    def run(self, plan: PackagePlan) -> None:
        """Carry the transaction out through the executor, waiting for other package tools to end."""

    def available(self, names: Iterable[str]) -> Mapping[str, str]:
        """The version that would be installed of each of the native names that the repositories have."""
