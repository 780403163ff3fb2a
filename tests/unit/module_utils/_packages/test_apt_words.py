from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_words import (
    LOCK_ERROR,
    explanation,
    own_words,
    parse_candidates,
    parse_installed,
    parse_simulation,
    parse_unknown,
    parse_virtual,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
    InstalledPackages,
    Native,
    PackageChange,
)
from tests.unit.module_utils._platform.hosts import fixture

NOTHING = InstalledPackages()


def installed() -> InstalledPackages:
    return parse_installed(fixture("debian-12/apt-dpkg-query.txt"))


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("sudo", "1.9.13p3-1+deb12u4"),
        ("sudo:amd64", "1.9.13p3-1+deb12u4"),
        ("adduser", "3.134"),
        ("adduser:all", "3.134"),
        ("adduser:amd64", "3.134"),
        ("sudo:i386", None),
        ("unzip", None),
    ],
)
def test_installed_versions_go_by_name_and_by_architecture(name, version):
    assert installed().versions.get(name) == version


def test_a_removed_package_whose_configuration_stays_is_not_installed():
    assert "config-files\tunzip\t" in fixture("debian-12/apt-dpkg-query.txt")
    assert not installed().satisfies(Native("unzip"))


def test_a_package_of_another_architecture_does_not_stand_for_the_host_s_own():
    found = parse_installed("installed\tdpkg\tamd64\t1.21\t\ninstalled\tlibc6\ti386\t2.36\t\n")
    assert found.versions == {"dpkg:amd64": "1.21", "dpkg": "1.21", "libc6:i386": "2.36"}


@pytest.mark.parametrize("status", ["triggers-awaited", "triggers-pending"])
def test_a_package_that_waits_for_a_trigger_is_installed(status):
    assert parse_installed(f"{status}\tman-db\tamd64\t2.11\t\n").versions["man-db:amd64"] == "2.11"


@pytest.mark.parametrize(
    ("status", "is_present"),
    [
        ("unpacked", True),
        ("half-configured", True),
        ("half-installed", True),
        ("not-installed", False),
        ("config-files", False),
    ],
)
def test_a_package_that_is_not_whole_is_not_installed_and_may_have_to_be_removed(status, is_present):
    found = parse_installed(f"{status}\tman-db\tall\t2.11\tx\n")
    assert not found.satisfies(Native("man-db"))
    assert not found.satisfies(Native("x"))
    assert ("man-db" in found.present) is is_present


def test_a_provided_name_counts_with_and_without_a_version():
    provided = installed().provided
    assert provided["debconf-2.0"] == "debconf"
    assert provided["apt-transport-https"] == "apt"
    assert provided["default-dbus-system-bus"] == "dbus"


def test_new_packages_are_installs_with_their_origin():
    planned = parse_simulation(fixture("debian-12/apt-simulate-install.txt"), installed())
    assert [package.change.name for package in planned] == [
        "fail2ban",
        "libip6tc2",
        "libnfnetlink0",
        "libnetfilter-conntrack3",
        "libnftnl11",
        "iptables",
        "python3-systemd",
    ]
    assert planned[0].change == PackageChange("fail2ban", "install", None, "1.0.2-2")
    assert planned[0].origins == ("Debian:12.15/oldstable",)


def test_updates_know_whether_a_security_archive_offers_them():
    planned = parse_simulation(fixture("debian-12/apt-simulate-upgrade.txt"), NOTHING)
    verdicts = {package.change.name: package.is_security for package in planned}
    assert verdicts == {
        "base-files": False,
        "bash": False,
        "libgcrypt20-dev": True,
        "libgcrypt20": True,
        "liblzma-dev": True,
        "liblzma5": True,
        "python3.11": True,
        "curl": False,
        "libcurl4": False,
        "unzip": True,
    }
    assert planned[0].change == PackageChange("base-files", "upgrade", "12.4+deb12u11", "12.4+deb12u15")


