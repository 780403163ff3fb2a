from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import (
    ActionFailed,
    CommandFailed,
    Refused,
    Unreadable,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Change, Command
from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Executor
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult, LockHolder
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import Surroundings
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_locks import (
    DNF_LOCKS,
    DNF_TRANSACTION,
    RPM_LOCKS,
    first_held,
    is_in_transaction,
    is_left_locked,
    query_when_free,
    run_when_free,
    wait_for_locks,
)
from tests.unit.fakes import FakeHost
from tests.unit.module_utils._packages.dnf_hosts import CENTOS, process, text
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
    busy = host({path: "812\n", **process(812, "dnf-automatic")})
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
    assert is_left_locked(stale)
    assert not is_in_transaction(stale)


def test_a_dnf_at_work_has_left_no_lock_and_neither_has_one_that_has_ended():
    busy = host({DNF_TRANSACTION: "812", **process(812, "dnf")})
    assert not is_left_locked(busy)
    assert is_in_transaction(busy)
    assert not is_left_locked(host())


NGINX = process(812, "nginx", started=60, library="libcrypt.so.2")


@pytest.mark.parametrize("path", DNF_LOCKS)
def test_a_process_that_has_got_the_number_of_a_killed_dnf_is_not_waited_for(path):
    clock, recycled = FakeClock(), host({path: "812", **NGINX})
    with pytest.raises(Refused, match=f"`rm {path}`") as caught:
        wait_for_locks(surroundings(recycled, clock))
    assert [word for word in ("nginx", "process 812", "killed") if word not in str(caught.value)] == []
    assert clock.naps == []
    assert first_held(recycled) is None
    assert is_left_locked(recycled) is (path == DNF_TRANSACTION)


@pytest.mark.parametrize(
    "changed",
    [
        process(812, "nginx", started=1, library="libcrypt.so.2"),
        process(812, "dnf", started=60),
        {**NGINX, "/proc/812/maps": Unreadable("/proc/812/maps", "Permission denied")},
        {**NGINX, "/proc/812/maps": ""},
        {**NGINX, "/proc/812/stat": None},
        {**NGINX, "/proc/stat": None},
    ],
)
def test_without_a_proof_that_it_is_innocent_a_process_is_taken_for_the_holder(changed):
    """An older process, one that uses rpm after the clock was set, and those of which too little can be read."""
    held = first_held(host({DNF_TRANSACTION: "812", **changed}))
    assert held is not None
    assert held.pid == 812


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
    busy = host({DNF_TRANSACTION: "812", **process(812, "dnf")})
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
