from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import (
    ActionFailed,
    CommandFailed,
    Refused,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Change, Command
from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Executor
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult, LockHolder
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import Surroundings
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_locks import (
    DNF_LOCKS,
    DNF_TRANSACTION,
    RPM_LOCKS,
    query_when_free,
    run_when_free,
    wait_for_locks,
    was_killed,
)
from tests.unit.fakes import FakeHost
from tests.unit.module_utils._packages.dnf_hosts import CENTOS, text
from tests.unit.module_utils._packages.hosts import FakeClock

ARGV = ("dnf", "install", "sudo")
COMMAND = Command(ARGV, Change("packages", "dnf install", "a", "b"))
LOCKED = CommandResult(ARGV, 200, "", text("locked.err"))
FREE: dict[str, str | None] = dict.fromkeys(DNF_LOCKS)


def failed(rc: int, stderr: str) -> CommandFailed:
    return CommandFailed(ARGV, rc=rc, stdout="", stderr=stderr)


def surroundings(host: FakeHost, clock: FakeClock, *, check_mode: bool = False) -> Surroundings:
    return Surroundings(
        CENTOS, host, Executor(host, None if check_mode else host), lock_timeout=30, clock=clock.clock()
    )


def host(files: dict[str, str | None] | None = None, **answers: object) -> FakeHost:
    return FakeHost(answers=answers, files={**FREE, **(files or {})})


def test_free_locks_are_not_waited_for():
    clock = FakeClock()
    assert wait_for_locks(surroundings(host(), clock)) is False
    assert clock.naps == []


@pytest.mark.parametrize("path", DNF_LOCKS)
def test_at_the_deadline_the_process_in_dnf_s_lock_file_is_named(path):
    clock = FakeClock()
    busy = host({path: "812\n", "/proc/812/comm": "dnf-automatic\n"})
    with pytest.raises(Refused, match="dnf-automatic") as caught:
        wait_for_locks(surroundings(busy, clock))
    assert [word for word in (path, "process 812", "30 s") if word not in str(caught.value)] == []
    assert sum(clock.naps) == 30


@pytest.mark.parametrize("path", RPM_LOCKS)
def test_rpm_s_own_lock_is_waited_for(path):
    clock, busy = FakeClock(), host()
    busy.locks[path] = [LockHolder(7, "rpm"), LockHolder(7, "rpm"), None]
    assert wait_for_locks(surroundings(busy, clock)) is True
    assert len(clock.naps) == 2


@pytest.mark.parametrize("content", ["812", "", "no number"])
def test_a_lock_file_of_a_process_that_is_no_more_holds_nobody(content):
    stale = host({DNF_TRANSACTION: content, "/proc/812/comm": None})
    assert wait_for_locks(surroundings(stale, FakeClock())) is False
    assert was_killed(stale)


def test_a_dnf_at_work_was_not_killed_and_neither_was_one_that_has_ended():
    assert not was_killed(host({DNF_TRANSACTION: "812", "/proc/812/comm": "dnf"}))
    assert not was_killed(host())


def test_a_question_is_asked_again_when_somebody_was_faster():
    answers = iter([LOCKED, "yes"])
    clock, busy = FakeClock(), host()
    busy.answers["dnf install sudo"] = lambda: next(answers)
    result = query_when_free(surroundings(busy, clock), ARGV, ok=(0,), timeout=10)
    assert (result.stdout, len(clock.naps)) == ("yes", 1)


def test_a_question_is_not_asked_for_ever():
    busy = host()
    busy.answers["dnf install sudo"] = LOCKED
    with pytest.raises(Refused, match="metadata already locked by"):
        query_when_free(surroundings(busy, FakeClock()), ARGV, ok=(0,), timeout=10)


def test_in_check_mode_nothing_is_waited_for():
    busy = host({DNF_TRANSACTION: "812", "/proc/812/comm": "dnf"})
    busy.answers["dnf install sudo"] = "yes"
    clock = FakeClock()
    around = surroundings(busy, clock, check_mode=True)
    query_when_free(around, ARGV, ok=(0,), timeout=10)
    run_when_free(around, COMMAND)
    assert (clock.naps, busy.performed) == ([], [])
    assert around.executor.changes == (COMMAND.change,)


@pytest.mark.parametrize(
    "error",
    [failed(200, text("locked.err")), failed(1, "error: can't create transaction lock on /var/lib/rpm/.rpm.lock (…)")],
)
def test_a_transaction_runs_again_when_somebody_was_faster(error):
    answers = iter([error, error, ""])

    def answer():
        result = next(answers)
        if result:
            raise result
        return ""

    busy = host()
    busy.answers["dnf install sudo"] = answer
    run_when_free(surroundings(busy, FakeClock()), COMMAND)
    assert len(busy.performed) == 3


def test_another_error_is_not_repeated():
    busy = host()
    busy.answers["dnf install sudo"] = failed(1, "Error: GPG check FAILED\n")
    with pytest.raises(ActionFailed, match="GPG check FAILED"):
        run_when_free(surroundings(busy, FakeClock()), COMMAND)
    assert len(busy.performed) == 1
