"""Runs a case of the checklist on a host, and kills its controller or its module at one of its writes."""

from __future__ import annotations

import shlex
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.integration_hosts import access_state, controller, overlay, plays
from tests.integration_hosts.systems import UBUNTU, System

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.hosts.state import Host

CHECKLIST = Path(__file__).with_name("checklist.yml")
TIMEOUT = 5
# What the host may need beside the timeout: the run's own way to its end, a daemon's reload.
MARGIN = 15
# The double's tools are programs in Python.
SLOWER = {"freebsd": 25}
# For runs that shall come to a good end, however busy the machine is.
LONG = 60
# Slow, and not about access.
LEFT_OUT = ("UPD-001", "UPD-002", "BAN-001", "BAN-002")
# The connection ends with its controller, and every run logs in by itself.
NO_LASTING_CONNECTION = {"ANSIBLE_SSH_ARGS": "-o ControlMaster=no -o ControlPath=none"}


@dataclass(frozen=True)
class Case:
    """A run; one that nobody can confirm has no new state, and its host always comes back to the old one."""

    name: str
    variables: Mapping[str, object]
    key: Path
    port: int = 22
    can_be_confirmed: bool = True
    system: System = UBUNTU


def order(host: Host, words: str) -> None:
    """Tell the next run of the module what to do at one of its writes (see overlay.py)."""
    plays.shell(host, f"echo '{words}' > {overlay.ORDER}")


def module_of(case: Case, host: Host, environment: Mapping[str, str]) -> bytes:
    """The program that Ansible makes of the module and the case's options, and sends to the host."""
    order(host, "before 1")
    kept = {"ANSIBLE_PIPELINING": "0", "ANSIBLE_KEEP_REMOTE_FILES": "1"}
    play(case, host, {**environment, **kept})
    shown = plays.shell(host, "cat /root/.ansible/tmp/*/AnsiballZ_security_checklist.py; rm -r /root/.ansible")
    return shown.encode()


def kill_module(case: Case, module: bytes, number: int, host: Host) -> None:
    """Send it as Ansible does; it kills itself where it was ordered to, and nobody hears of it on the controller."""
    access_state.log_in(host, "root", host.key_file, case.system.python, stdin=module)
    last = plays.shell(host, f"tail -n 1 {overlay.WRITES}")
    assert last.partition(" ")[0] == str(number), f"the module came to {last!r}, expected its write {number}"


def kill_at_login(case: Case, moment: str, host: Host, environment: Mapping[str, str]) -> None:
    """End the controller `before` or `after` the login that confirms."""
    timeout = LONG if moment == "after" else TIMEOUT
    run = play(case, host, {**environment, overlay.LOGIN: moment}, timeout=timeout)
    assert run.code == -signal.SIGKILL, run.output


def kill_controller(case: Case, host: Host, environment: Mapping[str, str]) -> None:
    """SIGKILL to ansible-playbook and all its children while the module waits at its write; then the module goes on."""
    own = {**NO_LASTING_CONNECTION, **environment}
    with controller.running(CHECKLIST, host.inventory, _variables(case), environment=own):
        plays.shell(host, f"timeout 60 sh -c 'until [ -s {overlay.REACHED} ]; do sleep 0.1; done'")
    plays.shell(
        host,
        f"module=$(cat {overlay.REACHED}); rm {overlay.REACHED};"
        ' timeout 60 sh -c "while kill -0 $module 2>/dev/null; do sleep 0.1; done"',
    )


def settle(host: Host, system: System) -> None:
    """Until nothing of ours is at work or waits on the host any more, at most as long as it may take."""
    seconds = TIMEOUT + SLOWER.get(system.name, MARGIN)
    script = f'while [ -n "$({system.at_work})" ]; do sleep 0.2; done'
    plays.shell(host, f"timeout {seconds} sh -c {shlex.quote(script)} || true")


def _variables(case: Case, timeout: int = TIMEOUT) -> dict[str, object]:
    return {
        "python_host_confirm_timeout": timeout,
        "python_host_skip": LEFT_OUT,
        # Neither is what these tests are about, and both cost a round trip.
        "python_host_identified": {"os": {"family": case.system.family}},
        "ansible_python_interpreter": case.system.python,
        **case.variables,
    }


def play(case: Case, host: Host, environment: Mapping[str, str], *, timeout: int = TIMEOUT) -> plays.Run:
    return plays.play(
        CHECKLIST,
        [host.inventory],
        variables=_variables(case, timeout),
        environment={**NO_LASTING_CONNECTION, **environment},
    )
