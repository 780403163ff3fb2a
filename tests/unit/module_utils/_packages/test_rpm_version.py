from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._packages.rpm_version import (
    Evr,
    compare,
    compare_parts,
    matches,
    parse_evr,
)
from tests.unit.module_utils._packages.dnf_hosts import text

PAIRS = [line.split() for line in text("rpm-vercmp.txt").splitlines()]


@pytest.mark.parametrize(("one", "other", "order"), PAIRS)
def test_versions_are_ordered_as_rpm_itself_orders_them(one, other, order):
    assert compare_parts(one, other) == int(order)
    assert compare_parts(other, one) == -int(order)


# The kinds of pairs that rpm's own tests (tests/rpmvercmp.at) are about.
@pytest.mark.parametrize(
    ("one", "other", "order"),
    [
        ("1.0", "1.0", 0),
        ("2.0", "2.0.1", -1),
        ("2.0.1a", "2.0.1", 1),
        ("5.5p2", "5.5p10", -1),
        ("10xyz", "10.1xyz", -1),
        ("xyz10", "xyz10.1", -1),
        ("xyz.4", "8", -1),
        ("10.0001", "10.1", 0),
        ("10.0001", "10.0039", -1),
        ("4.999.9", "5.0", -1),
        ("20101121", "20101122", -1),
        ("2_0", "2.0", 0),
        ("a+", "a_", 0),
        ("1.0~rc1", "1.0", -1),
        ("1.0~rc1", "1.0~rc2", -1),
        ("1.0~rc1~git123", "1.0~rc1", -1),
        ("1.0^", "1.0", 1),
        ("1.0^git1", "1.0^git2", -1),
        ("1.0^git1", "1.01", -1),
        ("1.0^20160101", "1.0.1", -1),
        ("1.0^20160101^git1", "1.0^20160102", -1),
        ("1.0~rc1^git1", "1.0~rc1", 1),
        ("1.0^git1~pre", "1.0^git1", -1),
    ],
)
def test_the_marks_and_the_kinds_of_segments(one, other, order):
    assert compare_parts(one, other) == order
    assert compare_parts(other, one) == -order


@pytest.mark.parametrize(
    ("text", "parsed", "shown"),
    [
        ("1:2.0-3.el9", Evr(1, "2.0", "3.el9"), "1:2.0-3.el9"),
        ("0:2.0-3.el9", Evr(0, "2.0", "3.el9"), "2.0-3.el9"),
        ("2.0", Evr(0, "2.0"), "2.0"),
    ],
)
def test_a_version_is_shown_as_dnf_shows_it(text, parsed, shown):
    assert parse_evr(text) == parsed
    assert str(parsed) == shown


def test_the_epoch_goes_before_all_and_a_missing_release_before_nothing():
    assert Evr(1, "1.0", "1") > Evr(0, "9.0", "1")
    assert Evr(0, "1.0", "1.el9") < Evr(0, "1.0", "2.el9")
    assert compare(Evr(0, "1.0"), Evr(0, "1.0", "2.el9")) == 0


@pytest.mark.parametrize(
    ("wanted", "installed", "answer"),
    [
        ("2.0", "2.0-1.el9", True),
        ("2.0-1.el9", "2.0-1.el9", True),
        ("2.0-2.el9", "2.0-1.el9", False),
        ("2.0", "1:2.0-1.el9", True),
        ("1:2.0", "1:2.0-1.el9", True),
        ("0:2.0", "1:2.0-1.el9", False),
        ("2.0", "2.0.1-1.el9", False),
    ],
)
def test_a_wanted_version_counts_as_far_as_it_is_given(wanted, installed, answer):
    assert matches(wanted, installed) is answer
