from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.options import Opening
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import iptables_rules
from tests.unit.module_utils._checks.worlds import raw

EVERYTHING = "-P INPUT ACCEPT\n-P FORWARD ACCEPT\n-P OUTPUT ACCEPT\n"


@pytest.mark.parametrize(
    ("rules", "denies"),
    [
        (raw("prepared/iptables-S.txt"), True),
        (raw("prepared/ip6tables-S.txt"), True),
        (raw("ufw-not-loaded/iptables-S.txt"), False),
        (
            f"{EVERYTHING}-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n-A INPUT -j REJECT --reject-with icmp-port\n",
            True,
        ),
        (f"{EVERYTHING}-A INPUT -j DROP\n", True),
        (f"{EVERYTHING}-A INPUT -j DROP\n-A INPUT -j ACCEPT\n", True),
        (f"{EVERYTHING}-A INPUT -p tcp -m tcp --dport 23 -j DROP\n", False),
        ("-P INPUT DROP\n-A INPUT -j ACCEPT\n", False),
        ("-P INPUT DROP\n-A INPUT -i lo -j ACCEPT\n", True),
        ("-P INPUT DROP\n-A FORWARD -j ACCEPT\n", True),
        (f"{raw('prepared/iptables-S.txt')}-A ufw-user-input -j ACCEPT\n", False),
        ("-P INPUT DROP\n-A INPUT -j a\n-A a -j RETURN\n-A a -j ACCEPT\n", True),
        ("-P INPUT DROP\n-A INPUT -j a\n-A a -i lo -j RETURN\n-A a -j ACCEPT\n", True),
        ("-P INPUT DROP\n-A INPUT -j a\n-A a -j b\n-A b -j a\n", True),
        (
            "-P INPUT ACCEPT\n-A INPUT -j a\n-A INPUT -j ACCEPT\n-A a -j REJECT --reject-with icmp-port-unreachable\n",
            True,
        ),
        ("", False),
    ],
)
def test_iptables_denies_what_no_rule_lets_in(rules, denies):
    assert iptables_rules.denies(rules) is denies


def test_ufws_rules_are_read_from_the_kernel():
    assert iptables_rules.openings(raw("prepared/iptables-S.txt")) == (Opening(22, "tcp"),)


def test_every_kind_of_rule_that_ufw_writes_is_understood_or_passed_over():
    """`in on eth0 9000/tcp` lets in less than everybody, so it is passed over."""
    assert set(iptables_rules.openings(raw("ufw-rules/iptables-S.txt"))) == {
        Opening(22, "tcp"),
        Opening(2222, "tcp"),
        Opening(8000, "tcp", "10.0.0.0/8"),
        Opening(80, "tcp"),
        Opening(443, "tcp"),
        Opening(53, "tcp"),
        Opening(53, "udp"),
    }


@pytest.mark.parametrize(
    ("line", "openings"),
    [
        ("-A INPUT -p tcp -m conntrack --ctstate NEW -m tcp --dport 22 -j ACCEPT", [Opening(22, "tcp")]),
        (
            r"""-A ufw-user-input -p tcp -m tcp --dport 22 -m comment --comment "\'dapp_OpenSSH\'" -j ACCEPT""",
            [Opening(22, "tcp")],
        ),
        ("-A INPUT -p tcp -m tcp --dport 22 -m comment --comment ssh -j ACCEPT", [Opening(22, "tcp")]),
        ("-A INPUT -p tcp -m tcp --dport 22 -j DROP", []),
        ("-A INPUT ! -s 10.0.0.0/8 -p tcp -m tcp --dport 22 -j ACCEPT", []),
        ("-A INPUT -p tcp -m multiport --dports 80,8000:8100 -j ACCEPT", [Opening(80, "tcp")]),
        ("-A INPUT -j ACCEPT", []),
        ("-A ufw-user-forward -p tcp -m tcp --dport 80 -j ACCEPT", []),
        ("-A FORWARD -p tcp -m tcp --dport 80 -j ACCEPT", []),
        ("-A OUTPUT -p tcp -m tcp --dport 80 -j ACCEPT", []),
    ],
)
def test_a_rule_with_other_conditions_lets_nobody_in_for_certain(line, openings):
    assert list(iptables_rules.openings(line)) == openings
