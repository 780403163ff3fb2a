from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import ActionFailed, Refused
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult
from ansible_collections.groundwork.python_host.plugins.module_utils._packages import apt_command
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_plan import merged
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
    PackageChange,
    PackageRequest,
    State,
    Upgrade,
)
from tests.unit.module_utils._packages.hosts import (
    QUERY,
    REPAIR,
    apt_host,
    cache,
    refused,
    session,
    simulation,
    transaction,
)
from tests.unit.module_utils._platform.hosts import fixture

DPKG = "install ok installed\tdpkg\tamd64\t1.21\t\n"
DEMO = f"{DPKG}install ok installed\tdemoa\tall\t2.0\t\n"
HELD = DEMO.replace("install ok installed\tdemoa", "hold ok installed\tdemoa")
STATUS = "Package: demoa\nStatus: install ok installed\nArchitecture: all\nVersion: 2.0\n\n"
NOTHING = "0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n"
MEND = ("install", "--fix-broken")


def on_list(*command: str) -> str:
    """The simulation that judges by a list of packages of its own."""
    options = apt_command.options(lock_timeout=300, install_recommends=False, configuration="")
    return " ".join(apt_command.simulate(options, command, status="/scratch/apt/status"))


def debian(installed: str, **answers: object):
    host = apt_host(installed=installed, **answers)
    host.files["/var/lib/dpkg/status"] = STATUS
    return host


def plan(host, **wanted: object):
    packages, executor = session(host)
    return packages.plan(PackageRequest(**wanted)), packages, executor


def actions(host, **wanted: object) -> list[str]:
    made, packages, _executor = plan(host, **wanted)
    return [" ".join(command.argv) for command in packages._backend.actions(made)]


def test_a_version_that_is_installed_is_there():
    host = debian(DEMO)
    assert plan(host, names=("demoa=2.0",))[0].is_empty
    assert host.asked == [QUERY]


def test_a_version_that_is_there_is_told_beside_what_is_missing():
    host = debian(DEMO, **{simulation("install", "tree", "demoa=2.0"): NOTHING})
    plan(host, names=("tree", "demoa=2.0"))
    assert host.asked[-1] == simulation("install", "tree", "demoa=2.0")


def test_another_version_is_told_to_apt_and_an_older_one_only_when_it_may_be():
    allowed = ("install", "--allow-downgrades", "demoa=1.0")
    host = debian(DEMO, **{simulation("install", "demoa=1.0"): refused("apt-simulate-downgrade-refused")})
    host.answers[simulation(*allowed)] = fixture("debian-12/apt-simulate-downgrade.txt")
    with pytest.raises(Refused, match="allow_downgrade"):
        plan(host, names=("demoa=1.0",))
    made, _packages, _executor = plan(host, names=("demoa=1.0",), allow_downgrade=True)
    assert made.changes == (PackageChange("demoa", "downgrade", "2.0", "1.0"),)
    assert made.command == allowed


def test_a_plus_at_the_end_of_a_version_is_the_version_s():
    host = debian(DEMO, **{simulation("install", "demoa=2.0+dfsg+" + "+"): NOTHING})
    plan(host, names=("demoa=2.0+dfsg+",))
    assert simulation("install", "demoa=2.0+dfsg++") in host.asked


@pytest.mark.parametrize("upgrade", [Upgrade.ALL, Upgrade.SECURITY])
def test_a_version_that_was_asked_for_stays_through_an_upgrade(upgrade):
    policy = fixture("debian-12/apt-policy-versions.txt")
    host = debian(DEMO, **{cache("policy", "demoa"): policy})
    host.answers[simulation("upgrade", "--with-new-pkgs", "demoa=2.0")] = NOTHING
    host.answers[simulation("upgrade", "--with-new-pkgs")] = "Inst demoa [2.0] (3.0 Debian-Security:12 [all])\n"
    host.answers[simulation("install", "demoa=2.0")] = NOTHING
    made, _packages, _executor = plan(host, names=("demoa=2.0",), upgrade=upgrade)
    assert made.changes == ()
    assert "upgrade: left as they are: demoa (asked for at that version)." in made.notes


