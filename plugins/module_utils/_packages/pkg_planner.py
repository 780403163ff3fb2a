# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One plan of pkg's to install and to upgrade: what is told, what pkg foretells, and what must not come of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import Refused
from ansible_collections.groundwork.python_host.plugins.module_utils._packages import pkg_notes, pkg_refusals
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
    PackageChange,
    PackagePlan,
    Step,
    Upgrade,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.holds import (
    hold_changes,
    refuse_change_of_held,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_catalogue import LATER
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_command import FORCE
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_names import is_base
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_request import Asked, itself, resolve
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_vulnerable import vulnerable_names
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_words import Summary, names_of

if TYPE_CHECKING:
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
        InstalledPackages,
        Native,
        PackageRequest,
        Surroundings,
    )
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_catalogue import Catalogue
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_simulation import Simulator


class PkgPlanner:
    """A request beside what is installed, with catalogues that are young enough."""

    def __init__(
        self,
        surroundings: Surroundings,
        catalogue: Catalogue,
        request: PackageRequest,
        *,
        installed: InstalledPackages,
        simulator: Simulator,
    ) -> None:
        self._surroundings = surroundings
        self._catalogue = catalogue
        self._request = request
        self._installed = installed
        self._simulator = simulator
        self._asked: tuple[Asked, ...] = ()
        self._reached: tuple[Asked, ...] = ()
        self._itself: tuple[Asked, ...] = ()
        self._is_forced = False

    def plan(self, natives: tuple[Native, ...], *, versioned: frozenset[str]) -> PackagePlan:
        """The transaction for these; `versioned` are packages that have the version asked for, and keep it.

        Raises BadInput for what cannot be had, Refused for harm.
        """
        self._asked = resolve(self._catalogue, natives, self._installed, host=self._surroundings.host)
        names = {one.native: one.name for one in self._asked}
        self._request = replace(self._request, hold=tuple(names.get(one, one) for one in self._request.hold))
        self._reached = tuple(Asked(name, name, self._installed.versions[name]) for name in sorted(versioned))
        self._refuse_held_and_older()
        self._prepare()
        upgrades = self._upgradable(versioned)
        if self._asked or upgrades:
            self._itself = itself(self._catalogue, self._installed, kept=self._kept)
        summary = self._foretold(upgrades)
        self._refuse(summary)
        marks = hold_changes(self._request, self._installed, transaction=summary.changes)
        command = self._command(tuple(name for name in upgrades if name in names_of(summary.changes)))
        steps = (Step(command, summary.changes),) if summary.changes else ()
        return PackagePlan(
            (*summary.changes, *marks), command if steps else (), steps=steps, notes=self._notes(summary)
        )

    @property
    def _held(self) -> frozenset[str]:
        return self._installed.held - set(self._request.unhold)

    @property
    def _kept(self) -> frozenset[str]:
        """What stays at its version: held, or there, to be held and not asked for."""
        asked = {one.name for one in self._asked}
        return self._held | {name for name in self._request.hold if name in self._installed.versions} - asked

    def _refuse_held_and_older(self) -> None:
        held = [one.name for one in self._asked if one.name in self._held]
        refuse_change_of_held(held, self._installed)
        older = [
            PackageChange(one.name, "downgrade", self._installed.versions[one.name], one.version)
            for one in self._asked
            if one.version and one.name in self._installed.versions
            if self._catalogue.order(self._installed.versions[one.name], one.version) == LATER
        ]
        self._is_forced = bool(older)
        if not self._request.allow_downgrade:
            pkg_refusals.refuse_older(older)

    def _prepare(self) -> None:
        """Have pkg foretell with the locks as they will be."""
        self._simulator.unlock(sorted(self._installed.held & set(self._request.unhold)))
        self._simulator.lock(sorted(self._kept - self._installed.held))

    def _upgradable(self, versioned: frozenset[str]) -> tuple[str, ...]:
        if self._request.upgrade is Upgrade.NONE:
            return ()
        left = {*versioned, *self._kept, *(one.name for one in self._asked)}
        names = [name for name in self._installed.versions if not is_base(name) and name not in left]
        if self._request.upgrade is Upgrade.SECURITY:
            vulnerable = vulnerable_names(self._surroundings)
            names = [name for name in names if name in vulnerable]
        if self._is_forced:
            # What is told with -f comes again in the version that it has.
            names = list(self._catalogue.outdated({name: self._installed.versions[name] for name in names}))
        return tuple(sorted(names))

    def _command(self, upgrades: tuple[str, ...]) -> tuple[str, ...]:
        """What pkg is told. What is installed keeps its mark as having come along with others in either way."""
        told = tuple(dict.fromkeys(one.word for one in (*self._itself, *self._asked) if one.name not in upgrades))
        if not self._asked:
            return ("upgrade", *told, *upgrades)
        return ("install", *((FORCE,) if self._is_forced else ()), *told, *upgrades)

    def _foretold(self, upgrades: tuple[str, ...]) -> Summary:
        """All of it; if that does harm, what is asked with as many of the upgrades as do none."""
        if not (self._asked or upgrades):
            return Summary()
        summary = self._simulator.foretell_if_possible(self._command(upgrades))
        if summary is not None and self._is_clean(summary):
            return summary
        if not upgrades:
            return self._simulator.foretell(self._command(()))
        if self._asked:
            self._refuse(self._simulator.foretell(self._command(())))
        accepted = self._accepted((), upgrades)
        return self._simulator.foretell(self._command(accepted)) if self._asked or accepted else Summary()

    def _accepted(self, accepted: tuple[str, ...], names: tuple[str, ...]) -> tuple[str, ...]:
        """Those that can be told as well, found by halves."""
        wider = (*accepted, *names)
        summary = self._simulator.foretell_if_possible(self._command(wider))
        if summary is not None and self._is_clean(summary):
            return wider
        if len(names) < 2:
            return accepted
        middle = len(names) // 2
        return self._accepted(self._accepted(accepted, names[:middle]), names[middle:])

    def _is_clean(self, summary: Summary) -> bool:
        try:
            self._refuse_harm(summary)
        except Refused:
            return False
        return True

    def _refuse(self, summary: Summary) -> None:
        self._refuse_harm(summary)
        pkg_refusals.refuse_without_room(self._surroundings.host, summary)

    def _refuse_harm(self, summary: Summary) -> None:
        pkg_refusals.refuse_other_removals(summary, ())
        pkg_refusals.refuse_held(summary, self._kept, self._installed)
        named = {one.name for one in self._asked}
        pkg_refusals.refuse_change_of_base(summary, named, self._installed)
        if not self._request.allow_downgrade:
            pkg_refusals.refuse_downgrades(summary)
        pkg_refusals.refuse_what_is_not_reached(summary, (*self._asked, *self._reached), self._installed)

    def _notes(self, summary: Summary) -> tuple[str, ...]:
        changed = names_of(summary.changes)
        return (
            *pkg_notes.of_itself((one for one in self._itself if one.name in changed), self._installed),
            *pkg_notes.of_files(self._asked),
            *pkg_notes.of_summary(summary),
            *pkg_notes.of_upgrade(self._catalogue, self._request, self._installed, changed=changed),
        )
