# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which actions are needed on the host as it is, and the change that each of them makes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import ActionFailed
from ansible_collections.groundwork.python_host.plugins.module_utils._host import blocks
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import (
    Action,
    Change,
    Command,
    EnsureDirectory,
    Link,
    Remove,
    SetAttributes,
    WriteBlock,
    WriteFile,
)

if TYPE_CHECKING:
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import FileStat, HostReader


# What an action calls root's own group, on every system.
ROOT_GROUP = "root"


@dataclass(frozen=True)
class Step:
    """An action that is needed, with the change that it makes (None for a step that is no change of its own)."""

    action: Action
    change: Change | None
    diff: tuple[str, str] | None = None


def needed_step(reader: HostReader, action: Action) -> Step | None:
    """The action with its change; None where the host is as it wants already."""
    action = _named_as_here(reader, action)
    if isinstance(action, Command):
        return Step(action, action.change)
    if isinstance(action, WriteFile):
        return _write_step(reader, action)
    if isinstance(action, WriteBlock):
        return _block_step(reader, action)
    if isinstance(action, Link):
        return _link_step(reader, action)
    if isinstance(action, Remove):
        return _remove_step(reader, action)
    return _attributes_step(reader, action)


def _named_as_here(reader: HostReader, action: Action) -> Action:
    """FreeBSD has no group called root: there the same group, that of id 0, is called wheel."""
    if isinstance(action, (WriteFile, EnsureDirectory, SetAttributes)) and action.group == ROOT_GROUP:
        return replace(action, group=reader.root_group)
    return action


def _write_step(reader: HostReader, action: WriteFile) -> Step | None:
    old = reader.read_text(action.path)
    wanted = _rights(action.mode, action.owner, action.group)
    if old == action.content:
        current = _stat_rights(reader.stat(action.path))
        return None if current == wanted else Step(action, Change("attributes", action.path, current, wanted))
    diff = action.shown if action.shown is not None else (old or "", action.content)
    return Step(action, Change("file", action.path, "absent" if old is None else "other content", "written"), diff)


def _block_step(reader: HostReader, action: WriteBlock) -> Step | None:
    """Somebody's file is told by what differs in our block: the rest of it is nobody's business."""
    stat = reader.stat(action.path)
    if stat is not None and stat.kind != "file":
        raise ActionFailed(f"{action.path} is a {stat.kind}, expected a file: put a real one there, then run again")
    text, wanted = reader.read_text(action.path) or "", blocks.rendered(action.lines, is_last=action.is_last)
    if blocks.replaced(text, wanted) == text:
        return None
    old = blocks.block_in(text)
    change = Change("block", action.path, "other content" if old else "absent", "written" if wanted else "absent")
    return Step(action, change, (old, wanted))


def _link_step(reader: HostReader, action: Link) -> Step | None:
    target = reader.readlink(action.path)
    if target == action.target:
        return None
    return Step(action, Change("link", action.path, target or "absent", action.target))


def _remove_step(reader: HostReader, action: Remove) -> Step | None:
    stat = reader.stat(action.path)
    return Step(action, Change(stat.kind, action.path, "present", "absent")) if stat else None


def _attributes_step(reader: HostReader, action: EnsureDirectory | SetAttributes) -> Step | None:
    stat = reader.stat(action.path)
    wanted = _rights(action.mode, action.owner, action.group)
    if stat is None:
        return Step(action, Change("directory", action.path, "absent", wanted))
    if isinstance(action, EnsureDirectory) and stat.kind != "directory":
        raise ActionFailed(f"{action.path} is a {stat.kind}, expected a directory: move it away, then run again")
    current = _stat_rights(stat)
    return None if current == wanted else Step(action, Change("attributes", action.path, current, wanted))


def _rights(mode: int, owner: str, group: str) -> str:
    return f"{mode:04o} {owner}:{group}"


def _stat_rights(stat: FileStat | None) -> str:
    return "absent" if stat is None else _rights(stat.mode, stat.owner, stat.group)
