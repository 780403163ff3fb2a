"""Fixes of the firewall and of bans on FreeBSD, four ways: audit, check mode, apply, apply again without a change."""

from __future__ import annotations

import re

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.engine import Engine
from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.files import FILES
from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Status
from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.options import parse_opening
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import FileStat
from tests.unit.module_utils._checklist.runs import Run, becomes
from tests.unit.module_utils._checks.freebsd_worlds import MAIN, RELEASES, on_freebsd, services, variables
from tests.unit.module_utils._checks.pf_worlds import (
    BLOCK_ALL,
    CONF,
    RULES,
    SSH_ONLY,
    bans_on,
    pf_off,
    pf_on,
    pf_said,
    printed,
    with_module,
)
from tests.unit.module_utils._checks.worlds import check, put

BAN_FILES = {"14.5": "blacklistd", "15.1": "blocklistd"}
KEYWORDS = {"14.5": "useblacklist", "15.1": "useblocklist"}
HTTP = parse_opening("http")
by_release = pytest.mark.parametrize("platform", RELEASES, ids=lambda platform: platform.version)


def with_pfctl(host, platform):
    """On which pf does as it is told."""
    host.answers[f"pfctl -n -f {CONF}"] = host.answers["pfctl -n -f /scratch/candidate"] = ""
    host.effects.update(
        {
            "run kldload -n pf": lambda one: with_module(one, platform),
            "run sysrc pf_enable=YES": becomes({"answers": services(pf="enabled stopped")}),
            f"run pfctl -f {CONF}": lambda one: put(one, answers={RULES: printed(one.files[CONF])}),
            "run pfctl -e": lambda one: pf_on(one, file=one.files[CONF], platform=platform),
        }
    )
    return put(host, files={f"{file.path}": None for file in FILES.values() if file.path not in host.files})


def runs(host, asked, *check_ids, **words):
    return Run(host, asked, checks=tuple(check(check_id) for check_id in check_ids), **words)


def off(platform):
    return with_pfctl(pf_off(platform=platform), platform)


def with_rules(text):
    return lambda platform: with_pfctl(pf_on(file=text, platform=platform), platform)


def at_boot_without(platform):
    host = with_pfctl(pf_on(platform=platform), platform)
    host.effects["run sysrc pf_enable=YES"] = becomes({"answers": services(pf="enabled running")})
    return put(host, answers={**services(pf="disabled running"), **variables(pf_enable="NO")})


FIREWALLS = {
    "off": (off, [("module", "pf"), ("file", CONF), ("rc.conf", "pf_enable"), ("firewall", "pf")]),
    "somebody's rules that deny nothing": (
        with_rules("pass in proto tcp from any to any port = 25 flags S/SA keep state\n"),
        [("block", CONF), ("firewall", "pf")],
    ),
    "somebody's rules that deny": (with_rules(SSH_ONLY), [("block", CONF), ("firewall", "pf")]),
    "somebody's rules that shut SSH": (with_rules(BLOCK_ALL), [("block", CONF), ("firewall", "pf")]),
    "not at boot": (at_boot_without, [("block", CONF), ("rc.conf", "pf_enable"), ("firewall", "pf")]),
}


@by_release
@pytest.mark.parametrize("case", FIREWALLS)
def test_the_firewall_is_mended_as_it_was_foretold_and_then_left_alone(case, platform):
    make, changes = FIREWALLS[case]
    host, asked = make(platform), on_freebsd(platform=platform, firewall_allow=(HTTP,))
    (finding,) = Engine(host, asked, (check("FW-001"),)).audit().findings
    assert (finding.status, host.performed) == (Status.FAIL, [])

    foretold = runs(host, asked, "FW-001", check_mode=True)
    assert (foretold.status, host.performed) == ({"FW-001": Status.WOULD_FIX}, [])

    run = runs(host, asked, "FW-001")
    assert run.status == {"FW-001": Status.FIXED}
    assert run.changes == foretold.changes == changes

    again = runs(host, asked, "FW-001")
    assert (again.status, again.changes, again.written) == ({"FW-001": Status.PASS}, [], [])


def test_rules_that_do_not_take_effect_are_not_called_a_fix():
    host = off(RELEASES[0])
    host.effects.pop("run pfctl -e")
    assert runs(host, on_freebsd(), "FW-001").status == {"FW-001": Status.FAIL}


def banner(platform):
    """Everything is off; the daemon and sshd do as they are told."""
    name, keyword = BAN_FILES[platform.version], KEYWORDS[platform.version]
    host = bans_on(off(platform), platform)
    quiet = {
        command: re.sub(rf"(?m)^{keyword} yes$", f"{keyword} no", text)
        for command, text in host.answers.items()
        if command.startswith("sshd -T")
    }
    loud = {command: text.replace(f"{keyword} no", f"{keyword} yes") for command, text in quiet.items()}
    started = FileStat("file", 0o644, "root", "wheel", modified=1e12)
    host.effects.update(
        {
            MAIN: becomes({"answers": loud}),
            f"run sysrc {name}_enable=YES": becomes({"answers": services(**{name: "enabled stopped"})}),
            f"run service {name} onestart": becomes(
                {"answers": services(**{name: "enabled running"}), "stats": {f"/var/run/{name}.pid": started}}
            ),
        }
    )
    off_now = {**services(**{name: "disabled stopped"}), **variables(**{f"{name}_enable": "NO"})}
    return put(host, answers={**quiet, **off_now}, stats={f"/var/run/{name}.pid": None})


@by_release
def test_bans_are_set_up_with_the_firewall_as_it_was_foretold_and_then_left_alone(platform):
    name = BAN_FILES[platform.version]
    host, asked = banner(platform), on_freebsd(platform=platform, fail2ban_ban_time="10m")
    rows = ("BAN-001", "BAN-002", "FW-001")
    foretold = runs(host, asked, *rows, check_mode=True)
    assert (set(foretold.status.values()), host.performed) == ({Status.WOULD_FIX}, [])

    run = runs(host, asked, *rows)
    assert set(run.status.values()) == {Status.FIXED}
    assert run.changes == foretold.changes
    assert run.changes[:3] == [("block", f"/etc/{name}.conf"), ("rc.conf", f"{name}_enable"), ("service", name)]

    again = runs(host, asked, *rows)
    assert (set(again.status.values()), again.changes, again.written) == ({Status.PASS}, [], [])


@by_release
def test_the_firewall_is_let_in_by_before_sshd_reports(platform):
    run = runs(banner(platform), on_freebsd(platform=platform), "BAN-001", "BAN-002", "FW-001")
    order = [step for step in run.written if step in ("run pfctl -e", f"write {MAIN} 0644 root:root")]
    assert order == ["run pfctl -e", f"write {MAIN} 0644 root:root"]


def test_a_file_of_the_daemon_keeps_every_line_of_others():
    platform = RELEASES[0]
    host = banner(platform)
    runs(host, on_freebsd(platform=platform), "BAN-001", "BAN-002", "FW-001")
    assert host.files["/etc/blacklistd.conf"].startswith(pf_said("blacklistd.conf", platform))
