from __future__ import annotations

import json

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.options import Opening
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import packet_filter
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import NeedsRoot
from tests.unit.module_utils._checks.worlds import NO_FIREWALL, prepared, put, raw

NFT = "nft -j list ruleset"
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
    assert packet_filter.iptables_denies(rules) is denies


def test_ufws_rules_are_read_from_the_kernel():
    assert packet_filter.iptables_openings(raw("prepared/iptables-S.txt")) == (Opening(22, "tcp"),)


def test_every_kind_of_rule_that_ufw_writes_is_understood_or_passed_over():
    """`in on eth0 9000/tcp` lets in less than everybody, so it is passed over."""
    assert set(packet_filter.iptables_openings(raw("ufw-rules/iptables-S.txt"))) == {
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
    assert list(packet_filter.iptables_openings(line)) == openings


def test_what_ipv6_lets_in_is_read_from_its_own_rules():
    rules = (
        raw("prepared/ip6tables-S.txt") + "-A ufw6-user-input -s 2001:db8::/32 -p tcp -m tcp --dport 8000 -j ACCEPT\n"
    )
    found = packet_filter.packet_filter(put(prepared(), answers={"ip6tables -S": rules}))
    assert found.lets_in(Opening(8000, "tcp", "2001:db8:1::/48"))
    assert not found.lets_in(Opening(8000, "tcp"))
    assert found.lets_in(Opening(22, "tcp", "2001:db8::/32"))


def only_nft(rules):
    host = prepared()
    for name in ("iptables", "ip6tables"):
        del host.programs[name]
    return put(host, programs={"nft": "/usr/sbin/nft"}, answers={NFT: rules})


def chain(family, policy="drop", hook="input"):
    return {"chain": {"family": family, "table": "t", "name": "c", "hook": hook, "policy": policy}}


def rule(*expressions, family="inet"):
    return {"rule": {"family": family, "table": "t", "chain": "c", "expr": list(expressions)}}


def ruleset(*objects):
    return json.dumps({"nftables": [{"metainfo": {}}, *objects]})


def test_nftables_own_rules_are_read():
    found = packet_filter.packet_filter(only_nft(raw("nftables/nft.json")))
    assert found.denies
    assert set(found.openings) == {Opening(22, "tcp"), Opening(80, "tcp"), Opening(443, "tcp"), Opening(53, "udp")}
    assert found.source == NFT


@pytest.mark.parametrize(
    ("rules", "denies"),
    [
        (ruleset(chain("inet")), True),
        (ruleset(chain("ip"), chain("ip6")), True),
        (ruleset(chain("ip")), False),
        (ruleset(chain("inet", "accept")), False),
        (ruleset(chain("inet", hook="forward")), False),
        (ruleset(chain("inet"), rule({"accept": None})), False),
        (ruleset(chain("inet"), rule({"counter": {}}, {"accept": None})), False),
        (ruleset(chain("inet", "accept"), rule({"reject": None})), True),
        (ruleset(chain("inet", "accept"), rule({"log": None}, {"drop": None})), True),
        (ruleset(chain("inet", "accept"), rule({"accept": None}), rule({"drop": None})), False),
        (ruleset(chain("inet"), rule({"drop": None}), rule({"accept": None})), True),
        (ruleset(), False),
        ("", False),
    ],
)
def test_nftables_denies_where_the_chain_for_both_families_drops(rules, denies):
    assert packet_filter.packet_filter(only_nft(rules)).denies is denies


def match(field="dport", protocol="tcp", right=22, op="=="):
    left = {"payload": {"protocol": protocol, "field": field}}
    return {"match": {"op": op, "left": left, "right": right}}


@pytest.mark.parametrize(
    ("expressions", "openings"),
    [
        ([match(), {"accept": None}], [Opening(22, "tcp")]),
        ([match(op="!="), {"accept": None}], []),
        ([match(field="sport"), {"accept": None}], []),
        ([match(right={"range": [1000, 2000]}), {"accept": None}], []),
        ([match(right={"set": [53, {"range": [1, 9]}]}, protocol="udp"), {"accept": None}], [Opening(53, "udp")]),
        ([match(protocol="sctp"), {"accept": None}], []),
        ([match(), {"drop": None}], []),
        ([match(), match(field="saddr"), {"accept": None}], []),
        ([{"accept": None}], []),
    ],
)
def test_a_rule_of_nftables_opens_a_port_only_if_nothing_narrows_it(expressions, openings):
    assert list(packet_filter.nft_openings({"expr": expressions})) == openings


def test_ipv6_left_open_is_a_way_round():
    host = put(prepared(), answers={"ip6tables -S": EVERYTHING})
    assert not packet_filter.packet_filter(host).denies


@pytest.mark.parametrize("part", [{"stats": {"/proc/net/if_inet6": None}}, {}])
def test_without_ipv6_or_its_tool_the_rules_for_ipv4_decide(part):
    host = put(prepared(), **part, answers={"ip6tables -S": EVERYTHING})
    if not part:
        del host.programs["ip6tables"]
    assert packet_filter.packet_filter(host).denies


def test_the_filter_that_denies_counts_and_else_none_does():
    host = put(put(prepared(), **NO_FIREWALL), programs={"nft": "/usr/sbin/nft"}, answers={NFT: ruleset(chain("inet"))})
    assert packet_filter.packet_filter(host).source == NFT
    found = packet_filter.packet_filter(put(host, answers={NFT: ruleset()}))
    assert (found.denies, found.openings) == (False, ())


def test_the_kernel_shows_its_rules_to_root_alone():
    host = prepared()
    host.uid = 1000
    with pytest.raises(NeedsRoot):
        packet_filter.packet_filter(host)


@pytest.mark.parametrize(
    ("opening", "wanted", "is_let_in"),
    [
        (Opening(22, "tcp"), Opening(22, "tcp"), True),
        (Opening(22, "tcp"), Opening(22, "tcp", "10.0.0.0/8"), True),
        (Opening(22, "tcp"), Opening(22, "udp"), False),
        (Opening(22, "tcp"), Opening(23, "tcp"), False),
        (Opening(22, "tcp", "10.0.0.0/8"), Opening(22, "tcp"), False),
        (Opening(22, "tcp", "10.0.0.0/8"), Opening(22, "tcp", "10.1.0.0/16"), True),
        (Opening(22, "tcp", "10.1.0.0/16"), Opening(22, "tcp", "10.0.0.0/8"), False),
        (Opening(22, "tcp", "10.0.0.0/8"), Opening(22, "tcp", "2001:db8::/32"), False),
    ],
)
def test_a_rule_covers_a_wish_of_its_own_port_and_at_least_its_sources(opening, wanted, is_let_in):
    assert packet_filter.PacketFilter(True, (opening,), "x").lets_in(wanted) is is_let_in


def test_a_filter_that_does_not_deny_lets_everything_in():
    assert packet_filter.PacketFilter(False, (), "x").lets_in(Opening(22, "tcp"))
