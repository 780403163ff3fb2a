# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting until no other package tool works on the host, whatever its locks are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Callable

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import ActionFailed, Refused

if TYPE_CHECKING:
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Action
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import Surroundings

PAUSE = 0.5


@dataclass(frozen=True)
class Held:
    """A lock file, and the process that holds it."""

    path: str
    pid: int
    name: str


@dataclass(frozen=True)
class Locks:
    """The locks of a package tool: which one is held, and whether a tool has failed because it did not get one."""

    first_held: Callable[[HostReader], Held | None]
    is_cause_of: Callable[[ActionFailed], bool]


def wait_while_held(locks: Locks, surroundings: Surroundings, *, until: float | None = None) -> bool:
    """Return when all locks are free: whether one had to be waited for.

    Raises Refused, naming lock and holder, when they are not free in time.
    """
    clock = surroundings.clock
    end = clock.elapsed() + surroundings.lock_timeout if until is None else until
    has_waited = False
    while True:
        held = locks.first_held(surroundings.host)
        if held is None:
            return has_waited
        if clock.elapsed() >= end:
            raise Refused(_message(held, surroundings.lock_timeout))
        has_waited = True
        clock.sleep(PAUSE)


def carry_out_when_free(locks: Locks, surroundings: Surroundings, action: Action) -> None:
    """Carry the action out once all locks are free, and again while somebody is faster than we are in taking one.

    Package tools take their locks before they change anything, so the repetition is safe. In check mode nothing is
    waited for.
    """
    clock, executor = surroundings.clock, surroundings.executor
    end = clock.elapsed() + surroundings.lock_timeout
    while True:
        if not executor.is_check_mode:
            wait_while_held(locks, surroundings, until=end)
        try:
            executor.run([action])
            return
        except ActionFailed as error:
            if clock.elapsed() >= end or not locks.is_cause_of(error):
                raise
        clock.sleep(PAUSE)


def _message(held: Held, seconds: float) -> str:
    return (
        f"Nothing was changed: another package tool is at work. {held.path} is held by {held.name} "
        f"(process {held.pid}) and was not free within {seconds:g} s. Wait until it has ended, or raise "
        "lock_timeout; never delete the lock file."
    )
