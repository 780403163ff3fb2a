"""Runs that are killed at one of their writes, and what has become of their host after it was left to itself."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tests.hosts.command import HostError
from tests.integration_hosts import access_state, overlay, plays
from tests.tools import paths
from tests.tools.steps import tool_environment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.hosts.state import Host
    from tests.integration_hosts.access_state import State

IMAGE = "ubuntu_lts_prepared"
CHECKLIST = Path(__file__).with_name("checklist.yml")
TIMEOUT = 5
# For runs that shall come to a good end, however busy the machine is.
LONG = 60
# What the host may need beside the timeout: the run's own way to its end, a daemon's reload.
MARGIN = 15
# Slow, and not about access.
LEFT_OUT = ("UPD-001", "UPD-002", "BAN-001", "BAN-002")
# The connection ends with its controller, and every run logs in by itself.
NO_LASTING_CONNECTION = {"ANSIBLE_SSH_ARGS": "-o ControlMaster=no -o ControlPath=none"}
# Root has a password, so that the run has one to lock.
FRESH = (
    "echo 'root:$6$groundwork$gT6hu/7LKSi7KVqgd2ev0xFvexFJuMb1sZT10KbSuxj.KvpynhhnEecMXWP9H9eAhIHGbAz5sVtM3ieqiQPQE/'"
    " | chpasswd -e"
)
# What a run leaves beside the state of the host, so that the next one begins as on a fresh host.
FORGET = f"""\
rm -rf /var/lib/groundwork {overlay.WRITES} {overlay.ORDER} {overlay.REACHED}
for unit in /etc/systemd/system/groundwork-*; do
    [ -e "$unit" ] || continue
    systemctl --quiet disable "${{unit##*/}}"
    rm -f "$unit"
    systemctl daemon-reload
done
"""
# The variable by which the processes of one controller are known.
MARK = "GROUNDWORK_CONTROLLER"
# A timer that waits, or a unit that is at work.
AT_WORK = "systemctl list-units 'groundwork-*' --state=active,activating,deactivating,reloading --plain --no-legend"


@dataclass(frozen=True)
class Case:
    """A run; one that nobody can confirm has no new state, and its host always comes back to the old one."""

    name: str
    variables: Mapping[str, object]
    key: Path
    port: int = 22
    can_be_confirmed: bool = True


@dataclass(frozen=True)
class Reference:
    """A run of a case that nobody kills: its writes in order, and the host's state before and after it."""

    writes: tuple[str, ...]
    old: State
    new: State


@dataclass(frozen=True)
class Point:
    """Where a run ends: the controller while the module waits at a write, or before or after the login that confirms
    (write 0); the module before or after a write.
    """

    case: Case
    killed: str
    kind: str
    number: int


@dataclass(frozen=True)
class Ending:
    """What became of the host: `old`, `new`, or what a mixed state differs from the old one in."""

    point: Point
    write: str
    left_alone: str
    after_next_run: str = ""
    login_works: bool = True
    seconds: float = 0.0
    mixture: tuple[str, ...] = field(default=(), repr=False)

    @property
    def is_good(self) -> bool:
        last = self.after_next_run or self.left_alone
        return last in ("old", "new") and self.login_works

    def line(self) -> str:
        point = self.point
        where = f"{point.killed} killed, {point.kind} {self.write}"
        states = self.left_alone + (f", then {self.after_next_run}" if self.after_next_run else "")
        login = "login works" if self.login_works else "NO LOGIN"
        verdict = "good" if self.is_good else "BAD "
        return f"{verdict} {self.seconds:5.1f} s  {states:12} {login:11}  {where}" + "".join(
            f"\n        {difference}" for difference in self.mixture
        )


def make_fresh(host: Host) -> None:
    plays.shell(host, FRESH)


def reference(case: Case, host: Host, environment: Mapping[str, str]) -> Reference:
    old = access_state.state(host)
    run = play(case, host, environment, timeout=LONG if case.can_be_confirmed else TIMEOUT)
    assert (run.code == 0) == case.can_be_confirmed, run.output
    settle(host)
    new = access_state.state(host)
    writes = plays.shell(host, f"cat {overlay.WRITES}").splitlines()
    return Reference(tuple(writes), old, new)


def end_at(point: Point, host: Host, *, known: Reference, environment: Mapping[str, str]) -> Ending:
    """Kill a run there, leave the host alone; if it is in neither state then, run again."""
    began = time.monotonic()
    write = known.writes[point.number - 1] if point.number else "the login that confirms"
    try:
        left_alone, after_next_run, mixture = _states(point, host, known=known, environment=environment)
        login_works = _login_works(host, point.case, after_next_run or left_alone)
    except (HostError, AssertionError) as error:
        left_alone, after_next_run, mixture, login_works = "not reached", "", (str(error),), False
    seconds = time.monotonic() - began
    return Ending(point, write, left_alone, after_next_run, login_works, seconds, mixture)


