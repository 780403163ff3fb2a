# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The frame of a run: a journal from the first change on, and a way back that the host takes if nobody confirms."""

from __future__ import annotations

import json
import secrets
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Callable

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import ActionFailed
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import (
    Action,
    Command,
    WriteFile,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery.installation import (
    COMMAND,
    PENDING,
    RESULT,
    REVERTED,
    TIMERS,
    installation,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery.scheduler import SCHEDULERS, Scheduler

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Executor
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._recovery.journal import Journal

# How often, and after how many seconds each time, the controller of another run is given a moment to confirm.
GRACE_ATTEMPTS = 10
GRACE_PAUSE = 0.5


def new_token() -> str:
    """The name of a run."""
    return secrets.token_hex(8)


@dataclass(frozen=True)
class Recovery:
    """One run's. With 0 seconds nobody can confirm (a local or container connection), so nobody has to.

    Without a journal nothing is written down. `service_manager` is that of the host, one of SCHEDULERS.
    """

    seconds: int = 0
    run: str = field(default_factory=new_token)
    python: str = sys.executable
    journal: Journal | None = None
    sleep: Callable[[float], None] = time.sleep
    service_manager: str = "systemd"

    @property
    def is_wanted(self) -> bool:
        """Whether dangerous changes have to be confirmed."""
        return self.seconds > 0

    def installation(self, host: HostReader) -> Iterator[Action]:
        """What must stand on the host before anything is changed; it stays there and costs nothing."""
        if self.journal:
            yield from installation(host, self.python, at_boot=self.is_wanted, service_manager=self.service_manager)

    def settle(self, executor: Executor, host: HostReader) -> tuple[str, ...]:
        """Take back what an earlier run left unconfirmed, and tell of one that was killed."""
        if self.journal:
            self.journal.look_around()
        notes = [*self._take_back_the_unconfirmed(executor, host)]
        killed = self.journal.abandoned() if self.journal else ""
        if self.journal and killed:
            notes.append(
                f"the run that began at {killed} (UTC) was killed; what it had not done yet is done by this one"
            )
            if not executor.is_check_mode:
                self.journal.settle()
        return tuple(notes)

    def _take_back_the_unconfirmed(self, executor: Executor, host: HostReader) -> Iterator[str]:
        if host.stat(PENDING) is None:
            return
        if executor.is_check_mode:
            yield "an earlier run was never confirmed; a real run first takes its dangerous changes back"
            return
        for _attempt in range(GRACE_ATTEMPTS):
            self.sleep(GRACE_PAUSE)
            if host.stat(PENDING) is None:
                return
        executor.prepare((Command(("sh", COMMAND, "now")),))
        if host.stat(PENDING) is not None:
            raise ActionFailed(
                f"What an earlier run has changed and nobody has confirmed cannot be taken back: see {REVERTED}, mend "
                "that, and run again. Nothing else was changed."
            )
        yield "an earlier run was never confirmed; its dangerous changes were taken back first"

    def begin(self) -> None:
        """Open the journal; other runs have to wait from here on."""
        if self.journal:
            self.journal.open()

    def record(self, executor: Executor) -> None:
        """Write down every step from here on."""
        executor.record_with(self.journal)

    @contextmanager
    def guarded(self, executor: Executor) -> Iterator[None]:
        """The dangerous steps of the block are taken back by the host when the time is over, after a kill and a power
        cut too, and at once when one of them fails.
        """
        if not self.journal:
            yield
            return
        self._arm(executor, self.journal.path)
        try:
            yield
        except Exception:
            # The program that takes back waits for the lock that this run holds.
            try:
                self.journal.close("failed")
            finally:
                executor.prepare((Command(("sh", COMMAND, "now", self.run)),))
            raise
        if not self.is_wanted:
            executor.prepare((Command(("rm", "-f", PENDING)),))

    def _arm(self, executor: Executor, journal: str) -> None:
        pending = json.dumps({"run": self.run, "journal": journal})
        # What was installed for the way back must not be lost by a power cut before what it takes back.
        executor.prepare((Command(("sync",)), WriteFile(PENDING, pending, mode=0o600)))
        self.start_timer(executor)

    def start_timer(self, executor: Executor) -> None:
        """The host takes back what waits when the time is over."""
        executor.prepare((*self._stopped(TIMERS), *self._started(TIMERS[0])) if self.is_wanted else ())

    def start_again(self, executor: Executor) -> None:
        """All is done: whoever confirms has the whole time from now on. One timer runs at any moment."""
        executor.prepare((*self._started(TIMERS[1]), *self._stopped(TIMERS[:1])) if self.is_wanted else ())

    @property
    def _scheduler(self) -> Scheduler:
        return SCHEDULERS[self.service_manager]

    def _started(self, timer: str) -> tuple[Command, ...]:
        argv = self._scheduler.start(timer, self.seconds, ("/bin/sh", COMMAND, "timeout", self.run))
        return (Command(argv, attempts=self._scheduler.attempts),)

    def _stopped(self, timers: tuple[str, ...]) -> tuple[Command, ...]:
        """With them goes what they have started, should it wait for this run's end already."""
        return tuple(Command(argv, ok=self._scheduler.stopped) for argv in self._scheduler.stop(timers))

    def keep(self, executor: Executor, result: dict[str, Any]) -> None:
        """Leave the result on the host, for a controller whose connection was cut."""
        if self.journal and self.journal.path:
            kept = json.dumps({"run": self.run, "result": result})
            executor.prepare((WriteFile(RESULT, kept, mode=0o600),))
            if "confirm" in result:
                self.start_again(executor)

    def end(self, how: str) -> None:
        """The run has come to its end: `finished` or `failed`."""
        if self.journal:
            self.journal.close(how)

    def to_json(self) -> dict[str, Any]:
        """What the controller needs to confirm with over a fresh login. Shape: {run, seconds}."""
        return {"run": self.run, "seconds": self.seconds}
