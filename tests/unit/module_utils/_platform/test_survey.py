from __future__ import annotations

from datetime import date

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import BadInput, Refused
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.survey import require, survey
from tests.unit.module_utils._platform.hosts import fixture, host_of

TODAY = date(2026, 11, 22)


def test_a_supported_release_needs_no_words():
    found = survey(host_of("ubuntu-24.04"), today=TODAY)
    assert found.warnings == ()
    assert found.to_json() == {
        "os": {
            "name": "ubuntu",
            "version": "24.04",
            "codename": "noble",
            "pretty_name": "Ubuntu 24.04.5 LTS",
            "family": "debian",
            "package_tool": "apt",
            "lts": True,
            "support": {
                "status": "supported",
                "until": "2029-05-31",
                "extended_until": "2034-04-25",
                "branch_until": None,
            },
            "production": {
                "recommended": True,
                "reason": "Ubuntu 24.04.5 LTS gets security fixes until 2029-05-31",
            },
        },
        "service_manager": "systemd",
        "container": "",
    }


@pytest.mark.parametrize(
    ("release", "words"),
    [
        ("debian-12", "left standard support on 2026-07-11"),
        ("ubuntu-20.04", "no security fixes since 2025-05-29"),
        ("ubuntu-26.10", "interim release"),
        ("freebsd-15.0", "upgrade within branch 15"),
    ],
)
def test_everything_else_warns_with_the_reason(release, words):
    found = survey(host_of(release), today=TODAY)
    assert len(found.warnings) == 1
    assert words in found.warnings[0]
    assert found.warnings[0] == f"{found.production.reason}."


def test_how_early_to_warn_is_the_users_choice():
    assert survey(host_of("centos-9"), today=TODAY).warnings == ()
    assert "which is soon" in survey(host_of("centos-9"), today=TODAY, warn_days=365).warnings[0]


def test_ubuntu_pro_on_the_host_is_seen():
    host = host_of("ubuntu-20.04", pro_status=fixture("ubuntu-20.04/pro-status.json"))
    assert survey(host, today=TODAY).support.status.value == "extended"


def test_a_negative_number_of_days_is_refused():
    with pytest.raises(BadInput, match="warn_days is -1, expected 0 or more"):
        survey(host_of("centos-9"), today=TODAY, warn_days=-1)


@pytest.mark.parametrize(
    ("host", "production", "families"),
    [
        ("ubuntu-24.04", True, ["debian"]),
        ("freebsd-13.5", False, []),
        ("freebsd-13.5", False, ["freebsd"]),
        ("freebsd-14.5", True, ["freebsd"]),
        ("freebsd-15.1", True, ["freebsd"]),
    ],
)
def test_a_system_that_fits_passes(host, production, families):
    require(survey(host_of(host), today=TODAY), production=production, families=families)


@pytest.mark.parametrize(
    ("host", "production", "families", "words"),
    [
        ("ubuntu-20.04", True, [], ["Ubuntu 20.04", "2025-05-29", "python_host_allow_unsupported"]),
        ("freebsd-14.4", True, ["debian"], ["debian", "FreeBSD 14.4"]),
        ("freebsd-13.5", True, ["freebsd"], ["FreeBSD 13.5", "2026-04-30", "python_host_allow_unsupported"]),
        ("freebsd-14.2", True, ["freebsd"], ["FreeBSD 14.2", "2025-09-30", "upgrade within branch 14", "2028-11-30"]),
        ("freebsd-15.0", True, ["freebsd"], ["FreeBSD 15.0", "2026-09-30", "upgrade within branch 15", "2029-12-31"]),
    ],
)
def test_a_system_that_does_not_fit_is_refused_in_one_message(host, production, families, words):
    with pytest.raises(Refused) as refused:
        require(survey(host_of(host), today=TODAY), production=production, families=families)
    assert all(word in str(refused.value) for word in (*words, "Nothing was changed"))
