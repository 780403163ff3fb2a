from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.options import parse_opening
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import firewalld_store
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.firewalld_store import Store
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.firewalld_zones import Zone, rich_rule
from tests.unit.fakes import FakeHost
from tests.unit.module_utils._checks.centos_worlds import prepared_centos, said
from tests.unit.module_utils._checks.worlds import failed

OFFICE = Zone("office", sources=("10.0.0.0/8", "00:11:22:33:44:55", "ipset:home"))
GUESTS = Zone("guests", interfaces=("wl+", "eth1+"))
STORE = Store((GUESTS, Zone("public"), Zone("work", interfaces=("eth1",)), OFFICE), "public")
DEVICE = "nmcli -g GENERAL.CONNECTION device show eth0"
CONNECTION = "nmcli -g connection.zone connection show Wired connection 1"
STOCK, OWN = "/usr/lib/firewalld/services", "/etc/firewalld/services"


def test_the_default_zone_is_firewallds_own_word():
    found = firewalld_store.store(prepared_centos())
    assert (found.default, found.named("public").services) == ("public", ("cockpit", "dhcpv6-client", "ssh"))
    assert firewalld_store.default_zone(FakeHost(files={firewalld_store.CONFIGURATION: None})) == "public"
    other = said("prepared/firewalld.conf").replace("DefaultZone=public", "DefaultZone=work")
    assert firewalld_store.default_zone(FakeHost(files={firewalld_store.CONFIGURATION: other})) == "work"


@pytest.mark.parametrize(
    ("address", "interface", "zone"),
    [
        ("192.0.2.1", "eth0", "public"),
        ("192.0.2.1", "eth1", "work"),
        ("10.1.2.3", "eth1", "office"),
        ("", "eth0", "public"),
        ("192.0.2.1", "wlan0", "guests"),
        ("192.0.2.1", "eth10", "guests"),
        ("2001:db8::1", "eth0", "public"),
    ],
)
def test_sources_come_before_interfaces_and_the_default_zone_last(address, interface, zone):
    assert firewalld_store.zone_for(FakeHost(), STORE, address, interface).name == zone


@pytest.mark.parametrize(
    ("answers", "zone"),
    [
        ({DEVICE: "Wired connection 1\n", CONNECTION: "work\n"}, "work"),
        ({DEVICE: "Wired connection 1\n", CONNECTION: "\n"}, "public"),
        ({DEVICE: "\n"}, "public"),
        ({DEVICE: failed(10, stderr="Error: Device 'eth0' not found.")}, "public"),
        ({DEVICE: "Wired connection 1\n", CONNECTION: "gone\n"}, "gone"),
    ],
)
def test_networkmanager_puts_an_interface_into_the_zone_of_its_connection(answers, zone):
    assert firewalld_store.zone_for(FakeHost(answers=answers), STORE, "192.0.2.1", "eth0").name == zone


def services(**texts):
    """Definitions by name; a name with a leading underscore is one of the administrator's."""
    own = {f"{OWN}/{name.lstrip('_')}.xml": text if name.startswith("_") else None for name, text in texts.items()}
    return FakeHost(files={**{f"{STOCK}/{name}.xml": text for name, text in texts.items()}, **own})


@pytest.mark.parametrize(
    ("host", "name", "ports"),
    [
        (services(ssh=said("prepared/service-ssh.xml")), "ssh", ("22/tcp",)),
        (services(_ssh='<service><port port="2222" protocol="tcp"/></service>'), "ssh", ("2222/tcp",)),
        (services(a='<port protocol="udp" port="1-9"/><port port="" protocol="ah"/>'), "a", ("1-9/udp",)),
        (services(a='<include service="b"/><port port="1"/>', b='<port port="2"/>'), "a", ("1/tcp", "2/tcp")),
        (services(a='<include service="b"/>', b='<include service="a"/>'), "a", ()),
        (FakeHost(files=dict.fromkeys((f"{OWN}/none.xml", f"{STOCK}/none.xml"))), "none", ()),
    ],
)
def test_a_services_ports_are_those_of_its_definition(host, name, ports):
    assert firewalld_store.service_ports(host, name) == ports


@pytest.mark.parametrize(
    ("zone", "wanted", "is_let_in"),
    [
        (Zone("z", services=("ssh",)), "22/tcp", True),
        (Zone("z", services=("ssh",)), "22/udp", False),
        (Zone("z", ports=("8000-8010/tcp",)), "8005/tcp", True),
        (Zone("z", ports=("8000-8010/tcp",)), "8011/tcp", False),
        (Zone("z", target="ACCEPT"), "22/tcp", True),
        (Zone("z", target="DROP"), "22/tcp", False),
        (Zone("z", rich_rules=(rich_rule('rule service name="ssh" accept'),)), "22/tcp", True),
        (Zone("z", rich_rules=(rich_rule('rule service name="ssh" drop'),)), "22/tcp", False),
        (Zone("z", rich_rules=(rich_rule("rule accept"),)), "22/tcp", True),
    ],
)
def test_a_zone_lets_in_what_it_names(zone, wanted, is_let_in):
    host = services(ssh=said("prepared/service-ssh.xml"))
    assert firewalld_store.lets_in(host, zone, parse_opening(wanted)) is is_let_in


RICH = 'rule family="ipv4" source address="{}" port port="80" protocol="tcp" accept'


@pytest.mark.parametrize(
    ("source", "wanted", "is_let_in"),
    [
        ("10.0.0.0/8", "80/tcp/10.1.0.0/16", True),
        ("10.1.0.0/16", "80/tcp/10.0.0.0/8", False),
        ("10.0.0.0/8", "80/tcp", False),
        ("0.0.0.0/0", "80/tcp", True),
    ],
)
def test_a_rich_rule_lets_in_for_at_least_its_sources(source, wanted, is_let_in):
    zone = Zone("z", rich_rules=(rich_rule(RICH.format(source)),))
    assert firewalld_store.lets_in(FakeHost(), zone, parse_opening(wanted)) is is_let_in
