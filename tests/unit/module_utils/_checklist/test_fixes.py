"""Each fix, four ways: audit, check mode with an untouched host, apply, apply again without a change."""

from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.engine import Engine
from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Status
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import selinux
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.catalog import CHECKS
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.running_sshd import PID_FILE
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import FileStat
from tests.unit.module_utils._checklist.runs import Run, becomes
from tests.unit.module_utils._checks.sshd_double import on_port
from tests.unit.module_utils._checks.worlds import (
    ACCOUNT,
    APT_FILE,
    AUTHORIZED_KEYS,
    FAIL2BAN,
    FIREWALL,
    FREEBSD,
    HOME,
    INSTALLED,
    JAIL_FILE,
    NO_ACCOUNT,
    NO_SUDO,
    SSHD_CLOSED,
    SSHD_FILE,
    SSHD_HAS_READ,
    SUDO,
    SUDOERS_FILE,
    UBUNTU,
    UPDATES,
    check,
    context,
    failed,
    packages,
    prepared,
    put,
    raw,
    sshd_says,
    units,
)
from tests.unit.module_utils._packages.hosts import QUERY
from tests.unit.module_utils._platform.hosts import fixture


def without(host, *keywords):
    """The host whose sshd has these keywords as on a fresh one, and no file of ours."""
    text = raw("prepared/sshd-T.txt")
    for keyword, bad in keywords:
        good = next(line for line in text.splitlines() if line.startswith(f"{keyword} "))
        text = text.replace(f"{good}\n", f"{keyword} {bad}\n")
    return put(host, answers={**sshd_says(text), "sshd -T": text})


def closing(keyword, bad):
    return lambda: without(prepared(), (keyword, bad)), {}, {SSHD_FILE: becomes(SSHD_CLOSED)}, [("file", SSHD_FILE)]


def written_at(time):
    return FileStat("file", 0o644, "root", "root", modified=time)


def other_port():
    text = on_port(raw("prepared/sshd-T.txt"), 2222)
    listens = {"ss -Hltn": raw("prepared/ss-Hltn.txt").replace(":22 ", ":2222 ")}
    return becomes({"answers": {**sshd_says(text), "sshd -T": text, **listens}})


def passwd(shell):
    return {"getent passwd deploy": f"deploy:x:1000:1000::{HOME}:{shell}\n"}


LIST_PORTS = "semanage port -l -n"
LABELLED = {"answers": {LIST_PORTS: fixture("selinux/semanage-port-l-labelled.txt")}}


def labelled_host():
    """A kernel with SELinux switched on, and sshd on a port that its policy does not let it have."""
    host = put(prepared(), stats={selinux.ENFORCE: written_at(0)}, programs={"semanage": "/usr/sbin/semanage"})
    put(host, answers={QUERY: packages(*INSTALLED, "policycoreutils-python-utils")})
    put(host, answers={LIST_PORTS: fixture("selinux/semanage-port-l.txt")})
    other_port()(host)
    return host


SHELL = becomes({"answers": passwd("/bin/bash")})
HASH = "$6$salt$" + "a" * 43
RULES = {"answers": {"iptables -S": raw("ufw-rules/iptables-S.txt"), "ip6tables -S": raw("ufw-rules/ip6tables-S.txt")}}
CLOCK = "timedatectl show -p NTP -p NTPSynchronized"
TIMER_OFF = units(apt_daily_timer="enabled active", apt_daily_upgrade_timer="disabled inactive")
UNITS_ON = {"answers": {next(iter(TIMER_OFF)): raw("prepared/systemctl-show.txt")}}

