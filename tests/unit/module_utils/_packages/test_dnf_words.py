from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_words import (
    Row,
    ignored_repositories,
    parse_table,
    planned,
    sizes,
    skipped,
    streams,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.rpm_words import (
    installed_packages,
    parse_packages,
)
from tests.unit.module_utils._packages.dnf_hosts import text

LONG = "a-package-with-a-name-that-is-quite-long-for-every-table"
LONG_VERSION = "1.0.20261123.git1234567890abcdef-123.el9_4.centos.plus"
# How dnf 4 breaks a line whose name does not fit its column, by fmtColumns of dnf/cli/output.py.
WRAPPED = """
================================================================================
 Package            Arch    Version     Repository                          Size
================================================================================
Installing:
 a-name-that-does-not-fit-its-column
                    noarch  1.0-1.el9   a-repository-whose-name-is-long-too
                                                                           6.1 k
 other              noarch  2.0-1.el9   baseos                             6.1 k

Transaction Summary
================================================================================
"""


def changes(name, database="rpm-qa"):
    installed = installed_packages(parse_packages(text(f"{database}.txt")))
    return {
        (change.name, change.action): (change.before, change.after)
        for change in planned(parse_table(text(f"{name}.txt")), installed)
    }


def test_new_packages_and_what_comes_along():
    rows = parse_table(text("install.txt"))
    assert [(row.heading, row.name) for row in rows] == [
        ("Installing", LONG),
        ("Installing", "app"),
        ("Installing", "demo"),
        ("Installing", "kernel"),
        ("Installing dependencies", "lib"),
    ]
    assert rows[1] == Row("Installing", "app", "noarch", "1:2.0-1.el9", "baseos")
    assert rows[0].version == LONG_VERSION


def test_weak_dependencies_come_along():
    assert ("Installing weak dependencies", "weak") in [
        (row.heading, row.name) for row in parse_table(text("install-weak.txt"))
    ]


def test_a_line_that_is_broken_is_one_row():
    assert parse_table(WRAPPED) == (
        Row(
            "Installing",
            "a-name-that-does-not-fit-its-column",
            "noarch",
            "1.0-1.el9",
            "a-repository-whose-name-is-long-too",
        ),
        Row("Installing", "other", "noarch", "2.0-1.el9", "baseos"),
    )


def test_an_upgrade_tells_both_versions_and_the_oldest_kernel_goes_by_its_full_name():
    assert changes("upgrade") == {
        ("kernel", "install"): ("5.14.0-3.el9", "5.14.0-4.el9"),
        ("kernel-5.14.0-1.el9.noarch", "remove"): ("5.14.0-1.el9", None),
        ("new", "install"): (None, "2.0-1.el9"),
        ("old", "remove"): ("1.0-1.el9", None),
        ("app", "upgrade"): ("1.0-1.el9", "1:2.0-1.el9"),
        ("demo", "upgrade"): ("1.0-1.el9", "1.2-1.el9"),
        ("lib", "upgrade"): ("1.0-1.el9", "1.1-1.el9"),
    }


def test_what_is_skipped_is_no_change():
    assert skipped(parse_table(text("upgrade.txt"))) == ("stuck 2.0-1.el9",)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("downgrade", {("demo", "downgrade"): ("1.0-1.el9", "1.1-1.el9")}),
        ("remove", {("lib", "remove"): ("1.0-1.el9", None), ("app", "remove"): ("1.0-1.el9", None)}),
        ("autoremove", {("lib", "remove"): ("1.1-1.el9", None)}),
        ("obsoletes", {("new", "install"): (None, "2.0-1.el9"), ("old", "remove"): ("1.0-1.el9", None)}),
    ],
)
def test_what_goes_and_what_gets_older(name, expected):
    assert changes(name) == expected


def test_all_versions_of_a_kernel_go_each_by_its_full_name():
    assert sorted(name for name, _action in changes("remove-kernel")) == [
        f"kernel-5.14.0-{release}.el9.noarch" for release in (1, 2, 3)
    ]


def test_a_doubled_package_is_installed_again_and_stays():
    assert changes("duplicates", "rpm-qa-doubled") == {
        ("app", "reinstall"): ("1.0-1.el9", "1:2.0-1.el9"),
        ("lib", "reinstall"): ("1.0-1.el9", "1.1-1.el9"),
        ("slow", "reinstall"): ("1.0-1.el9", "1.1-1.el9"),
    }


def test_the_older_version_of_a_doubled_package_alone_is_no_removal_of_it():
    lines = text("remove.txt").replace("1:2.0-1.el9", "1.0-1.el9  ").replace("1.1-1.el9", "1.0-1.el9")
    doubled = installed_packages(parse_packages(text("rpm-qa-doubled.txt")))
    assert planned(parse_table(lines), doubled) == ()
    both = lines.replace(" lib ", " app  noarch  1:2.0-1.el9  @baseos  8\n lib ", 1)
    assert {(change.name, change.action) for change in planned(parse_table(both), doubled)} == {("app", "remove")}


def test_a_stream_that_a_package_pins_is_no_package():
    assert streams(parse_table(text("stream.txt"))) == ("modular:1",)
    assert list(changes("stream")) == [("modular", "install")]


@pytest.mark.parametrize("name", ["unknown", "conflict", "dead-repository", "no-key"])
def test_where_there_is_no_table_there_are_no_rows(name):
    assert parse_table(text(f"{name}.txt")) == ()


@pytest.mark.parametrize(
    ("line", "what", "size"),
    [
        ("Total download size: 6.0 k", "Total download size", 6144),
        ("Installed size: 104  ", "Installed size", 104),
        ("Installed size: 1.5 G", "Installed size", 1536 * 1024 * 1024),
        ("Total size: 31 k", "Total size", 31744),
    ],
)
def test_sizes_are_in_powers_of_1024(line, what, size):
    assert sizes(f"\n{line}\n") == {what: size}


def test_repositories_that_dnf_does_without_are_named():
    assert ignored_repositories(text("ignored-repository.err")) == ("dead", "dead2")
    assert ignored_repositories(text("dead-repository.err")) == ()
