from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._platform.releases import (
    RELEASES,
    find,
    is_listed,
    is_newer_than_all,
)

DISTRO_INFO = Path("/usr/share/distro-info")
MISSING = (
    f"{DISTRO_INFO} is not there, so the support dates of Ubuntu and Debian cannot be compared with their source: "
    "install it with `apt-get install distro-info-data`"
)
# Their name for the longer support that a row's `extended_until` is the end of.
EXTENDED_COLUMNS = {"ubuntu": "eol-esm", "debian": "eol-lts"}


def distro_info(name: str) -> dict[str, dict[str, str]]:
    """The distribution's own table by version, `24.04` and not `24.04 LTS`."""
    path = DISTRO_INFO / f"{name}.csv"
    if not path.is_file():
        pytest.fail(MISSING)
    with path.open(encoding="utf-8", newline="") as file:
        return {row["version"].replace(" LTS", ""): row for row in csv.DictReader(file)}


@pytest.mark.parametrize("name", ["ubuntu", "debian"])
def test_the_dates_are_those_of_the_distribution(name):
    theirs = distro_info(name)
    ours = {release.version: release for release in RELEASES if release.name == name}
    both = sorted(ours.keys() & theirs.keys())
    assert both, f"distro-info-data knows none of our {name} releases: it is too old to compare with"
    for version in both:
        release, row = ours[version], theirs[version]
        extended = row.get(EXTENDED_COLUMNS[name]) or ""
        assert release.codename == row["series"]
        assert release.supported_until.isoformat() == row["eol"], version
        assert (release.extended_until.isoformat() if release.extended_until else "") == extended, version


def test_ubuntu_calls_the_same_releases_lts():
    path = DISTRO_INFO / "ubuntu.csv"
    if not path.is_file():
        pytest.fail(MISSING)
    lts = {line.split(" LTS", 1)[0] for line in path.read_text(encoding="utf-8").splitlines() if " LTS," in line}
    known = distro_info("ubuntu").keys()
    ours = {release.version for release in RELEASES if release.name == "ubuntu" and release.lts}
    assert ours & known == {release.version for release in RELEASES if release.name == "ubuntu"} & lts


@pytest.mark.parametrize(
    ("name", "version", "until"),
    [
        ("ubuntu", "24.04", date(2029, 5, 31)),
        ("rhel", "8.10", date(2029, 5, 31)),
        ("rocky", "10.1", date(2035, 5, 31)),
        ("freebsd", "14.4", date(2026, 12, 31)),
    ],
)
def test_a_minor_release_has_the_dates_of_its_row(name, version, until):
    release = find(name, version)
    assert release is not None
    assert release.supported_until == until


@pytest.mark.parametrize(
    ("name", "version"), [("ubuntu", "24.10"), ("freebsd", "14.1"), ("fedora", "44"), ("rhel", "")]
)
def test_a_release_without_a_row_is_not_found(name, version):
    assert find(name, version) is None


@pytest.mark.parametrize(
    ("name", "version", "expected"),
    [
        ("ubuntu", "28.04", True),
        ("ubuntu", "27.04", True),
        ("ubuntu", "24.10", False),
        ("ubuntu", "18.04", False),
        ("debian", "14", True),
        ("debian", "9", False),
        ("rhel", "11.0", True),
        ("rhel", "7.9", False),
        ("freebsd", "14.6", True),
        ("freebsd", "14.1", False),
        ("freebsd", "16.0", True),
        ("freebsd", "12.4", False),
        ("fedora", "44", False),
        ("ubuntu", "rolling", False),
    ],
)
def test_newer_is_judged_by_number_and_on_freebsd_within_the_branch(name, version, expected):
    assert is_newer_than_all(name, version) is expected


def test_only_systems_with_rows_are_listed():
    assert is_listed("almalinux")
    assert not is_listed("macos")


def test_no_release_has_two_rows_and_the_dates_are_in_order():
    keys = [(release.name, release.version) for release in RELEASES]
    assert len(keys) == len(set(keys))
    for release in RELEASES:
        later = release.extended_until or release.branch_until
        assert later is None or later >= release.supported_until, release
