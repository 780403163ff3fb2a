from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import Refused
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
    PackageChange,
    PackageRequest,
    State,
    Upgrade,
)
from tests.unit.module_utils._packages.pkg_double import YOUNG
from tests.unit.module_utils._packages.pkg_hosts import (
    QUERY,
    answered,
    marked,
    pkg_host,
    plan,
    simulation,
    text,
)
from tests.unit.module_utils._packages.test_pkg_vulnerable import AUDIT

UP_TO_DATE = "Checking integrity... done (0 conflicting)\nYour packages are up to date.\n"
INSTALLED = text("query.txt")
# What an upgrade of all packages names: neither the base system nor what is held.
ALL = ("pkg", "py312-pip", "python312", "tree", "unbound")


def summary(*rows, heading="New packages to be INSTALLED", rc=1):
    body = "".join(f"\t{row}\n" for row in rows)
    return CommandResult((), rc, f"The following 1 package(s) will be affected (of 0 checked):\n\n{heading}:\n{body}\n")


def upgraded(*rows):
    return summary(*rows, heading="Installed packages to be UPGRADED", rc=0)


def names(found):
    return [(change.name, change.action, change.before, change.after) for change in found.changes]


def test_a_new_package_comes_with_what_it_needs_whatever_the_exit_code():
    for rc in (0, 1):
        host = pkg_host(**{simulation("install", "py312-fail2ban"): answered("install.txt", rc)})
        found = plan(host, PackageRequest(("fail2ban",)))
        assert names(found)[0] == ("py312-fail2ban", "install", None, "1.1.0_6")
        assert found.installed_by_name == ("py312-fail2ban",)
        assert found.steps[0].command == ("install", "py312-fail2ban")


def test_what_is_there_by_name_or_by_origin_costs_one_query():
    host = pkg_host()
    assert plan(host, PackageRequest(("tree", "python-pip", "firewall", "tree=2.2.1"))).is_empty
    assert host.asked == [QUERY]


def test_the_latest_version_is_told_only_where_there_is_a_newer_one():
    row = upgraded("tree: 2.2.1 -> 2.2.1_1").stdout
    host = pkg_host(**{simulation("install", "tree"): CommandResult((), 1, row)})
    found = plan(host, PackageRequest(("tree", "python312", "py312-pip"), State.LATEST))
    assert names(found) == [("tree", "upgrade", "2.2.1", "2.2.1_1")]


def test_a_latest_version_that_pkg_does_not_reach_is_refused():
    host = pkg_host(**{simulation("install", "tree"): "The most recent versions of packages are already installed\n"})
    with pytest.raises(Refused, match=r"finds no way to tree 2\.2\.1_1"):
        plan(host, PackageRequest(("tree",), State.LATEST))


def test_what_is_held_is_refused_by_name_and_let_go_in_the_same_call():
    host = pkg_host()
    with pytest.raises(Refused, match=r"held at their version \(sudo 1\.9\.17p1\)"):
        plan(host, PackageRequest(("sudo",), State.LATEST))
    host.answers[marked("unlock", "sudo", private=True)] = ""
    host.answers[simulation("install", "sudo", private=True)] = upgraded("sudo: 1.9.17p1 -> 1.9.17p2")
    found = plan(host, PackageRequest(("sudo",), State.LATEST, unhold=("sudo",)))
    assert [change.action for change in found.changes] == ["upgrade", "unhold"]


def test_an_older_version_is_refused_unless_it_is_allowed():
    installed = INSTALLED.replace("tree\t2.2.1\t", "tree\t2.2.1_12\t")
    row = summary("tree: 2.2.1_12 -> 2.2.1_1", heading="Installed packages to be DOWNGRADED")
    host = pkg_host(installed=installed, **{simulation("install", "-f", "tree=2.2.1_1"): row})
    with pytest.raises(Refused, match=r"older version \(tree 2\.2\.1_12 to 2\.2\.1_1\)"):
        plan(host, PackageRequest(("tree=2.2.1_1",)))
    found = plan(host, PackageRequest(("tree=2.2.1_1",), allow_downgrade=True))
    assert names(found) == [("tree", "downgrade", "2.2.1_12", "2.2.1_1")]
    assert found.steps[0].command == ("install", "-f", "tree=2.2.1_1")


