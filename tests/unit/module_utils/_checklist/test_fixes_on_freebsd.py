"""Fixes of accounts and sshd on FreeBSD, four ways: audit, check mode, apply, apply again without a change."""

from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.engine import Engine
from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.files import FILES
from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Status
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.running_sshd import PID_FILE
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import FileStat
from tests.unit.module_utils._checklist.runs import Run, becomes
from tests.unit.module_utils._checks.freebsd_worlds import (
    ACCOUNT,
    AUTHORIZED_KEYS,
    HOME,
    LIST_SUDO,
    MAIN,
    NO_ACCOUNT,
    SOCKSTAT,
    SUDO,
    fresh,
    on_freebsd,
    prepared,
    pw,
    said,
)
from tests.unit.module_utils._checks.sshd_double import on_port, with_lines
from tests.unit.module_utils._checks.worlds import SSHD_HAS_READ, check, put, raw, sshd_says

CLOSED = said("prepared/sshd-T.txt")
HASH = "$6$salt$" + "a" * 43
USERADD = "run pw useradd deploy -m -d /home/deploy -M 0750 -s /bin/sh -g deploy -G wheel -w no -e 0 -p 0"
# The firewall is another row's, and judged by it.
ASIDE = {"skip": ("FW-001",)}


def says(text, **more):
    return {"answers": {**sshd_says(text), "sshd -T": text, **more}}


def closing(keyword, bad):
    """A host whose sshd has this value, until our block is read."""
    is_open = with_lines(CLOSED, [f"{keyword} {bad}"])
    return lambda: put(prepared(), **says(is_open)), {}, {MAIN: becomes(says(CLOSED))}, [("block", MAIN)]


def passwd(shell):
    return {"getent passwd deploy": f"deploy:*:1001:1001:User &:{HOME}:{shell}\n"}


def root(password):
    return lambda: put(prepared(), answers=pw("root", password))


def moved():
    listens = said("prepared/sockstat.txt").replace("*:22  ", "*:2222")
    return becomes(says(on_port(CLOSED, 2222), **{SOCKSTAT: listens}))


def written_at(time):
    return FileStat("file", 0o644, "root", "wheel", modified=time)


# check: (the host, options, what brings the fix about, the changes)
FIXES = {
    "ACC-001 absent": (
        lambda: put(put(prepared(), **NO_ACCOUNT), **SUDO),
        {},
        {USERADD: becomes(ACCOUNT)},
        [("group", "deploy"), ("account", "deploy")],
    ),
    "ACC-001 shell": (
        lambda: put(prepared(), answers=passwd("/usr/sbin/nologin")),
        {},
        {"run pw usermod deploy -s /bin/sh": becomes({"answers": passwd("/bin/sh")})},
        [("account", "deploy")],
    ),
    "ACC-001 home": (lambda: put(prepared(), stats={HOME: None}), {}, {}, [("directory", HOME)]),
    "ACC-001 password": (
        lambda: put(prepared(), answers={LIST_SUDO: raw("sudo/password.txt")}),
        {"admin_sudo": "password", "admin_password_hash": HASH},
        {"run pw usermod deploy -H 0": becomes({"answers": pw("deploy", HASH)})},
        [("account", "deploy")],
    ),
    "ACC-002 no key": (
        lambda: put(prepared(), files={AUTHORIZED_KEYS: None}, stats={AUTHORIZED_KEYS: None, f"{HOME}/.ssh": None}),
        {},
        {},
        [("directory", f"{HOME}/.ssh"), ("file", AUTHORIZED_KEYS)],
    ),
    "ACC-004 a password": (
        root(HASH),
        ASIDE,
        {"run pw usermod root -w no": becomes({"answers": pw("root")})},
        [("account", "root")],
    ),
    "ACC-004 a lock": (
        root("*LOCKED*"),
        ASIDE,
        {"run pw usermod root -w no": becomes({"answers": pw("root")})},
        [("account", "root")],
    ),
    "SSH-001": closing("PermitRootLogin", "yes"),
    "SSH-002": closing("PasswordAuthentication", "yes"),
    "SSH-003": closing("KbdInteractiveAuthentication", "yes"),
    "SSH-004": closing("PubkeyAuthentication", "no"),
    "SSH-005": closing("PermitEmptyPasswords", "yes"),
    "SSH-007": (
        lambda: put(prepared(), stats={MAIN: written_at(SSHD_HAS_READ + 1)}),
        {},
        {"run service sshd reload": becomes({"stats": {PID_FILE: written_at(SSHD_HAS_READ + 2)}})},
        [("unit", "sshd")],
    ),
}


def world(case):
    make, options, effects, changes = FIXES[case]
    host = put(make(), files=dict.fromkeys(file.path for file in FILES.values()))
    host.effects = dict(effects)
    return case.partition(" ")[0], host, on_freebsd(**{**ASIDE, **options}), changes


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


def test_sshd_reads_its_block_after_the_way_in_was_made():
    host = put(prepared(), **says(with_lines(CLOSED, ["KbdInteractiveAuthentication yes"])))
    put(host, files=dict.fromkeys(file.path for file in FILES.values()))
    host.effects = {MAIN: becomes(says(CLOSED))}
    run = Run(host, on_freebsd(**ASIDE), checks=(check("SSH-003"),))
    written = [step for step in run.written if step.startswith(("write", "run"))]
    assert written == [f"write {MAIN} 0644 root:root", "run service sshd reload"]


def test_a_fresh_image_is_refused_nothing_and_its_doors_stay_open_without_a_key():
    host = put(fresh(), files=dict.fromkeys(file.path for file in FILES.values()))
    run = Run(host, on_freebsd(admin_keys=(), **ASIDE), check_mode=True, checks=(check("SSH-003"),))
    assert (run.status["SSH-003"], bool(run.outcome.open_doors)) == (Status.FAIL, True)
