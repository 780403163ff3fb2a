from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Status
from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.options import Opening, parse_opening
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import firewall, listeners, ufw
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import CommandMissing
from ansible_collections.groundwork.python_host.plugins.module_utils._host.login import Login
from tests.unit.module_utils._checks.worlds import (
    FREEBSD,
    NO_FIREWALL,
    OTHER_FIREWALL,
    check,
    context,
    fresh,
    look,
    prepared,
    put,
    raw,
    sshd_says,
    units,
)

HTTP = parse_opening("http")
SSH_SOCKETS = raw("fresh/ss-Hltunp.txt")
SOCKSTAT = " ".join(listeners.SOCKSTAT)
WEB = 'tcp LISTEN 0      511    0.0.0.0:80 0.0.0.0:* users:(("nginx",pid=7,fd=6))\n'
RULES = {"answers": {"iptables -S": raw("ufw-rules/iptables-S.txt"), "ip6tables -S": raw("ufw-rules/ip6tables-S.txt")}}
AT_2200 = sshd_says(raw("prepared/sshd-T.txt"), ports=(2200,))
UFW_OFF = {"files": {"/etc/ufw/ufw.conf": "ENABLED=no\n"}}
OPEN_RULE = {"answers": {"iptables -S": f"{raw('prepared/iptables-S.txt')}-A ufw-user-input -j ACCEPT\n"}}
NO_IPV6 = {**NO_FIREWALL, "files": {"/etc/default/ufw": "IPV6=no\n"}}
FRESH_UFW = {**NO_FIREWALL, **UFW_OFF}
LET_IN_22 = "ufw allow proto tcp from any to any port 22"
ENABLE = ["ufw default deny incoming", "ufw --force enable"]


@pytest.mark.parametrize(
    ("_case", "part", "options", "status", "words"),
    [
        ("as made by us", {}, {}, Status.PASS, []),
        ("no firewall at all", NO_FIREWALL, {}, Status.FAIL, ["no rule in the kernel"]),
        ("on in ufw's file, nothing in the kernel", NO_FIREWALL, {}, Status.FAIL, ["no rule in the kernel"]),
        ("what is listed is not let in", {}, {"firewall_allow": (HTTP,)}, Status.FAIL, ["80/tcp is not let in"]),
        ("what is listed is let in", RULES, {"firewall_allow": (HTTP,)}, Status.PASS, []),
        (
            "let in from fewer than listed",
            RULES,
            {"firewall_allow": (parse_opening("8000/tcp"),)},
            Status.FAIL,
            ["8000/tcp is not let in"],
        ),
        (
            "let in from those listed",
            RULES,
            {"firewall_allow": (parse_opening("8000/tcp/10.0.0.0/8"),)},
            Status.PASS,
            [],
        ),
        ("the new port of sshd is shut", {}, {"ssh_port": 2200}, Status.FAIL, ["2200/tcp is not let in"]),
        (
            "the port of this login is shut",
            {"answers": AT_2200},
            {"login": Login("172.17.0.1", 2200)},
            Status.FAIL,
            ["2200/tcp"],
        ),
        ("everything is accepted", OPEN_RULE, {}, Status.FAIL, ["chain ufw-user-input accepts everything"]),
        ("IPv6 is left open", NO_IPV6, {}, Status.FAIL, ["/etc/default/ufw leaves IPv6 open"]),
        ("gone after a boot", UFW_OFF, {}, Status.FAIL, ["next boot"]),
        ("ufw's unit is masked", {"answers": units(ufw_service="masked inactive")}, {}, Status.FAIL, ["is masked"]),
        ("ufw's unit is off", {"answers": units(ufw_service="disabled inactive")}, {}, Status.FAIL, ["next boot"]),
        (
            "another tool's rules, loaded at boot",
            {**UFW_OFF, "answers": units(nftables_service="enabled active")},
            {},
            Status.PASS,
            [],
        ),
    ],
    ids=lambda value: str(value)[:40],
)
def test_the_kernels_rules_are_judged_not_ufws_file(_case, part, options, status, words):
    found = look("FW-001", put(prepared(), **part), context(**options))
    assert found.status is status
    assert [word for word in words if word not in found.observed] == []


