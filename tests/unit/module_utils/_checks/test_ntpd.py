"""TIME-001 on FreeBSD."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Status
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import ntpd
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import FileStat
from tests.unit.fakes import FakeHost
from tests.unit.module_utils._checks.freebsd_updates import RV, host_with, prepared_with, said
from tests.unit.module_utils._checks.freebsd_worlds import FREEBSD_14, on_freebsd, services
from tests.unit.module_utils._checks.worlds import check, failed, look, put

REFUSED = failed(1, stderr="ntpq: read: Connection refused\n")


def prepared(**part):
    return put(prepared_with(FakeHost()), **part)


@pytest.mark.parametrize(
    ("_case", "answers", "status", "words"),
    [
        ("synchronised", {}, Status.PASS, []),
        ("just started", {RV: said("ntpq-rv-started.txt")}, Status.FAIL, ["no source yet"]),
        ("does not answer", {RV: REFUSED}, Status.FAIL, ["no source yet"]),
        ("stopped", services(ntpd="enabled stopped"), Status.FAIL, ["ntpd does not run"]),
        ("not at boot", services(ntpd="disabled running"), Status.FAIL, ["does not start at boot"]),
    ],
    ids=lambda value: str(value)[:40],
)
def test_the_clock_is_synchronised_when_ntpd_has_a_source(_case, answers, status, words):
    found = look("TIME-001", prepared(answers=answers), on_freebsd())
    assert found.status is status, found.observed
    assert [word for word in words if word not in found.observed] == []


def test_a_fresh_host_keeps_no_time():
    found = look("TIME-001", host_with(FakeHost()), on_freebsd())
    assert (found.status, "ntpd does not run" in found.observed) == (Status.FAIL, True)


@pytest.mark.parametrize(("old", "new"), [("leap_none", "leap_alarm"), ("sync_ntp", "sync_unspec"), ("sync_ntp, ", "")])
def test_any_sign_of_a_clock_that_was_never_set_counts(old, new):
    text = said("ntpq-rv-synchronised.txt")
    assert ntpd.is_synchronised(text)
    assert not ntpd.is_synchronised(text.replace(old, new))


def test_a_coming_leap_second_is_no_fault():
    assert ntpd.is_synchronised(said("ntpq-rv-synchronised.txt").replace("leap_none", "leap_add_sec"))


def test_a_packaged_base_system_may_be_without_ntpd():
    host = put(host_with(FakeHost()), stats={"/etc/rc.d/ntpd": None})
    found = look("TIME-001", host, on_freebsd())
    assert (found.status, found.observed) == (Status.FAIL, "there is no ntpd on this host (package FreeBSD-ntp)")
    assert list(check("TIME-001").remedy(host, on_freebsd())) == []


def test_a_jail_has_no_clock_of_its_own():
    host = FakeHost()
    jail = on_freebsd(platform=replace(FREEBSD_14, container="jail"))
    assert look("TIME-001", host, jail).status is Status.NOT_APPLICABLE


@pytest.mark.parametrize("name", ["chronyd", "openntpd"])
@pytest.mark.parametrize("state", ["enabled running", "disabled running", "enabled stopped"])
def test_another_daemon_keeps_the_clock_alone(name, state):
    host = put(host_with(FakeHost()), answers=services(**{name: state}))
    host.stats[f"/usr/local/etc/rc.d/{name}"] = FileStat("file", 0o555, "root", "wheel")
    found = look("TIME-001", host, on_freebsd())
    assert (found.status, f"{name} keeps the clock" in found.observed) == (Status.UNKNOWN, True)


def test_another_daemon_that_nobody_starts_keeps_no_clock():
    host = prepared(answers=services(openntpd="disabled stopped"))
    host.stats["/usr/local/etc/rc.d/openntpd"] = FileStat("file", 0o555, "root", "wheel")
    assert look("TIME-001", host, on_freebsd()).status is Status.PASS


def test_ntpd_is_switched_on_and_may_set_a_clock_that_is_far_off():
    actions = check("TIME-001").remedy(host_with(FakeHost()), on_freebsd())
    assert [" ".join(action.argv) for action in actions] == [
        "sysrc ntpd_sync_on_start=YES",
        "sysrc ntpd_enable=YES",
        "service ntpd onestart",
    ]


def test_one_that_runs_and_waits_for_its_servers_is_left_alone():
    waiting = prepared(answers={RV: said("ntpq-rv-started.txt")})
    assert list(check("TIME-001").remedy(waiting, on_freebsd())) == []
