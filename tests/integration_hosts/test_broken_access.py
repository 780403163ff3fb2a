"""Ways to break one's own access, each on a real host over SSH, with and without the preflight. Every way is tried on
Ubuntu and on FreeBSD, and on Enterprise Linux those that touch what is different there; with GROUNDWORK_EVERY_TRAP set,
all.

With it the run is refused before it writes anything, or mends the trap and proves the login. Without it (a copy of the
collection whose preflight finds nothing) the run falls into the trap, and the host takes everything back by itself.
"""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.hosts import snapshot
from tests.integration_hosts import access_state, overlay, plays
from tests.integration_hosts.killing import CHECKLIST, LEFT_OUT, NO_LASTING_CONNECTION, TIMEOUT
from tests.integration_hosts.systems import CENTOS, FREEBSD, ROCKY_8, UBUNTU, System, tried
from tests.integration_hosts.ways_to_break_access import WAYS, Way

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from tests.hosts.state import Host

# What the host may need beside the timeout: the run's own way through its changes, a daemon's reload (firewalld takes
# seconds to start and to stop), and on the double tools that are programs in Python.
MARGIN = {UBUNTU: 20, CENTOS: 30, ROCKY_8: 20, FREEBSD: 60}
AT_ONCE = 3
# A unit that systemd knows by now because somebody asked about it.
LOOKED_AT = "absent -> loaded inactive dead"
WORKED_BEFORE, WORKS_AFTER = "the old login works", "the new login works"
CHOSEN = {
    CENTOS: (
        "AllowUsers without the administrator",
        "a firewall that waits to be started with a rule against this address",
        "the key removed",
        "an sshd that dies on its reload",
        "a reload that sshd does not survive",
    ),
    ROCKY_8: ("AllowUsers without the administrator", "a shell that ends every login"),
}


def cases(ways: Sequence[Way]) -> list[object]:
    """Each way on each system that it is tried on."""
    return [pytest.param(system, way, id=f"{system.name}: {way.name}") for system, way in tried(ways, CHOSEN)]


@dataclass(frozen=True)
class Trapped:
    """What became of one host."""

    run: plays.Run
    differences: list[str]
    seconds_away: float
    logins: tuple[str, ...]


@pytest.fixture(scope="module")
def trapped(request):
    """The outcome of each case, begun all together and a few at a time; only those that this session asks for."""
    with overlay.overlay(overlay.WITHOUT_PREFLIGHT) as patched, ThreadPoolExecutor(AT_ONCE) as pool:
        # Without a lasting one the controller cannot take anything back over its own login: the host has to.
        bypassed = {**patched, **NO_LASTING_CONNECTION}
        own = [item for item in request.session.items if item.module is request.module]
        wanted = [item for item in own if "way" in item.fixturenames]
        runs: dict[tuple[str, str, bool], Future[Trapped]] = {}
        for item in wanted:
            system, way = item.callspec.params["system"], item.callspec.params["way"]
            is_bypassed = "without" in item.originalname
            environment = bypassed if is_bypassed else {}
            skipped = (*LEFT_OUT, *system.left_out, *(way.left_out if is_bypassed else ()))
            runs[system.name, way.name, is_bypassed] = pool.submit(
                fall_in, system, way, skipped=skipped, environment=environment
            )
        yield lambda system, way, *, is_bypassed: runs[system.name, way.name, is_bypassed].result()


def fall_in(system: System, way: Way, *, skipped: tuple[str, ...], environment: Mapping[str, str]) -> Trapped:
    kind = "bypassed" if environment else "checked"
    name = f"way{WAYS.index(way)}-{kind}-{system.name}"
    with plays.hosts(name, image=system.prepared) as (host,):
        key = access_state.key_pair(host.folder / "admin_ed25519")
        controller = plays.shell(host, system.controller)
        # The login that cannot work is tried several times; a ban of this address would hide whether the old one does.
        plays.shell(host, "systemctl stop fail2ban 2>/dev/null || true")
        public_key = key.with_suffix(".pub").read_text().strip()
        trap = way.trap.format(public_key=public_key, controller=controller, **system.words)
        plays.shell(host, system.functions + trap)
        variables = {**way.variables, "python_host_skip": skipped, "ansible_python_interpreter": system.python}
        return _outcome(system, host, way, key=key, variables=variables, environment=environment)


def _outcome(
    system: System, host: Host, way: Way, *, key: Path, variables: Mapping[str, object], environment: Mapping[str, str]
) -> Trapped:
    whole, access = snapshot.take(host.name), access_state.state(host)
    with access_state.watched(host) as watch:
        run = plays.play(
            CHECKLIST,
            [host.inventory],
            variables={
                "python_host_admin_key_file": str(key),
                "python_host_confirm_timeout": TIMEOUT if environment else 60,
                **variables,
            },
            environment=environment,
        )
        if environment:
            access_state.wait_for(
                lambda: not access_state.differences(access, access_state.state(host)), TIMEOUT + MARGIN[system]
            )
    differences = access_state.differences(access, access_state.state(host))
    if not environment and way.words:
        differences += [
            line for line in snapshot.differences(whole, snapshot.take(host.name)) if not line.endswith(LOOKED_AT)
        ]
    logins = {
        WORKED_BEFORE: access_state.root_gets_in(host),
        WORKS_AFTER: access_state.admin_gets_in(host, key),
    }
    return Trapped(run, differences, watch.seconds_away, tuple(words for words, works in logins.items() if works))


