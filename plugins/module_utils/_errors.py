# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The errors that our own code raises; `main()` alone turns them into `fail_json`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# A private key, whole or cut off, given where something else was meant. Messages end up in logs.
PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)", re.DOTALL)


class PythonHostError(Exception):
    """Anything that goes wrong in a way that we can explain."""


class BadInput(PythonHostError):
    """What the user asked for cannot be meant; `problems` holds one sentence for each, and never a private key."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(PRIVATE_KEY.sub("(a private key)", problem) for problem in problems)
        super().__init__("Nothing was changed. " + "; ".join(self.problems))


class Refused(PythonHostError):
    """The request is understood and would do harm, so nothing was changed."""


class HostError(PythonHostError):
    """The host did not answer as it must; in a check this gives the status `unknown`."""


class Unreadable(HostError):
    """A path exists, or may exist, and cannot be read."""

    def __init__(self, path: str, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(f"{path} cannot be read: {reason}")


class Unwritable(HostError):
    """A path could not be changed."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path} cannot be changed: {reason}")


class NeedsRoot(HostError):
    """Only root may read this."""

    def __init__(self, what: str) -> None:
        super().__init__(f"only root may read {what}: set `become: true`")


class CommandMissing(HostError):
    """The program is not on this host."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"the command {name} is not on this host")


class CommandTimedOut(HostError):
    """The program was ended because it took too long."""

    def __init__(self, argv: Sequence[str], seconds: float) -> None:
        super().__init__(f"`{' '.join(argv)}` gave no answer within {seconds:g} s and was ended")


class CommandFailed(HostError):
    """The program ended with an exit code that means an error for this call."""

    def __init__(self, argv: Sequence[str], *, rc: int, stdout: str, stderr: str) -> None:
        self.argv = tuple(argv)
        self.rc = rc
        self.stdout = stdout
        self.stderr = stderr
        words = (stderr.strip() or stdout.strip() or "no message")[-2000:]
        super().__init__(f"`{' '.join(argv)}` ended with {rc}: {words}")


class ActionFailed(PythonHostError):
    """A change could not be made; what had stood there before is back in place."""
