from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Executor
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.run import REBOOT_FLAG, run
from tests.unit.module_utils._packages.hosts import QUERY, apt_host
from tests.unit.module_utils._platform.hosts import host_of

PARAMS = {
    "name": ["sudo", "python"],
    "state": "present",
    "upgrade": "none",
    "cache_valid_time": 3600,
    "lock_timeout": 300,
    "install_recommends": False,
}


@pytest.mark.parametrize("is_flagged", [True, False])
def test_a_call_answers_in_the_documented_shape(is_flagged):
    debian = host_of("debian-12")
    host = apt_host()
    host.files = {**debian.files, REBOOT_FLAG: "" if is_flagged else None}
    host.directories.update(debian.directories)
    answer = run(PARAMS, host, Executor(host, host))
    assert answer == {
        "backend": "apt",
        "plan": [],
        "resolved": {"sudo": ["sudo"], "python": ["python3"]},
        "reboot_required": is_flagged,
    }
    assert host.asked == [QUERY]
