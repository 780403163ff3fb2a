"""Fixes whose packages cannot be had: their rows fail and say what to do, and all else is done."""

from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.engine import Engine
from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Status
from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.package_needs import package_needs
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import Refused
from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Executor
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.transaction import PackageSession
from tests.unit.module_utils._checklist.runs import NEW_PACKAGES, Run, close_as_told, fresh_with_effects
from tests.unit.module_utils._checks.centos_worlds import prepared_centos
from tests.unit.module_utils._checks.worlds import (
    FIREWALL,
    INSTALLED,
    JAIL_FILE,
    NO_SUDO,
    SSHD_FILE,
    SSHD_OPEN,
    UPDATES,
    check,
    context,
    fresh,
    packages,
    put,
    raw,
)
from tests.unit.module_utils._packages import dnf_hosts
from tests.unit.module_utils._packages.dnf_hosts import CENTOS, RHEL, dnf_host
from tests.unit.module_utils._packages.hosts import PRIVATE, QUERY, cache, simulation, transaction

BANS = ("BAN-001", "BAN-002")
DOORS = ("SSH-001", "SSH-002")
OF_FAIL2BAN = ("fail2ban", "python3-systemd", "iptables")
TO_BE_HAD = ("unattended-upgrades", "ufw")


def without_candidate(*names: str) -> CommandResult:
    return CommandResult((), 100, "", "".join(f"E: Package '{name}' has no installation candidate\n" for name in names))


def without_universe():
    """A fresh Ubuntu host none of whose sources has fail2ban."""
    host = fresh_with_effects()
    foretold = "".join(f"Inst {name} (1.0 Ubuntu:22.04/jammy [amd64])\n" for name in TO_BE_HAD)
    for configuration in ("", PRIVATE):
        host.answers[cache("pkgnames", configuration=configuration)] = "ufw\nunattended-upgrades\n"
        for names in (NEW_PACKAGES, OF_FAIL2BAN):
            host.answers[simulation("install", *names, configuration=configuration)] = without_candidate("fail2ban")
        for names in (TO_BE_HAD, TO_BE_HAD[:1], TO_BE_HAD[1:]):
            host.answers[simulation("install", *names, configuration=configuration)] = foretold

    def installed(changed):
        put(changed, answers={QUERY: packages(*TO_BE_HAD, "sudo", "systemd-timesyncd", "openssh-server")})
        put(changed, answers=UPDATES["answers"], programs={**UPDATES["programs"], **FIREWALL["programs"]})
        put(changed, answers={"iptables -S": raw("ufw-not-loaded/iptables-S.txt")})
        put(changed, answers={"ip6tables -S": raw("ufw-not-loaded/ip6tables-S.txt")})

    del host.effects[f"run {transaction('install', *NEW_PACKAGES)}"]
    enabled = host.effects.pop("run systemctl enable --now fail2ban.service")
    host.effects["run ufw --force enable"] = lambda changed: (enabled(changed), put(changed, **FIREWALL))
    host.effects[f"run {transaction('install', *TO_BE_HAD)}"] = installed
    return host


def test_what_cannot_be_had_fails_alone_and_says_why():
    host = without_universe()
    run = Run(host, context())
    assert run.ids(Status.FAIL) == BANS
    for check_id in BANS:
        assert "'fail2ban' is not in the package repositories" in run.findings[check_id].remedy
    assert run.ids(Status.FIXED) == ("ACC-001", "ACC-002", "ACC-003", "UPD-001", "UPD-002", "FW-001", *DOORS)
    assert not any(JAIL_FILE in line or "fail2ban" in line for line in run.written)


def test_check_mode_promises_no_fix_for_it():
    foretold = Run(without_universe(), context(), check_mode=True)
    real = Run(without_universe(), context())
    assert foretold.written == []
    assert foretold.ids(Status.FAIL) == BANS
    assert foretold.ids(Status.WOULD_FIX) == real.ids(Status.FIXED)
    assert foretold.changes == real.changes
    assert [foretold.findings[name].remedy for name in BANS] == [real.findings[name].remedy for name in BANS]


def test_an_audit_asks_for_no_package():
    host = without_universe()
    findings = Engine(host, context(), tuple(map(check, BANS))).audit().findings
    assert {finding.status for finding in findings} == {Status.FAIL}
    assert not any("apt-get" in asked for asked in host.asked)


def test_a_second_run_changes_nothing_and_says_the_same():
    host = without_universe()
    first = Run(host, context())
    again = Run(host, context())
    assert (again.written, again.changes) == ([], [])
    assert again.ids(Status.FAIL) == BANS
    assert again.findings["BAN-001"].remedy == first.findings["BAN-001"].remedy


def test_one_question_is_enough_where_all_can_be_had():
    host = fresh_with_effects()
    Run(host, context())
    assert len([asked for asked in host.asked if asked.startswith("apt-get") and " -s " in f"{asked} "]) == 1


def test_a_jail_that_stands_stays_as_it_is():
    """Somebody has removed a package since, and no source has it any more."""
    host = without_universe()
    put(host, files={JAIL_FILE: "[sshd]\nbantime = 1h\n"})
    Run(host, context())
    assert host.files[JAIL_FILE] == "[sshd]\nbantime = 1h\n"


