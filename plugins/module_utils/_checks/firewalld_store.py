# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What firewalld has in store: which zone a login will come in by after a reload, and what that one lets in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_network
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checks.addresses import is_inside
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.firewalld_zones import (
    REFUSING,
    RichRule,
    Zone,
    parse,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.options import Opening
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

CONFIGURATION = "/etc/firewalld/firewalld.conf"
SERVICE_FILES = ("/etc/firewalld/services/{}.xml", "/usr/lib/firewalld/services/{}.xml")
LIST = ("firewall-offline-cmd", "--list-all-zones")
ACCEPTS_ALL = "ACCEPT"
PORT = re.compile(r"<port\b[^>]*>")
INCLUDE = re.compile(r"<include\b[^>]*\bservice=\"([^\"]+)\"")
# nmcli tells what it does not know by exit codes of its own, up to 10 (nmcli(1)).
NMCLI_ANSWERS = range(11)


@dataclass(frozen=True)
class Store:
    """What firewalld will load at its next start or reload."""

    zones: tuple[Zone, ...]
    default: str

    def named(self, name: str) -> Zone:
        """The zone of this name; an unknown one is empty."""
        return next((zone for zone in self.zones if zone.name == name), Zone(name))


def store(host: HostReader) -> Store:
    """Asked without the daemon, which need not run."""
    return Store(parse(host.query(LIST).stdout), default_zone(host))


def default_zone(host: HostReader) -> str:
    """The zone of whatever is in no other one."""
    found = re.search(r"^DefaultZone=(\S+)", host.read_text(CONFIGURATION) or "", re.MULTILINE)
    return found.group(1) if found else "public"


def zone_for(host: HostReader, found: Store, address: str, interface: str) -> Zone:
    """firewalld asks its sources first, then the interface; the default zone takes the rest.

    NetworkManager puts an interface into its zone by itself, which firewalld then has loaded and not in store. A source
    may also be a hardware address or the name of a set, which hold no address for us.
    """
    by_source = [zone for zone in found.zones if any(is_inside(address, source) for source in zone.sources)]
    by_interface = [zone for zone in found.zones if interface in zone.interfaces]
    by_pattern = [zone for zone in found.zones if any(_is_like(interface, name) for name in zone.interfaces)]
    assigned = [*by_source, *by_interface, *by_pattern]
    return assigned[0] if assigned else found.named(_zone_of_connection(host, interface) or found.default)


def _is_like(interface: str, name: str) -> bool:
    """A plus sign at the end of a name stands for any rest."""
    return name.endswith("+") and interface.startswith(name[:-1])


def _zone_of_connection(host: HostReader, interface: str) -> str:
    if host.which("nmcli") is None:
        return ""
    asked = ("nmcli", "-g", "GENERAL.CONNECTION", "device", "show", interface)
    name = host.query(asked, ok=NMCLI_ANSWERS).stdout.strip()
    asked = ("nmcli", "-g", "connection.zone", "connection", "show", name)
    return host.query(asked, ok=NMCLI_ANSWERS).stdout.strip() if name else ""


def lets_in(host: HostReader, zone: Zone, wanted: Opening) -> bool:
    """The zone lets in the port for at least the wanted source."""
    if zone.target == ACCEPTS_ALL or _is_among(wanted, open_ports(host, zone)):
        return True
    return any(
        rule.action == "accept"
        and (not rule.source or _contains(rule, wanted.source))
        and _is_among(wanted, _ports_of(host, rule))
        for rule in zone.rich_rules
    )


def open_ports(host: HostReader, zone: Zone) -> tuple[str, ...]:
    """What the zone lets in from everywhere in it, those of its services included."""
    return (*zone.ports, *(port for name in zone.services for port in service_ports(host, name)))


def service_ports(host: HostReader, name: str, above: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The ports that a service's definition holds (firewalld.service(5)); an own one wins over the stock one."""
    texts = (host.read_text(path.format(name)) for path in SERVICE_FILES)
    text = next((found for found in texts if found is not None), "")
    own = [dict(re.findall(r"(\w+)=\"([^\"]*)\"", element)) for element in PORT.findall(text)]
    included = [inner for inner in INCLUDE.findall(text) if inner not in above]
    return (
        *(f"{port['port']}/{port.get('protocol', 'tcp')}" for port in own if port.get("port")),
        *(port for inner in included for port in service_ports(host, inner, (*above, name))),
    )


def refusing_rule(host: HostReader, zone: Zone, port: int, address: str) -> RichRule | None:
    """The rich rule that refuses a TCP connection from there before any port of the zone is looked at.

    Rules of a priority above 0 come after the ports. Of one priority, those that refuse come first.
    """
    about = [
        rule
        for rule in zone.rich_rules
        if rule.priority <= 0 and rule.is_from(address) and _is_about(port, _ports_of(host, rule))
    ]
    first = sorted(about, key=lambda rule: (rule.priority, rule.action not in REFUSING))
    return first[0] if first and first[0].action in REFUSING else None


def _ports_of(host: HostReader, rule: RichRule) -> Sequence[str]:
    if rule.service:
        return service_ports(host, rule.service)
    return (f"{rule.ports or '0-65535'}/{rule.protocol or '*'}",)


def _is_about(port: int, words: Sequence[str]) -> bool:
    return any(_covers(word, port, "tcp") for word in words)


def _is_among(wanted: Opening, words: Collection[str]) -> bool:
    return any(_covers(word, wanted.port, wanted.protocol) for word in words)


def _covers(word: str, port: int, protocol: str) -> bool:
    ports, _slash, kind = word.partition("/")
    low, _dash, high = ports.partition("-")
    return kind in (protocol, "*") and low.isdigit() and int(low) <= port <= int(high or low)


def _contains(rule: RichRule, source: str) -> bool:
    ends = ip_network(source or "0.0.0.0/0", strict=False)
    return all(rule.is_from(str(end)) for end in (ends.network_address, ends.broadcast_address))
