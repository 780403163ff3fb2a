"""blacklistd.conf(5) and blocklistd.conf(5), as conf.c of the daemon reads them."""

from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checks.ban_rules import STAR, parse
from tests.unit.module_utils._checks.freebsd_worlds import FREEBSD_14, FREEBSD_15
from tests.unit.module_utils._checks.pf_worlds import pf_said

SOMEBODY, SOMEBODY_6 = "203.0.113.9", "2001:db8::9"
SSH = "ssh stream * * * 3 24h\n"


def failures(text, address=SOMEBODY, *, port=22, server=""):
    return parse(text).failures(port, address, server)


@pytest.mark.parametrize(("platform", "name"), [(FREEBSD_14, "blacklistd.conf"), (FREEBSD_15, "blocklistd.conf")])
def test_the_stock_file_bans_from_every_port(platform, name):
    rules = parse(pf_said(name, platform))
    assert [rules.failures(port, SOMEBODY) for port in (22, 2222)] == [3, 3]
    assert rules.local[-1].seconds == 60
    assert {rule.seconds for rule in rules.local if rule.port == 22} == {{"14": 86400, "15": 21600}[platform.major]}


@pytest.mark.parametrize(
    ("_case", "text", "expected"),
    [
        ("no line at all", "", None),
        ("another port", "smtp stream * * * 3 24h\n", None),
        ("another protocol", "ssh dgram * * * 3 24h\n", None),
        ("another owner", "ssh stream * 1001 * 3 24h\n", None),
        ("sshd is root's", "ssh stream * root * 3 24h\n", 3),
        ("never", "ssh stream * * * * *\n", STAR),
        ("before a section is before all", SSH, 3),
        ("a port before all ports, wherever it stands", f"* * * * * 9 60\n{SSH}", 3),
        ("a family before none", f"{SSH}22 stream tcp * * 5 10m\n", 5),
        ("the other family", f"{SSH}22 stream tcp6 * * 5 10m\n", 3),
        ("an address of the host before all", f"{SSH}192.0.2.10:ssh stream * * * 7 1h\n", 7),
        ("another address of the host", f"{SSH}192.0.2.11:ssh stream * * * 7 1h\n", 3),
        ("of two the fewer failures", f"{SSH}22 stream * * * 2 1h\n", 2),
        ("a line with a fault is passed over", f"{SSH}22 stream tcp * * often 10m\n22 stream tcp * *\n", 3),
        ("a time with a fault", "ssh stream * * * 3 1w\n", None),
        ("an interface", "vtnet0:ssh stream * * * 3 1h\n", None),
        ("a comment", f"#{SSH}", None),
        ("a line that goes on", "ssh stream * * \\\n * 3 1h\n", 3),
    ],
)
def test_the_line_that_counts(_case, text, expected):
    assert failures(text, server="192.0.2.10") == expected


@pytest.mark.parametrize(
    ("_case", "line", "address", "expected"),
    [
        ("its address", "203.0.113.9/32 * * * = * *", SOMEBODY, STAR),
        ("without a length", "203.0.113.9 * * * = * *", SOMEBODY, STAR),
        ("its network", "203.0.113.0/24 * * * = * *", SOMEBODY, STAR),
        ("another", "198.51.100.0/24 * * * = * *", SOMEBODY, 3),
        ("its address, IPv6", "[2001:db8::9]/128 * * * = * *", SOMEBODY_6, STAR),
        ("its network, IPv6", "[2001:db8::]/32 * * * = * *", SOMEBODY_6, STAR),
        ("for another port", "203.0.113.9/32:smtp * * * = * *", SOMEBODY, 3),
        ("for this port", "203.0.113.9/32:ssh * * * = * *", SOMEBODY, STAR),
        ("as [local] says", "203.0.113.9/32 * * * =/24 = =", SOMEBODY, 3),
        ("everybody", "* * * * = * *", SOMEBODY, STAR),
    ],
)
def test_what_the_other_side_changes(_case, line, address, expected):
    assert failures(f"[local]\n{SSH}[remote]\n{line}\n", address) == expected


def test_a_network_of_somebody_comes_before_an_address_without_its_length():
    """The daemon sorts an address without one behind every network."""
    networks = "[remote]\n203.0.113.0/24 * * * = 1 1h\n"
    assert failures(f"{SSH}{networks}203.0.113.9 * * * = * *\n") == 1
    assert failures(f"{SSH}{networks}203.0.113.9/32 * * * = * *\n") == STAR


def test_files_are_read_as_one():
    rules = parse(f"[local]\n{SSH}[remote]\n", "22 stream tcp * * 5 1h\n[remote]\n203.0.113.9/32 * * * = * *\n")
    assert [rules.failures(22, address) for address in ("198.51.100.1", SOMEBODY)] == [5, STAR]


@pytest.mark.parametrize(("text", "seconds"), [("90", 90), ("10m", 600), ("1d12h", 129600), ("*", STAR)])
def test_how_long_a_ban_lasts(text, seconds):
    assert parse(f"ssh stream * * * 3 {text}\n").local[0].seconds == seconds
