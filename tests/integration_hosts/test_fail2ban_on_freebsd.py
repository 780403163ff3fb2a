"""FreeBSD with fail2ban in place of its own daemon: prepared, audited, attacked, and prepared once more."""

from __future__ import annotations

import pytest

from tests.integration_hosts import access_state
from tests.integration_hosts.plays import SITE, hosts, play, shell
from tests.integration_hosts.shell_functions import A_NIGHT_ON_FREEBSD
from tests.tools import paths

AUDIT = paths.ROOT / "playbooks/audit.yml"
GUESS = (
    "ssh -o BatchMode=yes -o ConnectTimeout=5 -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null"
    " no-such-user@{address} true 2>&1 || true"
)
# As many as fail2ban's own jail.conf lets an address have (maxretry).
GUESSES = 5


@pytest.fixture(scope="module")
def host():
    with hosts("fail2ban-on-freebsd", image="freebsd") as (started,):
        yield started


@pytest.fixture(scope="module")
def stranger():
    with hosts("fail2ban-stranger") as (started,):
        yield started


@pytest.fixture(scope="module")
def variables(host):
    return {
        "python_host_admin_key_file": str(access_state.key_pair(host.folder / "admin_ed25519")),
        "python_host_upgrade": "security",
        "freebsd_base_brute_force": "fail2ban",
    }


@pytest.fixture(scope="module")
def prepared(host, variables):
    run = play(SITE, [host.inventory], variables=variables)
    assert run.failures == (), run.output
    shell(host, A_NIGHT_ON_FREEBSD)
    return run


@pytest.fixture(scope="module")
def audited(prepared, host, variables):
    return play(AUDIT, [host.inventory], variables={**variables, "ansible_become": True})


@pytest.fixture(scope="module")
def answers(audited, host, stranger):
    """What the stranger's ssh is told, guess by guess."""
    assert reached(stranger, host)
    return [shell(stranger, GUESS.format(address=host.address)) for _guess in range(GUESSES)]


def reached(stranger, host):
    connect = f"import socket; socket.create_connection(('{host.address}', 22), 2)"
    return shell(stranger, f'python3 -c "{connect}" 2>/dev/null && echo yes || echo no') == "yes"


@pytest.mark.parametrize("check_id", ["BAN-001", "BAN-002", "FW-001"])
def test_the_jail_and_its_way_through_pf_are_set_up(prepared, check_id):
    assert prepared.statuses()[check_id] == "fixed"


def test_an_audit_finds_good_all_that_was_made_good(prepared, audited):
    assert (audited.failures, audited.changed) == ((), ()), audited.output
    good = [name for name, status in prepared.statuses().items() if status in ("pass", "fixed")]
    assert {name: audited.statuses()[name] for name in good} == dict.fromkeys(good, "pass")
    assert not {"fail", "unknown"} & set(audited.statuses().values())


def test_a_stranger_who_guesses_is_banned_by_fail2ban_through_pf(answers, host, stranger):
    assert [answer for answer in answers if "Permission denied" not in answer] == []
    assert access_state.wait_for(lambda: not reached(stranger, host), 30)
    assert f"Banned IP list:\t{stranger.address}" in shell(host, "fail2ban-client status sshd")
    assert shell(host, "pfctl -q -a f2b/sshd -t f2b-sshd -T show") == stranger.address


def test_a_second_run_changes_nothing_and_leaves_the_ban(answers, host, stranger, variables):
    run = play(SITE, [host.inventory], variables=variables)
    assert (run.failures, run.changed) == ((), ()), run.output
    assert set(run.statuses().values()) <= {"pass", "not_applicable"}
    assert not reached(stranger, host)
