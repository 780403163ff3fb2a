"""A dangerous change that nobody confirms is taken back by the host itself: on real hosts, over SSH.

On the other systems it is the checklist alone, where they differ: the timer, what runs at the next boot, and where
sshd's lines stand.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from tests.hosts.command import HostError
from tests.integration_hosts import controller, plays
from tests.integration_hosts.access_state import key_pair, root_gets_in, wait_for
from tests.integration_hosts.killing import CHECKLIST, LEFT_OUT
from tests.integration_hosts.systems import SYSTEMS, UBUNTU, System

if TYPE_CHECKING:
    from pathlib import Path

    from tests.hosts.state import Host

TIMEOUT = 8
# What the host may need beside the timeout: a run that was left alone comes to its end first, and a daemon has to read
# its files; the double's tools are programs in Python.
MARGIN = 50
PENDING = "/var/lib/groundwork/python_host/pending.json"
STATE = "find /etc/ssh/sshd_config* {passwords} -type f | sort | xargs cksum; iptables -S INPUT 2>/dev/null | head -n 1"
EVERYWHERE = pytest.mark.parametrize("system", SYSTEMS.values(), ids=lambda system: system.name, scope="module")
ON_UBUNTU = pytest.mark.parametrize("system", [UBUNTU], ids=lambda system: system.name, scope="module")


@pytest.fixture(scope="module")
def host(system):
    """One host of a system for all: each test but the last leaves it as it was."""
    with plays.hosts(f"confirm-{system.family}", image=system.name) as (started,):
        if system is not UBUNTU:
            plays.shell(started, system.functions)
            yield started
            return
        # The tools first, so that what a test compares is what the confirmation guards and not what packages bring. The
        # firewall is left for the tests to switch on: without a key the doors stay open, and it does not.
        plays.play(plays.SITE, [started.inventory], variables={"python_host_skip": ["FW-001"]})
        yield started


@pytest.fixture(autouse=True)
def _as_it_was(system, host, request):
    before = plays.shell(host, STATE.format(passwords=system.passwords))
    yield
    if "confirms" not in request.node.name:
        assert plays.shell(host, STATE.format(passwords=system.passwords)) == before
        assert wait_for(lambda: root_gets_in(host), MARGIN)
        assert not is_waiting(host)


def is_waiting(host: Host) -> bool:
    return plays.shell(host, f"test -e {PENDING} && echo yes || true") == "yes"


def is_up_again(host: Host) -> bool:
    """Nothing waits any more, and then root gets in. Only in this order: he gets in until the host goes down, too."""
    try:
        return not is_waiting(host) and root_gets_in(host)
    except HostError:
        return False  # a host that goes down ends what is asked there


def with_a_foreign_key(system: System, directory: Path, *, timeout: int = TIMEOUT) -> dict[str, object]:
    """The commonest way to lock oneself out: all is proven on the host, and nobody here has that private key."""
    public = key_pair(directory / "admin").with_suffix(".pub").read_text()
    wishes = {"python_host_admin_authorized_keys": [public], "python_host_confirm_timeout": timeout}
    return wishes if system is UBUNTU else {**wishes, **checklist_alone(system)}


def checklist_alone(system: System) -> dict[str, object]:
    return {"python_host_skip": [*LEFT_OUT, "FW-001"], "ansible_python_interpreter": system.python}


def kill_the_controller_while_it_waits(system: System, host: Host, variables: dict[str, object]) -> None:
    """SIGKILL to ansible-playbook and all its children, once the host has something to take back."""
    with controller.running(plays.SITE if system is UBUNTU else CHECKLIST, host.inventory, variables):
        assert wait_for(lambda: is_waiting(host), 90)


@ON_UBUNTU
def test_a_login_that_does_not_work_closes_nothing(system, host, tmp_path):
    run = plays.play(plays.SITE, [host.inventory], variables=with_a_foreign_key(system, tmp_path))
    assert run.code != 0
    (message,) = run.failures[-1:]
    assert all(word in message for word in ("A fresh login as deploy", "Permission denied", "taken", f"{TIMEOUT} s"))


@EVERYWHERE
def test_the_host_needs_no_controller_to_take_it_back(system, host, tmp_path):
    kill_the_controller_while_it_waits(system, host, with_a_foreign_key(system, tmp_path))
    assert wait_for(lambda: not is_waiting(host), TIMEOUT + MARGIN)


@EVERYWHERE
def test_at_boot_what_waits_is_taken_back(system, host, tmp_path):
    kill_the_controller_while_it_waits(system, host, with_a_foreign_key(system, tmp_path, timeout=300))
    plays.shell(host, system.next_boot.format(service=system.service))
    assert wait_for(lambda: is_up_again(host), MARGIN)


@ON_UBUNTU
def test_the_next_run_takes_back_what_an_earlier_one_left_and_a_good_login_confirms(system, host, tmp_path):
    kill_the_controller_while_it_waits(system, host, with_a_foreign_key(system, tmp_path, timeout=300))
    variables = {
        "python_host_admin_key_file": str(key_pair(tmp_path / "mine")),
        "python_host_confirm_timeout": TIMEOUT,
    }
    run = plays.play(plays.SITE, [host.inventory], variables=variables)
    assert run.code == 0, run.output
    assert "never confirmed" in run.output, run.output
    assert run.answer("security_checklist")["confirmed"] == "as deploy on port 22"
    time.sleep(TIMEOUT + 2)
    assert not is_waiting(host)
    assert not root_gets_in(host)
    again = plays.play(plays.SITE, [host.inventory], variables=variables)
    assert (again.code, again.changed) == (0, ())
