"""Runs of the checklist over hosts on which every command and file of ours has its effect."""

from __future__ import annotations

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.engine import Engine, selected
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.catalog import CHECKS
from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Executor
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.transaction import PackageSession
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery import installation
from tests.unit.module_utils._checks.sshd_double import with_lines
from tests.unit.module_utils._checks.worlds import (
    ACCOUNT,
    FAIL2BAN,
    FIREWALL,
    INSTALLED,
    JAIL_FILE,
    SSHD_FILE,
    SUDO,
    SUDOERS_FILE,
    UPDATES,
    fresh,
    packages,
    put,
    raw,
    sshd_says,
)
from tests.unit.module_utils._packages.hosts import PRIVATE, QUERY, simulation, transaction

NEW_PACKAGES = ("unattended-upgrades", "fail2ban", "python3-systemd", "iptables", "ufw")


def becomes(part):
    """An effect: the host changes as the part says."""
    return lambda host: put(host, **part)


class Run:
    """One run of the checklist: what it found, changed and wrote."""

    def __init__(self, host, asked, *, check_mode=False, checks=None):
        self.naps = []
        executor = Executor(host, None if check_mode else host)
        session = PackageSession(asked.platform, host, executor)
        engine = Engine(host, asked, checks or selected(CHECKS, asked), sleep=self.naps.append)
        before = list(host.performed)
        self.outcome = engine.apply(executor, session)
        self.status = {finding.check_id: finding.status for finding in self.outcome.findings}
        self.findings = {finding.check_id: finding for finding in self.outcome.findings}
        self.changes = [(change.kind, change.target) for change in executor.changes]
        self.written = host.performed[len(before) :]

    def ids(self, status):
        return tuple(check_id for check_id, found in self.status.items() if found is status)


def fresh_with_effects():
    """A fresh host on which every command and file of ours has the effect that it had on the real one."""
    host = fresh()
    foretold = "".join(f"Inst {name} (1.0 Ubuntu:22.04/jammy [amd64])\n" for name in NEW_PACKAGES)
    for configuration in ("", PRIVATE):
        host.answers[simulation("install", *NEW_PACKAGES, configuration=configuration)] = foretold

    def installed(changed):
        put(changed, answers={QUERY: packages(*INSTALLED)}, programs={**UPDATES["programs"], **FAIL2BAN["programs"]})
        put(changed, answers=UPDATES["answers"], programs=FIREWALL["programs"])
        put(changed, answers={"iptables -S": raw("ufw-not-loaded/iptables-S.txt")})
        put(changed, answers={"ip6tables -S": raw("ufw-not-loaded/ip6tables-S.txt")})

    host.effects = {
        f"run {transaction('install', *NEW_PACKAGES)}": installed,
        "run useradd -m -d /home/deploy -s /bin/bash -p * -K PASS_MAX_DAYS=-1 -f -1 -U -G sudo deploy": becomes(
            ACCOUNT
        ),
        SUDOERS_FILE: becomes(SUDO),
        JAIL_FILE: becomes(FAIL2BAN),
        "run systemctl enable --now fail2ban.service": becomes(
            {"answers": {name: raw("prepared/systemctl-show.txt") for name in host.answers if "systemctl show" in name}}
        ),
        "run ufw --force enable": becomes(FIREWALL),
        f"run systemctl enable {installation.UNIT}": becomes(
            {"answers": {f"systemctl is-enabled {installation.UNIT}": "enabled\n"}}
        ),
        SSHD_FILE: close_as_told,
    }
    return host


def close_as_told(host):
    """sshd takes the lines of our file into use, and listens where they say."""
    lines = (host.files[SSHD_FILE] or "").splitlines()
    text = with_lines(raw("fresh/sshd-T.txt"), lines)
    port = next((line.partition(" ")[2] for line in lines if line.startswith("Port ")), "22")
    listens = raw("fresh/ss-Hltn.txt").replace(":22 ", f":{port} ")
    put(host, answers={**sshd_says(text), "sshd -T": text, "ss -Hltn": listens})
