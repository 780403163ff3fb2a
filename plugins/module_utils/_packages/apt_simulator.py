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


@dataclass(frozen=True)
class Foretold:
    """What apt would do when it is told the command, and before it, where dependencies are broken, when told MEND."""

    command: tuple[str, ...] = ()
    planned: tuple[Planned, ...] = ()
    stdout: str = ""
    mending: tuple[Planned, ...] = ()


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
        self._marks = marks
        self._status = status_for_simulation(self._host, marks)
        self._mending: tuple[Planned, ...] = ()

    def foretell(self, command: tuple[str, ...], *, named: Collection[str] = ()) -> Foretold:
        """apt's answer. Raises BadInput for what is not to be had, Refused for what apt cannot do.

        Where dependencies of installed packages are broken, apt does nothing else until they are mended, by a
        transaction of its own; the answer is then about the host as that leaves it.
        """
        result = self._result(command)
        if result.rc and UNMET.search(result.stderr) and not self._mending:
            self._mend(result, named)
            result = self._result(command)
        mended = {package.change.name for package in self._mending}
        planned = tuple(package for package in self._planned(result) if package.change.name not in mended)
        return Foretold(command, planned, result.stdout, self._mending)

    def _mend(self, broken: CommandResult, named: Collection[str]) -> None:
        planned = self._planned(self._result(MEND))
        paragraph = broken.stdout.partition("unmet dependencies:")[2]
        refuse_mending_by_removal(planned, named, words=f"{own_words(broken.stderr)} {' '.join(paragraph.split())}")
        self._mending = tuple(one for one in planned if one.change.after is not None and not one.is_only_configured)
        asked = [f"{package.change.name}={package.change.after}" for package in self._mending]
        shown = self._host.query(apt_command.cache(self._index.configuration, "show", *asked)) if asked else None
        self._status = status_for_simulation(self._host, self._marks, brought=shown.stdout if shown else "")

    def _planned(self, result: CommandResult) -> tuple[Planned, ...]:
        if result.rc:
            raise refusal(self._host, result, configuration=self._index.configuration, installed=self._installed)
        return parse_simulation(result.stdout, self._installed)

    def _result(self, command: tuple[str, ...]) -> CommandResult:
        shared = apt_command.options(
            lock_timeout=self._surroundings.lock_timeout,
            install_recommends=self._surroundings.install_recommends,
            configuration=self._index.configuration,
        )
        argv = apt_command.simulate(shared, command, status=self._status)
        return self._host.query(argv, ok=(0, 100), timeout=apt_command.SIMULATION_SECONDS, env=apt_command.ENVIRONMENT)