def test_a_hold_alone_asks_apt_nothing():
    host = debian(DEMO)
    assert actions(host, hold=("demoa",)) == ["apt-mark -q hold demoa"]
    assert actions(debian(HELD), hold=("demoa",)) == []
    assert actions(debian(HELD), unhold=("demoa",)) == ["apt-mark -q unhold demoa"]
    assert host.asked == [QUERY]


def test_what_is_let_go_is_upgraded_and_the_simulation_knows_it():
    host = debian(HELD, **{on_list("install", "demoa"): "Inst demoa [2.0] (3.0 stable [all])\n"})
    host.files["/var/lib/dpkg/status"] = STATUS.replace("install ok", "hold ok")
    made = actions(host, names=("demoa",), state=State.LATEST, unhold=("demoa",))
    assert made == ["apt-mark -q unhold demoa", transaction("install", "demoa")]
    assert host.files["/scratch/apt/status"] == STATUS


def test_a_hold_keeps_what_an_upgrade_of_the_same_call_would_take_and_says_so():
    host = debian(DEMO, **{on_list("upgrade", "--with-new-pkgs"): fixture("debian-12/apt-simulate-kept-back.txt")})
    made, _packages, _executor = plan(host, upgrade=Upgrade.ALL, hold=("demoa",))
    assert "Status: hold ok installed" in host.files["/scratch/apt/status"]
    assert made.notes[0].startswith("upgrade: left as they are: demoa (held")


def test_what_is_new_is_held_when_it_is_there():
    host = debian(DEMO, **{simulation("install", "tree=2"): "Inst tree (2 stable [amd64])\n"})
    made = actions(host, names=("tree=2",), hold=("tree",))
    assert made == [transaction("install", "tree=2"), "apt-mark -q hold tree"]


def test_unused_packages_go_only_on_request():
    host = debian(DEMO, **{simulation("autoremove"): "Remv demoa [2.0]\n"})
    assert actions(host, autoremove=True) == [transaction("autoremove")]
    assert "--no-remove" not in transaction("autoremove")


def test_what_depends_on_a_removed_package_is_not_taken_for_unused():
    host = debian(DEMO, **{simulation("remove", "demoa"): "Remv demob [1]\nRemv demoa [2.0]\n"})
    with pytest.raises(Refused, match="would also remove demob"):
        plan(host, names=("demoa",), state=State.ABSENT, autoremove=True)
    host.answers[simulation("remove", "demoa")] = "Remv demoa [2.0]\n"
    host.answers[simulation("remove", "--auto-remove", "demoa")] = "Remv demoa [2.0]\nRemv demod [1]\n"
    made, _packages, _executor = plan(host, names=("demoa",), state=State.ABSENT, autoremove=True)
    assert [change.name for change in made.changes] == ["demoa", "demod"]


def test_broken_dependencies_are_mended_by_a_transaction_before():
    host = debian(DEMO, **{simulation("install", "figlet"): refused("apt-simulate-broken")})
    host.answers[simulation(*MEND)] = fixture("debian-12/apt-simulate-mend.txt")
    host.answers[cache("show", "demoa=3.0")] = fixture("debian-12/apt-show.txt").split("\n\n")[0] + "\n\n"
    host.answers[on_list("install", "figlet")] = "Inst figlet (2.2.5-3+b1 stable [amd64])\n"
    made, packages, _executor = plan(host, names=("figlet",))
    assert [change.name for change in made.changes] == ["demoa", "figlet"]
    assert [command.argv[-2:] for command in packages._backend.actions(made)] == [MEND, ("install", "figlet")]
    assert made.installed_by_name == ("figlet",)
    assert "lacked what they depend on" in made.notes[0]


