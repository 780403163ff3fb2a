# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a transaction that was cut off has left behind, and how dnf finishes it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._packages import dnf_command
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
    REINSTALL,
    PackageChange,
    Step,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_errors import refusal
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_history import (
    unfinished,
    was_killed,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_request import (
    excluding,
    refuse_other_removals,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_simulation import is_refused
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_words import parse_table, planned
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.rpm_database import installed_now
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.rpm_words import (
    change_name,
    leftovers,
)

if TYPE_CHECKING:
    from collections.abc import Collection

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import InstalledPackages
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_simulation import Simulator

DUPLICATES = ("remove", "--duplicates")
NO_DUPLICATES = "No duplicated packages found"


@dataclass(frozen=True)
class Repair:
    """What has to be put in order before anything else.

    `doubled` are the packages that an upgrade has left in two versions, and what dnf changes beside them; `unfinished`
    are those that dnf was installing when it was killed, and `gone` those that it was removing.
    """

    doubled: tuple[PackageChange, ...] = ()
    unfinished: tuple[PackageChange, ...] = ()
    gone: tuple[PackageChange, ...] = ()

    @property
    def leaves_others(self) -> bool:
        """True where other packages, or other versions of them, are installed afterwards."""
        return bool(self.doubled or self.gone)

    @property
    def brought(self) -> tuple[PackageChange, ...]:
        """What comes with it in another version: something that needs an older version is brought up to date."""
        return tuple(change for change in self.doubled if change.after and change.action != REINSTALL)

    def brings(self, change: PackageChange) -> bool:
        """True where the package has that version, or is gone, once the repair is made."""
        return any((one.name, one.after) == (change.name, change.after) for one in self.doubled)

    def but_for(self, changed: Collection[str]) -> Repair:
        """Without what gets another version, or goes, afterwards: it is not installed again for that.

        Of a doubled package the older version has to go first all the same, because dnf was asked about the host as
        that leaves it.
        """
        return replace(self, unfinished=tuple(change for change in self.unfinished if change.name not in changed))

    def steps(self) -> tuple[Step, ...]:
        """What dnf must be told."""
        gone = ("remove", *map(_specification, self.gone))
        again = ("reinstall", *map(_specification, self.unfinished))
        steps = (Step(DUPLICATES, self.doubled), Step(gone, self.gone), Step(again, self.unfinished))
        return tuple(step for step in steps if step.changes)


def repair(
    simulator: Simulator, installed: InstalledPackages, *, removed: Collection[str], wanted: Collection[str]
) -> Repair:
    """What has to be put in order, but for packages that are to be removed anyway.

    A package of which an upgrade left the older version beside the newer one gets rid of it. One that was being
    installed when dnf was killed is installed again, because nobody knows whether its scripts have run. One that was
    being removed goes; it is installed again where it is wanted, or where something else would go with it.
    """
    doubled = _of_doubled(simulator, installed, removed=removed)
    if not was_killed(simulator):
        return Repair(doubled)
    others = {*removed, *(change.name for change in doubled)}
    left = [change for change in unfinished(simulator, installed) if change.name not in others]
    to_go = [change for change in left if change.after is None and change.name not in wanted]
    gone = _removable(simulator, to_go, installed)
    again = [replace(change, action=REINSTALL, after=change.before) for change in left if change not in gone]
    return Repair(doubled, _available(simulator, again, installed), gone)


def left_by(made: Repair, installed: InstalledPackages) -> InstalledPackages:
    """What is installed after the repair."""
    names = {change.name for change in made.doubled}
    gone = {change.name for change in made.gone}
    versions = {**installed.versions, **{change.name: change.after for change in made.doubled if change.after}}
    return replace(
        installed,
        versions={key: version for key, version in versions.items() if _without_own(key, installed) not in gone},
        provided={what: name for what, name in installed.provided.items() if name not in gone},
        incomplete={name: version for name, version in installed.incomplete.items() if name not in names},
    )


def simulate_after(made: Repair, simulator: Simulator, installed: InstalledPackages) -> None:
    """Have dnf judge by the host as the repair will leave it: the older versions neither stand for anything nor last.

    A version that is there now and in no repository is not to be had any more once it has gone.
    """
    doubled, gone = {change.name for change in made.doubled}, {change.name for change in made.gone}
    packages = installed_now(simulator.host)
    older = (one for one in leftovers(packages) if change_name(one.name, one.architecture, installed) in doubled)
    others = (one for one in packages if change_name(one.name, one.architecture, installed) in gone)
    simulator.forget(one.label for one in (*older, *others))


def with_brought(made: Repair, command: tuple[str, ...], *, removed: Collection[str]) -> tuple[str, ...]:
    """The command to simulate, together with what the repair will have brought by then, in just that version.

    What is to be removed goes whatever version it has; what is to be held is held at the version that was brought.
    """
    brought = tuple(change for change in made.brought if change.name not in removed)
    if not brought:
        return command
    excluded = excluding(change.name for change in brought)
    others = tuple(word for word in command if word not in excluded)
    return dnf_command.before(("install", *map(_specification, brought)), others)


def _of_doubled(
    simulator: Simulator, installed: InstalledPackages, *, removed: Collection[str]
) -> tuple[PackageChange, ...]:
    """The doubled packages that dnf would put in order, and what it would change beside them.

    Something that needs an older version is brought up to date with it. Of what dnf.conf lists as installonlypkgs there
    may be several for good.
    """
    doubled = {name: version for name, version in installed.incomplete.items() if name not in removed}
    if not doubled:
        return ()
    result = simulator.raw(DUPLICATES)
    if NO_DUPLICATES in result.stderr:
        return ()
    if is_refused(result):
        raise refusal(result)
    named = _named(result, installed)
    others = tuple(change for change in planned(parse_table(result.stdout), installed) if change.name not in doubled)
    refuse_other_removals(others, allowed=removed)
    again = (PackageChange(name, REINSTALL, old, installed.versions[name]) for name, old in doubled.items())
    return (*(change for change in again if change.name in named), *others)


def _removable(
    simulator: Simulator, changes: Collection[PackageChange], installed: InstalledPackages
) -> tuple[PackageChange, ...]:
    """Those whose removal was cut off and can be finished; none where more than they would go."""
    if not changes:
        return ()
    result = simulator.raw(("remove", *map(_specification, changes)))
    return (
        tuple(changes)
        if not is_refused(result) and _named(result, installed) == {change.name for change in changes}
        else ()
    )


def _available(
    simulator: Simulator, changes: list[PackageChange], installed: InstalledPackages
) -> tuple[PackageChange, ...]:
    """Those that dnf can install again: for the others no repository has that version any more, which is noted."""
    if not changes:
        return ()
    result = simulator.raw(("reinstall", *map(_specification, changes)))
    offered = _named(result, installed)
    lost = [f"{change.name} {change.after}" for change in changes if change.name not in offered]
    if lost:
        simulator.note(
            f"dnf was killed while it worked on {', '.join(lost)}, so scripts of theirs may not have run, and no "
            "enabled repository has that version to install it again: bring them up to date (state: latest), or "
            "reinstall them from a package file"
        )
    return tuple(change for change in changes if change.name in offered)


def _named(result: CommandResult, installed: InstalledPackages) -> set[str]:
    """All that the transaction would change, as a plan calls it."""
    return {change_name(row.name, row.architecture, installed) for row in parse_table(result.stdout)}


def _specification(change: PackageChange) -> str:
    return f"{change.name}={change.after or change.before}"


def _without_own(key: str, installed: InstalledPackages) -> str:
    """What `name.architecture` is called in a plan."""
    name, architecture = dnf_command.by_architecture(key)
    return change_name(name, architecture, installed) if architecture else key
