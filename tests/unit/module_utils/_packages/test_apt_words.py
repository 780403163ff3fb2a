from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_words import (
    LOCK_ERROR,
    own_words,
    parse_candidates,
    parse_installed,
    parse_offered,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
    InstalledPackages,
    Native,
)
from tests.unit.module_utils._platform.hosts import fixture


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
    found = parse_installed("install ok installed\tdpkg\tamd64\t1.21\t\ninstall ok installed\tlibc6\ti386\t2.36\t\n")
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


def test_held_packages_are_known_in_each_spelling_of_their_names():
    rows = ("install ok installed\tdpkg", "hold ok installed\tgw", "hold ok not-installed\tgx")
    assert parse_installed("".join(f"{row}\tamd64\t1\t\n" for row in rows)).held == {"gw", "gw:amd64"}


def test_what_was_killed_in_the_middle_of_unpacking_is_half_way():
    found = parse_installed(fixture("debian-12/apt-dpkg-query-half-way.txt"))
    assert found.incomplete["demopre"] == "1.0"
    assert "demopre" not in found.versions


def test_every_version_that_there_is_the_newest_first():
    assert parse_offered(fixture("debian-12/apt-policy-versions.txt")) == {
        "demoa": ("3.0", "2.0", "1.0"),
        "sudo": ("1.9.13p3-1+deb12u4", "1.9.13p3-1+deb12u2"),
    }


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


@pytest.mark.parametrize("lock", ["archives", "lists", "dpkg"])
def test_a_lock_that_is_held_is_recognised(lock):
    assert LOCK_ERROR.search(fixture(f"debian-12/apt-locked-{lock}.err"))


def test_another_error_is_no_lock():
    assert not LOCK_ERROR.search(fixture("debian-12/apt-update-bad-key.err"))
