from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import Native
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.rpm_words import (
    change_name,
    installed_packages,
    leftovers,
    parse_packages,
)
from tests.unit.module_utils._packages.dnf_hosts import text

OF_64_BITS = "rpm\t0:4.16-1\tx86_64\trpm \nglibc\t0:2.34-1\tx86_64\tglibc \n"


def installed(rows=None):
    return installed_packages(parse_packages(text("rpm-qa.txt") if rows is None else rows))


def test_packages_are_known_by_name_and_by_architecture():
    found = installed()
    assert (found.versions["app"], found.versions["app.noarch"]) == ("1.0-1.el9", "1.0-1.el9")
    assert found.incomplete == {}


def test_an_epoch_is_shown_where_there_is_one():
    assert installed("app\t1:2.0-1.el9\tnoarch\tapp \n").versions["app"] == "1:2.0-1.el9"


def test_what_a_package_provides_stands_for_it():
    found = installed()
    assert found.satisfies(Native("virtual-demo"))
    assert found.that_satisfies(Native("virtual-demo")) == "demo"
    assert not found.satisfies(Native("nothere"))


def test_kernels_stand_side_by_side_and_the_newest_counts():
    found = installed()
    assert found.versions["kernel"] == "5.14.0-3.el9"
    assert found.versions["kernel-5.14.0-1.el9.noarch"] == "5.14.0-1.el9"
    assert found.incomplete == {}


def test_an_older_version_beside_a_newer_one_is_left_of_an_upgrade_that_was_cut_off():
    found = installed(text("rpm-qa-doubled.txt"))
    assert found.incomplete == {"app": "1.0-1.el9", "lib": "1.0-1.el9", "slow": "1.0-1.el9"}
    assert (found.versions["app"], found.versions["slow"]) == ("1:2.0-1.el9", "1.1-1.el9")


def test_all_versions_but_the_newest_are_left_of_upgrades_that_were_cut_off():
    rows = "".join(f"app\t{evr}\tnoarch\tapp \n" for evr in ("0:1.1-1", "1:0.9-1", "0:1.0-1"))
    assert [one.label for one in leftovers(parse_packages(rows))] == ["app-1.0-1.noarch", "app-1.1-1.noarch"]
    assert [one.label for one in leftovers(parse_packages("app\t2:3.0-1\tnoarch\tapp \n" + rows))][-1] == (
        "app-0.9-1.noarch"
    )


@pytest.mark.parametrize("rows", [OF_64_BITS + "glibc\t0:2.34-1\ti686\tglibc \n", text("rpm-qa.txt")])
def test_neither_another_architecture_nor_a_kernel_is_left_over(rows):
    assert leftovers(parse_packages(rows)) == ()


def test_keys_are_no_packages():
    assert parse_packages("gpg-pubkey\t0:8483c65d-5ccc5b19\t(none)\tgpg(CentOS) \n") == ()


def test_a_package_of_another_architecture_does_not_stand_for_the_host_s_own():
    found = installed(OF_64_BITS + "glibc\t0:2.34-1\ti686\tglibc \nlegacy\t0:1-1\ti686\tlegacy \n")
    assert found.incomplete == {}
    assert (found.versions["glibc"], found.versions["glibc.i686"]) == ("2.34-1", "2.34-1")
    assert "legacy" not in found.versions


@pytest.mark.parametrize(("architecture", "name"), [("x86_64", "lib"), ("noarch", "lib"), ("i686", "lib.i686")])
def test_a_plan_names_the_architecture_that_is_not_the_host_s(architecture, name):
    assert change_name("lib", architecture, installed(OF_64_BITS)) == name