def _states(
    point: Point, host: Host, *, known: Reference, environment: Mapping[str, str]
) -> tuple[str, str, tuple[str, ...]]:
    """The host's state after it was left alone, after the next run if there had to be one, and what was mixed."""
    plays.shell(host, f"{FORGET}\necho '{point.kind} {point.number}' > {overlay.ORDER}")
    _kill(point, host, environment)
    settle(host)
    found = access_state.state(host)
    left_alone = _verdict(found, known, point.case)
    if left_alone != "mixed":
        return left_alone, "", ()
    plays.shell(host, f"rm -f {overlay.ORDER}")
    play(point.case, host, environment, timeout=LONG if point.case.can_be_confirmed else TIMEOUT)
    settle(host)
    after_next_run = _verdict(access_state.state(host), known, point.case)
    return left_alone, after_next_run, tuple(access_state.differences(known.old, found))


def _kill(point: Point, host: Host, environment: Mapping[str, str]) -> None:
    if not point.number:
        moment = {overlay.LOGIN: point.kind}
        run = play(point.case, host, {**environment, **moment}, timeout=LONG if point.kind == "after" else TIMEOUT)
        assert run.code == -signal.SIGKILL, run.output
    elif point.killed == "controller":
        kill_controller(point.case, host, environment)
    else:
        run = play(point.case, host, environment)
        assert run.code != 0, f"the module was not killed: {run.output}"


def kill_controller(case: Case, host: Host, environment: Mapping[str, str]) -> None:
    """SIGKILL to ansible-playbook and all its children while the module waits at its write; then the module goes on."""
    command = [paths.VENV / "bin/ansible-playbook", CHECKLIST, "-i", host.inventory, "-e", json.dumps(_variables(case))]
    mark = f"{host.name}-{time.monotonic_ns()}"
    own = {MARK: mark, "ANSIBLE_PIPELINING": "1"}
    controller = subprocess.Popen(
        [str(part) for part in command],
        cwd=paths.ROOT,
        env={**tool_environment(), **own, **NO_LASTING_CONNECTION, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        plays.shell(host, f"timeout 60 sh -c 'until [ -s {overlay.REACHED} ]; do sleep 0.1; done'")
    finally:
        while _killed(mark):
            pass
        controller.wait()
    plays.shell(
        host,
        f"module=$(cat {overlay.REACHED}); rm {overlay.REACHED};"
        ' timeout 60 sh -c "while [ -e /proc/$module ]; do sleep 0.1; done"',
    )


def _killed(mark: str) -> list[int]:
    """End every process that has the mark in its environment; Ansible's workers have a session of their own each."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            is_alive = path.parent.joinpath("stat").read_text().rpartition(")")[2].split()[0] != "Z"
            if is_alive and f"{MARK}={mark}".encode() in path.read_bytes().split(b"\0"):
                os.kill(int(path.parent.name), signal.SIGKILL)
                found.append(int(path.parent.name))
    return found


def settle(host: Host) -> None:
    """Until nothing of ours is at work or waits on the host any more, at most as long as it may take."""
    plays.shell(host, f"timeout {TIMEOUT + MARGIN} sh -c 'while [ -n \"$({AT_WORK})\" ]; do sleep 0.2; done' || true")


def _variables(case: Case, timeout: int = TIMEOUT) -> dict[str, object]:
    return {
        "python_host_confirm_timeout": timeout,
        "python_host_skip": LEFT_OUT,
        # Neither is what these tests are about, and both cost a round trip.
        "python_host_identified": {"os": {"family": "debian"}},
        "ansible_python_interpreter": "/usr/bin/python3",
        **case.variables,
    }


def play(case: Case, host: Host, environment: Mapping[str, str], *, timeout: int = TIMEOUT) -> plays.Run:
    return plays.play(
        CHECKLIST,
        [host.inventory],
        variables=_variables(case, timeout),
        environment={**NO_LASTING_CONNECTION, **environment},
    )


def _verdict(found: State, known: Reference, case: Case) -> str:
    if not access_state.differences(known.old, found):
        return "old"
    if case.can_be_confirmed and not access_state.differences(known.new, found):
        return "new"
    return "mixed"


def _login_works(host: Host, case: Case, state: str) -> bool:
    """Root's old login, or the administrator's new one and root's no more."""
    if state == "old":
        return access_state.root_gets_in(host)
    return access_state.admin_gets_in(host, case.key, port=case.port) and not access_state.root_gets_in(host)
