"""What pf does with a connection, by the rules of pf.conf(5)."""

from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checks.nft_ruleset import DROP, Packet
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.pf_rules import PASS, parse
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.pf_ruleset import Ruleset

SSH = Packet("203.0.113.5", "vtnet0", "tcp", 22, "192.0.2.10")
SSH_6 = Packet("2001:db8::5", "vtnet0", "tcp", 22, "2001:db8::10")
UNNAMED = Packet("203.0.113.5", "vtnet0", "tcp", None, "192.0.2.10")
DENY = "block drop in all\n"
IN_22 = "pass in proto tcp from any to any port = 22 flags S/SA keep state\n"


def refused(rules, packet=SSH, *, in_doubt="block", **words):
    return Ruleset(parse(rules), **words).decide(packet, in_doubt=in_doubt).is_refused


@pytest.mark.parametrize(
    ("_case", "rules", "packet", "expected"),
    [
        ("nothing decides", "", SSH, False),
        ("the last that fits decides", DENY + IN_22, SSH, False),
        ("also against one before it", IN_22 + DENY, SSH, True),
        ("a quick one ends it", IN_22.replace("in ", "in quick ", 1) + DENY, SSH, False),
        ("another direction", DENY.replace("in", "out"), SSH, False),
        ("both directions", "block drop all\n", SSH, True),
        ("another port", DENY + IN_22, UNNAMED, True),
        ("any port but one", "block drop in proto tcp from any to any port != 80\n", UNNAMED, True),
        ("ports between", DENY + IN_22.replace("= 22", "20 >< 25"), SSH, False),
        ("ports outside", DENY + IN_22.replace("= 22", "20 <> 25"), SSH, True),
        ("ports from to", DENY + IN_22.replace("= 22", "22:25"), SSH, False),
        ("ports above", DENY + IN_22.replace("= 22", "> 22"), SSH, True),
        ("another family", DENY + IN_22.replace("in ", "in inet ", 1), SSH_6, True),
        ("its family", DENY + IN_22.replace("in ", "in inet6 ", 1), SSH_6, False),
        ("another protocol", DENY + IN_22.replace("tcp", "udp"), SSH, True),
        ("another interface", "block drop in on vtnet1 all\n", SSH, False),
        ("every other interface", "block drop in on ! vtnet1 all\n", SSH, True),
        ("from a network", DENY + IN_22.replace("any to", "203.0.113.0/24 to"), SSH, False),
        ("from elsewhere", DENY + IN_22.replace("any to", "! 203.0.113.0/24 to"), SSH, True),
        ("from a row of addresses", DENY + IN_22.replace("any to", "203.0.113.1 - 203.0.113.9 to"), SSH, False),
        ("to this address", DENY + IN_22.replace("to any", "to 192.0.2.10"), SSH, False),
        ("to another", DENY + IN_22.replace("to any", "to 192.0.2.11"), SSH, True),
        ("to the interface's own", DENY + IN_22.replace("to any", "to (vtnet0)"), SSH, False),
        ("to all of the host's own", DENY + IN_22.replace("to any", "to (self)"), SSH, False),
        ("a first packet has no other flag", DENY + IN_22.replace("S/SA", "SA/SA"), SSH, True),
        ("an anchor's rule decides", f'{DENY}anchor "a" all {{\n{IN_22}}}\n', SSH, False),
        ("an anchor that does not fit", f'{DENY}anchor "a" out all {{\n{IN_22}}}\n', SSH, True),
        ("a rule after the anchor", f'anchor "a" all {{\n{IN_22}}}\n{DENY}', SSH, True),
        ("a quick one in it ends all", f'anchor "a" all {{\n{DENY.replace("in", "in quick")}}}\n{IN_22}', SSH, True),
        ("a quick anchor ends all", f'anchor "a" quick all {{\n{DENY}}}\n{IN_22}', SSH, True),
        ("a quick anchor without a rule that fits", 'anchor "a" quick all {\n}\n' + DENY, SSH, True),
        ("fragments are no first packets", "block drop in all fragment\n", SSH, False),
        ("nobody comes from nowhere", "block drop in from no-route to any\n", SSH, False),
        (
            "a redirection that passes",
            f"rdr pass on vtnet0 proto tcp from any to any port = 22 -> 10.0.0.1\n{DENY}",
            SSH,
            False,
        ),
    ],
)
def test_what_becomes_of_a_connection(_case, rules, packet, expected):
    assert refused(rules, packet) is expected


