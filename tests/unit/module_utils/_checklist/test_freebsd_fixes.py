"""The fixes of FreeBSD's updates and clock, four ways: audit, check mode, apply, apply again without a change."""

from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.engine import Engine
from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.files import FILES
from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Status
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import periodic
from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Executor
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import PackagePlan
from tests.unit.module_utils._checklist.runs import becomes
from tests.unit.module_utils._checks.freebsd_updates import (
    JOB,
    JOB_CRONTAB,
    LIST,
    LOCAL,
    PERIODIC,
    RV,
    YOUNG_LIST,
    host_with,
    said,
)
from tests.unit.module_utils._checks.freebsd_worlds import FREEBSD_14, FREEBSD_15, on_freebsd, prepared, services
from tests.unit.module_utils._checks.worlds import check, directory, put


class NoPackages:
    """Everything that a row needs is in the base system."""

    def missing(self, _names):
        return ()

    def plan(self, _request):
        return PackagePlan()

    def perform(self, _plan):
        pass


def fresh(platform):
    """A fresh host on which every command and file has its effect; nothing else of ours stands there."""
    host = put(
        host_with(prepared(platform), platform),
        files={file.path: None for file in FILES.values()},
        stats={"/usr/local/libexec": None},
    )
    host.effects = {
        JOB_CRONTAB: becomes({"directories": {LOCAL: ("groundwork-updates",)}, "stats": {LOCAL: directory()}}),
        "run service ntpd onestart": becomes(
            {"answers": {**services(ntpd="enabled running"), RV: said("ntpq-rv-synchronised.txt")}}
        ),
        f"run sysrc -f {periodic.OURS} security_status_pkgaudit_enable=YES": becomes(
            {"answers": {PERIODIC: said("sysrc-periodic.txt")}}
        ),
        "run pkg audit -F -q": becomes({"stats": {LIST: YOUNG_LIST}}),
        "run service cron onestart": becomes({"answers": services(cron="enabled running")}),
    }
    return host


AUDIT_OFF = {"answers": {PERIODIC: f"{said('sysrc-periodic.txt')}security_status_pkgaudit_enable: NO\n"}}
CRON_OFF = {"answers": services(cron="enabled stopped")}
# check: (what is wrong, the changes)
FIXES = {
    "UPD-001 fresh": (
        {},
        [("directory", "/usr/local/libexec"), ("file", JOB), ("directory", LOCAL), ("file", JOB_CRONTAB)],
    ),
    "UPD-004 switched off": (AUDIT_OFF, [("periodic.conf", "security_status_pkgaudit_enable")]),
    "UPD-004 before the first night": ({"stats": {LIST: None}}, [("vulnerabilities", "pkg audit -F")]),
    "UPD-004 without cron": (CRON_OFF, [("service", "cron")]),
    "TIME-001 fresh": (
        {},
        [("rc.conf", "ntpd_sync_on_start"), ("rc.conf", "ntpd_enable"), ("service", "ntpd")],
    ),
}


class Applied:
    """One run with one check, over a host that is fresh but for what is wrong."""

    def __init__(self, case, platform, *, check_mode=False, host=None):
        wrong, self.expected = FIXES[case]
        self.check_id = case.partition(" ")[0]
        self.host = host or put(fresh(platform), **wrong)
        self.executor = Executor(self.host, None if check_mode else self.host)
        engine = Engine(self.host, on_freebsd(platform=platform), (check(self.check_id),), sleep=lambda _seconds: None)
        (self.finding,) = engine.apply(self.executor, NoPackages()).findings
        self.changes = [(change.kind, change.target) for change in self.executor.changes]


@pytest.fixture(params=[FREEBSD_14, FREEBSD_15], ids=["14.5", "15.1"])
def platform(request):
    return request.param


@pytest.mark.parametrize("case", FIXES)
def test_an_audit_only_reports(case, platform):
    host = put(fresh(platform), **FIXES[case][0])
    row = check(case.partition(" ")[0])
    (finding,) = Engine(host, on_freebsd(platform=platform), (row,)).audit().findings
    assert (finding.status, host.performed) == (Status.FAIL, [])


@pytest.mark.parametrize("case", FIXES)
def test_check_mode_tells_the_changes_and_leaves_the_host_alone(case, platform):
    run = Applied(case, platform, check_mode=True)
    assert (run.finding.status, run.host.performed) == (Status.WOULD_FIX, [])
    assert run.changes == run.expected


@pytest.mark.parametrize("case", FIXES)
def test_applied_it_is_fixed_and_applied_again_nothing_happens(case, platform):
    run = Applied(case, platform)
    assert (run.finding.status, run.changes) == (Status.FIXED, run.expected), run.finding.observed
    again = Applied(case, platform, host=run.host)
    assert (again.finding.status, again.changes) == (Status.PASS, [])


@pytest.mark.parametrize("case", [case for case in FIXES if not case.startswith("UPD-001")])
def test_a_fix_without_effect_is_not_called_one(case, platform):
    host = put(fresh(platform), **FIXES[case][0])
    host.effects = {}
    assert Applied(case, platform, host=host).finding.status is Status.FAIL


@pytest.mark.parametrize("case", ["UPD-001 fresh", "UPD-004 switched off", "TIME-001 fresh"])
def test_what_a_base_system_lacks_is_promised_by_no_check_mode(case, platform):
    host = put(fresh(platform), **FIXES[case][0], stats={"/etc/rc.d/cron": None, "/etc/rc.d/ntpd": None})
    run = Applied(case, platform, check_mode=True, host=host)
    assert (run.finding.status, run.changes) == (Status.FAIL, [])


def test_a_row_that_is_left_out_takes_its_files_along(platform):
    run = Applied("UPD-001 fresh", platform)
    engine = Engine(run.host, on_freebsd(platform=platform), (check("UPD-002"),), sleep=lambda _seconds: None)
    engine.apply(Executor(run.host, run.host), NoPackages())
    assert run.host.files[JOB] is None
    assert run.host.files[JOB_CRONTAB] is None
