# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What it takes to bring back the state before some steps, as the text of `pending.json`."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING, Any

from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Command, Remove, WriteFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Step
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader


def restoration(host: HostReader, steps: Iterable[Step], token: str) -> str:
    """Shape: {token, files: [{path, old, before, new, mode, uid, gid}], commands: [argv]}, in the order of the steps.

    `old` is the content in base64 or null, `before` and `new` are digests of what stood there and of what the step
    writes: a file that is neither any more belongs to someone else.
    """
    planned = tuple(steps)
    files = [entry for step in planned for entry in _files(host, step)]
    commands = [list(argv) for step in planned for argv in _commands(step)]
    return json.dumps({"token": token, "files": files, "commands": commands})


def _files(host: HostReader, step: Step) -> Iterator[dict[str, Any]]:
    action = step.action
    if not isinstance(action, (WriteFile, Remove)):
        return
    old, stat = _bytes(host.read_text(action.path)), host.stat(action.path)
    new = _bytes(action.content) if isinstance(action, WriteFile) else None
    yield {
        "path": action.path,
        "old": None if old is None else base64.b64encode(old).decode(),
        "before": digest(old),
        "new": digest(new),
        "mode": stat.mode if stat else 0,
        "uid": stat.uid if stat else 0,
        "gid": stat.gid if stat else 0,
    }


def _commands(step: Step) -> Iterator[tuple[str, ...]]:
    """What loads a restored file again, and what takes a command back; run in reverse order."""
    if isinstance(step.action, WriteFile):
        yield from reversed([command.argv for command in step.action.then])
    elif isinstance(step.action, Command):
        yield from reversed(step.action.undo)


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else text.encode("utf-8", "surrogateescape")


def digest(content: bytes | None) -> str:
    """The SHA-256 of a file's content, or `absent`."""
    return "absent" if content is None else hashlib.sha256(content).hexdigest()
