"""FW-001 on Enterprise Linux, and what firewalld's rules would do to this login."""

from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Status
from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.options import Opening, parse_opening
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import firewall, firewalld
from ansible_collections.groundwork.python_host.plugins.module_utils._host.login import Login
from tests.unit.module_utils._checks.centos_worlds import (
    NFT,
    NO_IPTABLES,
    NO_RULES,
    SERVICES,
    ZONES,
    on_centos,
    prepared_centos,
    said,
    seen,
)
from tests.unit.module_utils._checks.worlds import check, put, raw, redhat_units, sshd_says, units

EIGHT = parse_opening("8000/tcp")
TEN = parse_opening("8000/tcp/10.0.0.0/8")
RUNS = "enabled active"
IN_WORK = said("prepared/nft.json").replace("_IN_public", "_IN_work")
STOPPED = {NFT: NO_RULES, **units(firewalld_service="enabled inactive")}


def zones(**changed):
    """What is in store, with other lines in the zone `public`: `target="ACCEPT"`."""
    blocks = said("prepared/zones.txt").split("\n\n")
    for number, block in enumerate(blocks):
        if block.startswith("public"):
            for key, value in changed.items():
                name = key.replace("_", " ")
                line = next(line for line in block.splitlines() if line.startswith(f"  {name}:"))
                block = block.replace(line, f"  {name}: {value}")
            blocks[number] = block
    return {ZONES: "\n\n".join(blocks)}


def rule(text):
    """The rich rule in store."""
    return zones(rich_rules=f"\n\t{text}")


REJECT = 'rule family="ipv4" source address="172.17.0.1" reject'


