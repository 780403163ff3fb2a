from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import (
    ActionFailed,
    CommandFailed,
    Refused,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Change, Command
from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Executor
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import LockHolder
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_locks import (
    LOCKS,
    run_when_free,
    standard_error,
    wait_for_locks,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import Surroundings
from tests.unit.fakes import FakeHost
from tests.unit.module_utils._packages.hosts import DEBIAN, FakeClock
from tests.unit.module_utils._platform.hosts import fixture

UPDATER = LockHolder(812, "unattended-upgr")
COMMAND = Command(("apt-get", "install", "sudo"), Change("packages", "apt-get install", "a", "b"))
LOCKED = CommandFailed(COMMAND.argv, rc=100, stdout="", stderr=fixture("debian-12/apt-locked-archives.err"))


def surroundings(host: FakeHost, clock: FakeClock, *, check_mode: bool = False) -> Surroundings:
    executor = Executor(host, None if check_mode else host)
    return Surroundings(DEBIAN, host, executor, lock_timeout=30, clock=clock.clock())


def test_free_locks_are_not_waited_for():
    clock = FakeClock()
    wait_for_locks(surroundings(FakeHost(), clock))
    assert clock.naps == []


@pytest.mark.parametrize("path", LOCKS)
def test_each_lock_is_waited_for_until_it_is_free(path):
    clock = FakeClock()
    wait_for_locks(surroundings(FakeHost(locks={path: [UPDATER, UPDATER, None]}), clock))
    assert len(clock.naps) == 2


@pytest.mark.parametrize("path", LOCKS)
def test_at_the_deadline_the_holder_is_named(path):
    clock = FakeClock()
    host = FakeHost(locks={path: [UPDATER]})
    with pytest.raises(Refused, match="unattended-upgr") as caught:
        wait_for_locks(surroundings(host, clock))
    message = str(caught.value)
    assert path in message
    assert "process 812" in message
    assert "30 s" in message
    assert sum(clock.naps) == 30


def test_a_command_runs_again_when_somebody_was_faster():
    answers = iter([LOCKED, LOCKED, ""])

    def answer():
        result = next(answers)
        if result:
            raise result
        return ""

    clock = FakeClock()
    host = FakeHost(answers={"apt-get install sudo": answer})
    around = surroundings(host, clock)
    run_when_free(around, COMMAND)
    assert len(host.performed) == 3
    assert around.executor.changes == (COMMAND.change,)


def test_a_lock_that_is_never_free_ends_the_repetition():
    clock = FakeClock()
    host = FakeHost(answers={"apt-get install sudo": LOCKED})
    with pytest.raises(ActionFailed, match="Could not get lock"):
        run_when_free(surroundings(host, clock), COMMAND)
    assert sum(clock.naps) == 30


def test_another_error_is_not_repeated():
    error = CommandFailed(COMMAND.argv, rc=100, stdout="", stderr="E: Unable to fetch some archives\n")
    host = FakeHost(answers={"apt-get install sudo": error})
    with pytest.raises(ActionFailed, match="Unable to fetch") as caught:
        run_when_free(surroundings(host, FakeClock()), COMMAND)
    assert len(host.performed) == 1
    assert standard_error(caught.value) == "E: Unable to fetch some archives\n"


def test_check_mode_waits_for_nobody():
    clock = FakeClock()
    host = FakeHost(locks={LOCKS[0]: [UPDATER]})
    around = surroundings(host, clock, check_mode=True)
    run_when_free(around, COMMAND)
    assert clock.naps == []
    assert host.performed == []
    assert around.executor.changes == (COMMAND.change,)


def test_an_error_without_a_program_speaks_for_itself():
    assert standard_error(ActionFailed("no disk")) == "no disk"