@pytest.mark.parametrize(
    ("line", "change", "is_security"),
    [
        (
            "Inst sudo [1.9.9-1ubuntu2.7] (1.9.9-1ubuntu2.7 Ubuntu:22.04/jammy-updates, "
            "Ubuntu:22.04/jammy-security [amd64])",
            PackageChange("sudo", "upgrade", "1.9.9-1ubuntu2.7", "1.9.9-1ubuntu2.7"),
            True,
        ),
        (
            "Inst tree (2.0.2-1 Ubuntu:22.04/jammy [amd64])",
            PackageChange("tree", "install", None, "2.0.2-1"),
            False,
        ),
        (
            "Inst vim [2:8.2] (2:8.2.1 UbuntuESM:22.04/jammy-infra-security [amd64])",
            PackageChange("vim", "upgrade", "2:8.2", "2:8.2.1"),
            True,
        ),
        (
            "Inst libc6:i386 (2.36-9 Debian:12.15/oldstable [i386]) []",
            PackageChange("libc6:i386", "install", None, "2.36-9"),
            False,
        ),
        ("Remv logwatch [7.5.6-1ubuntu1]", PackageChange("logwatch", "remove", "7.5.6-1ubuntu1", None), False),
        ("Purg logwatch [7.5.6-1ubuntu1]", PackageChange("logwatch", "remove", "7.5.6-1ubuntu1", None), False),
        ("Inst gwneeds (1.0 local-deb [all])", PackageChange("gwneeds", "install", None, "1.0"), False),
    ],
)
def test_each_kind_of_line(line, change, is_security):
    (planned,) = parse_simulation(f"Solving dependencies...\n{line}\n", NOTHING)
    assert (planned.change, planned.is_security) == (change, is_security)


def test_a_package_that_is_only_unpacked_is_still_to_be_installed():
    text = fixture("debian-12/apt-simulate-unpacked.txt")
    (planned,) = parse_simulation(text, NOTHING)
    assert planned.change == PackageChange("tree", "install", None, "2.1.0-1")
    assert parse_simulation(text, InstalledPackages({"tree": "2.1.0-1"})) == ()


def test_removals_carry_the_version_that_goes():
    planned = parse_simulation(fixture("debian-12/apt-simulate-remove.txt"), installed())
    assert [(package.change.name, package.change.action) for package in planned] == [
        ("python3", "remove"),
        ("python3-minimal", "remove"),
    ]


def test_unknown_names_are_each_told_once():
    assert parse_unknown(fixture("debian-12/apt-simulate-unknown.err")) == (
        "nosuchpkg1",
        "fial2ban",
        "mail-transport-agent",
        "python3.99",
    )


def test_a_virtual_package_comes_with_those_that_provide_it():
    providers = parse_virtual(fixture("debian-12/apt-simulate-unknown.txt"))
    assert set(providers) == {"mail-transport-agent"}
    assert {"postfix", "exim4-daemon-light", "dma"} <= set(providers["mail-transport-agent"])


def test_only_packages_with_a_candidate_are_available():
    assert parse_candidates(fixture("debian-12/apt-policy.txt")) == {
        "tree": "2.1.0-1",
        "python3.11": "3.11.2-6+deb12u9",
        "sudo": "1.9.13p3-1+deb12u4",
    }


@pytest.mark.parametrize(
    ("stem", "words"),
    [
        ("apt-update-dead-mirror", "E: Failed to fetch http://127.0.0.1:9/debian/dists/bookworm/InRelease"),
        ("apt-update-bad-key", "NO_PUBKEY 6ED0E7B82643E131"),
        ("apt-update-bad-key", "InRelease' is not signed."),
        ("apt-simulate-held", "E: Held packages were changed"),
    ],
)
def test_errors_are_told_in_apt_s_own_words(stem, words):
    assert words in own_words(fixture(f"debian-12/{stem}.err"))


@pytest.mark.parametrize(("stderr", "words"), [("", "nothing"), ("odd\n", "odd"), ("noise\nE: x\nE: x\n", "E: x")])
def test_own_words_never_stay_empty(stderr, words):
    assert own_words(stderr) == words


@pytest.mark.parametrize(
    ("stem", "words"),
    [
        ("apt-simulate-unmet", "gwbroken : Depends: nosuch-thing but it is not installable"),
        ("apt-simulate-held", "The following held packages will be changed: sudo"),
        ("apt-simulate-install", ""),
    ],
)
def test_an_error_s_paragraph_names_the_packages(stem, words):
    found = explanation(fixture(f"debian-12/{stem}.txt"))
    assert words in found if words else found == ""


@pytest.mark.parametrize("lock", ["archives", "lists", "dpkg"])
def test_a_lock_that_is_held_is_recognised(lock):
    assert LOCK_ERROR.search(fixture(f"debian-12/apt-locked-{lock}.err"))


def test_another_error_is_no_lock():
    assert not LOCK_ERROR.search(fixture("debian-12/apt-update-bad-key.err"))
