from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import ActionFailed, Refused
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Change, Command
from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Executor
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import Surroundings
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_locks import (
    Overtaken,
    query_when_free,
    run_when_free,
)
from tests.unit.fakes import FakeHost
from tests.unit.module_utils._packages.hosts import FakeClock
from tests.unit.module_utils._packages.pkg_double import FREEBSD
from tests.unit.module_utils._packages.pkg_hosts import answered

BUSY = CommandResult((), 1, "", "pkg: sqlite error while executing PRAGMA: database is locked\n")
HELD = answered("lock-held.txt", 1, err="lock-held.err")


def surroundings(host, clock=None, seconds=10):
    return Surroundings(FREEBSD, host, Executor(host, host), lock_timeout=seconds, clock=(clock or FakeClock()).clock())


def test_a_question_is_asked_again_while_another_pkg_writes():
    answers = [BUSY, BUSY, "foo\n"]
    host = FakeHost(answers={"pkg query x": lambda: answers.pop(0)})
    clock = FakeClock()
    result = query_when_free(surroundings(host, clock), ("pkg", "query", "x"), ok=(0, 1), timeout=1)
    assert (result.stdout, clock.naps) == ("foo\n", [0.5, 0.5])


def test_a_question_is_not_asked_for_ever():
    host = FakeHost(answers={"pkg query x": BUSY})
    with pytest.raises(Refused, match="was not free within 10 s"):
        query_when_free(surroundings(host), ("pkg", "query", "x"), ok=(0, 1), timeout=1)


def test_another_error_is_an_answer():
    host = FakeHost(answers={"pkg query x": CommandResult((), 1, "", "pkg: nonsense\n")})
    assert query_when_free(surroundings(host), ("pkg", "query", "x"), ok=(0, 1), timeout=1).rc == 1


@pytest.mark.parametrize(("comm", "name"), [("pkg\n", "pkg (process 4711)"), ("", "a process (process 4711)")])
def test_who_holds_the_lock_is_named(comm, name):
    host = FakeHost(answers={"pkg install": HELD, "ps -o comm= -p 4711": CommandResult((), 0 if comm else 1, comm)})
    with pytest.raises(Refused) as error:
        run_when_free(surroundings(host, seconds=300), Command(("pkg", "install"), Change("packages", "x", "a", "b")))
    assert f"is locked by {name} and was not free within 300 s" in str(error.value)


def test_where_pkg_does_not_tell_the_holder_nobody_is_named():
    host = FakeHost(answers={"pkg install": CommandResult((), 1, "", HELD.stderr)})
    with pytest.raises(Refused, match="is locked by another process"):
        run_when_free(surroundings(host), Command(("pkg", "install"), Change("packages", "x", "a", "b")))


def test_pkg_is_called_again_while_its_own_patience_is_shorter_than_ours():
    """As long as another one unpacks a package, pkg waits five seconds, however many LOCK_RETRIES it has."""
    clock = FakeClock()

    def locked_out():
        clock.time += 5
        return CommandResult((), 1, "", HELD.stderr)

    host = FakeHost(
        answers={"pkg -o LOCK_RETRIES=12 install": locked_out, "pkg -o LOCK_RETRIES=7 install": ""},
    )
    where = surroundings(host, clock, seconds=12)
    run_when_free(where, Command(("pkg", "-o", "LOCK_RETRIES=12", "install"), Change("packages", "x", "a", "b")))
    assert (len(where.executor.changes), clock.naps) == (1, [0.5])


def test_a_pkg_that_had_its_lock_is_not_called_again():
    host = FakeHost(answers={"pkg install": BUSY})
    with pytest.raises(Refused, match="was not free within 10 s"):
        run_when_free(surroundings(host), Command(("pkg", "install"), Change("packages", "x", "a", "b")))
    assert host.performed == ["run pkg install"]


def test_what_fails_for_another_reason_has_failed():
    host = FakeHost(answers={"pkg install": CommandResult((), 1, "", "pkg: no\n")})
    with pytest.raises(ActionFailed):
        run_when_free(surroundings(host), Command(("pkg", "install"), Change("packages", "x", "a", "b")))


def test_what_was_done_before_another_pkg_came_between_is_not_denied():
    host = FakeHost(answers={"pkg unlock": "", "pkg install": CommandResult((), 1, "", HELD.stderr)})
    where = surroundings(host)
    run_when_free(where, Command(("pkg", "unlock"), Change("packages", "pkg unlock", "a", "b")))
    with pytest.raises(Overtaken, match="A part of what was asked is done") as error:
        run_when_free(where, Command(("pkg", "install"), Change("packages", "x", "a", "b")))
    assert "Nothing was changed" not in str(error.value)
