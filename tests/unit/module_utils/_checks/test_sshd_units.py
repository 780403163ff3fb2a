from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import sshd_units
from tests.unit.module_utils._checks.worlds import CENTOS, DEBIAN, ROCKY_8, UBUNTU


@pytest.mark.parametrize(
    ("platform", "name"), [(UBUNTU, "ssh"), (DEBIAN, "ssh"), (CENTOS, "sshd"), (ROCKY_8, "sshd")], ids=str
)
def test_each_family_has_names_of_its_own(platform, name):
    assert (sshd_units.service(platform), sshd_units.socket(platform)) == (f"{name}.service", f"{name}.socket")
