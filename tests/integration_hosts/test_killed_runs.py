"""A run may be killed anywhere: its host ends in the old state or in the new one, never in between, and lets one in.

Either the controller is killed, while the module on the host waits at one of its writes and then goes on alone, or the
module itself, immediately before and after each of its writes.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from queue import SimpleQueue
from typing import TYPE_CHECKING

import pytest

from tests.hosts import control
from tests.integration_hosts import access_state, killed_runs, killing, overlay, plays
from tests.integration_hosts.killed_runs import Ending, Point, Reference
from tests.integration_hosts.killing import LEFT_OUT, Case
from tests.integration_hosts.systems import CENTOS, FREEBSD, ROCKY_8, UBUNTU, System

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tests.hosts.state import Host

# Most of a point is waiting for a timer.
HOSTS = tuple(f"killed-{letter}" for letter in "abcdef")
FEWEST_POINTS = 20
NAMES = ("closes root", "has a key that nobody here holds", "closes root and moves the port")


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    directory = tmp_path_factory.mktemp("keys")
    admin, foreign = (access_state.key_pair(directory / name) for name in ("admin", "foreign"))
    ours = {"python_host_admin_key_file": str(admin)}
    theirs = {"python_host_admin_authorized_keys": [foreign.with_suffix(".pub").read_text()]}
    return (
        Case(NAMES[0], ours, admin),
        Case(NAMES[1], theirs, foreign, can_be_confirmed=False),
        Case(NAMES[2], {**ours, "python_host_ssh_port": 2222}, admin, port=2222),
    )


@pytest.fixture(scope="module")
def endings(cases):
    """How every point of every case has ended; several hosts at once take the next one from the list."""
    with overlay.overlay(overlay.STOPPED_AT_A_WRITE, overlay.ENDED_AT_THE_LOGIN) as environment:
        with fresh_hosts(UBUNTU, HOSTS) as free, ThreadPoolExecutor(len(HOSTS)) as pool:
            known = dict(zip(NAMES, pool.map(lambda case: refer(case, free, environment), cases)))
            points = [point for case in cases for point in points_of(case, known[case.name])]
            yield list(
                pool.map(lambda point: end(point, free, known=known[point.case.name], environment=environment), points)
            )


@contextmanager
def fresh_hosts(system: System, names: Sequence[str]) -> Iterator[SimpleQueue[Host]]:
    """A queue of hosts that nothing was done to; whoever takes one puts one back."""
    with plays.hosts(*names, image=system.prepared) as hosts:
        free: SimpleQueue[Host] = SimpleQueue()
        for host in hosts:
            killed_runs.make_fresh(host, system)
            free.put(host)
        yield free


def refer(case: Case, free: SimpleQueue[Host], environment: Mapping[str, str]) -> Reference:
    host = free.get()
    try:
        return killed_runs.reference(case, host, environment)
    finally:
        free.put(another(host, case.system))


def end(point: Point, free: SimpleQueue[Host], *, known: Reference, environment: Mapping[str, str]) -> Ending:
    """On a host in the old state; one that has come to another is exchanged for a fresh one."""
    host = free.get()
    is_as_before = False
    try:
        ending = killed_runs.end_at(point, host, known=known, environment=environment)
        is_as_before = ending.left_alone == "old"
        return ending
    finally:
        free.put(host if is_as_before else another(host, point.case.system))


def another(host: Host, system: System) -> Host:
    control.down(host.name)
    fresh = control.up(host.name, image=system.prepared, key_file=None)
    killed_runs.make_fresh(fresh, system)
    return fresh


def points_of(case: Case, known: Reference) -> Iterator[Point]:
    """The module's death after one write and before the next is the same, as long as no journal is written between."""
    numbers = range(1, len(known.writes) + 1)
    yield from (Point(case, "controller", "pause", number) for number in numbers[-FEWEST_POINTS:])
    yield Point(case, "controller", "before", 0)
    if case.can_be_confirmed:
        yield Point(case, "controller", "after", 0)
    yield from (Point(case, "module", "before", number) for number in numbers)
    yield from (Point(case, "module", "after", number) for number in numbers if number >= first_change(known))


def first_change(known: Reference) -> int:
    """Before it the run only installs the way back."""
    return next(number for number, write in enumerate(known.writes, 1) if " useradd " in write)


@pytest.mark.parametrize("killed", ["controller", "module"])
@pytest.mark.parametrize("name", NAMES)
def test_a_killed_run_that(endings, name, killed):
    these = [ending for ending in endings if (ending.point.case.name, ending.point.killed) == (name, killed)]
    assert len({ending.point.number for ending in these}) >= FEWEST_POINTS
    assert all(ending.is_good for ending in these), "\n".join(["", *(ending.line() for ending in these)])


def points_about_sshd(case: Case, known: Reference) -> Iterator[Point]:
    """Around the write of sshd's lines, and before the login that confirms."""
    first, *_later = (number for number, write in enumerate(known.writes, 1) if write.endswith(case.system.sshd_file))
    yield Point(case, "controller", "pause", first)
    yield Point(case, "controller", "before", 0)
    yield from (Point(case, "module", kind, first) for kind in ("before", "after"))


@pytest.mark.parametrize("system", [CENTOS, ROCKY_8, FREEBSD], ids=lambda system: system.name)
def test_elsewhere_a_run_that_is_killed_where_sshds_lines_are_written(cases, system):
    """What differs there is the place of these lines: on Enterprise Linux 8 and FreeBSD it is somebody's own file."""
    names = [f"killed-{letter}-{system.name}" for letter in "abc"]
    variables = {**cases[0].variables, "python_host_skip": [*LEFT_OUT, "FW-001"]}
    case = replace(cases[0], system=system, variables=variables)
    with overlay.overlay(overlay.STOPPED_AT_A_WRITE, overlay.ENDED_AT_THE_LOGIN) as environment:
        with fresh_hosts(system, names) as free, ThreadPoolExecutor(len(names)) as pool:
            known = refer(case, free, environment)
            points = list(points_about_sshd(case, known))
            found = list(pool.map(lambda point: end(point, free, known=known, environment=environment), points))
    assert len(found) == 4
    assert all(ending.is_good for ending in found), "\n".join(["", *(ending.line() for ending in found)])


@pytest.mark.parametrize("system", [UBUNTU, FREEBSD], ids=lambda system: system.name)
def test_a_run_whose_module_was_killed_is_taken_back_at_once_and_the_next_one_tells_of_it(cases, system):
    case = replace(cases[0], system=system)
    with overlay.overlay(overlay.STOPPED_AT_A_WRITE) as environment:
        with fresh_hosts(system, [f"killed-and-again-{system.name}"]) as free:
            host = free.get()
            before = access_state.state(host)
            killing.order(host, f"before write {system.sshd_file}")
            killed = killing.play(case, host, environment, timeout=killing.LONG)
            assert killed.code != 0, killed.output
            assert access_state.differences(before, access_state.state(host)) == []
            again = killing.play(case, host, environment={}, timeout=killing.LONG)
            assert again.failures == (), again.output
            assert "was killed" in again.output
            assert access_state.admin_gets_in(host, case.key)
            assert not access_state.root_gets_in(host)
