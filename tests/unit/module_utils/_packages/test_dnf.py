from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import (
    ActionFailed,
    BadInput,
    CommandFailed,
    CommandMissing,
    Refused,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import LockHolder
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
    PackageChange,
    PackageRequest,
)
from tests.unit.module_utils._packages.dnf_hosts import (
    PRIVATE,
    QUERY,
    RPM,
    answered,
    dnf_host,
    plan,
    question,
    session,
    simulation,
    text,
    transaction,
)


def request(*names: str, **options: object) -> PackageRequest:
    return PackageRequest(names, **options)


def test_where_all_is_as_it_shall_be_dnf_is_not_even_asked():
    host = dnf_host()
    packages, executor = session(host)
    found = packages.plan(request("demo", "virtual-demo"))
    packages.perform(found)
    assert found.is_empty
    assert (executor.changes, host.asked) == ((), [QUERY])


def test_a_new_package_comes_with_what_it_needs():
    host = dnf_host(installed=RPM, **{simulation("install", "app", "demo"): answered("install")})
    found = plan(host, request("app", "demo"))
    assert found.command == ("install", "app", "demo")
    assert PackageChange("lib", "install", None, "1.1-1.el9") in found.changes
    assert sorted(found.installed_by_name) == ["app", "demo"]
    assert found.notes == ()
    assert host.performed == []


def test_in_check_mode_dnf_works_in_private_directories():
    make = "mkdir -p /scratch/dnf/var/cache/dnf /scratch/dnf/var/lib/dnf /scratch/dnf/log"
    host = dnf_host(**{make: "", simulation("install", "weak", check_mode=True): answered("install-weak")})
    packages, executor = session(host, check_mode=True)
    packages.perform(packages.plan(request("weak")))
    assert host.performed == []
    assert [change.target for change in executor.changes] == ["dnf install"]
    assert all(word in host.asked[2] for word in PRIVATE)


def test_the_transaction_is_the_one_that_was_foretold():
    host = dnf_host(**{simulation("install", "slow"): answered("obsoletes")})
    packages, _executor = session(host)
    found = packages.plan(request("slow"))
    after = text("rpm-qa.txt").replace("old\t0:1.0-1.el9\tnoarch\told", "new\t0:2.0-1.el9\tnoarch\tnew old")
    host.answers[QUERY] = after
    packages.perform(found)
    assert host.performed == [f"run {transaction('install', 'slow')}"]
    assert any("give way" in note for note in found.notes)


def test_a_transaction_that_fails_tells_what_dnf_says():
    host = dnf_host(**{simulation("install", "weak"): answered("install-weak")})
    argv = transaction("install", "weak")
    host.answers[argv] = CommandFailed(argv.split(), rc=1, stdout="", stderr=text("unsigned.err"))
    packages, _executor = session(host)
    with pytest.raises(ActionFailed, match="is not signed"):
        packages.perform(packages.plan(request("weak")))


def test_the_versions_that_the_repositories_have_are_asked_for_at_once():
    ask = question("repoquery", "--latest-limit=1", "--qf", "%{name} %{evr}", "demo", "app", "nothere")
    host = dnf_host(**{ask: text("latest.txt")})
    packages, _executor = session(host)
    assert packages.available(["demo", "app", "nothere"]) == {"app": "1:2.0-1.el9", "demo": "1.2-1.el9"}
    assert packages.available([]) == {}


def test_dnf_5_is_refused_by_its_name():
    host = dnf_host()
    host.links["/usr/bin/dnf"] = "dnf5"
    with pytest.raises(Refused, match="is dnf 5"):
        plan(host, request("weak"))


def test_a_host_without_dnf_says_so():
    host = dnf_host()
    host.programs = {}
    with pytest.raises(CommandMissing, match="dnf"):
        plan(host, request("weak"))


def test_a_wait_for_another_tool_makes_the_list_of_packages_old():
    host = dnf_host()
    texts = iter([text("rpm-qa.txt"), text("rpm-qa.txt") + "weak\t0:1.0-1.el9\tnoarch\tweak \n"])
    host.answers[QUERY] = lambda: next(texts)
    host.locks["/var/lib/rpm/.rpm.lock"] = [LockHolder(7, "rpm"), None]
    assert plan(host, request("weak")).is_empty


@pytest.mark.parametrize("name", ["@core", "nginx*", ""])
def test_what_cannot_be_meant_is_told_before_dnf_is_asked(name):
    host = dnf_host()
    with pytest.raises(BadInput):
        plan(host, request(name, hold=("a=1",)))
    assert host.asked == []


def test_a_hold_of_one_architecture_is_refused_because_dnf_holds_all_of_them():
    with pytest.raises(BadInput, match="give 'glibc'"):
        plan(dnf_host(), request(hold=("glibc.i686",)))
