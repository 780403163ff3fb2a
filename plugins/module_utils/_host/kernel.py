# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What differs by the kernel that this very process runs on, which is not always that of the system it looks at."""

from __future__ import annotations

import fcntl
import struct
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

Entry = TypeVar("Entry")

# timeout(1) ends a program with all that it started. FreeBSD's waits for all of that, too, a daemon that a service's
# script has left behind included, and ends it when the time is over (freebsd-src, bin/timeout/timeout.c:
# PROC_REAP_STATUS). So there it watches over the program alone.
LIMITED = {"*": ("timeout", "-k", "5"), "freebsd": ("timeout", "--foreground", "-k", "5")}

# 124: it ended the program. 137 on Linux: it had to kill it. FreeBSD's has 124 for both; there 137 means that somebody
# else has killed the program (128 and the signal's number), which on Linux comes as that signal (coreutils, timeout.c).
TIMED_OUT = {"*": (124, 137), "freebsd": (124,)}


@dataclass(frozen=True)
class FlockLayout:
    """struct flock with the C compiler's own padding, and where in it the lock's kind and its holder stand."""

    form: str
    kind: int
    holder: int

    def question(self) -> bytes:
        """Would anybody keep us from locking the whole file for writing?"""
        values = [0] * len(struct.unpack(self.form, bytes(struct.calcsize(self.form))))
        values[self.kind] = fcntl.F_WRLCK
        return struct.pack(self.form, *values)

    def holder_in(self, answer: bytes) -> int:
        """The process that would; 0 where nobody does."""
        values = struct.unpack(self.form, answer)
        return 0 if values[self.kind] == fcntl.F_UNLCK else int(values[self.holder])


# Linux: kind, whence, start, length, process. FreeBSD (sys/fcntl.h): start, length, process, kind, whence, system.
FLOCK = {"*": FlockLayout("@hhqqi4x", 0, 4), "freebsd": FlockLayout("@qqihhi4x", 3, 2)}


def by_kernel(table: Mapping[str, Entry]) -> Entry:
    """The entry for this kernel, or the one for all others."""
    return next((entry for name, entry in table.items() if sys.platform.startswith(name)), table["*"])