# check: (the host, options, what brings the fix about, the changes)
FIXES = {
    "ACC-001 absent": (
        lambda: put(put(prepared(), **NO_ACCOUNT), **SUDO),
        {},
        {
            "run useradd -m -d /home/deploy -s /bin/bash -p * -K PASS_MAX_DAYS=-1 -f -1 -U -G sudo deploy": becomes(
                ACCOUNT
            )
        },
        [("account", "deploy")],
    ),
    "ACC-001 shell": (
        lambda: put(prepared(), answers=passwd("/usr/sbin/nologin")),
        {},
        {"run usermod -s /bin/bash deploy": SHELL},
        [("account", "deploy")],
    ),
    "ACC-001 home": (lambda: put(prepared(), stats={HOME: None}), {}, {}, [("directory", HOME)]),
    "ACC-001 password": (
        lambda: put(prepared(), answers={"sudo -n -l -U deploy": raw("sudo/password.txt")}),
        {"admin_sudo": "password", "admin_password_hash": HASH},
        {"run chpasswd -e": becomes({"answers": {"getent shadow deploy": f"deploy:{HASH}:20779:0:99999:7:::\n"}})},
        [("account", "deploy")],
    ),
    "ACC-002 no key": (
        lambda: put(
            prepared(),
            files={AUTHORIZED_KEYS: None},
            stats={AUTHORIZED_KEYS: None, f"{HOME}/.ssh": None},
        ),
        {},
        {},
        [("directory", f"{HOME}/.ssh"), ("file", AUTHORIZED_KEYS)],
    ),
    "ACC-002 rights": (
        lambda: put(
            prepared(), stats={HOME: prepared().stats[HOME].__class__("directory", 0o775, "deploy", "deploy", 1000)}
        ),
        {},
        {},
        [("attributes", HOME)],
    ),
    "ACC-003": (lambda: put(prepared(), **NO_SUDO), {}, {SUDOERS_FILE: becomes(SUDO)}, [("file", SUDOERS_FILE)]),
    "ACC-004": (
        lambda: put(prepared(), answers={"getent shadow root": "root:$6$salt$hash:20779:0:99999:7:::\n"}),
        {},
        {"run passwd -l root": becomes({"answers": {"getent shadow root": "root:!$6$salt$hash:20779:0:99999:7:::\n"}})},
        [("account", "root")],
    ),
    "TIME-001": (
        lambda: put(prepared(), answers={CLOCK: "NTP=no\nNTPSynchronized=no\n"}),
        {},
        {"run timedatectl set-ntp true": becomes({"answers": {CLOCK: "NTP=yes\nNTPSynchronized=yes\n"}})},
        [("clock", "NTP")],
    ),
    "UPD-001 timer": (
        lambda: put(prepared(), answers=TIMER_OFF),
        {},
        {"run systemctl enable --now apt-daily-upgrade.timer": becomes(UNITS_ON)},
        [("file", APT_FILE), ("unit", "apt-daily-upgrade.timer")],
    ),
    "UPD-001 settings": (
        lambda: put(prepared(), answers={"apt-config dump": raw("fresh/apt-config-dump.txt")}),
        {},
        {APT_FILE: becomes(UPDATES)},
        [("file", APT_FILE)],
    ),
    "UPD-002 a missing semicolon": (
        lambda: put(prepared(), answers={"apt-config dump": raw("missing-semicolon/apt-config-dump.txt")}),
        {},
        {APT_FILE: becomes(UPDATES)},
        [("file", APT_FILE)],
    ),
    "BAN-001 a dead log": (
        lambda: put(
            prepared(),
            answers={
                **{name: raw("dead-log/fail2ban-sshd.txt") for name in FAIL2BAN["answers"] if "status sshd" in name},
                "grep -h -m 1 sshd /var/log/nobody.log": failed(1),
            },
        ),
        {},
        {JAIL_FILE: becomes(FAIL2BAN)},
        [("file", JAIL_FILE)],
    ),
    "BAN-002": (
        lambda: put(
            prepared(),
            answers={name: raw("dead-log/fail2ban-sshd.txt") for name in FAIL2BAN["answers"] if "status sshd" in name},
        ),
        {},
        {JAIL_FILE: becomes(FAIL2BAN)},
        [("file", JAIL_FILE)],
    ),
    "FW-001 on in ufw's file only": (
        lambda: put(
            prepared(),
            answers={
                "iptables -S": raw("ufw-not-loaded/iptables-S.txt"),
                "ip6tables -S": raw("ufw-not-loaded/ip6tables-S.txt"),
            },
            files={"/etc/ufw/ufw.conf": raw("ufw-not-loaded/ufw.conf")},
        ),
        {},
        {"run ufw --force enable": becomes(FIREWALL)},
        [("firewall", "ufw"), ("firewall", "22/tcp"), ("firewall", "inbound"), ("firewall", "ufw")],
    ),
    "MAC-002": (
        labelled_host,
        {"ssh_port": 2222},
        {"run semanage port -a -t ssh_port_t -p tcp 2222": becomes(LABELLED)},
        [("selinux", "2222/tcp")],
    ),
    "SSH-001": closing("permitrootlogin", "yes"),
    "SSH-002": closing("passwordauthentication", "yes"),
    "SSH-003": closing("kbdinteractiveauthentication", "yes"),
    "SSH-004": closing("pubkeyauthentication", "no"),
    "SSH-005": closing("permitemptypasswords", "yes"),
    "SSH-006": (
        lambda: put(prepared(), **RULES),
        {"ssh_port": 2222},
        {SSHD_FILE: other_port()},
        [("file", SSHD_FILE)],
    ),
    "SSH-007": (
        lambda: put(prepared(), stats={"/etc/ssh/sshd_config": written_at(SSHD_HAS_READ + 1)}),
        {},
        {"run systemctl reload ssh.service": becomes({"stats": {PID_FILE: written_at(SSHD_HAS_READ + 2)}})},
        [("unit", "ssh.service")],
    ),
}


