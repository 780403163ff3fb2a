from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import ActionFailed
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import WriteFile
from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Executor
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult, FileStat
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery import installation, scheduler
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery.recovery import Recovery
from tests.unit.fakes import FakeHost
from tests.unit.module_utils._recovery.fake_journal import FakeJournal

ASK = f"systemctl is-enabled {installation.UNIT}"
WAITING = f"write {installation.PENDING} 0600 root:root"
TAKEN_BACK = f"run sh {installation.COMMAND} now"
OWN_TAKEN_BACK = f"{TAKEN_BACK} abc"


def bare():
    return FakeHost(files={installation.PENDING: None, installation.RESULT: None, "/etc/ssh/x.conf": None})


def recovery(host, seconds=60, killed="", **options):
    naps = []
    journal = FakeJournal(host.performed, killed=killed)
    made = Recovery(seconds, run="abc", journal=journal, sleep=naps.append, **options)
    return made, Executor(host, host), naps


def test_without_a_journal_nothing_is_installed_or_armed():
    host = bare()
    plain = Recovery(60)
    assert tuple(plain.installation(host)) == ()
    with plain.guarded(Executor(host, host)):
        pass
    assert host.performed == []


def test_the_note_stands_before_the_timer_runs_and_both_before_the_steps_which_alone_are_changes():
    host = bare()
    one, executor, _naps = recovery(host)
    one.begin()
    one.record(executor)
    with one.guarded(executor):
        executor.run([WriteFile("/etc/ssh/x.conf", "new\n")])
    opened, synced, noted, stopped, started, recorded, written = host.performed
    assert (opened, synced, noted) == ("journal opened", "run sync", WAITING)
    assert stopped.startswith("run systemctl stop ")
    assert all(timer in stopped for timer in installation.TIMERS)
    assert all(word in started for word in ("run systemd-run", "--on-active=60", f"{installation.COMMAND} timeout abc"))
    assert (recorded, written) == ("journal step: /etc/ssh/x.conf", "write /etc/ssh/x.conf 0644 root:root")
    assert [change.target for change in executor.changes] == ["/etc/ssh/x.conf"]


def test_with_nobody_to_confirm_it_is_armed_against_a_kill_only():
    host = bare()
    one, executor, _naps = recovery(host, seconds=0)
    one.begin()
    with one.guarded(executor):
        pass
    assert host.performed == ["journal opened", "run sync", WAITING, f"run rm -f {installation.PENDING}"]


def test_a_step_that_fails_takes_all_back_after_the_lock_is_gone():
    host = bare()
    one, executor, _naps = recovery(host)
    one.begin()
    with pytest.raises(ActionFailed, match="refused"), one.guarded(executor):
        raise ActionFailed("refused")
    assert host.performed[-2:] == ["journal closed: failed", OWN_TAKEN_BACK]


@pytest.mark.parametrize("check_mode", [True, False])
def test_what_an_earlier_run_left_is_taken_back_first_and_told(check_mode):
    host = bare()
    host.stats[installation.PENDING] = FileStat("file", 0o600, "root", "root")
    host.effects[TAKEN_BACK] = lambda changed: changed.stats.update({installation.PENDING: None})
    one, executor, naps = recovery(host)
    (note,) = one.settle(Executor(host, None) if check_mode else executor, host)
    assert "never confirmed" in note
    assert host.performed == ([] if check_mode else [TAKEN_BACK])
    assert bool(naps) is not check_mode


def test_what_cannot_be_taken_back_stops_the_next_run():
    host = bare()
    host.stats[installation.PENDING] = FileStat("file", 0o600, "root", "root")
    one, executor, _naps = recovery(host)
    with pytest.raises(ActionFailed, match="cannot be taken back"):
        one.settle(executor, host)


def test_another_runs_controller_has_a_moment_to_confirm():
    host = bare()
    host.stats[installation.PENDING] = FileStat("file", 0o600, "root", "root")
    one = Recovery(60, journal=FakeJournal([]), sleep=lambda _seconds: host.stats.update({installation.PENDING: None}))
    assert one.settle(Executor(host, host), host) == ()
    assert host.performed == []


@pytest.mark.parametrize("check_mode", [True, False])
def test_a_run_that_was_killed_is_told_of_once(check_mode):
    host = bare()
    one, executor, _naps = recovery(host, killed="2026-11-22 10:00:00")
    (note,) = one.settle(Executor(host, None) if check_mode else executor, host)
    assert "2026-11-22 10:00:00 (UTC)" in note
    assert host.performed == ([] if check_mode else ["journal settled"])


def test_with_nothing_left_nothing_is_done():
    host = bare()
    one, executor, _naps = recovery(host)
    assert one.settle(executor, host) == ()
    assert host.performed == []


def test_the_result_is_kept_only_of_a_run_that_changed_something():
    host = bare()
    one, executor, _naps = recovery(host)
    one.keep(executor, {"score": 1})
    assert host.performed == []
    one.begin()
    one.keep(executor, {"score": 1})
    assert host.performed[-1] == f"write {installation.RESULT} 0600 root:root"


def test_whoever_confirms_has_the_whole_time_from_the_end_of_the_run_on():
    host = bare()
    one, executor, _naps = recovery(host)
    one.begin()
    one.keep(executor, {"confirm": one.to_json()})
    started, stopped = host.performed[-2:]
    first, second = (timer.rpartition(".")[0] for timer in installation.TIMERS)
    assert f"--unit={second} --on-active=60" in started
    assert stopped == f"run systemctl stop {first}.timer {first}.service"


def test_the_controller_is_told_what_to_confirm():
    assert Recovery(60, run="abc").to_json() == {"run": "abc", "seconds": 60}


# --- FreeBSD

FIRST, SECOND = (scheduler.pid_file(timer) for timer in installation.TIMERS)


def job(pid_file):
    return f"run daemon -c -f -P {pid_file} /bin/sh {installation.COMMAND} timeout abc 60"


def test_on_freebsd_a_job_of_daemon_waits_in_the_place_of_a_timer():
    host = bare()
    one, executor, _naps = recovery(host, service_manager="rc")
    one.begin()
    with one.guarded(executor):
        pass
    assert host.performed[3:] == [f"run pkill -TERM -L -F {FIRST}", f"run pkill -TERM -L -F {SECOND}", job(FIRST)]
    one.keep(executor, {"confirm": one.to_json()})
    assert host.performed[-2:] == [job(SECOND), f"run pkill -TERM -L -F {FIRST}"]


def test_an_older_job_that_still_ends_is_waited_for(monkeypatch):
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    host, answers = bare(), [CommandResult((), 3, "", "daemon: process already running, pid: 812"), ""]
    host.answers[job(FIRST).partition(" ")[2]] = lambda: answers.pop(0)
    one, executor, _naps = recovery(host, service_manager="rc")
    one.start_timer(executor)
    assert host.performed.count(job(FIRST)) == 2


@pytest.mark.parametrize("code", [0, 1, 3])
def test_a_job_that_is_gone_needs_not_be_stopped(code):
    host = bare()
    host.answers[f"pkill -TERM -L -F {FIRST}"] = CommandResult((), code, "")
    one, executor, _naps = recovery(host, service_manager="rc")
    one.start_again(executor)
    assert host.performed[-1] == f"run pkill -TERM -L -F {FIRST}"
