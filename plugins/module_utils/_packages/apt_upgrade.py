# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What apt is told to bring packages up to date besides the named ones: all of them, or those with security updates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._packages import apt_command, apt_notes, apt_words
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_task import spelled_for_apt
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import Upgrade

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_index import Index
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_simulation import Planned
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_simulator import Simulator
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_task import Task
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import Surroundings

# New packages that an update needs come with it; nothing goes.
UPGRADE = ("upgrade", "--with-new-pkgs")


def upgrade_of(
    surroundings: Surroundings, index: Index, task: Task, *, simulator: Simulator
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The command, empty where there is nothing to tell apt, and notes about what it leaves."""
    notes = _left_at_versions(surroundings, index, task)
    if task.request.upgrade is Upgrade.ALL:
        return (*UPGRADE, *task.words), notes
    suite = f"{surroundings.platform.codename}-security"
    has_suite = index.has_suite(suite)
    pinned = _security_updates(task, simulator, preferred=("-t", suite) if has_suite else ())
    if not (has_suite or pinned):
        notes = (*notes, apt_notes.no_security_archive(suite))
    return ("install", *pinned, *task.words) if pinned or task.names else (), notes


def _security_updates(task: Task, simulator: Simulator, *, preferred: tuple[str, ...]) -> tuple[str, ...]:
    """The updates that a security archive offers, each pinned to that version.

    What is named, and what comes along with all this, may be just what another update needs, in a version that is not
    the security archive's: then that update belongs to the same transaction, and not to the next call.
    """
    updates = _offered(task, simulator, preferred, beside={})
    while updates or task.names:
        transaction = simulator.foretell(("install", *_pinned(updates), *task.words))
        beside = {package.change.name: package.change.after for package in transaction.planned if _is_set(package)}
        if not set(beside) - set(updates) or any(change.after is None for change in transaction.changes):
            break
        more = _offered(task, simulator, preferred, beside={**beside, **updates})
        if not more:
            break
        updates = {**updates, **more}
    return _pinned(updates)


def _offered(
    task: Task, simulator: Simulator, preferred: tuple[str, ...], *, beside: Mapping[str, str | None]
) -> dict[str, str]:
    """The security archive's updates, by name, of all but what gets a version anyway.

    A version from elsewhere may be newer and hide the security archive's own; where the archive can be made the
    preferred one, it is.
    """
    settled = (*task.allowances, *_pinned(beside)) if beside else ()
    updates = simulator.foretell((*UPGRADE, *preferred, *settled))
    fitting = (one.change for one in updates.planned if one.is_security and _is_update(one, task))
    return {change.name: change.after for change in fitting if change.after and change.name not in beside}


def _pinned(versions: Mapping[str, str | None]) -> tuple[str, ...]:
    return tuple(spelled_for_apt(f"{name}={version}") for name, version in versions.items())


def _is_set(package: Planned) -> bool:
    """True for what the transaction brings to a version, as opposed to what lies there and is only configured."""
    return package.change.after is not None and not package.is_only_configured


def _is_update(package: Planned, task: Task) -> bool:
    """True for what is there, be it half-way, and was not asked for at another version."""
    change = package.change
    is_there = change.action == "upgrade" or (
        change.name in task.installed.incomplete and not package.is_only_configured
    )
    return is_there and change.name not in task.versions


def _left_at_versions(surroundings: Surroundings, index: Index, task: Task) -> tuple[str, ...]:
    if not task.versions:
        return ()
    answer = surroundings.host.query(apt_command.cache(index.configuration, "policy", *task.versions))
    newest = apt_words.parse_candidates(answer.stdout)
    left = [name for name, version in task.versions.items() if newest.get(name, version) != version]
    return apt_notes.left_at_versions(left)
