"""Between the version that security offers and the newest one: which of them an upgrade takes on apt and on dnf."""

from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import PackageRequest, Upgrade
from tests.unit.module_utils._packages.dnf_solver import DnfSolver
from tests.unit.module_utils._packages.package_cases import Case
from tests.unit.module_utils._packages.package_world import SECURITY, Catalogue, Package, Placed
from tests.unit.module_utils._packages.test_planner_properties import Apt, Dnf, call

OFFERED = Catalogue(
    (
        Package("gwapp", "1.0-1"),
        Package("gwapp", "1.0-2", SECURITY),
        Package("gwapp", "1.10-1"),
        Package("gwdata", "1.0-1"),
        Package("gwdata", "1.0-2"),
    )
)
THERE = {"gwapp": "1.0-1", "gwdata": "1.0-1"}


def upgraded(family, upgrade):
    """The versions that the plan comes to."""
    wanted = PackageRequest((), upgrade=upgrade)
    start = {name: Placed(version) for name, version in THERE.items()}
    answer = call(family, family.host(OFFERED, Case(start, wanted)), wanted)
    assert answer.error == "", answer.message
    return {change["name"]: change["to"] for change in answer.plan}


@pytest.mark.parametrize("family", [Apt, Dnf])
def test_security_takes_its_own_version_and_not_the_newest(family):
    assert upgraded(family, Upgrade.SECURITY) == {"gwapp": "1.0-2"}
    assert upgraded(family, Upgrade.ALL) == {"gwapp": "1.10-1", "gwdata": "1.0-2"}


def test_the_two_commands_of_dnf_choose_from_different_versions():
    solver = DnfSolver(OFFERED, THERE)
    assert solver.named_by_advisories() == {"gwapp": ("1.0-2",)}
    assert solver.beyond_advisories() == {"gwapp": ("1.10-1", "1.0-2")}
