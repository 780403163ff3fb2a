"""Runs that are killed at one of their writes, and what has become of their host after it was left to itself."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.hosts.command import HostError
from tests.integration_hosts import access_state, killing, overlay, plays

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.hosts.state import Host
    from tests.integration_hosts.access_state import State
    from tests.integration_hosts.killing import Case
    from tests.integration_hosts.systems import System

# Root has a password, so that the run has one to lock. Some runs end in logins that fail, and nobody shall be banned.
FRESH = (
    "hash_of_root"
    " '$6$groundwork$gT6hu/7LKSi7KVqgd2ev0xFvexFJuMb1sZT10KbSuxj.KvpynhhnEecMXWP9H9eAhIHGbAz5sVtM3ieqiQPQE/'\n"
    "systemctl stop fail2ban || true"
)
# What a run leaves beside the state of the host, so that the next one begins as on a fresh host.
FORGET = f"""\
rm -rf /var/lib/groundwork /usr/local/etc/rc.d/groundwork_revert
rm -f {overlay.WRITES} {overlay.ORDER} {overlay.REACHED}
for unit in /etc/systemd/system/groundwork-*; do
    [ -e "$unit" ] || continue
    systemctl --quiet disable "${{unit##*/}}"
    rm -f "$unit"
    systemctl daemon-reload
done
"""


@dataclass(frozen=True)
class Reference:
    """A run of a case that nobody kills: its writes in order, and the host's state before and after it."""

    writes: tuple[str, ...]
    old: State
    new: State
    module: bytes = field(repr=False)


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


def make_fresh(host: Host, system: System) -> None:
    plays.shell(host, system.functions + FRESH)


def reference(case: Case, host: Host, environment: Mapping[str, str]) -> Reference:
    old = access_state.state(host)
    module = killing.module_of(case, host, environment)
    plays.shell(host, FORGET)
    run = _to_the_end(case, host, environment)
    assert (run.code == 0) == case.can_be_confirmed, run.output
    killing.settle(host, case.system)
    new = access_state.state(host)
    writes = plays.shell(host, f"cat {overlay.WRITES}").splitlines()
    return Reference(tuple(writes), old, new, module)


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
    plays.shell(host, FORGET)
    killing.order(host, f"{point.kind} {point.number}")
    if not point.number:
        killing.kill_at_login(point.case, point.kind, host, environment)
    elif point.killed == "controller":
        killing.kill_controller(point.case, host, environment)
    else:
        killing.kill_module(point.case, known.module, point.number, host)
    killing.settle(host, point.case.system)
    found = access_state.state(host)
    left_alone = _verdict(found, known, point.case)
    if left_alone != "mixed":
        return left_alone, "", ()
    plays.shell(host, f"rm -f {overlay.ORDER}")
    _to_the_end(point.case, host, environment)
    killing.settle(host, point.case.system)
    after_next_run = _verdict(access_state.state(host), known, point.case)
    return left_alone, after_next_run, tuple(access_state.differences(known.old, found))


def _to_the_end(case: Case, host: Host, environment: Mapping[str, str]) -> plays.Run:
    return killing.play(case, host, environment, timeout=killing.LONG if case.can_be_confirmed else killing.TIMEOUT)


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
