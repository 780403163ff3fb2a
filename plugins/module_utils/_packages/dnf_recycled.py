# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the process that a lock file of dnf names is the one that wrote it, or has got its number since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import Refused, Unreadable

if TYPE_CHECKING:
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.locks import Held

# proc(5): the process's start is field 22, in ticks since the boot; on all architectures of Enterprise Linux the kernel
# tells it in hundredths of a second (USER_HZ). What precedes the program's closing bracket may hold blanks.
START = 22 - 3
TICKS = 100
BOOT = "btime "
# The boot is told in whole seconds.
TOLERANCE = 2.0
# A dnf, and whatever else has taken its lock through dnf's own library, has this loaded.
RPM_LIBRARY = "/librpm"


def is_innocent(host: HostReader, held: Held) -> bool:
    """True where the process has started after the lock file was written, and is no dnf.

    That it has nothing of rpm loaded is asked for as well, because a clock that was set after the lock was taken makes
    each process look younger than it is.
    """
    lock, started = host.stat(held.path), _start(host, held.pid)
    if lock is None or started is None or started <= lock.modified + TOLERANCE:
        return False
    try:
        return RPM_LIBRARY not in (host.read_text(f"/proc/{held.pid}/maps") or RPM_LIBRARY)
    except Unreadable:
        return False


def refusal(held: Held) -> Refused:
    """dnf looks at no more than whether there is a process of that number (dnf/lock.py), and so waits for its end."""
    return Refused(
        f"Nothing was changed: {held.path} was left by a dnf that was killed, and it names process {held.pid}, which "
        f"is {held.name} by now: it has started later and only has the same number. dnf takes it for another dnf at "
        f"work. Remove the file by `rm {held.path}`, and run again: what was left half-way is then finished first."
    )


def _start(host: HostReader, pid: int) -> float | None:
    """When the process has started, in seconds of the host's clock; None where it is no more."""
    fields = (host.read_text(f"/proc/{pid}/stat") or "").rpartition(")")[2].split()
    boot = [line for line in (host.read_text("/proc/stat") or "").splitlines() if line.startswith(BOOT)]
    if len(fields) <= START or not boot:
        return None
    return float(boot[0].split()[1]) + int(fields[START]) / TICKS
