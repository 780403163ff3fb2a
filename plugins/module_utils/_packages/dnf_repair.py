# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a transaction that was cut off has left behind, and how dnf finishes it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import REINSTALL, PackageChange
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_errors import refusal
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_locks import was_killed
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_request import refuse_other_removals
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_simulation import is_refused
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_words import parse_table, planned
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.rpm_version import parse_evr
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.rpm_words import change_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import InstalledPackages
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_simulation import Simulator

LAST_TRANSACTION = ("history", "info", "last")
# dnf marks what it has not recorded as done; where a transaction ends in order there is no such mark.
UNFINISHED = re.compile(r"^ \*\* (?P<action>\w+) +(?P<package>\S+)", re.M)
PACKAGE = re.compile(r"^(?P<name>.+)-(?P<evr>(?:\d+:)?[^-]+-[^-]+)\.(?P<architecture>[^.]+)$")
DUPLICATES = ("remove", "--duplicates")
NO_DUPLICATES = "No duplicated packages found"


def repairs(
    simulator: Simulator, installed: InstalledPackages, *, removed: Collection[str]
) -> tuple[PackageChange, ...]:
    """What has to be put in order before anything else, but for packages that are to be removed anyway.

    A package of which an upgrade left the older version beside the newer one gets rid of it. One that was being
    installed when dnf was killed is installed again, because nobody knows whether its scripts have run.
    """
    changes = _of_doubled(simulator, installed, removed=removed)
    if was_killed(simulator.host):
        others = {*removed, *(change.name for change in changes)}
        unfinished = [change for change in _unfinished(simulator, installed) if change.name not in others]
        changes = (*changes, *_available(simulator, unfinished, installed))
    return changes


def commands(changes: Iterable[PackageChange]) -> tuple[tuple[str, ...], ...]:
    """What dnf must be told for these repairs."""
    again = [change for change in changes if change.action == REINSTALL]
    doubled = any(change.before != change.after for change in again)
    unfinished = tuple(_specification(change) for change in again if change.before == change.after)
    return (*((DUPLICATES,) if doubled else ()), *((("reinstall", *unfinished),) if unfinished else ()))


def parse_unfinished(text: str, installed: InstalledPackages) -> tuple[PackageChange, ...]:
    """The packages of `dnf history info last` that dnf was working on and that are there now, in that very version."""
    found = filter(None, (PACKAGE.match(match["package"]) for match in UNFINISHED.finditer(text)))
    changes = []
    for package in found:
        name, version = change_name(package["name"], package["architecture"], installed), str(parse_evr(package["evr"]))
        if installed.versions.get(name) == version:
            changes.append(PackageChange(name, REINSTALL, version, version))
    return tuple(dict.fromkeys(changes))


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
    rows = parse_table(result.stdout)
    named = {change_name(row.name, row.architecture, installed) for row in rows}
    others = tuple(change for change in planned(rows, installed) if change.name not in doubled)
    refuse_other_removals(others, allowed=removed)
    again = (PackageChange(name, REINSTALL, old, installed.versions[name]) for name, old in doubled.items())
    return (*(change for change in again if change.name in named), *others)


def _unfinished(simulator: Simulator, installed: InstalledPackages) -> tuple[PackageChange, ...]:
    return parse_unfinished(simulator.ask(*LAST_TRANSACTION, ok=(0, 1)).stdout, installed)


def _available(
    simulator: Simulator, changes: list[PackageChange], installed: InstalledPackages
) -> tuple[PackageChange, ...]:
    """Those that dnf can install again: for the others no repository has that version any more, which is noted."""
    if not changes:
        return ()
    result = simulator.raw(("reinstall", *map(_specification, changes)))
    rows = {change_name(row.name, row.architecture, installed) for row in parse_table(result.stdout)}
    lost = [f"{change.name} {change.after}" for change in changes if change.name not in rows]
    if lost:
        simulator.note(
            f"dnf was killed while it worked on {', '.join(lost)}, so scripts of theirs may not have run, and no "
            "enabled repository has that version to install it again: bring them up to date (state: latest), or "
            "reinstall them from a package file"
        )
    return tuple(change for change in changes if change.name in rows)


def _specification(change: PackageChange) -> str:
    return f"{change.name}={change.after}"
