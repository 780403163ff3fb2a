# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting until no other package tool works on the host."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import Refused

if TYPE_CHECKING:
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader, LockHolder
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import Clock

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


class Deadline:
    """The moment until which one run waits for others, however often it has to."""

    def __init__(self, host: HostReader, clock: Clock, *, seconds: float) -> None:
        self._host = host
        self._clock = clock
        self._seconds = seconds
        self._end = clock.elapsed() + seconds

    @property
    def has_passed(self) -> bool:
        """True when nothing may be waited for any more."""
        return self._clock.elapsed() >= self._end

    def pause(self) -> None:
        """Wait for a moment."""
        self._clock.sleep(PAUSE)

    def wait_for_locks(self) -> None:
        """Return when all locks are free. Raises Refused, naming lock and holder, when they are not in time."""
        while True:
            held = first_held(self._host)
            if held is None:
                return
            if self.has_passed:
                raise Refused(_message(held, self._seconds))
            self.pause()


def first_held(host: HostReader) -> Held | None:
    """The first lock that somebody holds."""
    for path in LOCKS:
        holder = host.lock_holder(path)
        if holder is not None:
            return Held(path, holder)
    return None


def _message(held: Held, seconds: float) -> str:
    return (
        f"Nothing was changed: another package tool is at work. {held.path} is held by {held.holder.name} "
        f"(process {held.holder.pid}) and was not free within {seconds:g} s. Wait until it has ended, or raise "
        "lock_timeout; never delete the lock file."
    )
