# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading another program's SQLite database without leaving a trace in it or beside it."""

from __future__ import annotations

import os
from contextlib import closing
from urllib.parse import quote

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import Unreadable

# What may hold changes that are not in the database itself yet (https://www.sqlite.org/tempfiles.html).
PENDING = ("-wal", "-journal")
BUSY_SECONDS = 5.0


def read_rows(path: str, question: str) -> tuple[tuple[object, ...], ...] | None:
    """The rows that answer a SELECT; None when there is no such file. Raises Unreadable."""
    if not os.path.exists(path):
        return None
    try:
        # Not above: a Python may be built without it, and whoever reads no database need not wait for it.
        import sqlite3
    except ImportError as error:
        raise Unreadable(path, "this Python has no sqlite3") from error
    address = f"file:{quote(path)}?mode=ro&{_untouched(path)}"
    try:
        with closing(sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS)) as database:
            return tuple(database.execute(question))
    except sqlite3.Error as error:
        raise Unreadable(path, str(error)) from error


def _untouched(path: str) -> str:
    """The setting under which SQLite neither makes nor changes the files beside the database.

    What a program that was killed has left in them counts all the same, so they are only ignored where there are none.
    """
    has_more = any(os.path.exists(f"{path}{end}") for end in PENDING)
    return "readonly_shm=1" if has_more else "immutable=1"
