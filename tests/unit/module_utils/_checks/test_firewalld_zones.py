from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import firewalld_zones
from tests.unit.module_utils._checks.centos_worlds import said


def test_every_zone_of_the_listing_is_read():
    zones = {zone.name: zone for zone in firewalld_zones.parse(said("prepared/zones.txt"))}
    assert set(zones) >= {"block", "dmz", "drop", "external", "home", "internal", "public", "trusted", "work"}
    assert (zones["block"].target, zones["drop"].target, zones["trusted"].target) == ("REJECT", "DROP", "ACCEPT")
    assert (zones["public"].target, zones["public"].services) == ("default", ("cockpit", "dhcpv6-client", "ssh"))
    assert [rule.text for rule in zones["public"].rich_rules] == []


def test_what_a_zone_has_is_read_whatever_stands_behind_its_name():
    """Newer releases say `(default, active)` (derived from source: firewall-cmd of firewalld 2)."""
    text = (
        "work (default, active)\n  target: default\n  ingress-priority: 0\n  interfaces: eth0 eth1\n"
        "  sources: 10.0.0.0/8 00:11:22:33:44:55 ipset:office\n  ports: 80/tcp 8000-8010/udp\n"
        "  rich rules: \n\trule drop\n"
    )
    (zone,) = firewalld_zones.parse(text)
    assert (zone.name, zone.interfaces, zone.ports) == ("work", ("eth0", "eth1"), ("80/tcp", "8000-8010/udp"))
    assert zone.sources == ("10.0.0.0/8", "00:11:22:33:44:55", "ipset:office")
    assert [rule.action for rule in zone.rich_rules] == ["drop"]


@pytest.mark.parametrize(
    ("text", "action", "fields"),
    [
        (
            'rule priority="-5" family="ipv4" source address="10.0.0.0/8" service name="ssh" drop',
            "drop",
            {"priority": -5, "family": "ipv4", "source": "10.0.0.0/8", "service": "ssh"},
        ),
        ('rule port port="8000-8010" protocol="udp" accept', "accept", {"ports": "8000-8010", "protocol": "udp"}),
        ('rule family="ipv6" source NOT address="2001:db8::/32" reject type="icmp6-port-unreachable"', "reject", {}),
        ('rule service name="ftp" log prefix="ftp " level="info" limit value="1/m" audit accept', "accept", {}),
        ('rule protocol value="esp" accept', "", {}),
        ('rule family="ipv4" destination address="192.0.2.1" port port="22" protocol="tcp" drop', "", {}),
        ('rule source ipset="bad" drop', "", {}),
        ('rule source mac="00:11:22:33:44:55" drop', "", {}),
        ('rule forward-port port="80" protocol="tcp" to-port="12345"', "", {}),
        ('rule service name="ssh" mark set="1"', "", {}),
    ],
)
def test_a_rich_rule_has_an_action_if_all_of_its_words_are_understood(text, action, fields):
    rule = firewalld_zones.rich_rule(text)
    assert (rule.text, rule.action) == (text, action)
    assert {name: getattr(rule, name) for name in fields} == fields


@pytest.mark.parametrize(
    ("text", "address", "is_from"),
    [
        ("rule drop", "10.1.2.3", True),
        ("rule drop", "", True),
        ('rule family="ipv4" drop', "10.1.2.3", True),
        ('rule family="ipv6" drop', "10.1.2.3", False),
        ('rule family="ipv6" drop', "", True),
        ('rule source address="10.0.0.0/8" drop', "10.1.2.3", True),
        ('rule source address="10.0.0.0/8" drop', "", False),
        ('rule source address="10.0.0.0/8" drop', "2001:db8::1", False),
        ('rule source NOT address="10.0.0.0/8" drop', "10.1.2.3", False),
        ('rule source NOT address="10.0.0.0/8" drop', "192.0.2.1", True),
    ],
)
def test_a_rich_rule_is_about_an_address_or_not(text, address, is_from):
    assert firewalld_zones.rich_rule(text).is_from(address) is is_from
