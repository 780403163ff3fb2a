from __future__ import annotations

import json
from datetime import date

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import Unreadable
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.subscription import has_extended_support
from tests.unit.fakes import FakeHost
from tests.unit.module_utils._platform.hosts import PRO_STATUS, fixture

TODAY = date(2026, 11, 22)
UBUNTU = Platform("ubuntu", "20.04")
ESM = {"name": "esm-infra", "status": "enabled"}


def shown(text: str | None) -> bool:
    return has_extended_support(FakeHost(files={PRO_STATUS: text}), UBUNTU, today=TODAY)


def test_an_attached_host_with_esm_infra_shows_it():
    assert shown(fixture("ubuntu-20.04/pro-status.json"))


@pytest.mark.parametrize(
    "status",
    [
        {"attached": False, "services": [ESM]},
        {"attached": True, "services": [{"name": "esm-infra", "status": "disabled"}]},
        {"attached": True, "services": [{"name": "esm-apps", "status": "enabled"}]},
        {"attached": True, "services": [ESM], "expires": "2026-11-21T00:00:00+00:00"},
        {"attached": True, "services": None},
        {"attached": True},
        [],
    ],
)
def test_anything_less_does_not(status):
    assert not shown(json.dumps(status))


@pytest.mark.parametrize("text", [None, "", "{broken"])
def test_a_host_without_the_client_or_with_a_broken_file_shows_nothing(text):
    assert not shown(text)


@pytest.mark.parametrize("expires", ["2026-11-22T00:00:00+00:00", "n/a", None])
def test_a_subscription_counts_on_its_last_day_and_without_a_readable_one(expires):
    assert shown(json.dumps({"attached": True, "services": [ESM], "expires": expires}))


def test_other_systems_are_not_even_asked():
    assert not has_extended_support(FakeHost(), Platform("debian", "12"), today=TODAY)


class UnreadableHost(FakeHost):
    def read_text(self, path):
        raise Unreadable(path, "Permission denied")


def test_an_unreadable_file_shows_nothing():
    assert not has_extended_support(UnreadableHost(), UBUNTU, today=TODAY)
