# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a request leaves to do on the Debian family, before apt is asked anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_files import read_file
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
    HOLD,
    UNHOLD,
    PackageChange,
    State,
    Upgrade,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.spelling import is_file

if TYPE_CHECKING:
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
        InstalledPackages,
        Native,
        PackageRequest,
    )


# dpkg removes what is only half unpacked when it is told to, and not otherwise.
REMOVE_PIECES = ("-o", "Dpkg::Options::=--force-remove-reinstreq")


@dataclass(frozen=True)
class Task:
    """A request beside what is installed.

    `names` are those that apt has to be told, `wanted` what the request names on the whole.
    """

    request: PackageRequest
    installed: InstalledPackages
    wanted: tuple[Native, ...]
    names: tuple[str, ...]
    early_marks: tuple[PackageChange, ...]

    @property
    def is_removal(self) -> bool:
        """True where what is named shall go."""
        return self.request.state is State.ABSENT

    @property
    def is_idle(self) -> bool:
        """True where no transaction is asked for: all that is named is as it shall be."""
        return not self.names and self.request.upgrade is Upgrade.NONE and not self.request.autoremove

    @property
    def words(self) -> tuple[str, ...]:
        """The names in apt's spelling, with what they are allowed."""
        return (*self.allowances, *map(spelled_for_apt, self.names)) if self.names else ()

    @property
    def allowances(self) -> tuple[str, ...]:
        """The options that let apt do to what is named what it would not do by itself."""
        if self.is_removal:
            return REMOVE_PIECES if self.installed.damaged & set(self.names) else ()
        return ("--allow-downgrades",) if self.request.allow_downgrade else ()

    @property
    def removable(self) -> tuple[str, ...]:
        """What a transaction may remove."""
        return self.names if self.is_removal else ()

    @property
    def unwanted(self) -> frozenset[str]:
        """What must not come along with anything."""
        return frozenset(native.name for native in self.wanted) if self.is_removal else frozenset()

    @property
    def versions(self) -> dict[str, str]:
        """The versions that were asked for, by name."""
        return {native.name: native.version for native in self.wanted if native.version}

    @property
    def held(self) -> frozenset[str]:
        """What is held while the transaction goes on."""
        return (self.installed.held | set(self.request.hold)) - set(self.request.unhold)

    @property
    def to_unpack_again(self) -> tuple[str, ...]:
        """What an interrupted transaction has left in pieces, as apt is told it.

        What was being removed and is wanted after all belongs to it.
        """
        spelled = {native.name: native.spelled for native in self.wanted if not self.is_removal}
        wanted = (name for name in _each_once(self.installed.leaving) if name in spelled)
        damaged = (name for name in _each_once(self.installed.damaged) if name not in self.removable)
        return tuple(spelled.get(name, name) for name in (*damaged, *wanted))

    @property
    def to_remove_whole(self) -> tuple[str, ...]:
        """What an interrupted transaction was about to remove, and what the request does not name."""
        named = {native.name for native in self.wanted}
        return tuple(name for name in _each_once(self.installed.leaving) if name not in named)


def spelled_for_apt(name: str) -> str:
    """A name, perhaps with a version, of which a plus at the end is its own only where another one follows.

    A single one means "install" to apt.
    """
    return f"{name}+" if "=" in name and name.endswith("+") else name


def task_of(
    host: HostReader, request: PackageRequest, wanted: tuple[Native, ...], installed: InstalledPackages
) -> Task:
    """What is left to do for the request."""
    named = {native.name for native in wanted}
    names = _names(host, request, wanted, installed)
    return Task(request, installed, wanted, names, _early_marks(request, installed, named))


def _names(
    host: HostReader, request: PackageRequest, wanted: tuple[Native, ...], installed: InstalledPackages
) -> tuple[str, ...]:
    if request.state is State.ABSENT:
        return tuple(native.name for native in wanted if native.name in installed.present)
    others = tuple(native for native in wanted if not _is_in_file(host, native, installed))
    if request.state is State.LATEST:
        return tuple(installed.that_satisfies(native) or native.name for native in others)
    missing = [native for native in others if not installed.satisfies(native)]
    # A version that is there and was asked for has to be told as well: an upgrade would go beyond it, and so might what
    # a missing package needs.
    told = missing or request.upgrade is not Upgrade.NONE
    return tuple(native.spelled for native in others if native in missing or (native.version and told))


def _each_once(names: frozenset[str]) -> tuple[str, ...]:
    """Without the spelling `name:architecture` of packages that go by their bare names, too."""
    return tuple(
        sorted(name for name in names if name.partition(":")[0] == name or name.partition(":")[0] not in names)
    )


def _is_in_file(host: HostReader, native: Native, installed: InstalledPackages) -> bool:
    """True for a package file whose very version is installed."""
    package = read_file(host, native.name) if is_file(native.name) else None
    return package is not None and package.is_in(installed)


def _early_marks(request: PackageRequest, installed: InstalledPackages, named: set[str]) -> tuple[PackageChange, ...]:
    """Those that are set before the transaction, so that its simulation must know them.

    What is named is held only after it, at the version that it gets.
    """
    kept = (name for name in request.hold if name in installed.versions and name not in named | installed.held)
    let_go = (name for name in request.unhold if name in installed.held)
    return (
        *(PackageChange(name, HOLD, None, None) for name in kept),
        *(PackageChange(name, UNHOLD, None, None) for name in let_go),
    )
