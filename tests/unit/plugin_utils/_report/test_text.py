from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.plugin_utils._report.model import read_report
from ansible_collections.groundwork.python_host.plugins.plugin_utils._report.text import render, summary_line
from tests.unit.plugin_utils._report.results import RESULT

WHOLE = """\
Posture of web1
===============
For the web shop.
Host image: stand-in for Ubuntu 22.04

Result        1 fail, 1 fixed, 1 pass, score 87.5 of 100
System        Ubuntu 22.04.5 LTS, support: supported, until 2027-06-01
Python        3.10.12 /usr/bin/python3.10
Environment   /srv/app/current/venv
Release       /srv/app/releases/2
Changes       packages 1, security 1
Login now     deploy, port 2222

Check     Severity  Before -> after  Title
--------  --------  ---------------  -----------------------------------
SSH-001   high      fail -> fixed    Root cannot log in over SSH
SSH-002   high      fail             Passwords are not accepted over SSH
TIME-001  medium    pass             The clock is synchronised

Needs attention
---------------
SSH-002  Passwords are not accepted over SSH: fail
    observed:  passwordauthentication yes
    expected:  no
    evidence:  sshd -T -C user=root
    remedy:    set python_host_admin_authorized_keys

Package   Before   After
--------  -------  ----------------
fail2ban  absent   0.11.2-6
sudo      1.9.9-1  1.9.9-1ubuntu2.7

SSH setting      for deploy  for root
---------------  ----------  --------
port             22 2222     22 2222
permitrootlogin  no          no
maxauthtries                 6
"""


def test_a_whole_report():
    report = read_report(RESULT, host="web1", notes=["For the web shop."], host_image="stand-in for Ubuntu 22.04")
    assert render(report) == WHOLE


def test_a_run_of_one_part_reports_that_part():
    assert render(read_report({"python": {"version": "3.12.3"}}, host="web1")) == (
        "Posture of web1\n===============\n\nPython        3.12.3\nChanges       none\n"
    )


def test_nothing_to_report_is_still_a_report():
    assert render(read_report({}, host="web1")) == "Posture of web1\n===============\n"


def test_check_mode_is_said_at_the_top():
    assert "Check mode: nothing was changed" in render(read_report({}, host="web1", is_check_mode=True))


@pytest.mark.parametrize(
    ("system", "line"),
    [
        (
            {
                "name": "debian",
                "version": "12",
                "support": {"status": "extended", "until": "2026-07-11", "extended_until": "2028-06-30"},
            },
            "debian 12, support: extended, until 2028-06-30",
        ),
        (
            {"pretty_name": "Fedora Linux 44", "support": {"status": "unknown", "until": None}},
            "Fedora Linux 44, support: unknown",
        ),
        (
            {"pretty_name": "X 1", "support": {"status": "ends_soon", "until": "2027-05-31"}},
            "X 1, support: ends soon, until 2027-05-31",
        ),
    ],
)
def test_the_system_and_its_support(system, line):
    assert f"System        {line}\n" in render(read_report({"os": system}, host="web1"))


def test_no_line_is_wider_than_a_hundred_columns():
    words = "a long sentence about what was seen on this host " * 9
    finding = {"id": "X-001", "title": words, "severity": "high", "status": "fail", "observed": words, "remedy": words}
    text = render(read_report({"security": {"findings": [finding]}}, host="web1", notes=[words]))
    assert max(len(line) for line in text.splitlines()) <= 100


@pytest.mark.parametrize(
    ("security", "line"),
    [
        (
            {"summary": {"pass": 14, "would_fix": 2, "fail": 0}, "score": 100.0},
            "2 would fix, 14 pass, score 100 of 100",
        ),
        ({"summary": {"not_applicable": 1, "novel": 2}, "score": None}, "1 not applicable, 2 novel"),
        ({}, ""),
    ],
)
def test_the_summary_in_one_line(security, line):
    assert summary_line(read_report({"security": security}, host="web1")) == line
