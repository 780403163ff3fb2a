# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules that ufw has in store and that would refuse a login as soon as ufw is switched on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checks.addresses import is_inside

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

# ufw keeps each rule as a comment in its own words beside what it loads, IPv4 and IPv6 apart (ufw(8), src/backend).
FILES = {4: "/etc/ufw/user.rules", 6: "/etc/ufw/user6.rules"}
RULE = re.compile(r"^### tuple ### (\w+) (\w+) (\S+) \S+ \S+ (\S+) in(?:_\S+)?(?: .*)?$", re.MULTILINE)
REFUSING = ("deny", "reject")


@dataclass(frozen=True)
class Rule:
    """One rule for what comes in; `ports` may be a list with ranges (`80,8000:8010`) or `any`."""

    action: str
    protocol: str
    ports: str
    source: str

    def is_about(self, port: int, address: str) -> bool:
        """It decides on a TCP connection from this address to this port, if no rule before it does."""
        is_about_port = self.protocol in ("any", "tcp") and _holds(self.ports, port)
        return is_about_port and bool(is_inside(address, self.source))


def rules(text: str) -> tuple[Rule, ...]:
    """The rules of ufw's file in their order."""
    return tuple(Rule(action.partition("_")[0], *rest) for action, *rest in RULE.findall(text))


def against(host: HostReader, address: str, ports: Sequence[int]) -> Iterator[str]:
    """A rule for this address and sshd's port that refuses, and stands before every one that lets it in.

    Only the rule of ours would come after it.
    """
    text = host.read_text(FILES[ip_address(address).version]) or ""
    for port in ports:
        first = next((rule for rule in rules(text) if rule.is_about(port, address)), None)
        if first and first.action in REFUSING:
            yield (
                f"ufw holds a rule against {port}/tcp from {address} ({first.action} from {first.source}), before "
                "every other about it: delete that rule first (`ufw show added`)"
            )


def _holds(ports: str, wanted: int) -> bool:
    ranges = [part.partition(":")[::2] for part in ports.split(",")]
    return ports == "any" or any(int(low) <= wanted <= int(high or low) for low, high in ranges if low.isdigit())
