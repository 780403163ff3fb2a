"""The seed of the random worlds, and where a reader finds it."""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

SEED = int(os.environ.get("PLANNER_SEED") or random.SystemRandom().randrange(2**32))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.write_line(f"random package worlds: PLANNER_SEED={SEED}")