@pytest.mark.parametrize("check_mode", [True, False])
def test_without_a_package_for_the_way_in_the_doors_stay_open(check_mode):
    """sudo is in no source, so that the administrator could not become root."""
    host = put(put(fresh(), **SSHD_OPEN), **NO_SUDO)
    del host.programs["sudo"]
    names = [name for name in INSTALLED if name != "sudo"]
    host.answers[QUERY] = packages(*names)
    host.effects = {SSHD_FILE: close_as_told}
    for configuration in ("", PRIVATE):
        host.answers[cache("pkgnames", configuration=configuration)] = "sl\n"
        host.answers[simulation("install", "sudo", configuration=configuration)] = without_candidate("sudo")
    rows = ("ACC-001", "ACC-002", "ACC-003", *DOORS)
    run = Run(host, context(), check_mode=check_mode, checks=tuple(map(check, rows)))
    assert run.ids(Status.FAIL)[-3:] == ("ACC-003", *DOORS)
    assert all("'sudo' is not in the package repositories" in run.findings[door].remedy for door in DOORS)
    assert run.outcome.open_doors


# --- Enterprise Linux

DNF_ANSWERS = {"repoquery": dnf_hosts.question("repoquery", "--showduplicates", "--qf", "%{name} %{evr}")}
EL_FAIL2BAN = ("fail2ban", "fail2ban-systemd", "fail2ban-firewalld")
FETCH = (
    dnf_hosts.question("x")
    .replace("dnf -q -y", "dnf")
    .replace(" x", " install --downloadonly --downloaddir=/scratch/dnf/fetched epel-release <<< y")
)
INSTALLED_ON_EL = dnf_hosts.RPM + "".join(
    f"{name}\t0:1.0-1.el9\tnoarch\t{name} \n" for name in ("dnf-automatic", "firewalld", "sudo", "chrony")
)
EL_ROWS = ("FW-001", "UPD-001", *BANS, *DOORS)


def dnf_refusal(*names: str) -> CommandResult:
    lines = "".join(f"No match for argument: {name}\n" for name in names)
    return CommandResult((), 1, lines, f"Error: Unable to find a match: {' '.join(names)}\n")


def without_epel():
    """An Enterprise Linux host that lacks fail2ban alone, whose repositories have no epel-release."""
    host, dnf = prepared_centos(), dnf_host(installed=INSTALLED_ON_EL)
    put(host, answers=dnf.answers, directories=dnf.directories, links=dnf.links)
    put(host, files={**dnf.files, "/etc/fail2ban/jail.d/zz-groundwork.local": None}, programs=dnf.programs)
    del host.programs["fail2ban-client"]
    host.databases.update(dnf.databases)
    host.directories.update({"/scratch/dnf/fetched": (), "/var/cache/dnf": ()})
    host.answers[FETCH] = dnf_refusal("epel-release")
    host.answers[DNF_ANSWERS["repoquery"]] = "firewalld 1.0-1.el9\n"
    for more in ((), ("--enablerepo=crb",)):
        host.answers[dnf_hosts.simulation("install", *EL_FAIL2BAN, more=more)] = dnf_refusal(*EL_FAIL2BAN)
    put(host, **SSHD_OPEN)
    host.effects = {SSHD_FILE: close_as_told}
    return host


def on_el(host, platform, *, may_enable_repositories=True):
    executor = Executor(host, host)
    asked = context(platform=platform)
    session = PackageSession(platform, host, executor, may_enable_repositories=may_enable_repositories)
    findings = Engine(host, asked, tuple(map(check, EL_ROWS))).apply(executor, session).findings
    return {finding.check_id: finding for finding in findings}


@pytest.mark.parametrize(
    ("platform", "may_enable", "words"),
    [
        (RHEL, True, "run `dnf install https://dl.fedoraproject.org/pub/epel/epel-release-latest-9.noarch.rpm`"),
        (CENTOS, False, "`epel` (in the role: centos_epel) is false"),
    ],
)
def test_without_epel_the_bans_alone_fail_and_say_what_to_do(platform, may_enable, words):
    host = without_epel()
    found = on_el(host, platform, may_enable_repositories=may_enable)
    status = {check_id: finding.status for check_id, finding in found.items()}
    assert status == {
        **dict.fromkeys(BANS, Status.FAIL),
        **dict.fromkeys(DOORS, Status.FIXED),
        "FW-001": Status.PASS,
        "UPD-001": Status.PASS,
    }
    for check_id in BANS:
        assert words in found[check_id].remedy
    assert not any("fail2ban" in line for line in host.performed)


# --- what is no lack


def test_a_plan_that_would_do_harm_is_refused_as_a_whole():
    class Harmful:
        def missing(self, names):
            return tuple(names)

        def plan(self, _request):
            raise Refused("would also remove nginx")

    with pytest.raises(Refused, match="nginx"):
        package_needs(Harmful(), context(), [check("FW-001"), check("BAN-001")])
