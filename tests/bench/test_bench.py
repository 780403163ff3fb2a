"""What is computed from measurements; nothing is timed here."""

from __future__ import annotations

import json

import pytest

from tests.bench import figures, measured
from tests.bench.contenders import Timed, pyinfra_operations
from tests.bench.measured import Command

NOTE = {
    "module": "security_checklist",
    "seconds": 1.5,
    "own_seconds": 0.4,
    "children_seconds": 0.3,
    "own_peak_mib": 28.6,
    "commands": [{"argv": ["timeout", "-k", "5", "60", "apt-cache", "policy"], "seconds": 0.25}],
}


@pytest.mark.parametrize(
    ("words", "purpose"),
    [
        ("timeout -k 5 60 apt-get -y install ufw", "packages"),
        ("/usr/bin/dpkg-query -W", "packages"),
        ("systemctl is-enabled apt-daily.timer", "other"),
        ("runuser -u app -- /srv/app/releases/1/bin/python -m pip install gunicorn", "pip"),
        ("/usr/bin/python3 -I -m venv /srv/app/releases/1", "pip"),
        ("sshd -T -C user=root", "other"),
    ],
)
def test_a_command_is_told_by_what_it_runs(words, purpose):
    assert Command(tuple(words.split()), 1.0).purpose == purpose


def test_a_note_becomes_a_module_run():
    run = measured.parse(json.dumps(NOTE))
    assert (run.module, run.own_seconds) == ("security_checklist", 0.4)
    assert run.commands[0].seconds == 0.25


def test_what_is_neither_packages_nor_pip_is_ours():
    assert measured.split(2.0, [measured.parse(json.dumps(NOTE))]) == measured.Split(0.25, 0.0, 1.75)


def test_ansible_s_recap_is_read():
    output = "PLAY RECAP ***\nweb : ok=7    changed=0    failed=0    skipped=2"
    assert Timed(1.0, 0.5, output).recap == {"ok": 7, "changed": 0, "failed": 0, "skipped": 2}


def test_pyinfra_s_operations_are_counted():
    assert pyinfra_operations("--> Starting operation: A\n    [h] No changes\n--> Starting operation: B\n") == 2


def test_the_table_says_which_limits_were_met():
    role = figures.Series((3.0, 2.0, 4.0), (1.0, 1.0, 1.0), "3 module calls, 9 tasks")
    others = {
        "pings": figures.Series((2.0, 2.0, 2.0), (0.5, 0.5, 0.5), "3 module calls, 3 tasks"),
        "builtin": figures.Series((6.0, 6.0, 6.0), (4.0, 4.0, 4.0), "19 module calls, 18 tasks"),
    }
    lines = figures.comparison(role, others)
    assert "1.50  target at most 1.6: met" in next(line for line in lines if "÷ as many pings" in line)
    assert "0.50  target at most 0.25: MISSED" in next(line for line in lines if "÷ ansible.builtin" in line)
    assert "by processor time 2.00" in "\n".join(lines)


def test_a_first_run_is_shared_out():
    assert figures.first_run_lines(figures.FirstRun(50.0, 30.0, 5.0, 15.0))[1].split() == [
        "packages",
        "30.0",
        "s",
        "60",
        "%",
    ]
