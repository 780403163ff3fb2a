# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes as values. They say what shall be; `executor.py` alone makes them so."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Union

if TYPE_CHECKING:
    from collections.abc import Mapping


# Stands in a command for the path of a file that is judged before it takes its place.
CANDIDATE = "{candidate}"


@dataclass(frozen=True)
class Change:
    """One difference that a run makes, or in check mode would make: the unit of `changed` and of the diff."""

    kind: str
    target: str
    before: str
    after: str

    def to_json(self) -> dict[str, str]:
        """Shape: {kind, target, before, after}."""
        return {"kind": self.kind, "target": self.target, "before": self.before, "after": self.after}


@dataclass(frozen=True)
class Touches:
    """What a command changes, so that it can be written down before: paths, and the names of an account, of the home
    that is made with it, of a systemd unit, and of packages that are installed because somebody named them; the TCP
    port whose SELinux label it sets; and on FreeBSD variables of rc.conf and the service that it starts or stops.
    """

    paths: tuple[str, ...] = ()
    account: str = ""
    home: str = ""
    unit: str = ""
    packages: tuple[str, ...] = ()
    labelled_port: str = ""
    rc_variables: tuple[str, ...] = ()
    rc_service: str = ""


@dataclass(frozen=True)
class Command:
    """A program that makes one change; whoever yields it has already found the change to be needed.

    `stdin` may hold a secret and is never shown; `argv` is. `change` is None for a step that is no change of its own
    (a reload, a refresh of an index). One that waits for something is tried `attempts` times, half a second apart.
    `again` runs in its place where it loaded a file that was refused, and the old one is back: a daemon that has ended
    over the refused one cannot be told to reload.
    `touches` is brought back as it was when the command is undone; `undo` are the commands that then put it in force.
    """

    argv: tuple[str, ...]
    change: Change | None = None
    ok: tuple[int, ...] = (0,)
    timeout: float = 120.0
    env: Mapping[str, str] = field(default_factory=dict)
    stdin: str | None = field(default=None, repr=False)
    attempts: int = 1
    again: tuple[str, ...] = ()
    touches: Touches = field(default_factory=Touches)
    undo: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class WriteFile:
    """The file has this content, mode and owner; the group `root` is that of id 0, whatever its name.

    `validate` runs with the new file in place; on any exit code but 0 the old file comes back and the run fails.
    `then` runs after a validated write; if it fails, the old file comes back and `then` runs once more (see `again`).
    `shown` is what the diff shows instead of the content (fingerprints instead of keys).
    """

    path: str
    content: str = field(repr=False)
    mode: int = 0o644
    owner: str = "root"
    group: str = "root"
    validate: tuple[str, ...] = ()
    then: tuple[Command, ...] = ()
    shown: tuple[str, str] | None = None


@dataclass(frozen=True)
class WriteBlock:
    """One marked block in somebody's file has these lines (see blocks.py); without lines there is none.

    It stands at the top, or at the end if it `is_last`.

    The rest of the file, its mode and its owner stay; where there is no file, root gets one of its own. `validate`
    judges the whole file before it is replaced, CANDIDATE standing for its path. `then` is as for WriteFile.
    """

    path: str
    lines: str
    validate: tuple[str, ...] = ()
    then: tuple[Command, ...] = ()
    is_last: bool = False


@dataclass(frozen=True)
class EnsureDirectory:
    """The directory exists with exactly this mode and owner."""

    path: str
    mode: int = 0o755
    owner: str = "root"
    group: str = "root"


@dataclass(frozen=True)
class SetAttributes:
    """The existing path has exactly this mode and owner."""

    path: str
    mode: int
    owner: str
    group: str


@dataclass(frozen=True)
class Link:
    """The path is a symbolic link to the target; `then` runs after it was switched."""

    path: str
    target: str
    then: tuple[Command, ...] = ()


@dataclass(frozen=True)
class Remove:
    """The path does not exist."""

    path: str


Action = Union[Command, WriteFile, WriteBlock, EnsureDirectory, SetAttributes, Link, Remove]
