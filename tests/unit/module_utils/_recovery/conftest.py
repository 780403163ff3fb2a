from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._recovery import places


@pytest.fixture(autouse=True)
def _own_databases(tmp_path, monkeypatch):
    """No test may touch this machine's accounts."""
    monkeypatch.setattr(places, "ACCOUNT_FILES", tuple(f"{tmp_path}{path}" for path in places.ACCOUNT_FILES))
    monkeypatch.setattr(places, "ACCOUNT_LOCK", f"{tmp_path}{places.ACCOUNT_LOCK}")
