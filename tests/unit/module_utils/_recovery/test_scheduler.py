from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._recovery.scheduler import (
    SCHEDULERS,
    TIMERS,
    pid_file,
    service_manager,
)

COMMAND = ("/bin/sh", "/revert", "timeout", "abc")


@pytest.mark.parametrize(
    ("programs", "manager"),
    [(["systemd-run", "systemctl"], "systemd"), (["sysrc", "daemon"], "rc"), (["rc-service"], ""), ([], "")],
)
def test_a_host_is_known_by_a_program_that_only_it_has(programs, manager):
    assert service_manager(lambda name: f"/bin/{name}" if name in programs else None) == manager


def test_systemd_starts_a_command_that_does_not_wait():
    argv = SCHEDULERS["systemd"].start(TIMERS[0], 60, COMMAND)
    assert argv[:4] == ("systemd-run", "--quiet", "--collect", "--unit=groundwork-revert-killed")
    assert "--on-active=60" in argv
    assert argv[-4:] == COMMAND


def test_daemon_starts_one_that_waits_and_holds_a_pid_file():
    argv = SCHEDULERS["rc"].start(TIMERS[1], 60, COMMAND)
    assert argv == ("daemon", "-c", "-f", "-P", "/var/run/groundwork-revert-timeout.pid", *COMMAND, "60")


def test_only_systemds_timers_can_be_stopped_without_what_they_have_started():
    assert SCHEDULERS["systemd"].stop(TIMERS[:1]) == (
        ("systemctl", "stop", "groundwork-revert-killed.timer", "groundwork-revert-killed.service"),
    )
    assert SCHEDULERS["systemd"].disarm(TIMERS) == (("systemctl", "stop", *TIMERS),)
    jobs = tuple(("pkill", "-TERM", "-L", "-F", pid_file(timer)) for timer in TIMERS)
    assert SCHEDULERS["rc"].stop(TIMERS) == SCHEDULERS["rc"].disarm(TIMERS) == jobs
