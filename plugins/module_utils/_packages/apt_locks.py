# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting until no other package tool works on the host."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import ActionFailed, CommandFailed, Refused
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_words import LOCK_ERROR

if TYPE_CHECKING:
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Command
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader, LockHolder
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import Surroundings

# apt itself waits for the first two only (DPkg::Lock::Timeout), and fails at once where one of the others is held.
LOCKS = (
    "/var/lib/dpkg/lock-frontend",
    "/var/lib/dpkg/lock",
    "/var/lib/apt/lists/lock",
    "/var/cache/apt/archives/lock",
)
PAUSE = 0.5


@dataclass(frozen=True)
class Held:
    """A lock file and the process that holds it."""

    path: str
    holder: LockHolder


def wait_for_locks(surroundings: Surroundings, *, until: float | None = None) -> bool:
    """Return when all locks are free: whether one had to be waited for.

    Raises Refused, naming lock and holder, when they are not free in time.
    """
    clock = surroundings.clock
    end = clock.elapsed() + surroundings.lock_timeout if until is None else until
    has_waited = False
    while True:
        held = first_held(surroundings.host)
        if held is None:
            return has_waited
        has_waited = True
        if clock.elapsed() >= end:
            raise Refused(_message(held, surroundings.lock_timeout))
        clock.sleep(PAUSE)


def run_when_free(surroundings: Surroundings, command: Command) -> None:
    """Run the command once all locks are free, and again while somebody is faster than we are in taking one.

    apt takes its locks before it changes anything, so the repetition is safe. In check mode nothing is waited for.
    """
    clock, executor = surroundings.clock, surroundings.executor
    end = clock.elapsed() + surroundings.lock_timeout
    while True:
        if not executor.is_check_mode:
            wait_for_locks(surroundings, until=end)
        try:
            executor.run([command])
            return
        except ActionFailed as error:
            if clock.elapsed() >= end or not LOCK_ERROR.search(standard_error(error)):
                raise
        clock.sleep(PAUSE)


def first_held(host: HostReader) -> Held | None:
    """The first lock that somebody holds."""
    for path in LOCKS:
        holder = host.lock_holder(path)
        if holder is not None:
            return Held(path, holder)
    return None


def standard_error(error: ActionFailed) -> str:
    """What the program that failed has printed as its errors."""
    return error.__cause__.stderr if isinstance(error.__cause__, CommandFailed) else str(error)


def _message(held: Held, seconds: float) -> str:
    return (
        f"Nothing was changed: another package tool is at work. {held.path} is held by {held.holder.name} "
        f"(process {held.holder.pid}) and was not free within {seconds:g} s. Wait until it has ended, or raise "
        "lock_timeout; never delete the lock file."
    )
