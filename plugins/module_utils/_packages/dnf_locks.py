# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting until no other dnf and no rpm works on the host."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import ActionFailed, CommandFailed, Refused
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_command import LOCKED
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_recycled import is_innocent, refusal
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.locks import (
    PAUSE,
    Held,
    Locks,
    carry_out_when_free,
    wait_while_held,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Action
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult, HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import Surroundings

# dnf writes its process id into these. One that names a process which is no more was left by a dnf that was killed:
# the next dnf takes it over. Where the number belongs to another process by now, dnf does not notice (dnf/lock.py).
DNF_TRANSACTION = "/var/lib/dnf/rpmdb_lock.pid"
DNF_LOCKS = (DNF_TRANSACTION, "/var/cache/dnf/metadata_lock.pid", "/var/cache/dnf/download_lock.pid")
# rpm's own, a POSIX record lock; Enterprise Linux 10 keeps the database in the second place.
RPM_LOCKS = ("/var/lib/rpm/.rpm.lock", "/usr/lib/sysimage/rpm/.rpm.lock")
LOCK_ERROR = re.compile(r"already locked by \d+|can't create transaction lock on")


def first_held(host: HostReader) -> Held | None:
    """The first lock that somebody holds."""
    for path in DNF_LOCKS:
        held = _held_by_name(host, path)
        if held is not None:
            return held
    for path in RPM_LOCKS:
        holder = host.lock_holder(path)
        if holder is not None:
            return Held(path, holder.pid, holder.name)
    return None


def is_in_transaction(host: HostReader) -> bool:
    """True while a dnf changes packages."""
    return _held_by_name(host, DNF_TRANSACTION) is not None


def is_left_locked(host: HostReader) -> bool:
    """True where the lock of a transaction is there without a dnf at work: dnf takes it away unless it is killed."""
    return host.stat(DNF_TRANSACTION) is not None and not is_in_transaction(host)


def wait_for_locks(surroundings: Surroundings, *, until: float | None = None) -> bool:
    """Return when all locks are free, True if one was held. Raises Refused, naming lock and holder, if not in time."""
    return wait_while_held(DNF, surroundings, until=until)


def query_when_free(
    surroundings: Surroundings,
    argv: tuple[str, ...],
    *,
    ok: tuple[int, ...],
    timeout: float,
    env: Mapping[str, str] | None = None,
    stdin: str | None = None,
) -> CommandResult:
    """Ask once all locks are free, and again while somebody is faster than we are in taking one.

    In check mode dnf has directories of its own, and so locks of its own: nothing is waited for.
    """
    clock = surroundings.clock
    end = clock.elapsed() + surroundings.lock_timeout
    while True:
        if not surroundings.executor.is_check_mode:
            wait_for_locks(surroundings, until=end)
        result = surroundings.host.query(argv, ok=(*ok, LOCKED), timeout=timeout, env=env, stdin=stdin)
        if result.rc != LOCKED:
            return result
        if clock.elapsed() >= end:
            raise Refused(_unnamed(result.stderr, surroundings.lock_timeout))
        clock.sleep(PAUSE)


def run_when_free(surroundings: Surroundings, action: Action) -> None:
    """Carry the action out once all locks are free, and again while somebody is faster than we are in taking one."""
    carry_out_when_free(DNF, surroundings, action)


def _held_by_name(host: HostReader, path: str) -> Held | None:
    named = _named(host, path)
    return None if named is None or is_innocent(host, named) else named


def _named(host: HostReader, path: str) -> Held | None:
    """The process that a lock file names, as long as there is one of that number."""
    pid = (host.read_text(path) or "").strip()
    name = host.read_text(f"/proc/{pid}/comm") if pid.isdigit() else None
    return None if name is None else Held(path, int(pid), name.strip())


def _awaited(host: HostReader) -> Held | None:
    """The first lock that somebody holds. Raises Refused for one whose end dnf would wait for in vain."""
    for path in DNF_LOCKS:
        named = _named(host, path)
        if named is not None and is_innocent(host, named):
            raise refusal(named)
    return first_held(host)


def _is_about_lock(error: ActionFailed) -> bool:
    failure = error.__cause__
    return isinstance(failure, CommandFailed) and (failure.rc == LOCKED or bool(LOCK_ERROR.search(failure.stderr)))


def _unnamed(stderr: str, seconds: float) -> str:
    return (
        f"Nothing was changed: another package tool is at work, and its lock was not free within {seconds:g} s. dnf "
        f"says: {' '.join(stderr.split())} (Wait until it has ended, or raise lock_timeout.)"
    )


DNF = Locks(_awaited, _is_about_lock)
