from __future__ import annotations

from ansible_collections.groundwork.python_host.plugins.plugin_utils._report.model import (
    PackageLine,
    SshSettings,
    read_report,
)
from tests.unit.plugin_utils._report.results import RESULT


def test_everything_is_read_from_a_whole_result():
    report = read_report(RESULT, host="web1", notes=["a note"], host_image="stand-in", is_check_mode=True)
    assert (report.host, report.notes, report.host_image, report.is_check_mode) == (
        "web1",
        ("a note",),
        "stand-in",
        True,
    )
    assert [entry.check_id for entry in report.entries] == ["SSH-001", "SSH-002", "TIME-001"]
    assert report.ssh == SshSettings(
        ("deploy", "root"),
        (("port", ("22 2222", "22 2222")), ("permitrootlogin", ("no", "no")), ("maxauthtries", ("", "6"))),
    )
    assert report.packages == (
        PackageLine("fail2ban", "absent", "0.11.2-6"),
        PackageLine("sudo", "1.9.9-1", "1.9.9-1ubuntu2.7"),
    )
    assert report.change_counts == (("packages", 1), ("security", 1), ("python", 0))
    assert report.next_login == "deploy, port 2222"


def test_what_the_run_did_not_produce_is_empty():
    report = read_report({}, host="web1")
    assert (report.entries, report.summary, report.score, report.system, report.runtime) == ((), None, None, None, None)
    assert (report.ssh, report.packages, report.change_counts) == (SshSettings(), (), ())


def test_a_finding_without_a_status_before_had_the_same():
    entry = read_report(RESULT, host="web1").entries[2]
    assert (entry.before, entry.needs_attention) == ("pass", False)


def test_only_what_is_wrong_or_unseen_needs_attention():
    finding = {"id": "X-001", "title": "t", "severity": "low"}
    statuses = ("pass", "fixed", "would_fix", "fail", "waived", "not_applicable", "unknown")
    findings = [{**finding, "status": status} for status in statuses]
    entries = read_report({"security": {"findings": findings}}, host="web1").entries
    assert [entry.status for entry in entries if entry.needs_attention] == ["fail", "unknown"]
