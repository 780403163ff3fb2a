from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Severity, Status
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import CommandMissing
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import FileStat
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform
from tests.unit.module_utils._checks.worlds import FREEBSD, UBUNTU, check, context, look, prepared, put, raw
from tests.unit.module_utils._platform.hosts import host_of

CLOCK = "timedatectl show -p NTP -p NTPSynchronized"


@pytest.mark.parametrize(
    ("release", "status", "words"),
    [
        ("ubuntu-22.04", Status.PASS, "2027"),
        ("debian-13", Status.PASS, "Debian"),
        ("freebsd-14.4", Status.PASS, "FreeBSD"),
        ("ubuntu-25.10", Status.FAIL, "25.10"),
        ("ubuntu-20.04", Status.FAIL, "2025-05-29"),
    ],
)
def test_the_release_is_judged_by_the_day(release, status, words):
    host = host_of(release)
    found = look("OS-001", put(prepared(), files=host.files, answers=host.answers))
    assert found.status is status
    assert words in found.observed


def test_a_release_of_freebsd_is_what_its_userland_says():
    host = host_of("freebsd-14.2")
    found = look("OS-001", put(prepared(), files=host.files, answers=host.answers), context(platform=FREEBSD))
    assert (found.status, found.evidence) == (Status.FAIL, "freebsd-version -u")
    assert "2025-09-30" in found.observed


@pytest.mark.parametrize(("running", "status"), [("14.5-RELEASE", Status.FAIL), ("14.5-RELEASE-p1", Status.PASS)])
def test_a_kernel_of_freebsd_that_was_not_booted_is_told(running, status):
    answers = {
        "freebsd-version -kru": f"14.5-RELEASE-p1\n{running}\n14.5-RELEASE-p1\n",
        "sysctl -n kern.boottime": "{ sec = 1795380316, usec = 929665 } Wed Nov 18 02:14:59 2026\n",
    }
    stats = {"/bin/freebsd-version": FileStat("file", 0o555, "root", "wheel", changed=1795380000.0)}
    found = look("OS-002", put(prepared(), answers=answers, stats=stats), context(platform=FREEBSD))
    assert found.status is status
    assert found.evidence.startswith("freebsd-version -kru; /bin/freebsd-version")


@pytest.mark.parametrize(
    ("files", "status", "words"),
    [
        ({"/run/reboot-required": None}, Status.PASS, []),
        (
            {
                "/run/reboot-required": "*** System restart required ***\n",
                "/run/reboot-required.pkgs": "libc6\nlinux-base\nlibc6\n",
            },
            Status.FAIL,
            ["libc6, linux-base"],
        ),
        ({"/run/reboot-required": "", "/run/reboot-required.pkgs": None}, Status.FAIL, ["reboot is pending"]),
    ],
)
def test_a_pending_reboot_is_told_with_what_waits_for_it(files, status, words):
    found = look("OS-002", put(prepared(), files=files))
    assert found.status is status
    assert found.severity is Severity.INFO
    assert [word for word in words if word not in found.observed] == []


def test_nobody_is_rebooted():
    assert tuple(check("OS-002").remedy(prepared(), context())) == ()


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ("NTP=yes\nNTPSynchronized=yes\n", Status.PASS),
        ("NTP=yes\nNTPSynchronized=no\n", Status.FAIL),
        ("NTP=no\nNTPSynchronized=yes\n", Status.FAIL),
        (raw("fresh/timedatectl.txt"), Status.FAIL),
        ("", Status.FAIL),
        (CommandMissing("timedatectl"), Status.UNKNOWN),
    ],
)
def test_the_clock_is_synchronised_when_a_service_has_set_it(answer, status):
    assert look("TIME-001", put(prepared(), answers={CLOCK: answer})).status is status


def test_a_container_has_no_clock_of_its_own():
    host = prepared()
    found = look("TIME-001", host, context(platform=replace(UBUNTU, container="docker")))
    assert (found.status, "docker" in found.observed) == (Status.NOT_APPLICABLE, True)
    assert host.asked == []


def test_where_there_is_no_timedatectl_the_clock_cannot_be_judged():
    host = put(prepared(), answers={CLOCK: CommandMissing("timedatectl")})
    assert look("TIME-001", host, context(platform=Platform("alpine"))).status is Status.UNKNOWN


def test_a_time_service_that_is_on_and_waits_for_its_servers_is_left_alone():
    waiting = put(prepared(), answers={CLOCK: "NTP=yes\nNTPSynchronized=no\n"})
    assert tuple(check("TIME-001").remedy(waiting, context())) == ()


def test_one_that_this_run_has_installed_is_made_known_before_it_is_switched_on():
    off = put(prepared(), answers={CLOCK: "NTP=no\nNTPSynchronized=no\n"})
    assert [" ".join(command.argv) for command in check("TIME-001").remedy(off, context())] == [
        "systemctl try-restart systemd-timedated.service",
        "timedatectl set-ntp true",
    ]