def test_beside_an_older_version_only_what_is_out_of_date_is_told():
    installed = INSTALLED.replace("python312\t3.12.11\t", "python312\t3.12.11_12\t")
    told = ("install", "-f", "python312=3.12.11", "tree")
    rows = summary("python312: 3.12.11_12 -> 3.12.11", heading="Installed packages to be DOWNGRADED").stdout
    rows += upgraded("tree: 2.2.1 -> 2.2.1_1").stdout
    host = pkg_host(installed=installed, **{simulation(*told): CommandResult((), 1, rows)})
    request = PackageRequest(("python312=3.12.11",), upgrade=Upgrade.ALL, allow_downgrade=True)
    assert plan(host, request).steps[0].command == told


def test_pkg_that_brings_itself_up_to_date_is_in_the_plan():
    installed = INSTALLED.replace("pkg\t2.8.0", "pkg\t2.7")
    row = summary("nginx: 1.28.0,3").stdout + upgraded("pkg: 2.7 -> 2.8.0").stdout
    host = pkg_host(installed=installed, **{simulation("install", "pkg", "nginx"): CommandResult((), 1, row)})
    found = plan(host, PackageRequest(("nginx",)))
    assert [name for name, *_rest in names(found)] == ["nginx", "pkg"]
    assert found.notes == ("pkg brings itself up to date before it changes anything else (2.7 to 2.8.0)",)


def test_an_upgrade_leaves_the_base_system_and_what_is_held_and_says_so():
    host = pkg_host(**{simulation("upgrade", *ALL): upgraded("tree: 2.2.1 -> 2.2.1_1")})
    found = plan(host, PackageRequest(upgrade=Upgrade.ALL))
    assert found.steps[0].command == ("upgrade", "tree")
    held, base = found.notes
    assert held == "upgrade: all leaves what is held: sudo 1.9.17p1"
    assert base.startswith("upgrade: all leaves the base system (FreeBSD-runtime 15.1)")


def test_names_and_an_upgrade_are_one_transaction():
    told = ("install", "nginx", *ALL)
    both = summary("nginx: 1.28.0,3").stdout + upgraded("tree: 2.2.1 -> 2.2.1_1").stdout
    host = pkg_host(**{simulation(*told): CommandResult((), 1, both)})
    found = plan(host, PackageRequest(("nginx",), upgrade=Upgrade.ALL))
    assert found.steps[0].command == ("install", "nginx", "tree")
    assert found.installed_by_name == ("nginx",)


def test_an_update_that_would_remove_something_is_left_and_the_rest_is_made():
    """Halves: python312 drives out unbound, tree goes well."""
    gone = summary("unbound: 1.24.0", heading="Installed packages to be REMOVED", rc=0)
    host = pkg_host()
    for told in (ALL, ("pkg", "py312-pip"), ("pkg", "py312-pip", "python312")):
        host.answers[simulation("upgrade", *told)] = gone if "python312" in told else UP_TO_DATE
    host.answers[simulation("upgrade", "pkg", "py312-pip", "python312", "tree", "unbound")] = gone
    host.answers[simulation("upgrade", "pkg", "py312-pip", "tree", "unbound")] = upgraded("tree: 2.2.1 -> 2.2.1_1")
    found = plan(host, PackageRequest(upgrade=Upgrade.ALL))
    assert names(found) == [("tree", "upgrade", "2.2.1", "2.2.1_1")]


def test_an_upgrade_that_would_touch_the_base_system_is_left():
    host = pkg_host()
    base = upgraded("FreeBSD-runtime: 15.1 -> 15.1p2", "tree: 2.2.1 -> 2.2.1_1")
    host.doubles["pkg upgrade"] = lambda _host, argv: base if "tree" in argv else UP_TO_DATE
    host.doubles = dict(reversed(host.doubles.items()))
    found = plan(host, PackageRequest(upgrade=Upgrade.ALL))
    assert found.is_empty
    assert "pkg leaves tree 2.2.1 as they are" in found.notes[-1]


