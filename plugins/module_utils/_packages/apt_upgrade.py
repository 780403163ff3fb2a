# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What apt is told to bring packages up to date besides the named ones: all of them, or those with security updates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._packages import apt_command, apt_notes, apt_words
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import Upgrade

if TYPE_CHECKING:
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

    A version from elsewhere may be newer and hide the security archive's own; where the archive can be made the
    preferred one, it is.
    """
    updates = simulator.foretell((*UPGRADE, *preferred))
    return tuple(
        f"{package.change.name}={package.change.after}"
        for package in updates.planned
        if package.is_security and _is_update(package, task)
    )


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
