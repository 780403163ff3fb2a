# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A reader that asks the host each question once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import HostError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import (
        CommandResult,
        FileStat,
        HostReader,
        LockHolder,
    )


class RememberingHost:
    """A HostReader for one pass of inspection: many checks, one answer to each question, errors included."""

    def __init__(self, host: HostReader) -> None:
        self._host = host
        self._answers: dict[tuple[object, ...], Any] = {}

    @property
    def uid(self) -> int:
        """See HostReader."""
        return self._host.uid

    @property
    def root_group(self) -> str:
        """See HostReader."""
        return self._host.root_group

    @property
    def scratch(self) -> str:
        """See HostReader."""
        return self._host.scratch

    def scratch_file(self, name: str, content: str) -> str:
        """See HostReader."""
        return self._host.scratch_file(name, content)

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
        """See HostReader."""
        key = ("query", tuple(argv), tuple(ok), tuple(sorted((env or {}).items())), stdin)
        result: CommandResult = self._once(
            key,
            lambda: self._host.query(
                argv, ok=ok, timeout=timeout, env=env, stdin=stdin, runtime_directory=runtime_directory
            ),
        )
        return result

    def read_text(self, path: str) -> str | None:
        """See HostReader."""
        text: str | None = self._once(("read_text", path), lambda: self._host.read_text(path))
        return text

    def stat(self, path: str) -> FileStat | None:
        """See HostReader."""
        result: FileStat | None = self._once(("stat", path), lambda: self._host.stat(path))
        return result

    def listdir(self, path: str) -> tuple[str, ...] | None:
        """See HostReader."""
        names: tuple[str, ...] | None = self._once(("listdir", path), lambda: self._host.listdir(path))
        return names

    def readlink(self, path: str) -> str | None:
        """See HostReader."""
        target: str | None = self._once(("readlink", path), lambda: self._host.readlink(path))
        return target

    def lock_holder(self, path: str) -> LockHolder | None:
        """See HostReader; never remembered, because whoever asks waits for a change."""
        return self._host.lock_holder(path)

    def read_rows(self, path: str, question: str) -> tuple[tuple[object, ...], ...] | None:
        """See HostReader; never remembered, because another program writes there while it is at work."""
        return self._host.read_rows(path, question)

    def which(self, name: str) -> str | None:
        """See HostReader."""
        path: str | None = self._once(("which", name), lambda: self._host.which(name))
        return path

    def _once(self, key: tuple[object, ...], ask: Callable[[], Any]) -> Any:
        if key not in self._answers:
            try:
                self._answers[key] = ask()
            except HostError as error:
                self._answers[key] = error
        answer = self._answers[key]
        if isinstance(answer, HostError):
            raise answer
        return answer
