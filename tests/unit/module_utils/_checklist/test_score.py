from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Finding, Severity, Status
from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.score import score, summary

LOW, MEDIUM, HIGH, INFO = Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.INFO
PASS, FIXED, WOULD_FIX, FAIL = Status.PASS, Status.FIXED, Status.WOULD_FIX, Status.FAIL


def findings(*pairs):
    return [Finding(f"X-{number:03}", "title", severity, status) for number, (severity, status) in enumerate(pairs)]


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([], None),
        ([(HIGH, PASS)], 100.0),
        ([(HIGH, FIXED), (LOW, FAIL)], 90.0),
        ([(HIGH, WOULD_FIX), (LOW, PASS)], 10.0),
        ([(HIGH, FAIL)], 0.0),
        ([(HIGH, PASS), (MEDIUM, FAIL), (LOW, FAIL)], 69.2),
        ([(INFO, FAIL)], None),
        ([(HIGH, Status.WAIVED), (HIGH, Status.UNKNOWN), (HIGH, Status.NOT_APPLICABLE)], None),
        ([(HIGH, Status.WAIVED), (LOW, PASS)], 100.0),
    ],
)
def test_the_score_weighs_what_counts(pairs, expected):
    assert score(findings(*pairs)) == expected


def test_every_status_is_in_the_summary():
    assert summary(findings((HIGH, PASS), (LOW, PASS), (LOW, FAIL))) == {
        **{status.value: 0 for status in Status},
        "pass": 2,
        "fail": 1,
    }
