"""Guessing ends in a ban, by the way that a real attack takes: sshd writes it down or tells it, and somebody counts."""

from __future__ import annotations

import time

import pytest

from tests.integration_hosts.access_state import wait_for


@pytest.fixture
def unbanned(machine, intruder, family):
    """A run of these tests leaves a ban behind, which a second one must not take for its own."""
    family.bans.forget(machine, intruder.address)


@pytest.fixture
def guesses(attacker, family):
    """Options of ssh for the keys that are offered, which nobody has let in."""
    names = [f"/root/.ssh/guess-{number}" for number in range(family.bans.keys)]
    for name in names:
        attacker.check_output(f"test -e {name} || ssh-keygen -q -t ed25519 -N '' -f {name}")
    return " ".join(["-o IdentitiesOnly=yes", *(f"-i {name}" for name in names)])


def reaches_ssh(attacker, address):
    return attacker.run(f"timeout 3 bash -c 'exec 3<>/dev/tcp/{address}/22 && read -t 3 greeting <&3'").rc == 0


def test_a_few_guesses_are_banned_and_the_controller_is_not(
    machine, attacker, prepared, intruder, client, admin_key, family, guesses, unbanned
):
    assert reaches_ssh(attacker, prepared.address)
    options = f"-o BatchMode=yes -o StrictHostKeyChecking=no -o ConnectTimeout=15 {guesses}"
    login = f"ssh {options} {family.bans.login}@{prepared.address}"
    answers = [attacker.run(f"{login} true") for _attempt in range(family.bans.attempts)]
    # One that never reached sshd would be no attempt to count.
    assert [answer.stderr for answer in answers if "Permission denied" not in answer.stderr] == []
    assert wait_for(lambda: family.bans.banned(machine) == [intruder.address], 60)
    # An address is listed first, and refused by the firewall then.
    assert wait_for(lambda: not reaches_ssh(attacker, prepared.address), 10)
    assert client.with_key("deploy", admin_key).stdout == "deploy\n"


def test_the_controller_may_fail_as_often_as_it_likes(client, admin_key, family):
    for _attempt in range(family.bans.enough):
        assert client.with_key("no-such-user", admin_key).returncode == 255
    time.sleep(2)
    assert client.with_key("deploy", admin_key).stdout == "deploy\n"
