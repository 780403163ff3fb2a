"""fail2ban on FreeBSD, where the user wants it instead of the base system's daemon."""

from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.files import FILES
from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Status
from tests.unit.module_utils._checks.freebsd_worlds import (
    FREEBSD_14,
    FREEBSD_15,
    on_freebsd,
    seen,
    services,
    variables,
)
from tests.unit.module_utils._checks.pf_worlds import SSH, our_block, pf_off, pf_on
from tests.unit.module_utils._checks.worlds import check, put

JAIL = "fail2ban-client -i <<< status sshd; get sshd actions; get sshd ignoreip"
JAIL_SAYS = (
    "fail2ban> Status for the jail: sshd\n|- Filter\n|  |- Currently failed: 0\n|  `- File list:\t/var/log/auth.log\n"
    "fail2ban> The jail sshd has the following actions:\npf\n"
    "fail2ban> These IP addresses/networks are ignored:\n|- 127.0.0.0/8\n|- ::1\n`- 172.17.0.1\nfail2ban> "
)
JAILS_RULES = "pfctl -a f2b/sshd -s rules"
RULE = "block drop quick proto tcp from <f2b-sshd> to any port = ssh\n"


def jailed(**words):
    """fail2ban runs with our jail; `pf` is its action."""
    block = our_block(*SSH).replace("blacklistd/*", "f2b/*")
    return put(
        pf_on(**{"file": block, **words}),
        answers={
            **services(fail2ban="enabled running"),
            **variables(fail2ban_enable="YES"),
            JAIL: JAIL_SAYS,
            "fail2ban-client -i <<< get sshd action pf port": "fail2ban> 22\nfail2ban> ",
            JAILS_RULES: RULE,
            "grep -h -m 1 sshd /var/log/auth.log": "Nov 22 10:00:00 host sshd-session[9]: Accepted publickey\n",
        },
        programs={"fail2ban-client": "/usr/local/bin/fail2ban-client"},
    )


@pytest.mark.parametrize("check_id", ["BAN-001", "BAN-002"])
def test_fail2ban_bans_where_the_user_wants_it(check_id):
    assert seen(check_id, jailed(), brute_force="fail2ban").status is Status.PASS


@pytest.mark.parametrize(
    ("host", "words"),
    [
        (put(jailed(), answers=services(fail2ban="disabled running")), "does not start at boot"),
        (jailed(file=our_block(*SSH)), 'anchor "f2b/*" in'),
        (put(jailed(), answers={"grep -h -m 1 sshd /var/log/auth.log": ""}), "no message of sshd"),
        (pf_off(), "not installed"),
        (put(jailed(), answers={JAILS_RULES: ""}), "pf has no rule of the jail"),
    ],
)
def test_a_jail_that_bans_nobody(host, words):
    found = seen("BAN-001", host, brute_force="fail2ban")
    assert (found.status, words in found.observed) == (Status.FAIL, True)


def test_the_jail_reads_what_freebsds_sshd_writes_and_bans_by_pf():
    asked = on_freebsd(brute_force="fail2ban", fail2ban_ban_time="1h")
    found = check("BAN-001").settings(jailed(), asked)
    assert [(setting.file, setting.key, setting.value) for setting in found] == [
        ("fail2ban-freebsd", "sshd/enabled", "true"),
        ("fail2ban-freebsd", "sshd/backend", "auto"),
        ("fail2ban-freebsd", "sshd/filter", "bsd-sshd-session"),
        ("fail2ban-freebsd", "sshd/logpath", "/var/log/auth.log"),
        ("fail2ban-freebsd", "sshd/port", "22"),
        ("fail2ban-freebsd", "sshd/banaction", "pf"),
        ("fail2ban-freebsd", "sshd/bantime", "1h"),
    ]


def test_a_fail2ban_that_runs_is_started_again_and_has_to_answer():
    load = FILES["fail2ban-freebsd"].load
    restart, answer = load(jailed(), FREEBSD_14, ())
    assert (restart.argv, answer.argv) == (("service", "fail2ban", "onerestart"), ("fail2ban-client", "ping"))
    assert load(put(jailed(), answers=services(fail2ban="enabled stopped")), FREEBSD_14, ()) == ()


def commands(host):
    """What mends the row."""
    return [" ".join(action.argv) for action in check("BAN-001").remedy(host, on_freebsd(brute_force="fail2ban"))]


def test_fail2ban_starts_when_pf_is_in_the_kernel_to_take_its_rule():
    fresh = put(
        pf_off(),
        answers={
            **services(fail2ban="disabled stopped"),
            **variables(fail2ban_enable="NO"),
        },
    )
    assert commands(fresh) == ["kldload -n pf", "sysrc fail2ban_enable=YES", "service fail2ban onestart"]


def test_a_jail_that_has_lost_its_rule_is_started_again():
    assert commands(jailed()) == []
    assert commands(put(jailed(), answers={JAILS_RULES: ""})) == ["service fail2ban onerestart"]


def test_only_fail2ban_needs_a_package():
    row = check("BAN-001")
    needed = [row.needs(on_freebsd(brute_force=wanted, platform=FREEBSD_15)) for wanted in ("base", "fail2ban")]
    assert needed == [(), ("fail2ban",)]
