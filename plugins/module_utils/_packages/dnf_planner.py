# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One plan of dnf: what is to be repaired, what the simulation says, and what must not come of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._packages import (
    dnf_command,
    dnf_notes,
    dnf_repair,
    dnf_request,
    dnf_words,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
    PackagePlan,
    State,
    Upgrade,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.disk_space import refuse_when_full
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_holds import private_configuration
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_private import CACHE
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_simulation import Simulation
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.holds import (
    hold_changes,
    refuse_change_of_held,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.rpm_files import is_installed
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.rpm_words import change_name

if TYPE_CHECKING:
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
        InstalledPackages,
        Native,
        PackageChange,
        PackageRequest,
    )
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_repair import Repair
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_simulation import Simulator

# Most of what a package brings lies below it; rpm itself counts to the byte, before it changes anything. dnf tells the
# size only of a transaction that neither upgrades nor removes (dnf/cli/cli.py); rpm alone judges the others.
PROGRAMS = "/usr"


class DnfPlanner:
    """A request beside what is installed."""

    def __init__(
        self, simulator: Simulator, request: PackageRequest, wanted: tuple[Native, ...], installed: InstalledPackages
    ) -> None:
        self._simulator = simulator
        self._request = request
        self._wanted = wanted
        self._installed = installed
        others = (native for native in wanted if not is_installed(simulator.host, native.name, installed))
        self._names = dnf_request.names_to_tell(request, others, installed)
        self._versions = {native.name: native.version for native in wanted}

    @property
    def is_idle(self) -> bool:
        """True where no transaction is asked for: all that is named is as it shall be."""
        return not self._names and self._request.upgrade is Upgrade.NONE and not self._request.autoremove

    def marks(self) -> PackagePlan:
        """Where no transaction is asked for: what is to be held and let go."""
        return PackagePlan(hold_changes(self._request, self._installed, transaction=()))

    def plan(self) -> PackagePlan:
        """Raises BadInput for unknown names, Refused for harm, HostError for a repository that cannot be used."""
        repair = dnf_repair.repair(
            self._simulator, self._installed, removed=self._named_to_go, wanted=self._named_to_stay
        )
        if not repair.leaves_others:
            return self._plan_after(repair)
        left = dnf_repair.left_by(repair, self._installed)
        after = DnfPlanner(self._simulator, self._request, self._wanted, left)
        if not after.is_idle:
            dnf_repair.simulate_after(repair, self._simulator, left)
        return after._plan_after(repair)

    def _plan_after(self, repair: Repair) -> PackagePlan:
        """The plan of a request beside what a repair has left."""
        command = self._command(self._names_at_their_newest(repair))
        simulation = self._simulated(command, repair) if command else Simulation()
        foretold = dnf_words.planned(simulation.rows, self._installed)
        changes = tuple(change for change in foretold if not repair.brings(change))
        self._refuse(changes, simulation)
        marks = hold_changes(self._request, self._installed, transaction=changes)
        changed = {change.name for change in changes}
        steps = repair.but_for(changed).steps()
        repaired = tuple(change for step in steps for change in step.changes if change.name not in changed)
        return PackagePlan(
            (*repaired, *changes, *marks),
            command if changes else (),
            is_repair_needed=bool(steps),
            repositories=simulation.repositories if changes else (),
            notes=tuple(dict.fromkeys([*self._simulator.notes, *self._notes(simulation, changes)])),
            steps=steps,
        )

    def _names_at_their_newest(self, repair: Repair) -> tuple[str, ...]:
        """The names to tell dnf: for the latest of them beside an upgrade, each with the version that this comes to.

        The upgrade takes what can be had, and dnf would be content with that for the names as well.
        """
        is_strict = self._request.state is State.LATEST and self._request.upgrade is not Upgrade.NONE
        if not (is_strict and self._names):
            return self._names
        alone = DnfPlanner(self._simulator, replace(self._request, upgrade=Upgrade.NONE), self._wanted, self._installed)
        simulation = alone._simulated(alone._command(self._names), repair)
        newest = {change.name: change.after for change in dnf_words.planned(simulation.rows, self._installed)}
        versions = {name: newest.get(self._shown(name)) for name in self._names}
        return tuple(f"{name}={version}" if version else name for name, version in versions.items())

    def _command(self, names: tuple[str, ...]) -> tuple[str, ...]:
        command = dnf_request.command(self._request, names)
        chosen = (*dnf_request.options(self._request), *dnf_request.excluding((*self._kept(), *self._chosen())))
        return dnf_command.with_options(chosen, command)

    @property
    def _named_to_go(self) -> frozenset[str]:
        return frozenset(self._names if self._request.state is State.ABSENT else ())

    @property
    def _named_to_stay(self) -> frozenset[str]:
        """What is asked for, or to be held, under the names that a plan has for it."""
        wanted = () if self._request.state is State.ABSENT else self._wanted
        names = (self._installed.that_satisfies(native) or native.name for native in wanted)
        return frozenset((*map(self._shown, names), *self._request.hold))

    @property
    def _held(self) -> frozenset[str]:
        return self._installed.held - set(self._request.unhold)

    def _simulated(self, command: tuple[str, ...], repair: Repair) -> Simulation:
        """With the locks as they will be, but without those of what is named: whether it would change shall be seen."""
        let_go = self._installed.held & (set(self._request.unhold) | set(self._versions))
        more: tuple[str, ...] = ()
        if let_go:
            directory = private_configuration(self._simulator.host, let_go, self._installed.versions)
            more = (f"--setopt=pluginconfpath={directory}",)
        whole = dnf_repair.with_brought(repair, command, removed=self._named_to_go)
        return self._simulator.simulate(whole, *more, held=bool(self._held))

    def _kept(self) -> tuple[str, ...]:
        """What is to be held at the version that it has; what is not there may yet come along with another package."""
        free = set(self._installed.versions) - self._installed.held - set(self._versions)
        return tuple(name for name in self._request.hold if name in free)

    def _chosen(self) -> tuple[str, ...]:
        """What has the version asked for already: neither an upgrade nor another package takes it further."""
        versioned = ((name, version) for name, version in self._versions.items() if version)
        return tuple(name for name, version in versioned if f"{name}={version}" not in self._names)

    def _refuse(self, changes: tuple[PackageChange, ...], simulation: Simulation) -> None:
        refuse_change_of_held((change.name for change in changes if change.name in self._held), self._installed)
        dnf_request.refuse_downgrade(changes, self._request)
        dnf_request.refuse_other_removals(changes, allowed=self._removable(simulation))
        sizes = dict(simulation.sizes)
        wanted = {CACHE: sizes.get("Total download size", 0), PROGRAMS: sizes.get("Installed size", 0)}
        refuse_when_full(self._simulator.host, wanted)

    def _removable(self, simulation: Simulation) -> set[str]:
        """What may go: what is named, what is unused if that was asked for, and old ones of several versions."""
        named = self._named_to_go
        others = (dnf_request.may_go(row, self._request, self._installed, named=named) for row in simulation.rows)
        # A plan leaves out the host's own architecture, which a user may have written.
        shown = {self._shown(name) for name in named}
        return set(named.union(shown, *others))

    def _shown(self, name: str) -> str:
        bare, architecture = dnf_command.by_architecture(name)
        return change_name(bare, architecture, self._installed) if architecture else name

    def _notes(self, simulation: Simulation, changes: tuple[PackageChange, ...]) -> tuple[str, ...]:
        host = self._simulator.host
        cache = self._simulator.cache
        return (
            *(dnf_notes.of_table(simulation.rows, host) if simulation.rows else ()),
            *dnf_notes.of_files(self._names, host),
            *dnf_notes.of_downgrades(self._request, changes),
            *dnf_notes.of_upgrade(self._request, self._installed, host, cache=cache),
        )