@pytest.mark.parametrize(
    "condition",
    [
        'from any os "Linux" to any',
        "from any port = 20 to any",
        "from (vtnet0:network) to any",
        "from <spam> to any",
        "all user = 0",
        "all probability 50%",
        "all tagged GOOD",
    ],
)
def test_what_we_cannot_know_counts_as_it_is_asked_to(condition):
    opening, closing = DENY + f"pass in proto tcp {condition}\n", f"block drop in proto tcp {condition}\n"
    tables = {("", "spam"): None}
    assert [refused(opening, in_doubt=PASS, tables=tables), refused(opening, tables=tables)] == [False, True]
    assert [refused(closing, in_doubt=PASS, tables=tables), refused(closing, tables=tables)] == [False, True]


@pytest.mark.parametrize(
    ("addresses", "expected"),
    [
        (("203.0.113.5",), True),
        (("203.0.113.0/24",), True),
        (("203.0.113.0/24", "!203.0.113.5"), False),
        (("198.51.100.0/24",), False),
        ((), False),
    ],
)
def test_the_narrowest_entry_of_a_table_decides(addresses, expected):
    assert refused("block drop in from <bad> to any\n", tables={("", "bad"): addresses}) is expected


def test_a_table_of_an_anchor_is_its_own_or_the_main_ones():
    rules = 'anchor "a" all {\n  anchor "b" all {\n    block drop in from <bad> to any\n  }\n}\n'
    assert refused(rules, tables={("a/b", "bad"): ("203.0.113.5",)})
    assert refused(rules, tables={("", "bad"): ("203.0.113.5",)})
    assert not refused(rules, tables={("a", "bad"): ("203.0.113.5",)})


def test_the_anchors_below_a_wildcard_have_their_own_tables():
    rules = (
        'anchor "blacklistd/*" in all {\n  anchor "22" all {\n    block drop in quick from <port22> to any\n  }\n}\n'
    )
    assert refused(rules, tables={("blacklistd/22", "port22"): ("203.0.113.5",)})


def test_pf_does_not_look_at_an_interface_that_it_skips():
    assert not refused(DENY, skipped=("vtnet0",))


def test_a_group_stands_for_its_interfaces():
    assert refused("block drop in on egress all\n", groups=("egress",))


def test_without_a_rule_the_kernel_may_drop():
    assert refused("", default=DROP)


@pytest.mark.parametrize(
    ("_case", "rules", "expected"),
    [
        ("it is the first", 'anchor "f2b/*" in all {\n}\n', True),
        ("it is not there", DENY, False),
        ("another one", 'anchor "f2b" all {\n}\n', False),
        ("for another interface", 'anchor "f2b/*" in on vtnet1 all {\n}\n', False),
        (
            "behind a rule that lets in at once",
            f'{IN_22.replace("in ", "in quick ", 1)}anchor "f2b/*" in all {{\n}}\n',
            False,
        ),
        ("behind one that only does so for others", 'pass in quick on lo0 all\nanchor "f2b/*" in all {\n}\n', True),
        ("behind one that refuses", 'block drop in quick from <bad> to any\nanchor "f2b/*" in all {\n}\n', True),
        (
            "behind an anchor that lets in at once",
            'anchor "a" all {\n  pass in quick all\n}\nanchor "f2b/*" in all {\n}\n',
            False,
        ),
    ],
)
def test_whether_a_connection_comes_by_an_anchor(_case, rules, expected):
    assert Ruleset(parse(rules)).leads_to("f2b/*", SSH) is expected
