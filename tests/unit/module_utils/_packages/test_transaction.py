from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import ActionFailed, BadInput, Refused
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
    PackageChange,
    PackagePlan,
    PackageRequest,
    State,
    Step,
    Upgrade,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform
from tests.unit.fakes import FakeHost
from tests.unit.module_utils._packages.hosts import QUERY, apt_host, cache, session, transaction
from tests.unit.module_utils._platform.hosts import fixture

TREE = (PackageChange("tree", "install", None, "2.1.0-1"),)
PLAN = PackagePlan(TREE, ("install", "tree"), steps=(Step(("install", "tree"), TREE),))


def test_the_installed_packages_are_read_once():
    host = apt_host()
    packages, _executor = session(host)
    assert packages.installed()["sudo"] == "1.9.13p3-1+deb12u4"
    assert packages.missing(["sudo", "fail2ban"]) == ("fail2ban", "python3-systemd", "iptables")
    assert host.asked == [QUERY]


def test_any_clock_daemon_is_enough():
    packages, _executor = session(apt_host(installed=""))
    assert packages.missing(["time-sync"]) == ("systemd-timesyncd",)
    packages, _executor = session(apt_host(installed="install ok installed\tchrony\tamd64\t4.3\ttime-daemon\n"))
    assert packages.missing(["time-sync"]) == ()


def test_names_are_resolved_for_the_result():
    packages, _executor = session(apt_host())
    assert packages.resolved(["firewall", "nginx"]) == {"firewall": ["ufw"], "nginx": ["nginx"]}


def test_a_candidate_is_a_version_or_none():
    host = apt_host()
    for name in ("tree", "nosuch"):
        host.answers[cache("policy", name)] = fixture("debian-12/apt-policy.txt")
    packages, _executor = session(host)
    assert packages.candidate("tree") == "2.1.0-1"
    assert packages.candidate("nosuch") is None


@pytest.mark.parametrize(
    ("request_", "options", "words"),
    [
        (PackageRequest(), {}, ["name is empty and upgrade is none"]),
        (PackageRequest(("sudo",), State.ABSENT, Upgrade.ALL), {}, ["exclude one another"]),
        (PackageRequest(("sudo",)), {"lock_timeout": -1}, ["lock_timeout is -1"]),
        (PackageRequest(("sudo",)), {"cache_valid_time": -5}, ["cache_valid_time is -5"]),
        (
            PackageRequest(("a;b", "sudo", "-y", "/gone.deb", "-y"), State.PRESENT, Upgrade.SECURITY),
            {"lock_timeout": -1, "cache_valid_time": -1},
            ["lock_timeout", "cache_valid_time", "a;b", "-y", "/gone.deb"],
        ),
    ],
)
def test_bad_requests_are_told_with_all_their_problems(request_, options, words):
    host = apt_host()
    host.stats["/gone.deb"] = None
    packages, _executor = session(host, **options)
    with pytest.raises(BadInput) as caught:
        packages.plan(request_)
    assert len(caught.value.problems) == len(words)
    assert all(word in problem for word, problem in zip(words, caught.value.problems))
    assert host.asked == []
    assert str(caught.value).startswith("Nothing was changed.")


def test_an_empty_plan_runs_nothing():
    host = apt_host()
    packages, executor = session(host)
    packages.perform(PackagePlan())
    assert host.asked == host.performed == []
    assert executor.changes == ()


def test_after_a_transaction_the_host_is_asked_again():
    host = apt_host()
    packages, _executor = session(host)
    assert packages.missing(["tree"]) == ("tree",)
    host.answers[QUERY] += "install ok installed\ttree\tamd64\t2.1.0-1\t\n"
    packages.perform(PLAN)
    assert host.performed == [f"run {transaction('install', 'tree')}"]
    assert packages.missing(["tree"]) == ()
    assert host.asked == [QUERY, QUERY]


def test_a_transaction_that_did_not_do_what_it_foretold_has_failed():
    packages, _executor = session(apt_host())
    with pytest.raises(ActionFailed, match=r"tree is absent, not 2\.1\.0-1"):
        packages.perform(PLAN)


def test_a_newer_version_than_the_foretold_one_is_fine():
    host = apt_host(installed="install ok installed\ttree\tall\t2.2\t\n")
    packages, _executor = session(host)
    packages.perform(PLAN)
    assert packages.installed()["tree"] == "2.2"


def test_a_removed_package_must_be_gone():
    packages, _executor = session(apt_host())
    with pytest.raises(ActionFailed, match=r"sudo is 1\.9\.13p3-1\+deb12u4, not absent"):
        packages.perform(PackagePlan((PackageChange("sudo", "remove", "1", None),), ("remove", "sudo")))


def test_a_system_without_a_backend_is_refused_only_when_packages_are_asked_for():
    alpine = Platform("alpine", "3.22", package_tool="apk", pretty_name="Alpine Linux 3.22")
    packages, _executor = session(FakeHost(), platform=alpine)
    with pytest.raises(Refused, match="uses the package tool apk, which"):
        packages.missing(["sudo"])


def test_the_plan_for_people_and_for_programs_is_sorted():
    plan = PackagePlan((PackageChange("b", "remove", "2", None), PackageChange("a", "upgrade", "1", "2")))
    assert [change["name"] for change in plan.to_json()] == ["a", "b"]
    change = plan.to_change("apt-get install")
    assert (change.before, change.after) == ("a 1\nb 2", "a 2\nb absent")
