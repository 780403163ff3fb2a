# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting until no other pkg works on the host.

pkg's lock is a row in its database: whoever holds it has written its process id beside it, and the row of one that has
ended is taken over (pkgdb_try_lock in libpkg/pkgdb.c of freebsd/pkg). So pkg itself waits, for as long as it is told;
but while another one puts a package into place, SQLite keeps the whole database for it (pkgdb_register_pkg), and then
pkg waits five seconds (sqlite3_busy_timeout there), whatever it is told, and names nobody.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import (
    ActionFailed,
    CommandFailed,
    PythonHostError,
    Refused,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages import pkg_command
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.locks import PAUSE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Command
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult, HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import Surroundings

# The second one is SQLite's: another pkg writes in this very moment, and a simulation does not wait for that.
IS_LOCKED = re.compile(r"locked by another process|database is locked")
# It was not even let in, so that it has done nothing.
HAS_NO_LOCK = re.compile(r"Cannot get an? \w+ lock on a database")
HOLDER = re.compile(r"process with pid (\d+) still holds the lock")


class Overtaken(ActionFailed):
    """Another pkg came between two of our own calls, and the rest of what was asked is not done."""


def query_when_free(
    surroundings: Surroundings, argv: Sequence[str], *, ok: Sequence[int], timeout: float
) -> CommandResult:
    """Ask, and again while another pkg is writing. Raises Refused when that does not end in time."""
    clock = surroundings.clock
    end = clock.elapsed() + surroundings.lock_timeout
    while True:
        result = surroundings.host.query(argv, ok=ok, timeout=timeout)
        if result.rc == 0 or not IS_LOCKED.search(result.stderr):
            return result
        if clock.elapsed() >= end:
            raise _late(surroundings, f"{result.stdout}{result.stderr}")
        clock.sleep(PAUSE)


def run_when_free(surroundings: Surroundings, command: Command) -> None:
    """Carry the command out; pkg waits for its lock as long as it can, and is called again for the rest of the time.

    Raises an error that names the holder, if not in time.
    """
    clock = surroundings.clock
    end = clock.elapsed() + surroundings.lock_timeout
    while True:
        try:
            surroundings.executor.run([command])
            return
        except ActionFailed as error:
            cause = error.__cause__
            if not isinstance(cause, CommandFailed) or not IS_LOCKED.search(cause.stderr):
                raise
            left = end - clock.elapsed()
            if left <= 0 or not HAS_NO_LOCK.search(cause.stderr):
                raise _late(surroundings, f"{cause.stdout}{cause.stderr}") from error
        clock.sleep(PAUSE)
        command = replace(command, argv=pkg_command.with_patience(command.argv, left))


def _late(surroundings: Surroundings, said: str) -> PythonHostError:
    """What to raise for a lock that was not free in time."""
    words = message(surroundings.host, said, surroundings.lock_timeout)
    if surroundings.executor.changes:
        return Overtaken(f"A part of what was asked is done, the rest is not: {words} Then run again.")
    return Refused(f"Nothing was changed: {words}")


def message(host: HostReader, said: str, seconds: float) -> str:
    """What to say of a lock that was not free in time: who holds it, as far as pkg has told."""
    pids = HOLDER.findall(said)
    name = host.query(("ps", "-o", "comm=", "-p", pids[-1]), ok=(0, 1)).stdout.strip() if pids else ""
    holder = f"{name or 'a process'} (process {pids[-1]})" if pids else "another process"
    return (
        f"another package tool is at work. {pkg_command.DATABASE}/local.sqlite is locked by {holder} and was "
        f"not free within {seconds:g} s. Wait until it has ended, or raise lock_timeout; the lock of a process that is "
        "no more is taken over by itself."
    )
