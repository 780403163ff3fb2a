from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_simulation import (
    DEFERRED,
    DOWNGRADED,
    ESSENTIAL,
    HELD,
    KEPT_BACK,
    NO_ARCHIVE,
    UNMET,
    explanation,
    parse_list,
    parse_simulation,
    parse_unknown,
    parse_unknown_versions,
    parse_virtual,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_words import parse_installed
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
    InstalledPackages,
    PackageChange,
)
from tests.unit.module_utils._platform.hosts import fixture

NOTHING = InstalledPackages()


def installed() -> InstalledPackages:
    return parse_installed(fixture("debian-12/apt-dpkg-query.txt"))


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
            PackageChange("sudo", "reinstall", "1.9.9-1ubuntu2.7", "1.9.9-1ubuntu2.7"),
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


@pytest.mark.parametrize(
    ("stem", "words"),
    [
        ("apt-simulate-unmet", "gwbroken : Depends: nosuch-thing but it is not installable"),
        ("apt-simulate-install", ""),
    ],
)
def test_an_error_s_paragraph_names_the_packages(stem, words):
    found = explanation(fixture(f"debian-12/{stem}.txt"))
    assert words in found if words else found == ""


def test_what_is_only_configured_gets_the_version_that_lies_unpacked():
    half_way = InstalledPackages(incomplete={"demopost": "1.0"})
    (planned,) = parse_simulation(fixture("debian-12/apt-simulate-half-configured.txt"), half_way)
    assert planned.change == PackageChange("demopost", "install", None, "1.0")
    assert planned.is_only_configured


def test_what_lies_half_unpacked_is_installed_not_upgraded():
    half_way = InstalledPackages(incomplete={"demopre": "1.0"})
    (planned,) = parse_simulation(fixture("debian-12/apt-simulate-reinstall.txt"), half_way)
    assert planned.change == PackageChange("demopre", "install", None, "2.0")
    assert not planned.is_only_configured


def test_a_downgrade_is_called_so():
    (planned,) = parse_simulation(fixture("debian-12/apt-simulate-downgrade.txt"), InstalledPackages({"demoa": "2.0"}))
    assert planned.change == PackageChange("demoa", "downgrade", "2.0", "1.0")


@pytest.mark.parametrize(
    ("stem", "heading", "names"),
    [
        ("apt-simulate-kept-back", KEPT_BACK, ("demoa", "democ")),
        ("apt-simulate-phased", KEPT_BACK, ("demoa",)),
        ("apt-simulate-phased", DEFERRED, ("python3-software-properties", "software-properties-common")),
        ("apt-simulate-downgrade", DOWNGRADED, ("demoa",)),
        ("apt-simulate-held-upgrade", HELD, ("demoa",)),
        ("apt-simulate-essential", ESSENTIAL, ("sed",)),
        ("apt-simulate-install", KEPT_BACK, ()),
    ],
)
def test_the_names_below_a_heading(stem, heading, names):
    assert parse_list(fixture(f"debian-12/{stem}.txt"), heading) == names


def test_unknown_versions_are_told_apart_from_unknown_names():
    stderr = fixture("debian-12/apt-simulate-unknown-version.err")
    assert parse_unknown_versions(stderr) == {"demoa": "9.9", "sudo": "5"}
    assert parse_unknown(stderr) == ("nosuch",)


def test_broken_dependencies_and_a_lost_archive_are_recognised():
    broken, lost = (fixture(f"debian-12/apt-simulate-{stem}.err") for stem in ("broken", "no-archive"))
    assert UNMET.search(broken)
    assert not UNMET.search(lost)
    assert NO_ARCHIVE.findall(lost) == ["demopre"]
    assert NO_ARCHIVE.findall(broken) == []
