"""Guessing ends in a ban, by the way that a real attack takes: sshd writes it down, and fail2ban reads it."""

from __future__ import annotations

import re
import time

import pytest

JAIL = "fail2ban-client status sshd"
ATTEMPTS = 5


@pytest.fixture
def unbanned(machine, intruder):
    """A run of these tests leaves a ban behind, which a second one must not take for its own."""
    machine.run(f"fail2ban-client set sshd unbanip {intruder.address}")


def reaches_ssh(attacker, address):
    return attacker.run(f"timeout 3 bash -c 'exec 3<>/dev/tcp/{address}/22 && read -t 3 greeting <&3'").rc == 0


def banned(machine):
    return re.findall(r"Banned IP list:\s*(.*)", machine.check_output(JAIL))[0].split()


def comes_true(question, *, seconds):
    deadline = time.monotonic() + seconds
    while not question():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.5)
    return True


def test_five_logins_as_nobody_are_banned_and_the_controller_is_not(
    machine, attacker, prepared, intruder, client, admin_key, unbanned
):
    assert reaches_ssh(attacker, prepared.address)
    login = f"ssh -o BatchMode=yes -o StrictHostKeyChecking=no -o ConnectTimeout=15 no-such-user@{prepared.address}"
    answers = [attacker.run(f"{login} true") for _attempt in range(ATTEMPTS)]
    # One that never reached sshd would be no attempt for fail2ban to count.
    assert [answer.stderr for answer in answers if "Permission denied" not in answer.stderr] == []
    assert comes_true(lambda: banned(machine) == [intruder.address], seconds=30)
    # fail2ban lists an address first and has the firewall refuse it then.
    assert comes_true(lambda: not reaches_ssh(attacker, prepared.address), seconds=10)
    assert client.with_key("deploy", admin_key).stdout == "deploy\n"


def test_the_controller_may_fail_as_often_as_it_likes(machine, client, admin_key):
    for _attempt in range(ATTEMPTS + 1):
        assert client.with_key("no-such-user", admin_key).returncode == 255
    time.sleep(2)
    assert client.with_key("deploy", admin_key).stdout == "deploy\n"