def test_a_fresh_host_has_none():
    found = look("FW-001", fresh())
    assert (found.status, "22/tcp" in found.expected) == (Status.FAIL, True)


@pytest.mark.parametrize(
    ("host", "platform"),
    [(prepared(), {}), (put(fresh(), answers={"kldstat -q -m pf": CommandMissing("kldstat")}), {"platform": FREEBSD})],
)
def test_what_cannot_be_read_is_unknown(host, platform):
    if not platform:
        host.uid = 1000
    assert look("FW-001", host, context(**platform)).status is Status.UNKNOWN


def commands(host, asked):
    return [" ".join(action.argv) for action in check("FW-001").remedy(host, asked)]


@pytest.mark.parametrize(
    ("_case", "part", "options", "expected"),
    [
        ("none yet", FRESH_UFW, {}, [LET_IN_22, *ENABLE]),
        ("on in its file, and not loaded", NO_FIREWALL, {}, ["ufw disable", LET_IN_22, *ENABLE]),
        (
            "none yet, and services",
            FRESH_UFW,
            {"firewall_allow": (HTTP, parse_opening("53/udp/10.0.0.0/8"))},
            [
                LET_IN_22,
                "ufw allow proto tcp from any to any port 80",
                "ufw allow proto udp from 10.0.0.0/8 to any port 53",
                *ENABLE,
            ],
        ),
        (
            "none yet, sshd is about to move",
            FRESH_UFW,
            {"ssh_port": 2200},
            ["ufw allow proto tcp from any to any port 2200", LET_IN_22, *ENABLE],
        ),
        ("one opening is missing", {}, {"firewall_allow": (HTTP,)}, ["ufw allow proto tcp from any to any port 80"]),
        (
            "ufw's unit is off",
            {"answers": units(ufw_service="disabled inactive")},
            {},
            ["systemctl enable ufw.service"],
        ),
        ("another tool's rules", OTHER_FIREWALL, {"firewall_allow": (HTTP,)}, []),
        ("a masked unit", {"answers": units(ufw_service="masked inactive")}, {}, []),
        (
            "off in its file and as a unit",
            {**UFW_OFF, "answers": units(ufw_service="disabled inactive")},
            {},
            [*ENABLE, "ufw reload", "systemctl enable ufw.service"],
        ),
        ("loaded, and not at the next boot", UFW_OFF, {}, [*ENABLE, "ufw reload"]),
        ("a rule of ufw's that accepts everything", OPEN_RULE, {}, []),
        ("ufw without IPv6", NO_IPV6, {}, []),
        ("nothing", {}, {}, []),
    ],
    ids=lambda value: str(value)[:40],
)
def test_ssh_is_let_in_before_the_rest_is_denied(_case, part, options, expected):
    assert commands(put(prepared(), **part), context(**options)) == expected


@pytest.mark.parametrize(
    ("part", "undo"),
    [(NO_FIREWALL, ufw.UNLOADS), (FRESH_UFW, ufw.LOADS), (UFW_OFF, ufw.LOADS)],
)
def test_taken_back_the_rules_are_loaded_only_where_they_were_or_the_files_say_nothing(part, undo):
    actions = list(check("FW-001").remedy(put(prepared(), **part), context()))
    assert {action.undo for action in actions if action.change and action.change.kind == "firewall"} == {undo}


