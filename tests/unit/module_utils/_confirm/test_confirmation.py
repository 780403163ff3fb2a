from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._confirm import program
from ansible_collections.groundwork.python_host.plugins.module_utils._confirm.confirmation import Confirmation
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import WriteFile
from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Executor
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult, FileStat
from tests.unit.fakes import FakeHost

CONFIRMATION = Confirmation(60, token="abc", python="/usr/bin/python3")
ASK = f"systemctl is-enabled {program.UNIT}"


def bare():
    return FakeHost(
        answers={ASK: CommandResult((), 4, "not-found\n")},
        files={program.PATH: None, program.UNIT_PATH: None, program.PENDING: None, "/etc/ssh/x.conf": None},
        stats={"/var/lib/groundwork": None, program.DIRECTORY: None},
    )


def test_the_way_back_is_installed_once():
    host = bare()
    executor = Executor(host, host)
    executor.run(CONFIRMATION.installation(host))
    assert [change.target for change in executor.changes] == [
        "/var/lib/groundwork",
        program.DIRECTORY,
        program.PATH,
        program.UNIT_PATH,
        program.UNIT,
    ]
    host.answers[ASK] = "enabled\n"
    assert executor.plan(CONFIRMATION.installation(host)) == ()


def test_without_anybody_to_confirm_nothing_is_installed():
    assert tuple(Confirmation().installation(FakeHost())) == ()


def test_the_note_stands_before_the_timer_runs_and_both_before_the_steps_which_alone_are_changes():
    host = bare()
    executor = Executor(host, host)
    steps = executor.plan([WriteFile("/etc/ssh/x.conf", "new\n")])
    CONFIRMATION.guard(executor, host, steps)
    locked, stopped, noted, started, written, unlocked = host.performed
    assert stopped == f"run systemctl stop {program.TIMER}.timer"
    assert noted == f"write {program.PENDING} 0600 root:root"
    assert started.startswith("run systemd-run")
    assert "--on-active=60" in started
    assert started.endswith(f"/usr/bin/python3 -I {program.PATH} timeout")
    assert (locked, unlocked) == (f"lock {program.LOCK}", f"unlock {program.LOCK}")
    assert written == "write /etc/ssh/x.conf 0644 root:root"
    assert [change.target for change in executor.changes] == ["/etc/ssh/x.conf"]


@pytest.mark.parametrize("check_mode", [True, False])
def test_what_an_earlier_run_left_is_taken_back_first_and_told(check_mode):
    host = bare()
    host.stats[program.PENDING] = FileStat("file", 0o600, "root", "root")
    (note,) = CONFIRMATION.settle(Executor(host, None if check_mode else host), host)
    assert "never confirmed" in note
    assert host.performed == ([] if check_mode else [f"run /usr/bin/python3 -I {program.PATH} now"])


def test_with_nothing_left_nothing_is_done():
    host = bare()
    assert CONFIRMATION.settle(Executor(host, host), host) == ()
    assert host.performed == []


def test_the_controller_is_told_what_to_run():
    assert CONFIRMATION.to_json() == {
        "argv": ["/usr/bin/python3", "-I", program.PATH, "confirm", "abc"],
        "seconds": 60,
    }
