"""How a play goes on when its own login is closed: two hosts at once, one of them slow, and no lasting connection."""

from __future__ import annotations

import json
import socket

import pytest

from tests.integration_hosts.plays import SITE, hosts, play, shell

PASSWORD = "correct horse"
HASH = "$6$groundwork$gT6hu/7LKSi7KVqgd2ev0xFvexFJuMb1sZT10KbSuxj.KvpynhhnEecMXWP9H9eAhIHGbAz5sVtM3ieqiQPQE/"
# Every task logs in anew, so nothing lives on by a connection that was made before the login was closed.
NO_LASTING_CONNECTION = {"ANSIBLE_SSH_ARGS": "-o ControlMaster=no -o ControlPath=none"}


@pytest.fixture(scope="module")
def pair():
    """`quick` asks the administrator for a password and moves sshd at once; `slow` takes a second to log anybody in."""
    with hosts("quick", "slow") as (quick, slow):
        shell(slow, "printf 'sleep 1\\n' > /etc/ssh/sshrc")
        yield quick, slow


@pytest.fixture(scope="module")
def inventory(pair):
    """One inventory for every run: root's login, as the hosts were handed over, and what each of them shall be."""
    quick, slow = pair
    own = {
        quick.name: {
            "python_host_admin_sudo": "password",
            "python_host_admin_password_hash": HASH,
            "ansible_become_password": PASSWORD,
            "python_host_ssh_port": 2222,
        },
        slow.name: {},
    }
    variables = {host.name: {"python_host_admin_key_file": str(host.folder / "admin_ed25519")} for host in pair}
    wanted = quick.folder / "wanted.yml"
    wanted.write_text(json.dumps({"all": {"hosts": {name: {**own[name], **variables[name]} for name in own}}}))
    return [quick.inventory, slow.inventory, wanted]


@pytest.fixture(scope="module")
def first(inventory):
    return play(SITE, inventory, environment=NO_LASTING_CONNECTION)


@pytest.fixture(scope="module")
def second(first, inventory, pair):
    before = [root_logins(host) for host in pair]
    run = play(SITE, inventory)
    return run, before, [root_logins(host) for host in pair]


@pytest.fixture(scope="module")
def moved(second, inventory):
    """The slow host's sshd is wanted on another port, long after root was closed."""
    return play(SITE, inventory, variables={"python_host_ssh_port": 2222})


def root_logins(host):
    """What sshd has written about root: logins, and attempts that failed."""
    return shell(host, "journalctl -q -o cat _COMM=sshd | grep -c 'root' || true")


def listens(host, port):
    try:
        with socket.create_connection((host.address, port), timeout=3) as connection:
            return connection.recv(4) == b"SSH-"
    except OSError:
        return False


def test_both_runs_end_as_the_administrator(first, pair):
    assert first.failures == (), first.output
    quick, slow = pair
    assert first.answer("security_checklist", quick.name)["handover"]["user"] == "deploy"
    assert first.answer("security_checklist", slow.name)["handover"]["user"] == "deploy"
    for host in pair:
        assert first.answer("python_runtime", host.name)["release"], "the phase after the hand-over was run"
        assert first.statuses(host.name)["SSH-001"] == "fixed"


def test_the_play_says_how_it_goes_on(first):
    assert "The login that this play came in by is closed" in first.output
    assert "user deploy" in first.output


def test_the_same_inventory_works_again_and_changes_nothing(second):
    run, _before, _after = second
    assert run.failures == (), run.output
    assert run.changed == ()


def test_root_is_not_even_tried_again(second):
    _run, before, after = second
    assert before == after


def test_sudo_asks_the_administrator_for_the_given_password(first, pair):
    quick, _slow = pair
    command = "runuser -u deploy -- sudo -k -S -p '' id -un"
    assert shell(quick, f"echo '{PASSWORD}' | {command}") == "root"
    assert shell(quick, f"echo wrong | {command} 2>/dev/null || echo refused") == "refused"


def test_a_port_can_move_together_with_the_login(first, pair):
    quick, _slow = pair
    assert first.answer("security_checklist", quick.name)["handover"]["port"] == 2222
    assert listens(quick, 2222)
    assert not listens(quick, 22)


def test_a_port_can_move_later_and_the_inventory_stays_as_it_is(moved, inventory, pair):
    assert moved.failures == (), moved.output
    _quick, slow = pair
    assert moved.answer("security_checklist", slow.name)["handover"] == {"port": 2222}
    assert listens(slow, 2222)
    again = play(SITE, inventory, variables={"python_host_ssh_port": 2222})
    assert again.failures == (), again.output
    assert again.changed == ()


def test_the_ban_and_the_firewall_follow_the_port(moved, pair):
    for host in pair:
        assert (
            shell(host, "fail2ban-client get sshd action $(fail2ban-client get sshd actions | tail -1) port") == "2222"
        )
        assert "2222/tcp" in shell(host, "ufw status")
        assert {moved.statuses(host.name)[name] for name in ("BAN-001", "FW-001", "SSH-006")} <= {"pass", "fixed"}
