from __future__ import annotations

import json

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.options import Opening, parse_opening
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import packet_filter
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import NeedsRoot
from tests.unit.module_utils._checks.worlds import NO_FIREWALL, prepared, put, raw

NFT = "nft -j list ruleset"
EVERYTHING = "-P INPUT ACCEPT\n-P FORWARD ACCEPT\n-P OUTPUT ACCEPT\n"


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
    return {"chain": {"family": family, "table": "t", "name": "c", "type": "filter", "hook": hook, "policy": policy}}


def rule(*expressions, family="inet"):
    return {"rule": {"family": family, "table": "t", "chain": "c", "expr": list(expressions)}}


def ruleset(*objects):
    return json.dumps({"nftables": [{"metainfo": {}}, *objects]})


def test_nftables_own_rules_are_read():
    found = packet_filter.packet_filter(only_nft(raw("nftables/nft.json")))
    assert (found.denies, found.source, found.made_by) == (True, NFT, "")
    for words in ("22/tcp", "80/tcp", "443/tcp", "53/udp"):
        assert found.lets_in(parse_opening(words))
    for words in ("53/tcp", "8000/tcp"):
        assert not found.lets_in(parse_opening(words))


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
