from __future__ import annotations

import json

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import (
    Check,
    Finding,
    Severity,
    Status,
)
from tests.unit.module_utils._checks.worlds import CENTOS, FREEBSD, UBUNTU, context, prepared

CHECK = Check("X-001", "Good", Severity.LOW, ("CIS 1",))


def test_a_finding_is_plain_json_with_the_documented_keys():
    found = CHECK.verdict(False, expected="no", observed="yes", evidence="command", remedy="mend it")
    assert json.loads(json.dumps(found.to_json())) == {
        "id": "X-001",
        "title": "Good",
        "severity": "low",
        "status": "fail",
        "before": "fail",
        "expected": "no",
        "observed": "yes",
        "evidence": "command",
        "remedy": "mend it",
        "references": ["CIS 1"],
    }


def test_the_status_before_is_told_where_it_was_another():
    found = Finding("X-001", "Good", Severity.LOW, Status.FIXED, before=Status.FAIL).to_json()
    assert (found["before"], found["status"]) == ("fail", "fixed")


def test_a_check_says_by_name_or_family_why_it_has_nothing_to_judge_somewhere():
    some = Check("X-002", "Good", Severity.LOW, not_here={"ubuntu": "a name's reason", "redhat": "a family's reason"})
    reasons = [some.reason_against(platform) for platform in (UBUNTU, CENTOS, FREEBSD)]
    assert reasons == ["a name's reason", "a family's reason", ""]


def test_a_check_that_says_nothing_else_mends_and_contributes_nothing():
    assert tuple(CHECK.remedy(prepared(), context())) == ()
    assert tuple(CHECK.settings(prepared(), context())) == ()
    with pytest.raises(NotImplementedError):
        CHECK.inspect(prepared(), context())
