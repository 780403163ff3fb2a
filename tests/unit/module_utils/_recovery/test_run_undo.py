"""The body of the module `undo` around a program that answers as told; the program's own undo has its own tests."""

from __future__ import annotations

import json

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import ActionFailed, Refused
from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Executor
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery import installation
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery.undo import run_undo
from tests.unit.fakes import FakeHost
from tests.unit.module_utils._checks.worlds import failed

PROGRAM = f"sh {installation.COMMAND}"
DOOR = {"kind": "file", "target": "/etc/ssh/x.conf", "before": "written", "after": "absent"}
ACCOUNT = {"kind": "account", "target": "deploy", "before": "present", "after": "absent"}
LEFT = ["/etc/motd was changed by somebody else since, and was left as it is"]


def params(part, user="root", seconds=60):
    return {"part": part, "login_user": user, "login_port": 22, "confirm_timeout": seconds, "run": "abc"}


@pytest.fixture(autouse=True)
def _login(monkeypatch):
    monkeypatch.setenv("SSH_CONNECTION", "172.17.0.1 50914 172.17.0.5 22")


def answer(*undone, left=()):
    return json.dumps({"undone": list(undone), "left": list(left)})


def applied(*, doors=(DOOR,), rest=(ACCOUNT,), left=()):
    """A host on which a run has closed a door and made an account."""
    host = FakeHost(
        answers={
            f"{PROGRAM} undo --check doors": answer(*doors, left=left),
            f"{PROGRAM} undo --check rest": answer(*rest, left=left),
        },
        files={installation.COMMAND: "#!/bin/sh\n", installation.RESULT: None},
        programs={"systemd-run": "/usr/bin/systemd-run"},
    )

    def result(*undone):
        text = json.dumps({"run": "abc", "result": {"undone": list(undone), "left": list(left)}})
        return lambda changed: changed.files.update({installation.RESULT: text})

    host.effects = {f"run {PROGRAM} undo doors abc": result(*doors), f"run {PROGRAM} undo rest abc": result(*rest)}
    return host


def undo(host, *words, check_mode=False, **options):
    executor = Executor(host, None if check_mode else host)
    return run_undo(params(*words, **options), host, executor), [change.to_json() for change in executor.changes]


def test_where_nothing_was_ever_done_nothing_is():
    host = FakeHost(files={installation.COMMAND: None})
    found, changes = undo(host, "doors")
    assert (found, changes, host.performed) == (
        {"left": ["Nothing is known here of a run of this collection."], "is_known": False},
        [],
        [],
    )


@pytest.mark.parametrize(("part", "change"), [("doors", DOOR), ("rest", ACCOUNT)])
def test_check_mode_foretells_what_the_real_run_then_tells(part, change):
    host = applied(left=LEFT)
    found, changes = undo(host, part, check_mode=True)
    assert (found, changes, host.performed) == ({"left": LEFT}, [change], [])
    real, done = undo(applied(left=LEFT), part)
    assert (real["left"], done) == (found["left"], changes)


def test_opened_doors_wait_and_the_timer_runs_before_the_first_is_opened():
    host = applied()
    found, _changes = undo(host, "doors")
    assert found["confirm"] == {"run": "abc", "seconds": 60}
    first = host.performed.index(f"run {PROGRAM} undo doors abc")
    before, after = host.performed[:first], host.performed[first + 1 :]
    assert before[0] == f"run {PROGRAM} now"
    for started in (before, after):
        assert any("systemd-run" in line and f"{installation.COMMAND} timeout abc" in line for line in started)
    assert not any("confirm" in line for line in host.performed)


@pytest.mark.parametrize("seconds", [0, 60])
def test_with_nobody_to_confirm_it_is_confirmed_at_once(seconds, monkeypatch):
    if seconds:
        monkeypatch.setenv("SSH_CONNECTION", "")
        monkeypatch.setattr(
            "ansible_collections.groundwork.python_host.plugins.module_utils._host.login.MOST_ANCESTORS", 0
        )
    host = applied()
    found, _changes = undo(host, "doors", seconds=seconds)
    assert found == {"left": []}
    assert host.performed == [f"run {PROGRAM} {words}" for words in ("now", "undo doors abc", "confirm abc")]


def test_the_rest_waits_for_nobody():
    host = applied()
    found, changes = undo(host, "rest")
    assert (found, changes) == ({"left": []}, [ACCOUNT])
    assert host.performed == [f"run {PROGRAM} now", f"run {PROGRAM} undo rest abc"]


def test_without_a_door_to_open_nothing_waits():
    assert undo(applied(doors=()), "doors") == ({"left": []}, [])


@pytest.mark.parametrize("check_mode", [True, False])
def test_an_account_that_would_go_cannot_be_the_one_to_go_on_with(check_mode):
    host = applied()
    with pytest.raises(Refused, match=r"deploy.*python_host_undo_user.*Nothing was changed"):
        undo(host, "doors", "deploy", check_mode=check_mode)
    assert host.performed == []


def test_a_program_that_fails_is_told():
    host = applied()
    host.answers[f"{PROGRAM} undo rest abc"] = failed(1, stderr="disk full")
    with pytest.raises(ActionFailed, match="disk full"):
        undo(host, "rest")


def test_on_freebsd_a_job_of_daemon_waits():
    host = applied()
    host.programs = {"sysrc": "/usr/sbin/sysrc", "daemon": "/usr/sbin/daemon"}
    found, _changes = undo(host, "doors")
    assert found["confirm"] == {"run": "abc", "seconds": 60}
    assert sum(line.startswith("run daemon ") for line in host.performed) == 2


def test_where_nothing_can_wait_it_is_confirmed_at_once():
    host = applied()
    host.programs = {}
    found, _changes = undo(host, "doors")
    assert "confirm" not in found
    assert host.performed[-1] == f"run {PROGRAM} confirm abc"
