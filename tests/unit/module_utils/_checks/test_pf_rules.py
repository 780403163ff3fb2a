"""Rules in the form that pfctl prints (sbin/pfctl/pfctl_parser.c of freebsd/freebsd-src)."""

from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checks.pf_rules import End, Rule, parse, tables
from tests.unit.module_utils._checks.freebsd_worlds import RELEASES
from tests.unit.module_utils._checks.pf_worlds import pf_said

PORT_22 = End(ports=("=", 22, 22))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("block drop in all", Rule("block", "in")),
        ("block return in log (all, to pflog1) quick on ! vtnet0 all", Rule("block", "in", True, "vtnet0", True)),
        ("block return-icmp(port-unr, port-unr) all", Rule("block")),
        ("pass out all flags S/SA keep state", Rule("pass", "out", flags="S/SA")),
        (
            "pass in on vtnet0 inet proto tcp from 10.0.0.0/8 to (vtnet0) port = 22 flags S/SA keep state",
            Rule(
                "pass",
                "in",
                interface="vtnet0",
                family="inet",
                protocol="tcp",
                source=End("10.0.0.0/8"),
                target=End("(vtnet0)", ports=("=", 22, 22)),
                flags="S/SA",
            ),
        ),
        (
            "pass in proto udp from ! <bad> port 1024:65535 to 192.0.2.1 - 192.0.2.9 port 60 >< 70 no state",
            Rule(
                "pass",
                "in",
                protocol="udp",
                source=End("<bad>", True, (":", 1024, 65535)),
                target=End("192.0.2.1 - 192.0.2.9", ports=("><", 60, 70)),
            ),
        ),
        (
            'pass in proto tcp from any os "Linux" to any port = 22 flags any keep state (sloppy) label "in on"',
            Rule("pass", "in", protocol="tcp", target=PORT_22, is_doubtful=True),
        ),
        ("block drop in proto tcp all user = 0", Rule("block", "in", protocol="tcp", is_doubtful=True)),
        ("block drop in all fragment", Rule("block", "in", is_for_fragments=True)),
        (
            "pass in route-to (vtnet1 192.0.2.1) inet all flags S/SA keep state (max-src-conn 5, tcp.first 30) tag in",
            Rule("pass", "in", family="inet", flags="S/SA"),
        ),
        ('anchor "f2b/*" in on vtnet0 all', Rule("anchor", "in", interface="vtnet0", name="f2b/*")),
        (
            "rdr pass on vtnet0 inet proto tcp from any to any port = 80 -> 127.0.0.1 port 8080",
            Rule("pass", "in", True, "vtnet0", family="inet", protocol="tcp", target=End(ports=("=", 80, 80))),
        ),
    ],
)
def test_a_rule_taken_apart(line, expected):
    assert parse(f"{line}\n") == (expected,)


@pytest.mark.parametrize(
    "line",
    [
        "scrub in all fragment reassemble",
        "match in all scrub (no-df)",
        "nat on vtnet0 inet from 10.0.0.0/8 to any -> (vtnet0) round-robin",
        "rdr on vtnet0 inet proto tcp from any to any port = 80 -> 127.0.0.1 port 8080",
        'ext_if = "vtnet0"',
        "set skip on { lo }",
        "table <bad> persist",
    ],
)
def test_what_is_no_filter_rule_is_left_out(line):
    assert parse(f"{line}\n") == ()


def test_anchors_have_their_rules_in_braces():
    text = 'anchor "a" all {\n  anchor {\n    block drop in all\n  }\n  pass in all\n}\npass out all\n'
    inner = Rule("anchor", rules=(Rule("block", "in"),))
    assert parse(text) == (Rule("anchor", name="a", rules=(inner, Rule("pass", "in"))), Rule("pass", "out"))


@pytest.mark.parametrize("platform", RELEASES, ids=lambda platform: platform.version)
def test_what_pfctl_shows_of_ours(platform):
    bans, ours = parse(pf_said("rules.txt", platform))
    assert (bans.name[-6:], [rule.name for rule in bans.rules], ours.name) == ("istd/*", ["22"], "groundwork")
    assert (ours.rules[0], ours.rules[-1].target) == (Rule("block", "in"), PORT_22)


def test_the_tables_that_a_file_fills():
    text = (
        "table <bad> persist { 192.0.2.1 !192.0.2.2 2001:db8::/32 }\n"
        "table <caught> persist\n"
        'table <spam> persist file "/etc/spam"\n'
    )
    assert tables(text) == {"bad": ("192.0.2.1", "!192.0.2.2", "2001:db8::/32"), "caught": (), "spam": None}