@pytest.mark.parametrize(
    ("_case", "answers", "options", "status", "words"),
    [
        ("as made by us", {}, {}, Status.PASS, []),
        ("not running", STOPPED, {}, Status.FAIL, ["no rule in the kernel"]),
        ("not at the next boot", units(firewalld_service="disabled active"), {}, Status.FAIL, ["next boot"]),
        ("masked and running", units(firewalld_service="masked active"), {}, Status.FAIL, ["next boot", "masked"]),
        (
            "masked",
            {NFT: NO_RULES, **units(firewalld_service="masked inactive")},
            {},
            Status.FAIL,
            ["masked", "systemctl unmask"],
        ),
        (
            "a zone that accepts all",
            {NFT: said("trusted/nft.json")},
            {},
            Status.FAIL,
            ["zone trusted accepts everything"],
        ),
        ("it will after a reload", zones(target="ACCEPT"), {}, Status.FAIL, ["after its next reload", "zone public"]),
        ("it would once it runs", {**STOPPED, **zones(target="ACCEPT")}, {}, Status.FAIL, ["zone public accepts"]),
        ("a rule against this login", {NFT: said("reject/nft.json")}, {}, Status.FAIL, ["22/tcp is not let in"]),
        ("panic", {NFT: said("panic/nft.json")}, {}, Status.FAIL, ["panic mode", "22/tcp is not let in"]),
        (
            "what is loaded and not in store",
            {NFT: said("runtime-only/nft.json"), ZONES: said("runtime-only/zones.txt")},
            {"firewall_allow": (EIGHT,)},
            Status.FAIL,
            ["22/tcp is let in until firewalld's next reload (zone public)", "8000/tcp is let in until"],
        ),
        ("what is listed is shut", {}, {"firewall_allow": (EIGHT,)}, Status.FAIL, ["8000/tcp is not let in"]),
        ("a service of its own", {}, {"firewall_allow": (parse_opening("9090/tcp"),)}, Status.PASS, []),
        ("a rich rule in store lets SSH in", rule('rule service name="ssh" accept'), {}, Status.PASS, []),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_loaded_and_what_is_in_store_are_both_judged(_case, answers, options, status, words):
    host = put(
        prepared_centos(), answers=answers, files={f"{SERVICES}/cockpit.xml": '<port port="9090" protocol="tcp"/>'}
    )
    found = seen("FW-001", host, **options)
    assert found.status is status, found.observed
    assert [word for word in words if word not in found.observed] == []


def test_a_host_without_firewalld_has_no_firewall():
    host = put(prepared_centos(), answers={NFT: NO_RULES, **units()})
    del host.programs["firewall-offline-cmd"]
    found = seen("FW-001", host)
    assert (found.status, "no rule in the kernel" in found.observed) == (Status.FAIL, True)


def commands(host, **options):
    return [" ".join(action.argv) for action in check("FW-001").remedy(host, on_centos(**options))]


PERMANENT, NOW = "firewall-cmd --permanent --zone=public", "firewall-cmd --zone=public"
RICH = 'rule family="ipv4" source address="10.0.0.0/8" port port="8000" protocol="tcp" accept'
LOADED = ["nft add table inet firewalld", "firewall-cmd --reload"]
START, ANSWERS = "systemctl enable --now firewalld.service", "firewall-cmd --get-default-zone"


@pytest.mark.parametrize(
    ("_case", "answers", "options", "expected"),
    [
        ("nothing", {}, {}, []),
        (
            "one opening is missing",
            {},
            {"firewall_allow": (EIGHT,)},
            [f"{PERMANENT} --add-port=8000/tcp", f"{NOW} --add-port=8000/tcp"],
        ),
        (
            "from some addresses",
            {},
            {"firewall_allow": (TEN,)},
            [f"{PERMANENT} --add-rich-rule={RICH}", f"{NOW} --add-rich-rule={RICH}"],
        ),
        (
            "loaded, and not in store",
            {NFT: said("runtime-only/nft.json"), ZONES: said("runtime-only/zones.txt")},
            {"firewall_allow": (EIGHT,)},
            [f"{PERMANENT} --add-port=22/tcp", f"{PERMANENT} --add-port=8000/tcp"],
        ),
        ("stopped", STOPPED, {}, [START, ANSWERS]),
        (
            "stopped, and SSH is not in store",
            {**STOPPED, ZONES: said("runtime-only/zones.txt")},
            {},
            ["firewall-offline-cmd --zone=public --add-port=22/tcp", START, ANSWERS],
        ),
        ("not at the next boot", units(firewalld_service="disabled active"), {}, [START]),
        ("masked", {NFT: NO_RULES, **units(firewalld_service="masked inactive")}, {}, []),
        ("a rule that comes before any of ours", {NFT: said("reject/nft.json")}, {}, []),
        (
            "another zone than the default one",
            {NFT: IN_WORK, **zones()},
            {"firewall_allow": (EIGHT,)},
            [f"{PERMANENT} --add-port=8000/tcp", "firewall-cmd --zone=work --add-port=8000/tcp"],
        ),
        ("a zone that accepts all", {NFT: said("trusted/nft.json")}, {}, []),
        ("it will after a reload", zones(target="ACCEPT"), {}, []),
        ("running, and its rules are gone", {NFT: NO_RULES}, {}, LOADED),
        (
            "another one is in charge",
            {NFT: NO_RULES, **units(nftables_service=RUNS)},
            {},
            [],
        ),
        (
            "another one's rules",
            {
                NFT: NO_RULES,
                "iptables -S": "-P INPUT DROP\n",
                "ip6tables -S": "-P INPUT DROP\n",
                **units(),
                **redhat_units(iptables_service=RUNS),
            },
            {},
            [],
        ),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_loaded_and_what_is_in_store_are_mended_for_themselves(_case, answers, options, expected):
    assert commands(put(prepared_centos(), answers=answers), **options) == expected


def test_a_new_firewalld_lets_ssh_in_before_it_starts():
    host = put(prepared_centos(), answers={NFT: NO_RULES, **units()})
    del host.programs["firewall-offline-cmd"]
    assert commands(host, firewall_allow=(TEN,)) == [
        "firewall-offline-cmd --add-service=ssh",
        f"firewall-offline-cmd --add-rich-rule={RICH}",
        START,
        "firewall-cmd --add-service=ssh",
        f"firewall-cmd --add-rich-rule={RICH}",
    ]


def test_each_change_has_its_way_back_and_none_reloads_what_others_have_loaded():
    stored, now = check("FW-001").remedy(prepared_centos(), on_centos(firewall_allow=(EIGHT,)))
    assert stored.touches.paths == ("/etc/firewalld/zones/public.xml", "/etc/firewalld/zones/public.xml.old")
    assert stored.undo == ()
    assert now.undo == (("firewall-cmd", "--zone=public", "--remove-port=8000/tcp"),)
    for load in check("FW-001").remedy(put(prepared_centos(), answers={NFT: NO_RULES}), on_centos()):
        ((program, words),) = load.undo
        assert (program, words.count("delete table inet firewalld")) == ("nft", 2)


def test_a_new_port_of_sshd_is_opened_beside_the_old_one():
    host = put(prepared_centos(), answers=sshd_says(raw("prepared/sshd-T.txt"), ports=(22,)))
    assert commands(host, ssh_port=2200) == [f"{PERMANENT} --add-port=2200/tcp", f"{NOW} --add-port=2200/tcp"]
    assert firewall.will_let_in(host, on_centos(), Opening(2200, "tcp"))
    assert not firewall.will_let_in(host, on_centos(skip=("FW-001",)), Opening(2200, "tcp"))


WEB = 'tcp LISTEN 0      511    0.0.0.0:80 0.0.0.0:* users:(("nginx",pid=7,fd=6))\n'
COCKPIT = 'tcp LISTEN 0      511    *:9090 *:* users:(("systemd",pid=1,fd=6))\n'


@pytest.mark.parametrize(("sockets", "cut_off"), [(COCKPIT, ()), (WEB + COCKPIT, ("80/tcp (nginx)",))])
def test_what_its_zone_lets_in_would_not_be_cut_off(sockets, cut_off):
    host = put(
        prepared_centos(),
        answers={**STOPPED, "ss -Hltunp": sockets},
        files={f"{SERVICES}/cockpit.xml": '<service><port protocol="tcp" port="9090"/></service>'},
    )
    assert firewall.would_be_cut_off(host, on_centos()) == cut_off
    assert bool(commands(host)) is not bool(cut_off)


@pytest.mark.parametrize(
    ("answers", "options", "words"),
    [
        ({}, {}, []),
        (rule(REJECT), {}, ["zone public", REJECT, "22/tcp from 172.17.0.1"]),
        ({**STOPPED, **rule(REJECT)}, {}, [REJECT]),
        (rule(REJECT), {"skip": ("FW-001",)}, []),
        (rule(REJECT), {"login": Login("203.0.113.5", 22, "172.17.0.5")}, []),
        (rule(REJECT), {"login": Login()}, []),
        (rule('rule priority="10" family="ipv4" source address="172.17.0.1" reject'), {}, []),
        (rule('rule priority="-9" family="ipv4" source address="172.17.0.1" accept\n\t' + REJECT), {}, []),
        (rule('rule family="ipv4" source address="172.17.0.0/16" port port="20-22" protocol="tcp" drop'), {}, ["drop"]),
        (rule('rule family="ipv4" source address="172.17.0.0/16" port port="80" protocol="tcp" drop'), {}, []),
        (rule('rule family="ipv4" source address="172.17.0.0/16" service name="ssh" drop'), {}, ["drop"]),
        (rule('rule family="ipv6" drop'), {}, []),
        (rule('rule family="ipv4" source NOT address="10.0.0.0/8" reject'), {}, ["NOT"]),
        (rule('rule source ipset="bad" drop'), {}, []),
        ({NFT: said("reject/nft.json")}, {}, ["has loaded", "nft list chain inet firewalld filter_IN_public_deny"]),
        ({NFT: NO_RULES, "iptables -S": "-P INPUT DROP\n", "ip6tables -S": "-P INPUT DROP\n", **units()}, {}, []),
    ],
)
def test_a_rule_against_this_login_is_named(answers, options, words):
    found = tuple(firewall.obstacles(put(prepared_centos(), answers=answers), on_centos(**options)))
    assert len(found) == bool(words)
    assert [word for word in words if word not in found[0]] == []


def test_a_host_without_firewalld_has_no_rule_against_anybody():
    host = put(prepared_centos(), answers=STOPPED)
    del host.programs["firewall-offline-cmd"]
    assert tuple(firewall.obstacles(host, on_centos())) == ()


@pytest.mark.parametrize(
    ("answers", "action", "words"),
    [
        ({}, "firewallcmd-rich-rules", ""),
        (units(firewalld_service="enabled inactive"), "firewallcmd-ipset", "does not run"),
        ({NFT: IN_WORK}, "firewallcmd-rich-rules", "default zone public, and strangers come in by zone work"),
        ({NFT: IN_WORK}, "firewallcmd-ipset", ""),
        ({NFT: NO_RULES, "iptables -S": NO_IPTABLES}, "firewallcmd-rich-rules", ""),
    ],
)
def test_a_ban_needs_a_firewalld_that_runs_and_the_zone_that_strangers_come_in_by(answers, action, words):
    found = firewalld.why_bans_miss(put(prepared_centos(), answers=answers), on_centos(), action)
    assert (words in found, bool(found)) == (True, bool(words))
