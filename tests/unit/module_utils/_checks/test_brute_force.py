from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Status
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import fail2ban
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import CommandMissing
from ansible_collections.groundwork.python_host.plugins.module_utils._host.login import Login
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import FileStat
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform
from tests.unit.module_utils._checks.sshd_double import on_port
from tests.unit.module_utils._checks.worlds import (
    JAIL,
    JAIL_PORT,
    JOURNAL,
    SHOW_UNITS,
    check,
    context,
    failed,
    fresh,
    look,
    prepared,
    put,
    raw,
    sshd_says,
    units,
)

GREP = "grep -h -m 1 sshd /var/log/nobody.log"
DEAD_LOG = {JAIL: raw("dead-log/fail2ban-sshd.txt"), JAIL_PORT: raw("dead-log/fail2ban-port.txt")}
ON_2222 = sshd_says(on_port(raw("prepared/sshd-T.txt"), 2222))


LAST_SAID = JOURNAL.replace("-o cat", "-o short-unix")
OLD_LOG = {**DEAD_LOG, GREP: "sshd[7]: Accepted publickey for deploy\n"}
IGNORING_ALL = {JAIL: raw("prepared/fail2ban-sshd.txt").replace("|- 127.0.0.0/8", "|- 0.0.0.0\n|- ::")}
# When the log was written; the last of sshd's own words in the journal are what a row says.
WRITTEN = FileStat("file", 0o640, "syslog", "adm", modified=1795382400.0)


def port(answer):
    return {JAIL_PORT: raw("prepared/fail2ban-port.txt").replace("fail2ban> 22\n", f"fail2ban> {answer}")}


ROWS = [
    ("as made by us", {}, Status.PASS, []),
    ("switched off", {JAIL: raw("no-jail/fail2ban-sshd.txt")}, Status.FAIL, ["no sshd jail"]),
    ("not running", {JAIL: raw("not-running/fail2ban-sshd.txt")}, Status.FAIL, ["no sshd jail", "does not run"]),
    (
        "a log that nobody writes",
        {**DEAD_LOG, GREP: failed(1)},
        Status.FAIL,
        ["no message of sshd", "/var/log/nobody.log"],
    ),
    ("a log that is gone", {**DEAD_LOG, GREP: failed(2)}, Status.FAIL, ["/var/log/nobody.log"]),
    ("a log that sshd writes", {**DEAD_LOG, GREP: "sshd[7]: Accepted publickey for deploy\n"}, Status.PASS, []),
    (
        "a log of last year",
        {**OLD_LOG, LAST_SAID: "1795382461.5 host sshd[9]: x\n"},
        Status.FAIL,
        ["any more"],
    ),
    ("a log that is a little late", {**OLD_LOG, LAST_SAID: "1795382459.5 host sshd[9]: x\n"}, Status.PASS, []),
    ("a journal that says nothing of a log", {**OLD_LOG, LAST_SAID: failed(1)}, Status.PASS, []),
    ("everybody is ignored", IGNORING_ALL, Status.FAIL, ["ignores everybody (0.0.0.0, ::)"]),
    ("a journal without sshd's entries", {JOURNAL: failed(1)}, Status.FAIL, ["journal has no entry", "_COMM=sshd"]),
    (
        "no source at all",
        {JAIL: raw("prepared/fail2ban-sshd.txt").replace("Journal matches:", "Nothing:")},
        Status.FAIL,
        ["reads no log"],
    ),
    (
        "no action",
        {
            JAIL: raw("no-action/fail2ban-sshd.txt"),
            "journalctl -q -n 1 -o cat _SYSTEMD_UNIT=sshd.service + _COMM=sshd": "x\n",
        },
        Status.FAIL,
        ["no action", "bans nobody"],
    ),
    ("ssh by name", port("ssh\n"), Status.PASS, []),
    ("more ports than sshd's", port("ssh,2222\n"), Status.PASS, []),
    ("every port", {**port("0:65535\n"), **ON_2222}, Status.PASS, []),
    ("an action that knows no ports", {**port(""), **ON_2222}, Status.PASS, []),
    ("another port than sshd's", {**port("ssh\n"), **ON_2222}, Status.FAIL, ["does not block port 2222"]),
    ("not at the next boot", units(fail2ban_service="disabled active"), Status.FAIL, ["boot"]),
]


@pytest.mark.parametrize(("_case", "answers", "status", "words"), ROWS, ids=lambda value: str(value)[:40])
def test_the_jail(_case, answers, status, words):
    host = put(prepared(), answers=answers, stats={"/var/log/nobody.log": WRITTEN})
    if LAST_SAID in answers:
        put(host, programs={"journalctl": "/usr/bin/journalctl"})
    found = look("BAN-001", host)
    assert found.status is status
    assert [word for word in words if word not in found.observed] == []


