# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What makes a host do something later by itself, with nobody logged in: systemd's timers, or jobs of daemon(8).

The module starts the program with it, and the program on the host (see program.py) stops it, so both read this file.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._recovery.files import SEARCH_PATH

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Argv = tuple[str, ...]

# The first runs while the changes are made, the second while their confirmation is awaited.
TIMERS = ("groundwork-revert-killed.timer", "groundwork-revert-timeout.timer")
PID_DIRECTORY = "/var/run"


@dataclass(frozen=True)
class Scheduler:
    """`start` runs a command after some seconds; while an older timer of that name still ends, it is tried `attempts`
    times. `stop` ends timers with what they have started, `disarm` only those that wait; `stopped` are the exit codes
    of both that mean that none is left.
    """

    start: Callable[[str, int, Sequence[str]], Argv]
    stop: Callable[[Sequence[str]], tuple[Argv, ...]]
    disarm: Callable[[Sequence[str]], tuple[Argv, ...]]
    stopped: tuple[int, ...]
    attempts: int = 1


def _start_unit(timer: str, seconds: int, command: Sequence[str]) -> Argv:
    unit = ("systemd-run", "--quiet", "--collect", f"--unit={_name(timer)}")
    return (*unit, f"--on-active={seconds}", "--timer-property=AccuracySec=100ms", *command)


def _stop_units(timers: Sequence[str]) -> tuple[Argv, ...]:
    units = [unit for timer in timers for unit in (timer, timer.replace(".timer", ".service"))]
    return (("systemctl", "stop", *units),)


def _disarm_units(timers: Sequence[str]) -> tuple[Argv, ...]:
    return (("systemctl", "stop", *timers),)


def _start_job(timer: str, seconds: int, command: Sequence[str]) -> Argv:
    """FreeBSD has no timers: the command waits by itself, which is why it is told the seconds.

    daemon(8) leaves the session and, because of -P, watches over its child: ended itself, it ends that, too. Its pid
    file is locked as long as it lives, and keeps a second one of that name from starting (usr.sbin/daemon/daemon.c).
    """
    return ("daemon", "-c", "-f", "-P", pid_file(timer), *command, str(seconds))


def _stop_jobs(timers: Sequence[str]) -> tuple[Argv, ...]:
    """-L: only while the pid file is locked, so that no process of somebody else's is ended (bin/pkill/pkill.c)."""
    return tuple(("pkill", "-TERM", "-L", "-F", pid_file(timer)) for timer in timers)


def pid_file(timer: str) -> str:
    """Where daemon(8) writes who watches over the job."""
    return f"{PID_DIRECTORY}/{_name(timer)}.pid"


def _name(timer: str) -> str:
    return timer.rpartition(".")[0]


# systemctl: 5 where there is no such unit. pkill: 1 where nothing was there to be ended, 3 where the pid file is absent
# or not locked.
SCHEDULERS = {
    "systemd": Scheduler(_start_unit, _stop_units, _disarm_units, stopped=(0, 5)),
    "rc": Scheduler(_start_job, _stop_jobs, _stop_jobs, stopped=(0, 1, 3), attempts=20),
}
# A program that only a host with this service manager has.
_MARKS = {"systemd-run": "systemd", "sysrc": "rc"}


def service_manager(which: Callable[[str], object] = lambda name: shutil.which(name, path=SEARCH_PATH)) -> str:
    """The one of those above that a host has; empty where it has none. `which` finds programs on it."""
    return next((manager for program, manager in _MARKS.items() if which(program)), "")
