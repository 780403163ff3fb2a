"""The seed of the random worlds on the real tools, and where a reader finds it."""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

SEED = int(os.environ.get("PLANNER_SEED") or random.SystemRandom().randrange(2**32))
USED_BY = "test_planner_on_real_tools.py"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [report for found in terminalreporter.stats.values() for report in found]
    if any(USED_BY in getattr(report, "nodeid", "") for report in reports):
        terminalreporter.write_line(f"random package worlds on the real tools: PLANNER_SEED={SEED}")
