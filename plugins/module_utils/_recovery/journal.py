# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The journal of one run, as the executor writes it."""

from __future__ import annotations

import base64
import fcntl
import os
import time
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import ActionFailed
from ansible_collections.groundwork.python_host.plugins.module_utils._host import blocks
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import (
    Action,
    Change,
    Command,
    Link,
    Touches,
    WriteBlock,
    WriteFile,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery import journal_file
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery.places import digest
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery.program import PENDING

if TYPE_CHECKING:
    from collections.abc import Iterator

# Seconds that a run waits for another one, and between two looks.
PATIENCE = 30.0
PAUSE = 0.2


class Journal:
    """Writes each step down before it is made, so that it can be undone; root alone may read it.

    It looks at the host by itself and not through a port, because the program that takes changes back must see the very
    same when no module is there.
    """

    def __init__(self, directory: str, *, run: str, what: str, is_alone: bool = True) -> None:
        self._directory, self._run, self._what, self._is_alone = directory, run, what, is_alone
        self._lock: IO[str] | None = None
        self._others: list[str] | None = None
        self._path = ""
        self._steps = 0
        self._entry: journal_file.Entry = {}

    @property
    def path(self) -> str:
        """The file of this run; empty before it is open."""
        return self._path

    def open(self) -> None:
        """Begin; a run that is to be alone keeps others and the program waiting until `close`. Raises ActionFailed."""
        with _writing(self._directory):
            _make_parents(self._directory)
            for folder in ("", "program", "journal"):
                os.makedirs(os.path.join(self._directory, folder), 0o700, exist_ok=True)
            if self._is_alone:
                self._lock = self._locked()
                self._refuse_what_came_between()
            self._path = journal_file.new_journal(self._directory, self._run, self._what)

    def _locked(self) -> IO[str]:
        lock = open(os.path.join(self._directory, "lock"), "a")  # noqa: SIM115  # held until `close`
        until = time.monotonic() + PATIENCE
        while not _is_free(lock):
            if time.monotonic() > until:
                raise ActionFailed("Another run is at work on this host: run again when it has ended.")
            time.sleep(PAUSE)
        return lock

    def look_around(self) -> None:
        """Before anything is inspected: nobody else may be at work, nor come between this and `open`. Raises
        ActionFailed.
        """
        with _writing(self._directory):
            if os.path.exists(os.path.join(self._directory, "lock")):
                self._locked().close()
            self._others = journal_file.journal_paths(self._directory)

    def _refuse_what_came_between(self) -> None:
        """What another run has changed since makes this one's plan an old one."""
        if self._others is None:
            return
        others = journal_file.journal_paths(self._directory)
        if others != self._others or os.path.exists(os.path.join(self._directory, PENDING)):
            self.close("")
            raise ActionFailed("Another run has changed this host in the meantime: run again. Nothing was changed.")

    def before(self, action: Action, change: Change | None, danger: str) -> None:
        """Write down how everything looks that the action touches. Raises ActionFailed; then nothing may be changed."""
        self._steps += 1
        self._entry = {"danger": danger, "change": change.to_json() if change else None, **_touched(action)}
        with _writing(self._path):
            journal_file.record_before(self._path, self._steps, self._entry)

    def after(self) -> None:
        """Write down how it looks now."""
        with _writing(self._path):
            journal_file.record_after(self._path, self._steps, self._entry)

    def close(self, how: str) -> None:
        """The run has come to its end, good or bad."""
        path, lock = self._path, self._lock
        self._path, self._lock = "", None
        try:
            if path:
                with _writing(path):
                    journal_file.append(path, {"end": how})
        finally:
            if lock:
                lock.close()

    def abandoned(self) -> str:
        """When a run before this one was killed, in UTC; empty when the last one came to its end."""
        head, notes = self._last()
        return str(head["started"]) if head and "end" not in notes else ""

    def settle(self) -> None:
        """Nobody needs to be told of that run again."""
        head, _notes = self._last()
        journal_file.append(head["path"], {"end": "killed"})

    def _last(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """(head, notes) of the newest journal of this kind; empty when there is none."""
        for path in reversed(journal_file.journal_paths(self._directory)):
            head, _entries, notes = journal_file.read_journal(path)
            if head.get("what") == self._what:
                return {**head, "path": path}, notes
        return {}, {}


def _make_parents(directory: str) -> None:
    """What is above our own directory is nobody's secret; on FreeBSD /var/lib is missing as well."""
    parent = os.path.dirname(directory)
    if parent and not os.path.isdir(parent):
        _make_parents(parent)
        os.mkdir(parent)
        # Whatever the umask.
        os.chmod(parent, 0o755)


def _is_free(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _touched(action: Action) -> dict[str, Any]:
    is_block = isinstance(action, WriteBlock)
    touches = action.touches if isinstance(action, Command) else Touches(paths=() if is_block else (action.path,))
    has_home = bool(touches.home) and os.path.lexists(touches.home)
    return {
        "paths": touches.paths,
        "accounts": (touches.account,) if touches.account else (),
        "blocks": (action.path,) if isinstance(action, WriteBlock) else (),
        "units": (touches.unit,) if touches.unit else (),
        "ports": (touches.labelled_port,) if touches.labelled_port else (),
        "rc_variables": touches.rc_variables,
        "rc_services": (touches.rc_service,) if touches.rc_service else (),
        "home": "" if has_home else touches.home,
        "packages": touches.packages,
        "new": _contents(action),
        "commands": _commands(action),
    }


def _contents(action: Action) -> dict[str, str]:
    if isinstance(action, WriteBlock):
        content = blocks.rendered(action.lines, is_last=action.is_last).encode("utf-8", "surrogateescape")
    elif isinstance(action, WriteFile):
        content = action.content.encode("utf-8", "surrogateescape")
    else:
        return {}
    return {action.path: digest(base64.b64encode(content).decode())}


def _commands(action: Action) -> list[tuple[str, ...]]:
    """What puts restored files in force, and what takes a command back; waiting for a daemon is neither."""
    if isinstance(action, (WriteFile, WriteBlock, Link)):
        return [command.argv for command in action.then if command.attempts == 1]
    return list(action.undo) if isinstance(action, Command) else []


@contextmanager
def _writing(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ActionFailed(f"The journal of changes cannot be kept in {path}: {error.strerror or error}") from error
