"""What holds for every host and every request: random worlds, and tools that answer about them as the real ones do.

Each double answers exactly the calls that it knows; what the planner foretells is compared with what the same tool then
does to the world. The seed stands in the summary; `PLANNER_SEED=… pytest` makes the same worlds again, and a failure
names the world, which `Random(number)` makes alone.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, given, note, seed, settings
from hypothesis import strategies as st

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import PythonHostError
from tests.unit.module_utils._packages import apt_double, dnf_double, pkg_double
from tests.unit.module_utils._packages.apt_double import AptHost, AptWorld
from tests.unit.module_utils._packages.conftest import SEED
from tests.unit.module_utils._packages.dnf_double import RpmHost, RpmWorld
from tests.unit.module_utils._packages.hosts import DEBIAN, session
from tests.unit.module_utils._packages.package_cases import case
from tests.unit.module_utils._packages.package_promises import Answer, Outcome, broken_promises
from tests.unit.module_utils._packages.package_world import MISSING, Dice, catalogue
from tests.unit.module_utils._packages.pkg_double import PkgHost, PkgWorld, spelled, unspelled

WORLDS = 300
# Far more than it takes to meet each kind; a kind that never comes up is not tested.
MOST_WORLDS = 5000
KINDS = ("install", "upgrade", "downgrade", "remove", "hold", "unhold", "nothing", "BadInput", "Refused")


class Spelled:
    """A family that spells versions as the worlds do."""

    has_security_versions = True

    @staticmethod
    def request(request):
        return request

    @staticmethod
    def plan(plan):
        return plan


class Apt(Spelled):
    """Debian hosts."""

    platform = DEBIAN
    breakages = apt_double.BREAKAGES

    @staticmethod
    def host(offered, one):
        there = {name: placed for name, placed in one.start.items() if placed.state != MISSING}
        return AptHost(AptWorld(offered, there, one.is_interrupted))


class Dnf(Spelled):
    """Enterprise Linux hosts."""

    platform = dnf_double.CENTOS
    breakages = dnf_double.BREAKAGES

    @staticmethod
    def host(offered, one):
        return RpmHost(RpmWorld.of(offered, one.start))


class Pkg:
    """FreeBSD hosts."""

    has_security_versions = False
    platform = pkg_double.FREEBSD
    breakages = pkg_double.BREAKAGES

    @staticmethod
    def host(offered, one):
        return PkgHost(PkgWorld.of(offered, one.start))

    @staticmethod
    def request(request):
        split = (name.partition("=") for name in request.names)
        return replace(request, names=tuple(f"{name}{equals}{spelled(version)}" for name, equals, version in split))

    @staticmethod
    def plan(plan):
        return [{**change, "from": unspelled(change["from"]), "to": unspelled(change["to"])} for change in plan]


FAMILIES = pytest.mark.parametrize("family", [Apt, Dnf, Pkg], ids=["apt", "dnf", "pkg"])


def world(family, number):
    """What is offered, and a host with a request."""
    dice = Dice(Random(number))
    offered = catalogue(dice)
    return offered, case(dice, offered, breakages=family.breakages)


def call(family, host, request, *, check_mode=False):
    """One call of the module: the plan, and what it ended with."""
    packages, _executor = session(host, check_mode=check_mode, platform=family.platform, may_enable_repositories=False)
    plan, error = None, None
    try:
        plan = packages.plan(family.request(request))
        packages.perform(plan)
    except PythonHostError as caught:
        error = caught
    words = (type(error).__name__, str(error)) if error else ("", "")
    return Answer(family.plan(plan.to_json()) if plan else [], *words, notes=plan.notes if plan else ())


def outcome(family, host, request):
    """The same request in check mode, really, and again."""
    before = host.world.listed()
    foretold = call(family, host, request, check_mode=True)
    assert host.performed == [], "check mode has written"
    after_check = host.world.listed()
    performed = call(family, host, request)
    after = host.world.listed()
    again = call(family, host, request)
    return Outcome(before, foretold, after_check, performed, after, again, host.world.listed())


def kinds(answer):
    """What came up."""
    return {answer.error} if answer.error else {change["action"] for change in answer.plan} or {"nothing"}


@FAMILIES
@seed(SEED)
@settings(max_examples=WORLDS, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
@given(number=st.integers(0, 2**32))
def test_the_planner_keeps_its_promises(family, number):
    offered, one = world(family, number)
    note(f"PLANNER_SEED={SEED}\n{offered}\n{one}")
    found = outcome(family, family.host(offered, one), one.request)
    note(str(found.performed))
    assert broken_promises(offered, one, found, has_security_versions=family.has_security_versions) == []


@FAMILIES
def test_every_kind_of_change_comes_up_among_the_worlds(family):
    missed = set(KINDS)
    for number in range(SEED, SEED + MOST_WORLDS):
        offered, one = world(family, number)
        missed -= kinds(call(family, family.host(offered, one), one.request, check_mode=True))
        if not missed:
            return
    assert not missed
