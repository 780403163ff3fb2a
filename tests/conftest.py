"""Lets every test import the plugins by their full names, from the sources and not from an installed copy.

In CI a skipped test is a failure: nobody reads there that something was left out.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tests.tools.paths import make_importable

if TYPE_CHECKING:
    import pytest

make_importable()


def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter is not None and reporter.stats.get("skipped"):
        reporter.write_line("\na skipped test is an error in CI", red=True)
        session.exitstatus = 1
