from __future__ import annotations

import json

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import nft_ruleset
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.nft_ruleset import Packet
from tests.unit.module_utils._checks.centos_worlds import said

HOME, STRANGER = "172.17.0.1", "9.9.9.9"


def packet(source=STRANGER, port=22, protocol="tcp", interface="eth0", server="172.17.0.8"):
    return Packet(source, interface, protocol, port, server)


@pytest.mark.parametrize(
    ("name", "sent", "verdict", "chain"),
    [
        ("prepared", packet(), "accept", "filter_IN_public_allow"),
        ("prepared", packet("2620:fe::fe", server=""), "accept", "filter_IN_public_allow"),
        ("prepared", packet(port=9090), "accept", "filter_IN_public_allow"),
        ("prepared", packet(port=8000), "reject", "filter_IN_public"),
        ("prepared", packet(port=22, protocol="udp"), "reject", "filter_IN_public"),
        ("prepared", packet(port=None), "reject", "filter_IN_public"),
        ("prepared", packet(port=8000, interface="lo"), "accept", "filter_INPUT"),
        ("trusted", packet(port=8000), "accept", "filter_IN_trusted"),
        ("trusted", packet(port=8000, interface="eth1"), "reject", "filter_IN_public"),
        ("reject", packet(HOME), "reject", "filter_IN_public_deny"),
        ("reject", packet(), "accept", "filter_IN_public_allow"),
        ("runtime-only", packet(port=8000), "accept", "filter_IN_public_allow"),
        ("panic", packet(), "drop", ""),
    ],
)
def test_firewalls_zones_are_walked_through(name, sent, verdict, chain):
    decided = nft_ruleset.parse(said(f"{name}/nft.json")).decide(sent)
    assert (decided.verdict, decided.chain) == (verdict, chain)


def ruleset(*rules, sets=(), family="inet", policy="accept", flags=None, other=()):
    place = {"family": family, "table": "t"}
    objects = [
        {"table": {"family": family, "name": "t", **({"flags": flags} if flags else {})}},
        {"chain": {**place, "name": "in", "type": "filter", "hook": "input", "prio": 0, "policy": policy}},
        {"chain": {**place, "name": "own"}},
        *({"set": {**place, **one}} for one in sets),
        *({"rule": {**place, "chain": chain, "expr": list(expressions)}} for chain, expressions in rules),
        *other,
    ]
    return nft_ruleset.parse(json.dumps({"nftables": objects}))


def match(left, right, op="=="):
    return {"match": {"op": op, "left": left, "right": right}}


def payload(protocol, field):
    return {"payload": {"protocol": protocol, "field": field}}


DPORT, SADDR, IIFNAME = payload("tcp", "dport"), payload("ip", "saddr"), {"meta": {"key": "iifname"}}
STATE = {"ct": {"key": "state"}}
TEN = {"prefix": {"addr": "10.0.0.0", "len": 8}}


@pytest.mark.parametrize(
    ("condition", "fits"),
    [
        (match(DPORT, 22), True),
        (match(DPORT, 23), False),
        (match(DPORT, 23, "!="), True),
        (match(DPORT, {"range": [20, 25]}), True),
        (match(DPORT, {"set": [80, {"range": [20, 25]}]}), True),
        (match(payload("udp", "dport"), 22), False),
        (match(payload("th", "dport"), 22), True),
        (match(payload("tcp", "sport"), 22), False),
        (match(payload("tcp", "sport"), 22, "!="), False),
        (match(SADDR, "10.1.2.3"), True),
        (match(SADDR, TEN), True),
        (match(SADDR, TEN, "!="), False),
        (match(SADDR, {"range": ["10.0.0.1", "10.1.2.3"]}), True),
        (match({"meta": {"key": "l4proto"}}, {"range": ["icmp", "udp"]}), False),
        (match(SADDR, "@ours"), True),
        (match(SADDR, "@nobody"), False),
        (match(payload("ip6", "saddr"), "::1"), False),
        (match(payload("ip", "daddr"), "172.17.0.8"), True),
        (match(IIFNAME, "eth0"), True),
        (match(IIFNAME, "eth*"), True),
        (match(IIFNAME, "wg*"), False),
        (match({"meta": {"key": "l4proto"}}, {"set": ["tcp", "udp"]}), True),
        (match({"meta": {"key": "nfproto"}}, "ipv6"), False),
        (match({"meta": {"key": "mark"}}, 7), False),
        (match(STATE, ["established", "related"]), False),
        (match(STATE, "new", "in"), True),
        ({"counter": {"packets": 0, "bytes": 0}}, True),
        ({"limit": {"rate": 3, "per": "minute"}}, True),
        ({"xt": None}, False),
    ],
)
def test_a_rule_fits_by_all_that_is_known_of_the_packet(condition, fits):
    ours = {"name": "ours", "elem": [{"elem": {"val": TEN, "timeout": 60}}]}
    found = ruleset(("in", [condition, {"drop": None}]), sets=[ours])
    assert found.decide(packet("10.1.2.3")).is_refused is fits


@pytest.mark.parametrize(
    ("rules", "policy", "verdict", "chain"),
    [
        ([], "drop", "drop", ""),
        ([], "accept", "accept", ""),
        ([("in", [{"jump": {"target": "own"}}]), ("own", [{"drop": None}])], "accept", "drop", "own"),
        (
            [("in", [{"jump": {"target": "own"}}]), ("own", [{"return": None}]), ("own", [{"drop": None}])],
            "accept",
            "accept",
            "",
        ),
        (
            [("in", [{"goto": {"target": "own"}}]), ("in", [{"drop": None}])],
            "accept",
            "accept",
            "",
        ),
        ([("in", [{"jump": {"target": "own"}}]), ("in", [{"drop": None}])], "accept", "drop", "in"),
        ([("in", [{"jump": {"target": "own"}}]), ("own", [{"jump": {"target": "in"}}])], "drop", "drop", ""),
        (
            [
                (
                    "in",
                    [{"vmap": {"key": IIFNAME, "data": {"set": [["lo", {"accept": None}], ["eth0", {"drop": None}]]}}}],
                )
            ],
            "accept",
            "drop",
            "in",
        ),
        ([("in", [{"vmap": {"key": IIFNAME, "data": {"set": [["lo", {"drop": None}]]}}}])], "accept", "accept", ""),
        ([("in", [{"log": None}]), ("in", [{"reject": None}])], "accept", "reject", "in"),
    ],
)
def test_a_chain_is_walked_as_the_kernel_does(rules, policy, verdict, chain):
    decided = ruleset(*rules, policy=policy).decide(packet())
    assert (decided.verdict, decided.chain) == (verdict, chain)


def test_what_one_base_chain_accepts_another_may_refuse():
    later = {
        "family": "ip",
        "table": "late",
        "name": "in",
        "type": "filter",
        "hook": "input",
        "prio": 5,
        "policy": "drop",
    }
    found = ruleset(("in", [{"accept": None}]), other=[{"chain": later}])
    assert found.decide(packet()).is_refused
    assert not found.decide(packet("2620:fe::fe")).is_refused


def test_a_table_that_is_switched_off_does_nothing():
    assert not ruleset(policy="drop", flags="dormant").decide(packet()).is_refused
    assert nft_ruleset.parse("").decide(packet()).verdict == "accept"
