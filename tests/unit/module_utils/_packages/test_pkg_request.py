from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import BadInput
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import PackageRequest
from tests.unit.module_utils._packages.pkg_hosts import answered, pkg_host, plan, simulation
from tests.unit.module_utils._packages.test_pkg_planner import summary


def several_flavours(origin, flavours):
    rows = "".join(f"{name}\t2.51.0\t{origin}\tFreeBSD-ports\n" for name in flavours)
    return pkg_host(**{"pkg rquery -U -C %n\t%v\t%o\t%R " + origin: rows})


def test_a_flavour_is_the_default_pythons_and_else_the_newest():
    host = pkg_host(**{simulation("install", "py312-fail2ban"): answered("install.txt", 1)})
    plan(host, PackageRequest(("security/py-fail2ban",)))
    assert "pkg rquery -U -C %dn python3" in host.asked
    host.answers["pkg rquery -U -C %dn python3"] = "python311\n"
    host.answers[simulation("install", "py311-fail2ban")] = summary("py311-fail2ban: 1.1.0_6")
    assert plan(host, PackageRequest(("security/py-fail2ban",))).changes[0].name == "py311-fail2ban"
    host.answers["pkg rquery -U -C %dn python3"] = CommandResult((), 1, "")
    assert plan(host, PackageRequest(("fail2ban",))).changes[0].name == "py312-fail2ban"


@pytest.mark.parametrize(
    ("origin", "flavours", "meant"),
    [
        ("devel/git", ("git", "git-lite", "git-tiny"), "git"),
        ("devel/py-six", ("py310-six", "py39-six"), "py310-six"),
    ],
)
def test_of_several_flavours_the_one_that_is_called_like_the_port_is_meant_or_the_newest_pythons(
    origin, flavours, meant
):
    host = several_flavours(origin, flavours)
    host.answers[simulation("install", meant)] = summary(f"{meant}: 2.51.0")
    assert plan(host, PackageRequest((origin,))).changes[0].name == meant


def test_a_port_of_whose_flavours_none_is_the_obvious_one_is_not_guessed():
    host = several_flavours("databases/pecl-redis", ("php83-pecl-redis", "php84-pecl-redis"))
    with pytest.raises(BadInput, match=r"several packages \(php83-pecl-redis, php84-pecl-redis\): give the name of"):
        plan(host, PackageRequest(("databases/pecl-redis",)))


def test_a_port_is_held_by_its_origin_in_the_call_that_installs_it():
    host = pkg_host(**{simulation("install", "py312-fail2ban"): answered("install.txt", 1)})
    for name in ("fail2ban", "security/py-fail2ban"):
        found = plan(host, PackageRequest((name,), hold=(name,)))
        assert found.marked("hold") == ("py312-fail2ban",)


def test_all_that_cannot_be_had_is_told_at_once():
    host = pkg_host()
    with pytest.raises(BadInput) as error:
        plan(host, PackageRequest(("nosuch", "ngin", "security/py-nosuch", "nginx=1.0", "tree=9", "sudo")))
    first, second, third, fourth, fifth = error.value.problems
    assert "'nosuch' is not in the package repositories of this host: check its spelling" in first
    assert "did you mean nginx?" in second
    assert "'security/py-nosuch' is the origin of no package" in third
    assert "there is no version 1.0 of it: the repositories have 1.28.0,3" in fourth
    assert "'tree=9'" in fifth
