from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import BadInput, Refused
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult
from ansible_collections.groundwork.python_host.plugins.module_utils._packages import pkg_command
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import PackageRequest, State
from tests.unit.module_utils._packages.pkg_hosts import PRIVATE, QUERY, answered, marked, pkg_host, plan, simulation

FORGET = " ".join(pkg_command.set_automatic(PRIVATE, ("tree",)))


def removed(*rows):
    body = "".join(f"\t{row}\n" for row in rows)
    return f"Deinstallation has been requested:\n\nInstalled packages to be REMOVED:\n{body}\nNumber\n"


def absent(*names, **options):
    return PackageRequest(names, State.ABSENT, **options)


def test_what_is_not_there_costs_one_query():
    host = pkg_host()
    assert plan(host, absent("nosuch", "fail2ban", "firewall")).is_empty
    assert host.asked == [QUERY]


def test_a_package_goes_by_its_name_or_by_its_origin():
    host = pkg_host(**{simulation("delete", "py312-pip"): removed("py312-pip: 25.1.1")})
    for name in ("py312-pip", "python-pip", "devel/py-pip"):
        found = plan(host, absent(name))
        assert [(change.name, change.after) for change in found.changes] == [("py312-pip", None)]
        assert [step.command for step in found.steps] == [("delete", "py312-pip")]


def test_what_would_go_with_it_is_named_and_nothing_goes():
    host = pkg_host(**{simulation("delete", "python312"): answered("delete.txt")})
    with pytest.raises(Refused, match="would also remove py312-pip, which nobody named"):
        plan(host, absent("python312"))
    host.answers[simulation("delete", "python312", "py312-pip")] = answered("delete.txt")
    assert len(plan(host, absent("python312", "py312-pip")).changes) == 2


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("FreeBSD-runtime", "is part of the base system"),
        ("pkg", "is pkg itself"),
        ("unbound", "is marked as vital"),
    ],
)
def test_what_must_stay_is_never_removed(name, why):
    with pytest.raises(Refused, match=why):
        plan(pkg_host(), absent(name, "tree"))


def test_what_is_held_is_removed_only_where_it_is_let_go():
    host = pkg_host()
    with pytest.raises(Refused, match="held at their version"):
        plan(host, absent("sudo"))
    host.answers[marked("unlock", "sudo", private=True)] = ""
    host.answers[simulation("delete", "sudo", private=True)] = removed("sudo: 1.9.17p1")
    found = plan(host, absent("sudo", unhold=("sudo",)))
    assert [change.action for change in found.changes] == ["remove", "unhold"]


def test_what_pkg_does_not_remove_is_told_in_its_own_words():
    host = pkg_host(
        **{simulation("delete", "tree"): CommandResult((), 3, "", "pkg: sudo is locked, cannot delete tree\n")}
    )
    with pytest.raises(Refused, match="sudo is locked, cannot delete tree"):
        plan(host, absent("tree"))


def test_what_nothing_needs_goes_alone():
    host = pkg_host(**{simulation("autoremove"): answered("autoremove.txt")})
    found = plan(host, PackageRequest(autoremove=True))
    assert [step.command for step in found.steps] == [("autoremove",)]
    host.answers[simulation("autoremove")] = "Nothing to do.\n"
    assert plan(host, PackageRequest(autoremove=True)).is_empty


def test_what_only_the_named_ones_need_goes_with_them():
    host = pkg_host(**{simulation("delete", "tree"): removed("tree: 2.2.1"), FORGET: ""})
    host.answers[simulation("delete", "tree", private=True)] = removed("tree: 2.2.1")
    host.answers[simulation("autoremove", private=True)] = removed("py312-pip: 25.1.1", "tree: 2.2.1")
    found = plan(host, absent("tree", autoremove=True))
    assert [(step.command, [change.name for change in step.changes]) for step in found.steps] == [
        (("delete", "tree"), ["tree"]),
        (("autoremove",), ["py312-pip"]),
    ]


def test_the_base_system_is_no_orphan():
    host = pkg_host(**{simulation("autoremove"): removed("FreeBSD-runtime: 15.1")})
    with pytest.raises(Refused, match="is part of the base system"):
        plan(host, PackageRequest(autoremove=True))


def test_what_is_to_be_held_must_be_there_afterwards():
    host = pkg_host(**{simulation("delete", "tree"): removed("tree: 2.2.1")})
    with pytest.raises(BadInput, match="nginx"):
        plan(host, absent("tree", hold=("nginx",)))