@pytest.mark.parametrize("check_id", ["BAN-001", "BAN-002"])
def test_a_fresh_host_has_none(check_id):
    assert look(check_id, fresh()).status is Status.FAIL


@pytest.mark.parametrize("check_id", ["BAN-001", "BAN-002"])
def test_only_root_may_ask_the_server(check_id):
    host = prepared()
    host.uid = 1000
    found = look(check_id, host)
    assert found.status is Status.UNKNOWN
    assert "become: true" in found.observed


def test_where_there_is_no_systemd_the_jail_cannot_be_judged():
    host = put(prepared(), answers={SHOW_UNITS: CommandMissing("systemctl")})
    assert look("BAN-001", host, context(platform=Platform("unknown"))).status is Status.UNKNOWN


def ignoring(*addresses):
    answer = "".join(f"|- {address}\n" for address in addresses)
    text = raw("prepared/fail2ban-sshd.txt")
    start, end = text.index("|- 127.0.0.0/8"), text.rindex("fail2ban> ")
    return {JAIL: f"{text[:start]}{answer}{text[end:]}"}


@pytest.mark.parametrize(
    ("listed", "login", "wished", "status"),
    [
        (["172.17.0.1"], "172.17.0.1", (), Status.PASS),
        (["172.17.0.0/16"], "172.17.0.1", (), Status.PASS),
        (["172.17.0.2"], "172.17.0.1", (), Status.FAIL),
        (["2001:db8::/32"], "172.17.0.1", (), Status.FAIL),
        (["2001:db8::1"], "2001:db8::1", (), Status.PASS),
        # fail2ban writes a network by its first address and an address in its shortest form
        (["172.17.0.1", "10.0.0.0/8"], "172.17.0.1", ("10.1.2.3/8",), Status.PASS),
        (["172.17.0.1", "2001:db8::1"], "172.17.0.1", ("2001:DB8:0::1",), Status.PASS),
        (["172.17.0.1", "10.0.0.0/8"], "172.17.0.1", ("10.1.0.0/16",), Status.PASS),
        (["172.17.0.1", "10.0.0.0/16"], "172.17.0.1", ("10.0.0.0/8",), Status.FAIL),
        (["172.17.0.1", "office.example.org"], "172.17.0.1", ("office.example.org",), Status.PASS),
        (["172.17.0.1"], "172.17.0.1", ("office.example.org",), Status.FAIL),
        ([], "", (), Status.NOT_APPLICABLE),
    ],
)
def test_who_must_get_in_is_never_banned(listed, login, wished, status):
    host = put(prepared(), answers=ignoring(*listed))
    found = look("BAN-002", host, context(login=Login(login, 22), fail2ban_ignore=wished))
    assert found.status is status


@pytest.mark.parametrize("state", ["no-jail", "not-running"])
def test_without_a_jail_nobody_is_on_its_list(state):
    host = put(prepared(), answers={JAIL: raw(f"{state}/fail2ban-sshd.txt")})
    assert look("BAN-002", host).status is Status.FAIL


def test_the_jail_is_for_sshds_ports_and_the_time_that_the_user_wants():
    settings = {
        setting.key: setting.value
        for setting in check("BAN-001").settings(prepared(), context(ssh_port=2222, fail2ban_ban_time="1h"))
    }
    assert (settings["sshd/port"], settings["sshd/bantime"]) == ("2222", "1h")
    assert (settings["sshd/enabled"], settings["sshd/backend"]) == ("true", "systemd")
    assert {"_SYSTEMD_UNIT=ssh.service", "_COMM=sshd-session"} <= set(settings["sshd/journalmatch"].split(" + "))


def test_a_ban_time_that_nobody_gave_stays_the_jails_own():
    assert "sshd/bantime" not in {setting.key for setting in check("BAN-001").settings(prepared(), context())}


def test_loopback_the_users_list_and_this_login_are_ignored():
    asked = context(login=Login("203.0.113.5", 22), fail2ban_ignore=("10.0.0.0/8", "203.0.113.5"))
    (setting,) = check("BAN-002").settings(prepared(), asked)
    assert setting.value == "127.0.0.0/8 ::1 10.0.0.0/8 203.0.113.5"


def test_the_server_is_asked_once_for_all_that_it_knows():
    host = prepared()
    assert fail2ban.actions(host) == ("iptables-multiport",)
    assert fail2ban.ignored(host) == ("127.0.0.0/8", "172.17.0.1", "::1")
    assert set(host.asked) == {JAIL}


def test_several_actions_are_told_apart():
    text = raw("prepared/fail2ban-sshd.txt").replace("iptables-multiport", "iptables-multiport, sendmail-whois")
    assert fail2ban.actions(put(prepared(), answers={JAIL: text})) == ("iptables-multiport", "sendmail-whois")