@pytest.mark.parametrize(
    ("sockets", "options", "cut_off"),
    [
        (SSH_SOCKETS, {}, ()),
        (SSH_SOCKETS + WEB, {}, ("80/tcp (nginx)",)),
        (SSH_SOCKETS + WEB, {"firewall_allow": (HTTP,)}, ()),
        (SSH_SOCKETS + WEB, {"firewall_cut": (HTTP,)}, ()),
        (SSH_SOCKETS + WEB.replace("tcp", "udp"), {"firewall_allow": (HTTP,)}, ("80/udp (nginx)",)),
        (SSH_SOCKETS + WEB.replace("0.0.0.0:80", "127.0.0.1:80"), {}, ()),
        (SSH_SOCKETS + WEB.replace("0.0.0.0:80", "[::1]:80"), {}, ()),
        (SSH_SOCKETS + WEB.replace("0.0.0.0:80", "[::ffff:127.0.0.1]:80"), {}, ()),
        (SSH_SOCKETS + WEB.replace("0.0.0.0:80", "127.0.0.53%lo:80"), {}, ()),
        (SSH_SOCKETS + WEB.replace("0.0.0.0:80", "10.0.0.5%eth0:80"), {}, ("80/tcp (nginx)",)),
        (SSH_SOCKETS + 'udp UNCONN 0 0 0.0.0.0%eth0:68 0.0.0.0:* users:(("dhclient",pid=5,fd=7))\n', {}, ()),
        (SSH_SOCKETS + "udp UNCONN 0 0 0.0.0.0:123 0.0.0.0:*\n", {}, ("123/udp (unknown)",)),
        (SSH_SOCKETS + WEB + WEB.replace("0.0.0.0:80", "[::]:80"), {}, ("80/tcp (nginx)",)),
        (SSH_SOCKETS, {"ssh_port": 2200, "login": Login()}, ("22/tcp (sshd)",)),
        ("a line that is none\n", {}, ()),
    ],
)
def test_what_listens_for_outsiders_and_is_not_listed_would_be_cut_off(sockets, options, cut_off):
    host = put(prepared(), answers={"ss -Hltunp": sockets})
    assert firewall.would_be_cut_off(host, context(**options)) == cut_off


def test_a_service_that_would_be_cut_off_is_named_and_the_firewall_left_alone():
    host = put(put(prepared(), **NO_FIREWALL), answers={"ss -Hltunp": SSH_SOCKETS + WEB})
    found = look("FW-001", host)
    for words in ("80/tcp (nginx)", "python_host_firewall_allow", "python_host_firewall_cut"):
        assert words in found.remedy
    assert commands(host, context()) == []


@pytest.mark.parametrize(
    ("part", "options", "port", "is_let_in"),
    [
        ({}, {}, 22, True),
        (NO_FIREWALL, {}, 2200, True),
        ({}, {}, 2200, True),
        ({}, {"skip": ("FW-001",)}, 2200, False),
        (UFW_OFF, {}, 2200, True),
        (OTHER_FIREWALL, {}, 2200, False),
    ],
)
def test_a_port_will_be_let_in_if_it_is_or_if_our_row_adds_it(part, options, port, is_let_in):
    host = put(prepared(), **part)
    assert firewall.will_let_in(host, context(**options), Opening(port, "tcp")) is is_let_in


NARROW = raw("prepared/iptables-S.txt").replace(
    "-A ufw-user-input -p tcp -m tcp --dport 22", "-A ufw-user-input -s 172.17.0.0/16 -p tcp -m tcp --dport 22"
)


@pytest.mark.parametrize(
    ("login", "options", "commands"),
    [
        (Login("172.17.0.1", 22), {}, []),
        (Login(), {}, []),
        (Login("198.51.100.7", 22), {}, [LET_IN_22]),
        (Login("172.17.0.1", 22), {"firewall_allow": (parse_opening("22/tcp"),)}, [LET_IN_22]),
    ],
)
def test_ssh_that_somebody_has_narrowed_stays_so_as_long_as_this_login_gets_in(login, options, commands):
    ipv6 = raw("prepared/ip6tables-S.txt").replace("--dport 22 ", "--dport 23 ")
    host = put(prepared(), answers={"iptables -S": NARROW, "ip6tables -S": ipv6})
    asked = context(login=login, **options)
    assert [" ".join(action.argv) for action in check("FW-001").remedy(host, asked)] == commands
    assert look("FW-001", host, asked).status is (Status.FAIL if commands else Status.PASS)


@pytest.mark.parametrize("name", ["nftables", "netfilter_persistent", "firewalld"])
def test_beside_another_firewall_ufw_is_not_switched_on(name):
    host = put(put(prepared(), **NO_FIREWALL), answers=units(**{f"{name}_service": "enabled active"}))
    assert tuple(check("FW-001").remedy(host, context())) == ()
    found = look("FW-001", host)
    assert (found.status, name.replace("_", "-") in found.remedy) == (Status.FAIL, True)
