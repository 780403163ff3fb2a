# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""firewalld's zones and rich rules, as its own listing tells them."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from ipaddress import ip_address

from ansible_collections.groundwork.python_host.plugins.module_utils._checks.addresses import is_inside

REFUSING = ("reject", "drop")
HEADLINE = re.compile(r"(\S+)(?: \([\w, ]+\))?")
ACTIONS = ("accept", *REFUSING)
# What says more of a rule than how often it may fit and what it writes down narrows it in a way that we do not judge.
UNDERSTOOD = frozenset(
    (
        *("rule priority", "rule family", "source", "source address", "source NOT", "service", "service name"),
        *("port", "port port", "port protocol", "log", "log prefix", "log level", "audit", "limit", "limit value"),
        *(*ACTIONS, "reject type"),
    )
)


@dataclass(frozen=True)
class RichRule:
    """One rich rule in its own words (firewalld.richlanguage(5)); an empty field means that it is about all.

    `action` is empty for one that has another action, or conditions besides those below.
    """

    text: str
    action: str
    priority: int = 0
    family: str = ""
    source: str = ""
    is_other_sources: bool = False
    service: str = ""
    ports: str = ""
    protocol: str = ""

    def is_from(self, address: str) -> bool:
        """It is about this address; without one, about everybody."""
        if not self.source:
            return not (self.family and address) or self.family == f"ipv{ip_address(address).version}"
        inside = is_inside(address, self.source)
        return inside is not None and inside is not self.is_other_sources


@dataclass(frozen=True)
class Zone:
    """A zone's settings; each of `ports` is `22/tcp` or `8000-8010/tcp`."""

    name: str
    target: str = "default"
    interfaces: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    ports: tuple[str, ...] = ()
    rich_rules: tuple[RichRule, ...] = ()


def parse(text: str) -> tuple[Zone, ...]:
    """`--list-all-zones`: a block for each zone, its name first, then `  key: words`, each rich rule on its own."""
    return tuple(_zone(block) for block in re.split(r"\n\s*\n", text) if block.strip())


def _zone(block: str) -> Zone:
    lines = block.strip("\n").splitlines()
    headline = HEADLINE.match(lines[0])
    words = {key.strip(): value.split() for key, _colon, value in (line.partition(":") for line in lines[1:])}
    rules = [line.strip() for line in lines[1:] if line.strip().startswith("rule ")]
    return Zone(
        headline.group(1) if headline else lines[0],
        "".join(words.get("target", ())).strip("%"),
        tuple(words.get("interfaces", ())),
        tuple(words.get("sources", ())),
        tuple(words.get("services", ())),
        tuple(words.get("ports", ())),
        tuple(rich_rule(rule) for rule in rules),
    )


def rich_rule(text: str) -> RichRule:
    """A rule's words; an element's own words follow its name (`source address="…"`, `port port="…" protocol="…"`)."""
    values: dict[str, str] = {}
    element, action = "rule", ""
    for word in shlex.split(text)[1:]:
        key, equals, value = word.partition("=")
        if equals or key == "NOT":
            values[f"{element} {key}"] = value
        else:
            element = key
            values[element] = ""
            action = key if key in ACTIONS else action
    return RichRule(
        text,
        action if set(values) <= UNDERSTOOD else "",
        int(values.get("rule priority", "0")),
        values.get("rule family", ""),
        values.get("source address", ""),
        "source NOT" in values,
        values.get("service name", ""),
        values.get("port port", ""),
        values.get("port protocol", ""),
    )
