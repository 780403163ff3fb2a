# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one place that decides whether an action is needed, makes it so, and remembers what was changed."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import (
    ActionFailed,
    CommandFailed,
    HostError,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._host import blocks
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import (
    CANDIDATE,
    Action,
    Change,
    Command,
    EnsureDirectory,
    Link,
    Remove,
    WriteBlock,
    WriteFile,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import FileStat
from ansible_collections.groundwork.python_host.plugins.module_utils._host.steps import Step, needed_step

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader, HostWriter

# Seconds between two attempts of a command that waits for something.
PAUSE = 0.5
# A file that a daemon must load has these rights until it is loaded: whatever ends a run in between, the next one finds
# other rights than it wants, and loads the file.
NOT_LOADED = 0o400
# Somebody's file that was not there.
NEW_FILE_MODE = 0o600


class Recorder(Protocol):
    """Writes changes down, so that they can be undone."""

    def before(self, action: Action, change: Change | None, danger: str) -> None:
        """The action is about to be carried out. Raises ActionFailed, and it is not."""

    def after(self) -> None:
        """It was."""


class Executor:
    """Plans actions against the host as it is, then performs the plan.

    A plan is made once and performed as it stands, so check mode, which stops after the plan, tells exactly what a
    real run does. Without a writer (check mode, audit) `perform` only records.
    """

    def __init__(self, reader: HostReader, writer: HostWriter | None = None) -> None:
        self._reader = reader
        self._writer = writer
        self._recorder: Recorder | None = None
        self._done: list[Step] = []

    def record_with(self, recorder: Recorder | None) -> None:
        """Write every step down from here on, before and after it is performed."""
        self._recorder = recorder

    @property
    def is_check_mode(self) -> bool:
        """True where nothing may be written."""
        return self._writer is None

    @property
    def changes(self) -> tuple[Change, ...]:
        """What was changed, or in check mode would be, in order."""
        return tuple(step.change for step in self._done if step.change)

    @property
    def diff(self) -> list[dict[str, str]]:
        """Ansible's diff: a list of {before_header, after_header, before, after}."""
        return [_diff_entry(step) for step in self._done if step.change]

    def plan(self, actions: Iterable[Action]) -> tuple[Step, ...]:
        """Those of the actions that would change something, judged by the host as it is now."""
        needed = (needed_step(self._reader, action) for action in actions)
        return tuple(one for one in needed if one)

    def perform(self, steps: Iterable[Step], *, danger: str = "") -> None:
        """Carry the steps out in order; raises ActionFailed at the first that cannot be.

        `danger` is written down with them: `door` for what could cut somebody off, `way_in` for an own login.
        """
        for step in steps:
            if self._writer is not None:
                self._perform_recorded(self._writer, step, danger)
            self._done.append(step)

    def _perform_recorded(self, writer: HostWriter, step: Step, danger: str) -> None:
        if self._recorder is None:
            _perform(writer, step.action)
            return
        self._recorder.before(step.action, step.change, danger)
        _perform(writer, step.action)
        self._recorder.after()

    def tell(self, changes: Iterable[Change]) -> None:
        """Remember changes that a program of ours has made by itself, or in check mode foretold."""
        self._done.extend(Step(Command(()), change) for change in changes)

    def prepare(self, actions: Iterable[Action]) -> None:
        """Do what is no change of the host's own state (arming a timer, our own bookkeeping); not in check mode."""
        for step in self.plan(actions):
            if self._writer is not None:
                _perform(self._writer, step.action)

    def run(self, actions: Iterable[Action]) -> None:
        """Plan and perform at once, for actions that do not depend on one another's prediction."""
        self.perform(self.plan(actions))


def _diff_entry(step: Step) -> dict[str, str]:
    change = step.change
    if change is None:
        return {}
    before, after = step.diff or (change.before, change.after)
    header = f"{change.kind}: {change.target}"
    return {
        "before_header": header,
        "after_header": header,
        "before": before if before.endswith("\n") or not before else before + "\n",
        "after": after if after.endswith("\n") or not after else after + "\n",
    }


def _perform(writer: HostWriter, action: Action) -> None:
    try:
        _carry_out(writer, action)
    except HostError as error:
        raise ActionFailed(str(error)) from error


def _carry_out(writer: HostWriter, action: Action) -> None:
    if isinstance(action, Command):
        _run(writer, action)
    elif isinstance(action, WriteFile):
        _write(writer, action)
    elif isinstance(action, WriteBlock):
        _write_block(writer, action)
    elif isinstance(action, Link):
        writer.link(action.path, action.target)
        for command in action.then:
            _run(writer, command)
    elif isinstance(action, Remove):
        writer.remove(action.path)
    elif isinstance(action, EnsureDirectory) and writer.stat(action.path) is None:
        writer.make_directory(action.path, mode=action.mode, owner=action.owner, group=action.group)
    else:
        writer.set_attributes(action.path, mode=action.mode, owner=action.owner, group=action.group)


def _run(writer: HostWriter, command: Command) -> None:
    for attempts_left in reversed(range(command.attempts)):
        try:
            writer.run(command.argv, ok=command.ok, timeout=command.timeout, env=command.env, stdin=command.stdin)
            return
        except CommandFailed:
            if not attempts_left:
                raise
            time.sleep(PAUSE)


def _write(writer: HostWriter, action: WriteFile) -> None:
    """Write, validate in place, then load; any failure brings the old file back."""
    old, rights = writer.read_text(action.path), writer.stat(action.path)
    mode = NOT_LOADED if action.then else action.mode
    writer.write(action.path, action.content, mode=mode, owner=action.owner, group=action.group)
    try:
        if action.validate:
            writer.query(action.validate)
    except HostError as error:
        _restore(writer, action.path, old=old, rights=rights)
        raise ActionFailed(f"{action.path} was put back as it was, because its check failed: {error}") from error
    _load(writer, action, old=old, rights=rights)
    if action.then:
        writer.set_attributes(action.path, mode=action.mode, owner=action.owner, group=action.group)


def _write_block(writer: HostWriter, action: WriteBlock) -> None:
    """Validate a copy of the whole file, write, then load; what else stands in the file is read at this very moment."""
    old, rights = writer.read_text(action.path), writer.stat(action.path)
    content = blocks.replaced(old or "", blocks.rendered(action.lines, is_last=action.is_last))
    if action.validate:
        candidate = writer.scratch_file("candidate", content)
        try:
            writer.query([word.replace(CANDIDATE, candidate) for word in action.validate])
        except HostError as error:
            words = str(error).replace(candidate, action.path)
            raise ActionFailed(f"{action.path} was left as it was, because its check failed: {words}") from error
    kept = rights or FileStat("file", NEW_FILE_MODE, "root", writer.root_group)
    writer.write(action.path, content, mode=kept.mode, owner=kept.owner, group=kept.group)
    _load(writer, action, old=old, rights=rights)


def _load(writer: HostWriter, action: WriteFile | WriteBlock, *, old: str | None, rights: FileStat | None) -> None:
    """Put it in force; where that fails the old file comes back."""
    try:
        for command in action.then:
            _run(writer, command)
    except HostError as error:
        _restore(writer, action.path, old=old, rights=rights)
        raise ActionFailed(
            f"{action.path} was put back as it was, because its daemon refused it: {error}{_load_again(writer, action)}"
        ) from error


def _load_again(writer: HostWriter, action: WriteFile | WriteBlock) -> str:
    """Load the old file; where that is refused as well the trouble is not the file's, and the returned words say so."""
    try:
        for command in action.then:
            _run(writer, replace(command, argv=command.again or command.argv))
    except HostError:
        return " (the daemon refuses the old file, too: look at the daemon first)"
    return ""


def _restore(writer: HostWriter, path: str, *, old: str | None, rights: FileStat | None) -> None:
    if old is None or rights is None:
        writer.remove(path)
    else:
        writer.write(path, old, mode=rights.mode, owner=rights.owner, group=rights.group)
