from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checks.access_rules import refusal

LAST = "- : ALL : ALL"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", ""),
        (f"# {LAST}\n", ""),
        (LAST, LAST),
        (f"+ : deploy : ALL\n{LAST}", ""),
        (f"+ : root : ALL\n{LAST}", LAST),
        (f"+ : (wheel) : ALL\n{LAST}", ""),
        (f"+ : wheel : ALL\n{LAST}", ""),
        (f"+ : staff : ALL\n{LAST}", LAST),
        (f"+:root,deploy:172.17.0.0/16\n{LAST}", ""),
        (f"+ : deploy : 10.0.0.0/8 192.168.\n{LAST}", LAST),
        (f"+ : deploy : 172.17.\n{LAST}", ""),
        (f"+ : deploy : 172.17.0.1\n{LAST}", ""),
        (f"+ : deploy : LOCAL\n{LAST}", LAST),
        ("- : ALL EXCEPT root deploy : ALL", ""),
        ("- : ALL EXCEPT root : ALL", "- : ALL EXCEPT root : ALL"),
        ("- : ALL EXCEPT (wheel) : ALL EXCEPT LOCAL", ""),
        ("- : deploy : ALL EXCEPT 172.17.0.0/16", ""),
        # What no file of this host can tell is not told.
        (f"+ : @admins : ALL\n{LAST}", ""),
        (f"+ : deploy : .example.org\n{LAST}", ""),
        ("- : ALL EXCEPT @admins : ALL", ""),
        ("nonsense\n", ""),
    ],
)
def test_the_first_rule_that_fits_decides(text, line):
    assert refusal(text, "deploy", ("deploy", "wheel"), address="172.17.0.1") == line


def test_without_an_address_a_rule_about_one_is_not_judged():
    assert refusal(f"+ : deploy : 10.0.0.0/8\n{LAST}", "deploy", (), address="") == ""
    assert refusal(f"+ : root : 10.0.0.0/8\n{LAST}", "deploy", (), address="") == LAST
