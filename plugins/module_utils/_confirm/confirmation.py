# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Commit-confirm: the host takes a dangerous change back by itself unless a fresh login confirms it in time."""

from __future__ import annotations

import secrets
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ansible_collections.groundwork.python_host.plugins.module_utils._confirm import program
from ansible_collections.groundwork.python_host.plugins.module_utils._confirm.restoration import restoration
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import ActionFailed
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import (
    Action,
    Change,
    Command,
    EnsureDirectory,
    WriteFile,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Executor, Step
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader


@dataclass(frozen=True)
class Confirmation:
    """The confirmation of one run. With 0 seconds there is nobody to confirm (a local or container connection)."""

    seconds: int = 0
    token: str = field(default_factory=lambda: secrets.token_hex(8))
    python: str = sys.executable

    @property
    def is_wanted(self) -> bool:
        """Whether dangerous changes have to be confirmed."""
        return self.seconds > 0

    def installation(self, host: HostReader) -> Iterator[Action]:
        """What must stand on the host before anything dangerous is done; it stays there and costs nothing."""
        if not self.is_wanted:
            return
        yield EnsureDirectory("/var/lib/groundwork", 0o700)
        yield EnsureDirectory(program.DIRECTORY, 0o700)
        yield WriteFile(program.PATH, program.PROGRAM, mode=0o700)
        unit = program.UNIT_TEXT.format(python=self.python, program=program.PATH, pending=program.PENDING)
        yield WriteFile(program.UNIT_PATH, unit, then=(Command(("systemctl", "daemon-reload")),))
        if host.query(("systemctl", "is-enabled", program.UNIT), ok=(0, 1, 4)).stdout.strip() != "enabled":
            argv = ("systemctl", "enable", program.UNIT)
            yield Command(argv, Change("unit", program.UNIT, "disabled", "enabled"))

    def guard(self, executor: Executor, host: HostReader, steps: tuple[Step, ...]) -> None:
        """Perform the steps, which the host takes back when the time is over, after a kill and a power cut too.

        While they are performed, the way back waits: it must not come before the last of them. A step that fails takes
        all of them back at once. Raises ActionFailed.
        """
        try:
            with executor.locked(program.LOCK):
                self._arm(executor, host, steps)
                executor.perform(steps)
        except ActionFailed:
            self._take_back(executor)
            raise

    def _arm(self, executor: Executor, host: HostReader, steps: tuple[Step, ...]) -> None:
        timer = ("systemd-run", "--quiet", "--collect", f"--unit={program.TIMER}", f"--on-active={self.seconds}")
        accuracy = "--timer-property=AccuracySec=100ms"
        executor.prepare(
            (
                Command(("systemctl", "stop", f"{program.TIMER}.timer"), ok=(0, 5)),
                WriteFile(program.PENDING, restoration(host, steps, self.token), mode=0o600),
                Command((*timer, accuracy, self.python, "-I", program.PATH, "timeout")),
            )
        )

    def _take_back(self, executor: Executor) -> None:
        executor.prepare((Command((self.python, "-I", program.PATH, "now")),))

    def settle(self, executor: Executor, host: HostReader) -> tuple[str, ...]:
        """Take back what an earlier run left unconfirmed, and say so."""
        if host.stat(program.PENDING) is None:
            return ()
        if executor.is_check_mode:
            return ("an earlier run was never confirmed; a real run first takes its dangerous changes back",)
        self._take_back(executor)
        return ("an earlier run was never confirmed; its dangerous changes were taken back first",)

    def to_json(self) -> dict[str, Any]:
        """What the controller must run on the host over a fresh login. Shape: {argv, seconds}."""
        return {"argv": [self.python, "-I", program.PATH, "confirm", self.token], "seconds": self.seconds}
