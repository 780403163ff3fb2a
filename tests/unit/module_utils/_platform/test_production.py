from __future__ import annotations

from datetime import date

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.production import recommend
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.support import assess

TODAY = date(2026, 11, 22)


def recommendation(name, version, *, lts=False, today=TODAY, has_extended_support=False):
    platform = Platform(name, version, lts=lts)
    return recommend(platform, assess(platform, today=today, has_extended_support=has_extended_support))


@pytest.mark.parametrize(
    ("name", "version", "lts", "recommended", "words"),
    [
        ("ubuntu", "24.04", True, True, "ubuntu 24.04 gets security fixes until 2029-05-31"),
        ("ubuntu", "28.04", True, True, "newer than the releases"),
        ("ubuntu", "27.04", False, False, "interim release; production is for an LTS"),
        ("ubuntu", "26.10", False, False, "interim release and gets fixes only until 2027-07-15"),
        ("ubuntu", "25.10", False, False, "no security fixes since 2026-07-09"),
        ("ubuntu", "20.04", True, False, "since 2025-05-29; Ubuntu Pro (esm-infra) would bring them until 2030-04-23"),
        ("ubuntu", "18.04", True, False, "older than the releases"),
        (
            "debian",
            "12",
            False,
            True,
            "left standard support on 2026-07-11 and gets security fixes from Debian LTS until",
        ),
        ("debian", "13", False, True, "until 2028-08-09"),
        ("debian", "", False, False, "does not say which release"),
        ("centos", "9", False, True, "until 2027-05-31"),
        ("rhel", "10.0", False, True, "until 2035-05-31"),
        ("freebsd", "14.4", False, True, "until 2026-12-31, and later releases of branch 14 until 2028-11-30"),
        (
            "freebsd",
            "15.0",
            False,
            False,
            "since 2026-09-30; upgrade within branch 15, which gets them until 2029-12-31",
        ),
        ("freebsd", "13.5", False, False, "no security fixes since 2026-04-30"),
        ("fedora", "44", False, False, "fedora 44 is not a system that this collection supports"),
        ("macos", "15.1", False, False, "not a system"),
        ("unknown", "", False, False, "An unknown system is not a system"),
    ],
)
def test_the_reason_names_the_release_and_the_date(name, version, lts, recommended, words):
    production = recommendation(name, version, lts=lts)
    assert production.recommended is recommended
    assert words in production.reason


def test_a_release_near_its_end_is_still_recommended_with_a_word_of_warning():
    production = recommendation("centos", "9", today=date(2027, 5, 1))
    assert production.recommended
    assert production.reason.endswith("until 2027-05-31, which is soon: plan the upgrade now")


def test_a_subscription_keeps_an_old_lts_in_production():
    production = recommendation("ubuntu", "20.04", lts=True, has_extended_support=True)
    assert production.recommended
    assert "from Ubuntu Pro (esm-infra) until 2030-04-23" in production.reason


def test_an_extension_that_has_ended_too_is_not_offered():
    assert recommendation("debian", "12", today=date(2028, 7, 1)).reason.startswith(
        "debian 12 has had no security fixes"
    )
