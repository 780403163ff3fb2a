"""BAN-001 where EPEL's packages have firewalld ban."""

from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Status
from tests.unit.module_utils._checks.centos_worlds import (
    JAIL_PORT,
    NFT,
    NO_RULES,
    ZONES,
    on_centos,
    prepared_centos,
    said,
    seen,
)
from tests.unit.module_utils._checks.worlds import JAIL, check, failed, put, redhat_units, units

STOPPED = {NFT: NO_RULES, **units(fail2ban_service="enabled active", firewalld_service="disabled inactive")}
IN_WORK = {NFT: said("prepared/nft.json").replace("_IN_public", "_IN_work")}
OTHERS = "-P INPUT DROP\n-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n"
ANOTHER = {
    "iptables -S": OTHERS,
    "ip6tables -S": OTHERS,
    **redhat_units(iptables_service="enabled active"),
}
WEB = 'tcp LISTEN 0      511    0.0.0.0:80 0.0.0.0:* users:(("nginx",pid=7,fd=6))\n'
BY_NFTABLES = {
    JAIL: said("prepared/fail2ban-sshd.txt").replace("firewallcmd-rich-rules", "nftables-multiport"),
    JAIL_PORT.replace("firewallcmd-rich-rules", "nftables-multiport"): said("prepared/fail2ban-port.txt"),
}


@pytest.mark.parametrize(
    ("_case", "answers", "status", "words"),
    [
        ("as made by us", {}, Status.PASS, []),
        ("by a firewalld that does not run", STOPPED, Status.FAIL, ["hands its bans to firewalld, which does not run"]),
        ("into another zone than SSH's", IN_WORK, Status.FAIL, ["default zone public", "come in by zone work"]),
        ("without firewalld", {**STOPPED, **BY_NFTABLES}, Status.PASS, []),
        ("not at the next boot", units(firewalld_service="enabled active"), Status.FAIL, ["does not start at boot"]),
        (
            "another port than sshd's",
            {JAIL_PORT: said("prepared/fail2ban-port.txt").replace("> 22\n", "> 2222\n")},
            Status.FAIL,
            ["does not block port 22"],
        ),
    ],
    ids=lambda value: str(value)[:40],
)
def test_the_jail_bans_strangers_where_they_come_in(_case, answers, status, words):
    found = seen("BAN-001", put(prepared_centos(), answers=answers))
    assert found.status is status, found.observed
    assert [word for word in words if word not in found.observed] == []


@pytest.mark.parametrize(
    ("_case", "answers", "options", "action"),
    [
        ("it runs", {}, {}, None),
        ("it will run", STOPPED, {}, None),
        ("it is left out", STOPPED, {"skip": ("FW-001",)}, "nftables-multiport"),
        ("it would cut somebody off", {**STOPPED, "ss -Hltunp": WEB}, {}, "nftables-multiport"),
        ("another firewall is in charge", {**STOPPED, **ANOTHER}, {}, "nftables-multiport"),
        ("strangers come in by another zone", IN_WORK, {}, "nftables-multiport"),
        (
            "it cannot be asked",
            {**STOPPED, ZONES: failed(112, stderr="Error: INVALID_ZONE: office.xml")},
            {},
            "nftables-multiport",
        ),
    ],
    ids=lambda value: str(value)[:40],
)
def test_the_jail_does_without_firewalld_where_that_would_ban_nobody(_case, answers, options, action):
    host = put(prepared_centos(), answers=answers)
    found = {setting.key: setting.value for setting in check("BAN-001").settings(host, on_centos(**options))}
    assert found.get("sshd/banaction") == action