@pytest.mark.parametrize(
    ("status", "first", "answer"),
    [
        (
            "install reinstreq half-installed",
            (*MEND, "--reinstall", "demopre"),
            "Inst demopre [1.0] (1.0 stable [all])\n",
        ),
        ("install reinstreq half-configured", (*MEND, "--reinstall", "demopre"), "Inst demopre [1.0] (2.0 x [all])\n"),
        ("deinstall ok half-installed", ("remove", "demopre"), "Remv demopre [1.0]\n"),
        ("deinstall ok half-configured", ("remove", "demopre"), "Remv demopre [1.0]\n"),
    ],
)
def test_what_was_killed_in_the_middle_is_finished_whatever_is_asked(status, first, answer):
    host = debian(f"{DEMO}{status}\tdemopre\tall\t1.0\t\n", **{simulation(*first): answer})
    for version in ("1.0", "2.0"):
        host.answers[cache("show", f"demopre={version}")] = f"Package: demopre\nVersion: {version}\n\n"
    host.answers[on_list("install")] = NOTHING
    assert actions(host, names=("demoa",)) == [transaction(*first)]


def test_what_was_being_removed_and_is_wanted_after_all_is_unpacked_again():
    again = (*MEND, "--reinstall", "demopre=1.0")
    host = debian(f"{DEMO}deinstall ok half-installed\tdemopre\tall\t1.0\t\n")
    host.answers[simulation(*again)] = "Inst demopre [1.0] (1.0 stable [all])\n"
    host.answers[cache("show", "demopre=1.0")] = "Package: demopre\nVersion: 1.0\n\n"
    host.answers[on_list("install", "demopre=1.0")] = NOTHING
    assert actions(host, names=("demopre=1.0",)) == [transaction(*again), transaction("install", "demopre=1.0")]


def test_what_is_half_unpacked_is_removed_without_being_unpacked_again():
    remove = ("remove", "-o", "Dpkg::Options::=--force-remove-reinstreq", "demopre")
    host = debian(f"{DEMO}install reinstreq half-installed\tdemopre\tall\t1.0\t\n")
    host.answers[simulation(*remove)] = "Remv demopre [1.0]\n"
    assert actions(host, names=("demopre",), state=State.ABSENT) == [transaction(*remove)]


def test_what_only_has_to_be_configured_needs_dpkg_alone():
    host = debian(f"{DEMO}install ok half-configured\tdemopost\tall\t1.0\t\n")
    host.answers[simulation("install")] = fixture("debian-12/apt-simulate-half-configured.txt")
    made, packages, _executor = plan(host, names=("demoa",))
    assert made.changes == (PackageChange("demopost", "install", None, "1.0"),)
    (command,) = packages._backend.actions(made)
    assert (" ".join(command.argv), command.ok) == (REPAIR, (0,))


def test_what_stays_half_way_is_no_success():
    host = debian(f"{DEMO}install ok half-configured\tdemopost\tall\t1.0\t\n")
    host.answers[simulation("install", "tree")] = "Inst tree (2 stable [all])\nConf demopost (2.0 stable [all])\n"
    made, packages, _executor = plan(host, names=("tree",))
    host.answers[QUERY] += "install ok installed\ttree\tall\t2\t\n"
    host.answers[REPAIR] = CommandResult((), 1, "", "dpkg: error processing package demopost (--configure)")
    with pytest.raises(ActionFailed, match=r"success, but demopost is 1\.0"):
        packages.perform(made)


def test_a_package_that_changes_twice_is_one_change():
    install, upgrade = PackageChange("a", "install", None, "1"), PackageChange("a", "upgrade", "1", "2")
    removal = PackageChange("a", "remove", "1", None)
    assert merged((install, upgrade)) == (PackageChange("a", "install", None, "2"),)
    assert merged((install, removal)) == (removal,)
    older = PackageChange("a", "upgrade", "0", "1")
    assert merged((older, removal)) == (PackageChange("a", "remove", "0", None),)
