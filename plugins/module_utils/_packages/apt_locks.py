# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting until no other package tool works on the host."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import ActionFailed, CommandFailed
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_words import LOCK_ERROR
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.locks import (
    Held,
    Locks,
    carry_out_when_free,
    wait_while_held,
)

if TYPE_CHECKING:
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Command
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import Surroundings

# apt itself waits for the first two only (DPkg::Lock::Timeout), and fails at once where one of the others is held.
LOCKS = (
    "/var/lib/dpkg/lock-frontend",
    "/var/lib/dpkg/lock",
    "/var/lib/apt/lists/lock",
    "/var/cache/apt/archives/lock",
)


def wait_for_locks(surroundings: Surroundings) -> bool:
    """Return when all locks are free: whether one had to be waited for. Raises Refused when they are not in time."""
    return wait_while_held(APT, surroundings)


def run_when_free(surroundings: Surroundings, command: Command) -> None:
    """Run the command once all locks are free, and again while somebody is faster than we are in taking one."""
    carry_out_when_free(APT, surroundings, command)


def first_held(host: HostReader) -> Held | None:
    """The first lock that somebody holds."""
    for path in LOCKS:
        holder = host.lock_holder(path)
        if holder is not None:
            return Held(path, holder.pid, holder.name)
    return None


def standard_error(error: ActionFailed) -> str:
    """What the program that failed has printed as its errors."""
    return error.__cause__.stderr if isinstance(error.__cause__, CommandFailed) else str(error)


def _is_about_lock(error: ActionFailed) -> bool:
    return bool(LOCK_ERROR.search(standard_error(error)))


APT = Locks(first_held, _is_about_lock)
