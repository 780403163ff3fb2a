from __future__ import annotations

import re

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.drafting import WAY_IN
from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.engine import Engine
from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Status
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.catalog import CHECKS
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import CommandMissing, Unreadable
from ansible_collections.groundwork.python_host.plugins.module_utils._host.login import Login
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.names import LOGICAL
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform
from tests.unit.fakes import FakeHost
from tests.unit.module_utils._checks.worlds import CENTOS, FREEBSD, UBUNTU, check, context, fresh, look, prepared

IDS = [check.check_id for check in CHECKS]


class BareHost(FakeHost):
    """Knows no command and has no file."""

    def query(self, argv, **_words):
        raise CommandMissing(argv[0])

    def read_text(self, path):
        return None

    def stat(self, path):
        return None

    def listdir(self, path):
        return None

    def which(self, name):
        return None


class ForbiddenHost(BareHost):
    """May not be looked at."""

    def read_text(self, path):
        raise Unreadable(path, "Permission denied")

    def stat(self, path):
        raise Unreadable(path, "Permission denied")

    def listdir(self, path):
        raise Unreadable(path, "Permission denied")


def test_ids_are_unique_and_of_one_form():
    assert len(set(IDS)) == len(IDS)
    assert [check_id for check_id in IDS if not re.fullmatch(r"[A-Z]{2,4}-\d{3}", check_id)] == []


def test_ways_in_come_before_doors():
    last_way_in = max(IDS.index(check_id) for check_id in WAY_IN)
    assert all(IDS.index(check.check_id) > last_way_in for check in CHECKS if check.closes_door)


def test_packages_are_named_by_their_logical_names():
    assert {name for check in CHECKS for name in check.packages} <= set(LOGICAL)


@pytest.mark.parametrize("check_id", IDS)
def test_every_check_passes_on_a_prepared_host(check_id):
    # No test host has a kernel with SELinux switched on.
    is_elsewhere = check_id.startswith("MAC-") or check(check_id).reason_against(UBUNTU)
    expected = Status.NOT_APPLICABLE if is_elsewhere else Status.PASS
    assert look(check_id, prepared()).status is expected


def test_a_fresh_host_fails_where_a_cloud_image_does():
    failing = [check_id for check_id in IDS if look(check_id, fresh()).status is Status.FAIL]
    assert failing == [
        *("ACC-001", "ACC-002", "ACC-003", "UPD-001", "UPD-002", "BAN-001", "BAN-002", "FW-001"),
        *("SSH-001", "SSH-002"),
    ]


@pytest.mark.parametrize("check_id", IDS)
def test_every_finding_tells_what_was_expected_and_found_and_where(check_id):
    for host in (prepared(), fresh()):
        found = look(check_id, host)
        assert found.title
        assert found.observed
        # A row of another family is not asked what it would expect.
        assert found.expected or check(check_id).reason_against(UBUNTU)
        assert found.evidence or check(check_id).reason_against(UBUNTU)


@pytest.mark.parametrize("platform", [UBUNTU, CENTOS, FREEBSD, Platform("unknown")], ids=lambda platform: platform.name)
@pytest.mark.parametrize("host", [BareHost(uid=1000), BareHost(), ForbiddenHost(uid=1000)])
def test_an_audit_reports_on_anything_and_never_ends_in_an_error(platform, host):
    findings = Engine(host, context(platform=platform, login=Login()), CHECKS).audit().findings
    assert [finding.check_id for finding in findings] == IDS
    assert {finding.status for finding in findings} <= {Status.FAIL, Status.UNKNOWN, Status.NOT_APPLICABLE, Status.PASS}
    assert all(finding.observed for finding in findings)
    unknown = [finding for finding in findings if finding.status is Status.UNKNOWN]
    assert all("become: true" in finding.observed for finding in unknown if host.uid)
