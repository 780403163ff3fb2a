"""The scenarios: which hosts each prepares, and which only attacks."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

from tests.families import DEBIAN, FREEBSD, REDHAT, Family
from tests.tools.real_host import is_real


@dataclass(frozen=True)
class Scenario:
    """The hosts of a scenario: those that are prepared, and one that nothing is ever applied to.

    A real host is none of ours: it may see the intruder and the controller as one address, so no ban is tried on it.
    """

    prepared: tuple[str, ...]
    intruder: str
    family: Family
    is_real: bool = False


SCENARIOS = {
    "ubuntu_lts": Scenario(("ubuntu-lts",), "ubuntu-intruder", DEBIAN),
    "centos": Scenario(("centos", "rocky8"), "centos-intruder", REDHAT),
    "freebsd_base": Scenario(("freebsd", "freebsd15"), "freebsd-intruder", FREEBSD),
}
# The intruders that are of another family than the hosts that they attack.
INTRUDERS = {"freebsd-intruder": DEBIAN}


def current() -> Scenario:
    """The scenario that Molecule runs; on a real FreeBSD where one is given."""
    name = os.environ["MOLECULE_SCENARIO_NAME"]
    if is_real(name):
        family = replace(FREEBSD, taken={"freebsd": set()})
        return replace(SCENARIOS[name], prepared=("freebsd",), family=family, is_real=True)
    return SCENARIOS[name]
