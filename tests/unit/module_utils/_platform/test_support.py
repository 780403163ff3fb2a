from __future__ import annotations

from datetime import date

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.support import (
    Support,
    SupportStatus,
    assess,
)

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("name", "version", "expected"),
    [
        ("ubuntu", "24.04", "supported"),
        ("ubuntu", "20.04", "ended"),
        ("ubuntu", "25.10", "ended"),
        ("ubuntu", "26.10", "supported"),
        ("ubuntu", "24.10", "ended"),
        ("ubuntu", "28.04", "newer"),
        ("debian", "12", "extended"),
        ("debian", "13", "supported"),
        ("debian", "11", "ended"),
        ("debian", "", "unknown"),
        ("centos", "9", "supported"),
        ("centos", "8", "ended"),
        ("rhel", "9.8", "supported"),
        ("freebsd", "13.5", "ended"),
        ("freebsd", "14.3", "ended"),
        ("freebsd", "14.4", "supported"),
        ("freebsd", "15.0", "ended"),
        ("freebsd", "15.2", "newer"),
        ("fedora", "44", "unknown"),
        ("macos", "15.1", "unknown"),
        ("unknown", "", "unknown"),
    ],
)
def test_status_on_one_day(name, version, expected):
    assert assess(Platform(name, version), today=TODAY).status.value == expected


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2028, 12, 1), "supported"),
        (date(2028, 12, 2), "ends_soon"),
        (date(2029, 5, 31), "ends_soon"),
        (date(2029, 6, 1), "ended"),
    ],
)
def test_the_last_day_counts_and_the_warning_starts_so_many_days_before(today, expected):
    assert assess(Platform("ubuntu", "24.04"), today=today, warn_days=180).status.value == expected


def test_no_warning_before_the_last_day_when_none_is_wanted():
    assert assess(Platform("ubuntu", "24.04"), today=date(2029, 5, 30), warn_days=0).status is SupportStatus.SUPPORTED


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2025, 5, 29), "ends_soon"),
        (date(2025, 5, 30), "extended"),
        (date(2030, 4, 23), "extended"),
        (date(2030, 4, 24), "ended"),
    ],
)
def test_a_subscription_extends_support_to_its_own_end(today, expected):
    assert assess(Platform("ubuntu", "20.04"), today=today, has_extended_support=True).status.value == expected


def test_freebsd_warns_by_the_end_of_its_branch():
    assert assess(Platform("freebsd", "14.4"), today=date(2026, 12, 31)).status is SupportStatus.SUPPORTED
    assert assess(Platform("freebsd", "13.5"), today=date(2026, 4, 1)).status is SupportStatus.ENDS_SOON


def test_json_has_plain_dates():
    assert assess(Platform("freebsd", "14.4"), today=TODAY).to_json() == {
        "status": "supported",
        "until": "2026-12-31",
        "extended_until": None,
        "branch_until": "2028-11-30",
    }
    assert Support(SupportStatus.UNKNOWN).to_json() == {
        "status": "unknown",
        "until": None,
        "extended_until": None,
        "branch_until": None,
    }
