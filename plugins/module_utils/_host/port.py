# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What our code may ask of a host, and, for the executor alone, what it may do to one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True)
class CommandResult:
    """What a program answered."""

    argv: tuple[str, ...]
    rc: int
    stdout: str
    stderr: str = ""

    def lines(self) -> tuple[str, ...]:
        """The lines of standard output that are not empty."""
        return tuple(line for line in self.stdout.splitlines() if line.strip())


@dataclass(frozen=True)
class FileStat:
    """A path's kind (`file`, `directory`, `link`, `other`), mode bits (0o7777), and owners; links are not followed.

    `modified` is when its content was changed; `changed` is when anything about it was, its name or rights included.
    """

    kind: str
    mode: int
    owner: str
    group: str
    uid: int = 0
    gid: int = 0
    modified: float = 0.0
    changed: float = 0.0


@dataclass(frozen=True)
class LockHolder:
    """The process that holds a POSIX record lock on a file."""

    pid: int
    name: str


class HostReader(Protocol):
    """All that a check or a package backend ever receives: nothing here changes the host."""

    @property
    def uid(self) -> int:
        """The effective user id that this run has on the host."""

    @property
    def root_group(self) -> str:
        """The name of the group with id 0, root's own: `root` on Linux, `wheel` on BSD."""

    @property
    def scratch(self) -> str:
        """A private directory for this run, removed at its end; its files are no change of the host."""

    def scratch_file(self, name: str, content: str) -> str:
        """Write a file that this run's own commands read (mode 0600, below `scratch`) and return its full path."""

    def query(
        self,
        argv: Sequence[str],
        *,
        ok: Sequence[int] = (0,),
        timeout: float = 60.0,
        env: Mapping[str, str] | None = None,
        stdin: str | None = None,
        runtime_directory: str | None = None,
    ) -> CommandResult:
        """Run a program that only reads, in /, under LC_ALL=C and umask 022.

        `env` is added to the environment; without `stdin` the standard input is empty.

        `runtime_directory` names a directory under /run that the program insists on and that its service makes at
        each start (sshd: /run/sshd); it is made if it is absent, and left, because the service may take it into use.

        Raises CommandMissing, CommandTimedOut, or CommandFailed for an exit code outside `ok`.
        """

    def read_text(self, path: str) -> str | None:
        """The file's text; None when there is no such file. Raises Unreadable."""

    def stat(self, path: str) -> FileStat | None:
        """The path itself, links not followed; None when it is absent. Raises Unreadable."""

    def listdir(self, path: str) -> tuple[str, ...] | None:
        """The sorted names in a directory; None when it is absent. Raises Unreadable."""

    def readlink(self, path: str) -> str | None:
        """The text of a symbolic link; None when the path is absent or no link. Raises Unreadable."""

    def lock_holder(self, path: str) -> LockHolder | None:
        """Who holds a lock (fcntl) on the file; None when nobody does or it is absent. Raises Unreadable."""

    def read_rows(self, path: str, question: str) -> tuple[tuple[object, ...], ...] | None:
        """The rows of an SQLite database that answer a SELECT; None when there is no such file.

        Raises Unreadable, also where this run's Python has no sqlite3.
        """

    def which(self, name: str) -> str | None:
        """The full path of a program on root's search path."""


class HostWriter(HostReader, Protocol):
    """The pen. Only the executor holds one."""

    def run(
        self,
        argv: Sequence[str],
        *,
        ok: Sequence[int] = (0,),
        timeout: float = 60.0,
        env: Mapping[str, str] | None = None,
        stdin: str | None = None,
    ) -> CommandResult:
        """Run a program that changes the host; raises as `query` does."""

    def write(self, path: str, content: str, *, mode: int, owner: str, group: str) -> None:
        """Replace the file atomically and durably; it never exists half-written or with other rights."""

    def make_directory(self, path: str, *, mode: int, owner: str, group: str) -> None:
        """Create one directory; its parent exists."""

    def set_attributes(self, path: str, *, mode: int, owner: str, group: str) -> None:
        """Set rights and owners of the path itself, never through a symbolic link."""

    def link(self, path: str, target: str) -> None:
        """Make `path` a symbolic link to `target`, replacing an older link atomically."""

    def remove(self, path: str) -> None:
        """Remove a file, a link or a whole directory tree; an absent path is fine."""