def described(trapped: Trapped) -> str:
    """What a reader needs of a host that ended in another way than expected."""
    unlike = [f"{name}: {status}" for name, status in trapped.run.statuses().items() if status != "pass"]
    away = f"away from the old state for {trapped.seconds_away:.1f} s"
    return "\n".join([*trapped.run.failures, *unlike, *trapped.differences, away, *trapped.logins])


REFUSED = [way for way in WAYS if way.words]
MENDED = [way for way in WAYS if not way.words]


@pytest.mark.parametrize(("system", "way"), cases(REFUSED))
def test_the_preflight_refuses_before_anything_is_written(trapped, system, way):
    found = trapped(system, way, is_bypassed=False)
    assert found.run.code != 0, described(found)
    (message,) = found.run.failures
    assert "Refused" in message, message
    assert all(word in message.casefold() for word in way.words), message
    assert (found.differences, found.logins) == ([], (WORKED_BEFORE,)), described(found)


@pytest.mark.parametrize(("system", "way"), cases(MENDED))
def test_what_can_be_mended_is_mended_and_the_login_proven(trapped, system, way):
    found = trapped(system, way, is_bypassed=False)
    assert found.run.code == 0, described(found)
    assert found.run.answer("security_checklist")["confirmed"] == "as deploy on port 22"
    assert found.logins == (WORKS_AFTER,), described(found)


@pytest.mark.parametrize(("system", "way"), cases(WAYS))
def test_without_the_preflight_the_host_takes_it_back_in_time(trapped, system, way):
    found = trapped(system, way, is_bypassed=True)
    assert found.run.code != 0, described(found)
    reasons = [reason for reason in ("A fresh login as", way.may_be_noticed) if reason]
    assert any(reason in message for message in found.run.failures for reason in reasons), described(found)
    assert found.differences == [], described(found)
    assert 0 < found.seconds_away <= TIMEOUT + MARGIN[system], described(found)
    assert WORKED_BEFORE in found.logins, described(found)


CUT = "for way in 'INPUT -s' 'OUTPUT -d'; do iptables -I $way {controller} -j DROP; done"
MENDED_CABLE = "for way in 'INPUT -s' 'OUTPUT -d'; do iptables -D $way {controller} -j DROP; done"
LAST_WRITE = "set_attributes /etc/ssh/sshd_config.d/00-groundwork.conf"


@dataclass(frozen=True)
class Cuttable:
    """A host whose run waits in its dangerous step, and what can be done to its network meanwhile."""

    host: Host
    controller: str
    run: Future[plays.Run]

    def cut(self) -> None:
        """No packet goes either way; what is under way is lost."""
        plays.shell(self.host, CUT.format(controller=self.controller))

    def mend(self) -> None:
        plays.shell(self.host, MENDED_CABLE.format(controller=self.controller))

    def go_on(self) -> None:
        plays.shell(self.host, f"rm {overlay.REACHED}")


@contextmanager
def in_the_dangerous_step(key: Path, host: Host, *, timeout: int, write: str) -> Iterator[Cuttable]:
    controller = plays.shell(host, "ip route show default | cut -d' ' -f3")
    plays.shell(host, f"echo 'pause {write}' > {overlay.ORDER}")
    variables = {
        "python_host_admin_key_file": str(key),
        "python_host_confirm_timeout": timeout,
        "python_host_skip": LEFT_OUT,
    }
    with overlay.overlay(overlay.STOPPED_AT_A_WRITE) as environment, ThreadPoolExecutor(1) as pool:
        run = pool.submit(plays.play, CHECKLIST, [host.inventory], variables=variables, environment=environment)
        plays.shell(host, f"timeout 60 sh -c 'until [ -e {overlay.REACHED} ]; do sleep 0.1; done'")
        yield Cuttable(host, controller, run)


def test_a_network_that_is_cut_in_the_middle_leaves_the_host_as_it_was(tmp_path):
    key = access_state.key_pair(tmp_path / "admin")
    with plays.hosts("cut-for-long", image="ubuntu_lts_prepared") as (host,):
        before = access_state.state(host)
        write = "write /etc/ssh/sshd_config.d/00-groundwork.conf"
        with in_the_dangerous_step(key, host, timeout=TIMEOUT, write=write) as run:
            run.cut()
            run.go_on()
            came_back = access_state.wait_for(
                lambda: not access_state.differences(before, access_state.state(host)), TIMEOUT + MARGIN[UBUNTU]
            )
            left = access_state.differences(before, access_state.state(host))
            run.mend()
        assert came_back, left
        assert run.run.result().code != 0, run.run.result().output
        assert access_state.root_gets_in(host)


def test_a_short_cut_after_the_dangerous_step_costs_nothing(tmp_path):
    """The connection of the run is gone, and with it the module's answer; a fresh one fetches it, and confirms."""
    key = access_state.key_pair(tmp_path / "admin")
    with plays.hosts("cut-for-short", image="ubuntu_lts_prepared") as (host,):
        with in_the_dangerous_step(key, host, timeout=20, write=LAST_WRITE) as run:
            # The controller learns that its connection has ended, and then reaches nobody for a while.
            plays.shell(host, "pkill -KILL -f '^sshd: root'")
            run.cut()
            run.go_on()
            time.sleep(3)
            run.mend()
        done = run.run.result()
        assert done.failures == (), done.output
        answer = done.answer("security_checklist")
        assert answer["confirmed"] == "as deploy on port 22"
        assert answer["findings"]
        assert access_state.admin_gets_in(host, key)
        assert not access_state.root_gets_in(host)
