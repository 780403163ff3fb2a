from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import PackageChange
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_words import (
    Offer,
    is_summary,
    parse_installed,
    parse_offers,
    parse_summary,
)
from tests.unit.module_utils._packages.pkg_hosts import text

MEBI = 1024 * 1024


def test_one_query_tells_versions_holds_origins_and_what_must_stay():
    found = parse_installed(text("query.txt"))
    assert found.versions["python312"] == "3.12.11"
    assert found.held == {"sudo"}
    assert found.provided["devel/py-pip"] == "py312-pip"
    assert "base/FreeBSD-runtime" not in found.provided
    assert found.vital == {"FreeBSD-runtime", "pkg", "unbound"}


def test_the_catalogue_is_told_in_rows():
    assert parse_offers(text("rquery.txt"))[1] == Offer(
        "py312-fail2ban", "1.1.0_6", "security/py-fail2ban", "FreeBSD-ports"
    )
    assert parse_offers("pkg: nonsense\n") == ()


def test_new_packages_and_sizes_are_read_from_an_installation():
    found = parse_summary(text("install.txt"))
    assert found.changes == (
        PackageChange("py312-fail2ban", "install", None, "1.1.0_6"),
        PackageChange("py312-setuptools", "install", None, "80.9.0"),
        PackageChange("py312-sqlite3", "install", None, "3.12.11_10"),
    )
    assert (found.space, found.download) == (12 * MEBI, 2 * MEBI)


def test_an_upgrade_names_repositories_and_why_something_comes_again():
    found = parse_summary(text("upgrade.txt"))
    assert found.changes == (
        PackageChange("libuv", "install", None, "1.51.0"),
        PackageChange("tree", "upgrade", "2.2.1", "2.2.1_1"),
        PackageChange("python312", "reinstall", "3.12.11", "3.12.11"),
    )
    assert found.reasons == ("python312 (required shared library changed: libmpdec.so.4 (added))",)
    assert found.space == 704 * 1024


def test_conflicts_end_in_removals_and_locks_in_a_section_of_their_own():
    found = parse_summary(text("conflict.txt"))
    assert found.locked == ("sudo",)
    assert found.named("remove") == ("luajit-devel", "obs-studio")
    assert found.named("downgrade") == ("tree",)
    assert (found.space, found.download) == (0, 0)


def test_a_removal_names_what_depends_on_it():
    assert parse_summary(text("delete.txt")).changes == (
        PackageChange("py312-pip", "remove", "25.1.1", None),
        PackageChange("python312", "remove", "3.12.11", None),
    )


def test_older_pkg_joins_name_and_version_of_what_goes():
    said = "Installed packages to be REMOVED:\n\tpy39-pip-21.0_1,1 (depends on python39-3.9.2)\n"
    assert parse_summary(said).changes == (PackageChange("py39-pip", "remove", "21.0_1,1", None),)


@pytest.mark.parametrize(
    ("said", "is_one"),
    [
        (text("install.txt"), True),
        (text("locked.txt"), False),
        ("The most recent versions of packages are already installed\n", False),
        ("", False),
    ],
)
def test_only_sections_are_a_summary(said, is_one):
    assert is_summary(said) is is_one
    assert bool(parse_summary(said).changes) is is_one


def test_sizes_may_have_other_units():
    said = "The process will require 1.5 GiB more space.\n512 B to be downloaded.\n"
    assert (parse_summary(said).space, parse_summary(said).download) == (1536 * MEBI, 512)
