# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asking apt what it would do, with the very words of the transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._packages import apt_command
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_refusals import (
    refusal,
    refuse_mending_by_removal,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_simulation import (
    UNMET,
    parse_simulation,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_status import status_for_simulation
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_words import own_words

if TYPE_CHECKING:
    from collections.abc import Collection

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_index import Index
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_simulation import Planned
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
        InstalledPackages,
        PackageChange,
        Surroundings,
    )

MEND = ("install", "--fix-broken")


@dataclass(frozen=True)
class Foretold:
    """What apt would do when it is told the command; `mending` as in a plan."""

    command: tuple[str, ...] = ()
    planned: tuple[Planned, ...] = ()
    stdout: str = ""
    mending: tuple[str, ...] = ()


class Simulator:
    """apt's answers about one state of the host, in which the marks given are set already."""

    def __init__(
        self,
        surroundings: Surroundings,
        index: Index,
        *,
        installed: InstalledPackages,
        marks: tuple[PackageChange, ...] = (),
    ) -> None:
        self._surroundings = surroundings
        self._host = surroundings.host
        self._index = index
        self._installed = installed
        self._status = status_for_simulation(self._host, marks)

    def foretell(self, command: tuple[str, ...], *, named: Collection[str] = ()) -> Foretold:
        """apt's answer. Raises BadInput for what is not to be had, Refused for what apt cannot do.

        Where dependencies of installed packages are broken apt does nothing else until they are mended, so the
        command grows by what mends them.
        """
        result = self._result(command)
        if result.rc and UNMET.search(result.stderr):
            return self._mended(command, result, named)
        return self._foretold(command, result)

    def _mended(self, command: tuple[str, ...], broken: CommandResult, named: Collection[str]) -> Foretold:
        mending = self._foretold(MEND, self._result(MEND)).planned
        paragraph = broken.stdout.partition("unmet dependencies:")[2]
        refuse_mending_by_removal(mending, named, words=f"{own_words(broken.stderr)} {' '.join(paragraph.split())}")
        missing = tuple(one.change for one in mending if one.change.after is not None and not one.is_only_configured)
        grown = _grown(command, missing)
        foretold = self._foretold(grown, self._result(grown))
        return replace(foretold, mending=tuple(change.name for change in missing if change.name not in named))

    def _foretold(self, command: tuple[str, ...], result: CommandResult) -> Foretold:
        if result.rc:
            raise refusal(self._host, result, configuration=self._index.configuration, installed=self._installed)
        return Foretold(command, parse_simulation(result.stdout, self._installed), result.stdout)

    def _result(self, command: tuple[str, ...]) -> CommandResult:
        shared = apt_command.options(
            lock_timeout=self._surroundings.lock_timeout,
            install_recommends=self._surroundings.install_recommends,
            configuration=self._index.configuration,
        )
        argv = apt_command.simulate(shared, command, status=self._status)
        return self._host.query(argv, ok=(0, 100), timeout=apt_command.SIMULATION_SECONDS, env=apt_command.ENVIRONMENT)


def _grown(command: tuple[str, ...], missing: tuple[PackageChange, ...]) -> tuple[str, ...]:
    """An `install` is told the packages, a `remove` with the sign for the opposite; the others mend by themselves."""
    if command[0] == "install":
        return (*command, *(f"{change.name}={change.after}" for change in missing))
    if command[0] == "remove":
        return (*command, *(f"{change.name}+" for change in missing))
    return (command[0], "--fix-broken", *command[1:])