def test_security_is_what_the_list_of_vulnerabilities_names():
    host = pkg_host(**{AUDIT: answered("audit.json", 1)})
    host.answers[simulation("upgrade", "python312", "tree")] = upgraded("tree: 2.2.1 -> 2.2.1_1")
    found = plan(host, PackageRequest(upgrade=Upgrade.SECURITY))
    assert names(found) == [("tree", "upgrade", "2.2.1", "2.2.1_1")]
    host.answers[AUDIT] = text("audit-clean.json")
    host.asked.clear()
    assert plan(host, PackageRequest(upgrade=Upgrade.SECURITY)).is_empty
    assert not any(" upgrade " in asked for asked in host.asked)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (answered("conflict.txt", 1), "would also remove luajit-devel, obs-studio"),
        (upgraded("FreeBSD-runtime: 15.1 -> 15.1p2"), r"would change the base system \(FreeBSD-runtime\)"),
        (CommandResult((), 1, "", "pkg: cannot solve job using SAT solver\n"), "It says: cannot solve job"),
        (
            summary("nginx: 1.28.0,3").stdout + upgraded("sudo: 1.9.17p1 -> 1.9.17p2").stdout,
            r"held at their version \(sudo",
        ),
        (
            summary("tree: 2.2.1 -> 2.2", heading="Installed packages to be DOWNGRADED"),
            r"older version \(tree 2.2.1 to 2.2\)",
        ),
    ],
)
def test_harm_is_refused(answer, words):
    host = pkg_host(**{simulation("install", "nginx"): answer})
    with pytest.raises(Refused, match=words):
        plan(host, PackageRequest(("nginx",)))


def test_harm_of_what_is_asked_is_told_although_there_are_upgrades_besides():
    host = pkg_host(**{simulation("install", "nginx"): answered("conflict.txt", 1)})
    host.answers[simulation("install", "nginx", *ALL)] = answered("conflict.txt", 1)
    with pytest.raises(Refused, match="would also remove"):
        plan(host, PackageRequest(("nginx",), upgrade=Upgrade.ALL))


def test_a_full_disk_is_seen_before():
    host = pkg_host(room=100, **{simulation("install", "py312-fail2ban"): answered("install.txt", 1)})
    with pytest.raises(Refused, match="the disk is too full"):
        plan(host, PackageRequest(("fail2ban",)))


def test_a_package_to_be_held_is_locked_while_pkg_foretells():
    host = pkg_host(**{marked("lock", "tree", private=True): ""})
    others = tuple(name for name in ALL if name != "tree")
    host.answers[simulation("upgrade", *others, private=True)] = UP_TO_DATE
    found = plan(host, PackageRequest(upgrade=Upgrade.ALL, hold=("tree",)))
    assert found.changes == (PackageChange("tree", "hold", "2.2.1", "2.2.1"),)


def test_a_package_file_is_told_by_its_path_unless_its_version_is_there():
    asked = "pkg query -F /root/tree.pkg %n\t%v"
    row = upgraded("tree: 2.2.1 -> 2.2.10").stdout
    host = pkg_host(**{asked: "tree\t2.2.10\n", simulation("install", "/root/tree.pkg"): CommandResult((), 1, row)})
    host.stats["/root/tree.pkg"] = YOUNG
    found = plan(host, PackageRequest(("/root/tree.pkg",)))
    assert names(found) == [("tree", "upgrade", "2.2.1", "2.2.10")]
    assert "/root/tree.pkg carries no signature" in found.notes[0]
    host.answers[asked] = "tree\t2.2.1\n"
    assert plan(host, PackageRequest(("/root/tree.pkg",))).is_empty


def test_the_version_that_is_there_stays_where_it_was_asked_for():
    row = summary("nginx: 1.28.0,3").stdout + upgraded("tree: 2.2.1 -> 2.2.1_1").stdout
    host = pkg_host(**{simulation("install", "nginx"): CommandResult((), 1, row)})
    with pytest.raises(Refused, match=r"finds no way to tree 2\.2\.1"):
        plan(host, PackageRequest(("nginx", "tree=2.2.1")))