def world(case):
    make, options, effects, changes = FIXES[case]
    host = make()
    host.effects = dict(effects)
    check_id = case.partition(" ")[0]
    return check_id, host, context(**options), changes


def test_every_check_with_a_fix_is_in_the_table():
    without_fix = {"OS-001", "OS-002", "MAC-001"}
    of_freebsd = {row.check_id for row in CHECKS if row.reason_against(UBUNTU) and not row.reason_against(FREEBSD)}
    assert {case.partition(" ")[0] for case in FIXES} == {row.check_id for row in CHECKS} - without_fix - of_freebsd


@pytest.mark.parametrize("case", FIXES)
def test_an_audit_only_reports(case):
    check_id, host, asked, _changes = world(case)
    (finding,) = Engine(host, asked, (check(check_id),)).audit().findings
    assert finding.status is Status.FAIL
    assert host.performed == []


@pytest.mark.parametrize("case", FIXES)
def test_check_mode_tells_the_changes_and_leaves_the_host_alone(case):
    check_id, host, asked, changes = world(case)
    run = Run(host, asked, check_mode=True, checks=(check(check_id),))
    assert run.status == {check_id: Status.WOULD_FIX}
    assert run.changes == changes
    assert host.performed == []


@pytest.mark.parametrize("case", FIXES)
def test_applied_it_is_fixed_and_applied_again_nothing_happens(case):
    check_id, host, asked, changes = world(case)
    run = Run(host, asked, checks=(check(check_id),))
    assert run.status == {check_id: Status.FIXED}
    assert run.findings[check_id].before is Status.FAIL
    assert run.changes == changes

    again = Run(host, asked, checks=(check(check_id),))
    assert again.status == {check_id: Status.PASS}
    assert (again.changes, again.written) == ([], [])


@pytest.mark.parametrize("case", [case for case, row in FIXES.items() if row[2]])
def test_a_fix_without_effect_is_not_called_one(case):
    check_id, host, asked, _changes = world(case)
    host.effects = {}
    run = Run(host, asked, checks=(check(check_id),))
    assert run.status == {check_id: Status.FAIL}
    assert run.naps
