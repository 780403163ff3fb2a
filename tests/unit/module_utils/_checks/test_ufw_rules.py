"""What ufw has in store; the rules are lines that `ufw allow` and the like have written on the stand-in."""

from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import firewall, ufw_rules
from ansible_collections.groundwork.python_host.plugins.module_utils._host.login import Login
from tests.unit.module_utils._checks.worlds import NO_FIREWALL, context, prepared, put

FILES = dict.fromkeys(ufw_rules.FILES.values())
REJECT = "### tuple ### reject tcp 22 0.0.0.0/0 any 172.17.0.1 in"
DENY_ALL = "### tuple ### deny any any 0.0.0.0/0 any 172.16.0.0/12 in"
ALLOW = "### tuple ### allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in"
LIMIT = "### tuple ### limit tcp 22 0.0.0.0/0 any 0.0.0.0/0 in comment=73"


def waiting(*rules, path="/etc/ufw/user.rules"):
    return {"files": {**FILES, path: "*filter\n### RULES ###\n" + "".join(f"\n{rule}\n-A x\n" for rule in rules)}}


@pytest.mark.parametrize(
    ("part", "options", "words"),
    [
        (waiting(REJECT), {}, ["reject from 172.17.0.1", "22/tcp"]),
        (waiting(REJECT, ALLOW), {}, ["reject"]),
        (waiting(DENY_ALL), {}, ["deny from 172.16.0.0/12"]),
        (waiting(ALLOW, REJECT), {}, []),
        (waiting(LIMIT, DENY_ALL), {}, []),
        (waiting("### tuple ### deny_log tcp 20:25,80 0.0.0.0/0 any 0.0.0.0/0 in_eth0"), {}, ["deny from 0.0.0.0/0"]),
        (waiting("### tuple ### deny tcp 20:21,80 0.0.0.0/0 any 0.0.0.0/0 in"), {}, []),
        (waiting("### tuple ### deny udp 22 0.0.0.0/0 any 0.0.0.0/0 in"), {}, []),
        (waiting("### tuple ### deny tcp 22 0.0.0.0/0 any 0.0.0.0/0 out"), {}, []),
        (waiting("### tuple ### route:deny tcp 22 0.0.0.0/0 any 0.0.0.0/0 in"), {}, []),
        (waiting(REJECT), {"ssh_port": 2222}, []),
        (waiting(REJECT), {"skip": ("FW-001",)}, []),
        (waiting(REJECT), {"login": Login("203.0.113.5", 22)}, []),
        (waiting(REJECT), {"login": Login()}, []),
        (
            waiting("### tuple ### deny tcp 22 ::/0 any 2001:db8::/32 in", path="/etc/ufw/user6.rules"),
            {"login": Login("2001:db8::7", 22)},
            ["2001:db8::/32"],
        ),
        ({"files": FILES}, {}, []),
    ],
)
def test_a_rule_against_this_login_is_named(part, options, words):
    host = put(put(prepared(), **NO_FIREWALL), files={"/etc/ufw/ufw.conf": "ENABLED=no\n"})
    found = tuple(firewall.obstacles(put(host, **part), context(**options)))
    assert len(found) == bool(words)
    assert [word for word in words if word not in found[0]] == []


def test_rules_that_nobody_loads_are_no_obstacle():
    host = put(prepared(), files={"/etc/ufw/ufw.conf": "ENABLED=no\n", **waiting(REJECT)["files"]})
    assert tuple(firewall.obstacles(host, context())) == ()


def test_a_host_without_ufw_has_no_rules():
    host = put(prepared(), **waiting(REJECT))
    del host.programs["ufw"]
    assert tuple(firewall.obstacles(host, context())) == ()
