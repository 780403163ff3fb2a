# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A strict host for unit tests: what was not declared is a failure, never an empty answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Callable, Union

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import (
    CommandFailed,
    CommandMissing,
    HostError,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import (
    CommandResult,
    FileStat,
    LockHolder,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

Answer = Union[str, CommandResult, HostError, Callable[..., "str | CommandResult"]]


class UndeclaredQuery(AssertionError):
    """The code under test asked something that the test did not declare."""


@dataclass
class FakeHost:
    """Reader and writer over dictionaries.

    `answers` maps a command line (arguments joined by a space) to standard output, to a whole result, or to an error;
    `files` maps a path to its text (None: known to be absent) or an error; `stats` to its FileStat (derived from
    `files` when it is not given); `programs` are the names that `which` finds (all that appear in `answers` if it is
    not given).
    `databases` maps the path of an SQLite database to the rows that answer whatever it is asked (None: known to be
    absent) or to an error.
    `performed` records each write as text, in order. `effects` says what a write brings about: the key is the whole
    recorded text (`run useradd …`), or for a file its path, and the value is called with this host.
    `doubles` stand in for programs whose answer depends on files that the code under test writes: the key is how the
    command line begins, and the value is called with this host and the arguments, where `answers` has nothing.
    """

    answers: dict[str, Answer] = field(default_factory=dict)
    files: dict[str, str | HostError | None] = field(default_factory=dict)
    stats: dict[str, FileStat | None] = field(default_factory=dict)
    directories: dict[str, tuple[str, ...]] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    programs: dict[str, str] | None = None
    locks: dict[str, list[LockHolder | None]] = field(default_factory=dict)
    databases: dict[str, tuple[tuple[object, ...], ...] | HostError | None] = field(default_factory=dict)
    uid: int = 0
    root_group: str = "root"
    scratch: str = "/scratch"
    asked: list[str] = field(default_factory=list)
    performed: list[str] = field(default_factory=list)
    effects: dict[str, Callable[[FakeHost], None]] = field(default_factory=dict)
    doubles: dict[str, Callable[[FakeHost, Sequence[str]], str]] = field(default_factory=dict)

    def scratch_file(self, name: str, content: str) -> str:
        path = f"{self.scratch}/{name}"
        self.files[path] = content
        return path

    def query(self, argv, *, ok=(0,), timeout=60.0, env=None, stdin=None, runtime_directory=None) -> CommandResult:
        """A query with an input is declared as `command <<< input`, line breaks as `; `."""
        given = f" <<< {'; '.join(stdin.splitlines())}" if stdin else ""
        return self._answer(argv, ok, given)

    def run(self, argv, *, ok=(0,), timeout=60.0, env=None, stdin=None) -> CommandResult:
        self.performed.append("run " + " ".join(argv))
        result = self._answer(argv, ok) if " ".join(argv) in self.answers else CommandResult(tuple(argv), 0, "")
        self._take_effect(self.performed[-1])
        return result

    def read_text(self, path: str) -> str | None:
        if path not in self.files:
            raise UndeclaredQuery(f"read_text({path!r})")
        text = self.files[path]
        if isinstance(text, HostError):
            raise text
        return text

    def stat(self, path: str) -> FileStat | None:
        if path in self.stats:
            return self.stats[path]
        if path in self.files:
            return None if self.files[path] is None else FileStat("file", 0o644, "root", "root")
        if path in self.directories:
            return FileStat("directory", 0o755, "root", "root")
        if path in self.links:
            return FileStat("link", 0o777, "root", "root")
        raise UndeclaredQuery(f"stat({path!r})")

    def listdir(self, path: str) -> tuple[str, ...] | None:
        if path in self.directories:
            return self.directories[path]
        if path in self.stats and self.stats[path] is None:
            return None
        raise UndeclaredQuery(f"listdir({path!r})")

    def readlink(self, path: str) -> str | None:
        if path in self.links:
            return self.links[path]
        if path in self.files or path in self.stats or path in self.directories:
            return None
        raise UndeclaredQuery(f"readlink({path!r})")

    def lock_holder(self, path: str) -> LockHolder | None:
        """The next of the declared holders of this lock; the last one stays. Undeclared means free."""
        holders = self.locks.get(path, [None])
        return holders.pop(0) if len(holders) > 1 else holders[0]

    def read_rows(self, path: str, question: str) -> tuple[tuple[object, ...], ...] | None:
        if path not in self.databases:
            raise UndeclaredQuery(f"read_rows({path!r}, {question!r})")
        rows = self.databases[path]
        if isinstance(rows, HostError):
            raise rows
        return rows

    def which(self, name: str) -> str | None:
        if self.programs is not None:
            return self.programs.get(name)
        known = any(command.split(" ", 1)[0] == name for command in self.answers)
        return f"/usr/bin/{name}" if known else None

    def write(self, path, content, *, mode, owner, group) -> None:
        self.performed.append(f"write {path} {mode:04o} {owner}:{group}")
        self.files[path] = content
        self.stats[path] = FileStat("file", mode, owner, group)
        self._take_effect(path)

    def make_directory(self, path, *, mode, owner, group) -> None:
        self.performed.append(f"make_directory {path} {mode:04o} {owner}:{group}")
        self.stats[path] = FileStat("directory", mode, owner, group)

    def set_attributes(self, path, *, mode, owner, group) -> None:
        self.performed.append(f"set_attributes {path} {mode:04o} {owner}:{group}")
        self.stats[path] = FileStat(self.stat(path).kind, mode, owner, group)

    def link(self, path, target) -> None:
        self.performed.append(f"link {path} {target}")
        self.links[path] = target
        self.stats[path] = FileStat("link", 0o777, "root", "root")

    def remove(self, path) -> None:
        self.performed.append(f"remove {path}")
        self.files[path] = None
        self.stats[path] = None
        self._take_effect(path)

    def _take_effect(self, written: str) -> None:
        if written in self.effects:
            self.effects[written](self)

    def _double(self, argv) -> Answer:
        command = " ".join(argv)
        for beginning, double in self.doubles.items():
            if command.startswith(f"{beginning} "):
                return double(self, argv)
        raise UndeclaredQuery(f"query({command!r})")

    def _answer(self, argv, ok, given="") -> CommandResult:
        command = " ".join(argv) + given
        self.asked.append(command)
        answer = self.answers[command] if command in self.answers else self._double(argv)
        if isinstance(answer, HostError):
            raise answer
        if callable(answer):
            answer = answer()
        result = answer if isinstance(answer, CommandResult) else CommandResult(tuple(argv), 0, answer)
        if result.rc == 127:
            raise CommandMissing(argv[0])
        if result.rc not in ok:
            raise CommandFailed(argv, rc=result.rc, stdout=result.stdout, stderr=result.stderr)
        return result
