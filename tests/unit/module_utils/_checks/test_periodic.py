"""UPD-004: what periodic does every day."""

from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Status
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import crontabs, periodic
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import FileStat
from tests.unit.fakes import FakeHost
from tests.unit.module_utils._checks.freebsd_updates import LATER, LIST, PERIODIC, host_with, said
from tests.unit.module_utils._checks.freebsd_worlds import FREEBSD_15, on_freebsd, services
from tests.unit.module_utils._checks.worlds import CENTOS, UBUNTU, check, context, look, put

DAILY = "daily_status_security_enable: YES\n"
NOT_EXECUTABLE = FileStat("file", 0o644, "root", "wheel")


def host(**part):
    return put(host_with(FakeHost()), **part)


def variables(text):
    return {"answers": {PERIODIC: text}}


@pytest.mark.parametrize(
    ("_case", "part", "status", "words"),
    [
        ("as installed", {}, Status.PASS, []),
        ("said again", variables(f"{DAILY}security_status_pkgaudit_enable: yes\n"), Status.PASS, []),
        (
            "switched off",
            variables(f"{DAILY}security_status_pkgaudit_enable: NO\n"),
            Status.FAIL,
            ["security_status_pkgaudit_enable is NO, expected YES"],
        ),
        (
            "switched off by the old name",
            variables(f"{DAILY}{periodic.OLD_NAME}: NO\n"),
            Status.FAIL,
            ["security_status_pkgaudit_enable is NO"],
        ),
        (
            "switched on by the old name, which says how often as well",
            variables(f"{DAILY}{periodic.OLD_NAME}: YES\n{periodic.PERIOD}: weekly\n"),
            Status.PASS,
            [],
        ),
        (
            "weekly",
            variables(f"{DAILY}security_status_pkgaudit_period: weekly\n"),
            Status.FAIL,
            ["security_status_pkgaudit_period is weekly, expected daily"],
        ),
        (
            "no security checks",
            variables("daily_status_security_enable: NO\n"),
            Status.FAIL,
            ["daily_status_security_enable is NO"],
        ),
        ("no defaults", variables(""), Status.FAIL, ["daily_status_security_enable is NO"]),
        ("no audit", {"stats": {periodic.AUDIT: None}}, Status.FAIL, ["410.pkg-audit is not there"]),
        ("no right", {"stats": {periodic.AUDIT: NOT_EXECUTABLE}}, Status.FAIL, ["410.pkg-audit is not executable"]),
        ("cron is off", {"answers": services(cron="enabled stopped")}, Status.FAIL, ["cron does not run"]),
        (
            "no line",
            {"files": {crontabs.SYSTEM: ""}},
            Status.FAIL,
            ["no crontab that cron reads starts `periodic daily`"],
        ),
        (
            "on one day",
            {"files": {crontabs.SYSTEM: "1 3 * * 6 root /usr/sbin/periodic daily\n"}},
            Status.FAIL,
            ["/etc/crontab starts `periodic daily` only at 1 3 * * 6"],
        ),
    ],
    ids=lambda value: str(value)[:40],
)
def test_packages_are_audited_if_cron_periodic_and_its_variables_say_so(_case, part, status, words):
    found = look("UPD-004", host(**part), on_freebsd())
    assert found.status is status, found.observed
    assert [word for word in words if word not in found.observed] == []


def test_a_packaged_base_system_is_no_different():
    assert look("UPD-004", host(), on_freebsd(platform=FREEBSD_15)).status is Status.PASS


@pytest.mark.parametrize("platform", [UBUNTU, CENTOS], ids=lambda platform: platform.name)
def test_other_systems_have_no_such_audit(platform):
    assert look("UPD-004", FakeHost(), context(platform=platform)).status is Status.NOT_APPLICABLE


def test_only_the_variables_that_are_wrong_are_set():
    wrong = host(**variables(f"{DAILY}security_status_pkgaudit_enable: NO\nsecurity_status_pkgaudit_period: weekly\n"))
    actions = list(check("UPD-004").remedy(wrong, on_freebsd()))
    assert [" ".join(action.argv) for action in actions] == [
        "sysrc -f /etc/periodic.conf security_status_pkgaudit_enable=YES",
        "sysrc -f /etc/periodic.conf security_status_pkgaudit_period=daily",
    ]
    assert {action.touches.paths for action in actions} == {("/etc/periodic.conf",)}
    assert list(check("UPD-004").remedy(host(), on_freebsd())) == []


def test_the_first_list_is_fetched_at_once_and_undone_with_the_rest():
    (action,) = check("UPD-004").remedy(host(stats={LIST: None}), on_freebsd())
    assert (action.argv, action.ok) == (("pkg", "audit", "-F", "-q"), (0, 1))
    assert action.touches.paths == (LIST, "/var/db/pkg/freebsd-osv.json")


def test_a_list_that_nobody_renews_is_no_audit_and_fetching_it_once_no_remedy():
    old = host(stats={LIST: FileStat("file", 0o644, "root", "wheel", modified=1793577600.0)})
    found = look("UPD-004", old, on_freebsd())
    assert (found.status, "days old" in found.observed) == (Status.FAIL, True)
    assert list(check("UPD-004").remedy(old, on_freebsd())) == []


OFF = f"{DAILY}security_status_pkgaudit_enable: NO\n"


@pytest.mark.parametrize(
    "part",
    [
        {"answers": {PERIODIC: OFF, LATER: "security_status_pkgaudit_enable: NO\n"}},
        {"answers": {PERIODIC: f"{DAILY}{periodic.OLD_NAME}: NO\n"}},
        {"answers": {PERIODIC: OFF}, "stats": {periodic.AUDIT: None}},
        {"answers": {PERIODIC: OFF}, "files": {crontabs.SYSTEM: ""}},
        {"answers": {PERIODIC: OFF}, "stats": {"/etc/rc.d/cron": None}},
    ],
    ids=["set later", "set by its old name", "no script", "no line", "no cron"],
)
def test_what_would_not_help_is_not_done(part):
    assert list(check("UPD-004").remedy(host(**part), on_freebsd())) == []


def test_what_a_later_file_sets_well_is_no_reason_to_leave_the_rest():
    part = {"answers": {PERIODIC: OFF, LATER: "security_status_pkgaudit_period: daily\n"}}
    assert len(list(check("UPD-004").remedy(host(**part), on_freebsd()))) == 1


def test_the_variables_are_read_in_the_order_of_their_files():
    assert PERIODIC.index("/etc/defaults/periodic.conf") < PERIODIC.index(" /etc/periodic.conf ")
    assert said("sysrc-periodic.txt") == DAILY
