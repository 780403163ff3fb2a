# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The accounts' databases of FreeBSD, changed as its own tools change them (lib/libutil/pw_util.c, gr_util.c).

master.passwd is what counts: pwd_mkdb(8) makes passwd and the hashed databases of it, which is what programs read.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import tempfile
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._recovery.files import flush, remove, run

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MASTER, MADE_OF_IT = "master.passwd", "passwd"


def is_master(path: str) -> bool:
    """The file that pwd_mkdb puts in force."""
    return os.path.basename(path) == MASTER


def locked_by_file(paths: Iterable[str]) -> bool:
    """Whether databases like these are locked each by itself, which they are where there is a master.passwd."""
    return any(is_master(path) for path in paths)


@contextlib.contextmanager
def held(path: str) -> Iterator[None]:
    """The lock of pw(8) and vipw(8), taken anew where the file was exchanged while we waited for it (pw_lock)."""
    while True:
        with open(path, "rb") as database:
            fcntl.flock(database, fcntl.LOCK_EX)
            if os.fstat(database.fileno()).st_nlink:
                yield
                return


def install_master(path: str, content: bytes) -> list[str]:
    """Have pwd_mkdb judge a new master.passwd and put it in its place, last of all; returns what could not be done."""
    handle, candidate = tempfile.mkstemp(prefix="pw.", dir=os.path.dirname(path))
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    notes = run(["pwd_mkdb", "-p", "-d", os.path.dirname(path), candidate])
    if notes:
        remove(candidate)
    for name in (MADE_OF_IT, "pwd.db", "spwd.db"):
        flush(os.path.join(os.path.dirname(path), name))
    return notes
