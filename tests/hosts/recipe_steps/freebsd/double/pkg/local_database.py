"""local.sqlite in PKG_DBDIR: installed packages, and the locks that processes of pkg hold against one another.

Locks: freebsd/pkg:libpkg/pkgdb.c (pkgdb_try_lock): LOCK_RETRIES × LOCK_WAIT, the holder's number each time, on standard
output (src/event.c, PKG_EVENT_NOTICE), then an error; dead holders are cleared. While a package is put into place, its
row waits in a transaction (pkgdb_register_pkg: BEGIN IMMEDIATE) that keeps every writer out, and who wants the lock in
that time gives up when SQLite does (sqlite3_busy_timeout: five seconds).
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from .package import Package

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .settings import Settings

_NAME = "local.sqlite"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS packages (name TEXT PRIMARY KEY, version TEXT, origin TEXT, data TEXT);
CREATE TABLE IF NOT EXISTS pkg_lock (exclusive INTEGER, advisory INTEGER, read INTEGER);
CREATE TABLE IF NOT EXISTS pkg_lock_pid (pid INTEGER PRIMARY KEY, kind TEXT);
"""


class Busy(Exception):
    """Another process has held the lock for too long."""


class LocalDatabase:
    """Reads and writes the installed packages; each call is one transaction, unless it is in one."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / _NAME
        self._connection = sqlite3.connect(self.path, isolation_level=None, timeout=5)
        if not self._connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'pkg_lock_pid'").fetchone():
            self._connection.executescript(_SCHEMA)

    def packages(self) -> list[Package]:
        rows = self._connection.execute("SELECT data FROM packages ORDER BY name").fetchall()
        return [_package(row[0]) for row in rows]

    def find(self, name: str) -> Package | None:
        row = self._connection.execute("SELECT data FROM packages WHERE name = ?", (name,)).fetchone()
        return _package(row[0]) if row else None

    def store(self, package: Package) -> None:
        values = (package.name, package.version, package.origin, json.dumps(asdict(package)))
        self._connection.execute("INSERT OR REPLACE INTO packages VALUES (?, ?, ?, ?)", values)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """What happens in it counts at its end; whoever is killed in it has changed nothing."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def change(self, name: str, **changes: bool | str) -> None:
        package = self.find(name)
        if package is not None:
            self.store(replace(package, **changes))  # type: ignore[arg-type]

    def remove(self, name: str) -> None:
        self._connection.execute("DELETE FROM packages WHERE name = ?", (name,))

    def requirers(self, name: str) -> list[Package]:
        return [package for package in self.packages() if name in package.depends]

    @contextmanager
    def lock(self, settings: Settings, *, is_exclusive: bool = False) -> Iterator[None]:
        self._take_lock(settings, kind="exclusive" if is_exclusive else "advisory")
        try:
            yield
        finally:
            self._connection.execute("DELETE FROM pkg_lock_pid WHERE pid = ?", (os.getpid(),))

    def _take_lock(self, settings: Settings, *, kind: str) -> None:
        attempts = settings.number("LOCK_RETRIES") + 1
        for _attempt in range(attempts):
            if self._try_lock(kind):
                return
            for pid in self._holders():
                print(f"process with pid {pid} still holds the lock", flush=True)
            time.sleep(settings.number("LOCK_WAIT"))
        raise Busy

    def _try_lock(self, kind: str) -> bool:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise Busy from error
        for pid in self._holders():
            if not Path(f"/proc/{pid}").exists():
                self._connection.execute("DELETE FROM pkg_lock_pid WHERE pid = ?", (pid,))
        is_free = not self._holders()
        if is_free:
            self._connection.execute("INSERT INTO pkg_lock_pid VALUES (?, ?)", (os.getpid(), kind))
        self._connection.execute("COMMIT")
        return is_free

    def _holders(self) -> list[int]:
        return [row[0] for row in self._connection.execute("SELECT pid FROM pkg_lock_pid")]


def _package(text: str) -> Package:
    return Package.from_row(json.loads(text))
