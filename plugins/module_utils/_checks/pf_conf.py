# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What we write for pf: one marked block at the end of its file, which leads to the anchors of bans and to our rules.

Source: pf.conf(5) of freebsd/freebsd-src. Rules must come in an order (options, normalization, translation,
filtering), so that nothing but filter rules may be added to somebody's file; loopback is passed by a rule and not with
`set skip`.

A rule of pf.conf makes a state from the first packet of a TCP connection alone (`flags S/SA`), and pf knows nothing of
connections that are there when it is switched on, this run's own among them. `flags any` lets their next packet make
one; as such a packet does not tell the window's scale, `sloppy` has pf leave sequence numbers to the host's own TCP.
Packets with options (MLD, which neighbour discovery leans on where switches listen to it) need `allow-opts`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import rc
from ansible_collections.groundwork.python_host.plugins.module_utils._host import blocks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.options import Opening
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

STOCK_FILE = "/etc/pf.conf"
ANCHOR = "groundwork"
RUNNING_TOO = "flags any keep state (sloppy)"
# What an otherwise empty file needs besides: without it a fragment fits no rule that names a port.
HEAD = "scrub in all\n"
# RFC 4890, for a host: echo, errors, neighbour discovery, and of multicast listeners the queries (130),
# reports (131, 132) and MLDv2's reports (143), for which pf has other names than the RFC.
HOST_NEEDS = """\
    pass quick on lo no state
    pass out keep state allow-opts
    pass out proto tcp {running} allow-opts
    pass in inet proto icmp icmp-type {{ echoreq unreach timex paramprob }}
    pass in inet6 proto ipv6-icmp icmp6-type {{ echoreq unreach toobig timex paramprob }}
    pass in inet6 proto ipv6-icmp icmp6-type {{ routeradv neighbrsol neighbradv }}
    pass in inet6 proto ipv6-icmp icmp6-type {{ 130 131 132 143 }} allow-opts
    pass in inet proto udp from any port 67 to any port 68
    pass in inet6 proto udp from fe80::/10 port 547 to fe80::/10 port 546
"""


def path(host: HostReader) -> str:
    """The file that is loaded at boot."""
    return rc.value(host, "pf_rules") or STOCK_FILE


def others(text: str) -> str:
    """What somebody else has written into the file."""
    return blocks.replaced(text, "")


def says_nothing(text: str) -> bool:
    """Only comments, if anything at all."""
    return not any(line.partition("#")[0].strip() for line in text.splitlines())


def lines(openings: Sequence[Opening], *, ban_anchor: str, is_alone: bool, denies: bool) -> str:
    """The block's lines; with `denies` they refuse what they do not let in, without they only let in."""
    head = HEAD if is_alone else ""
    rules = ["    block in\n", HOST_NEEDS.format(running=RUNNING_TOO)] if denies else []
    rules.extend(f"    {rule(opening)}\n" for opening in openings)
    own = f'anchor "{ANCHOR}" {{\n{"".join(rules)}}}\n' if rules else ""
    return f'{head}anchor "{ban_anchor}" in\n{own}'


def rule(opening: Opening) -> str:
    """Let it in, a connection that runs already, too."""
    family = ("inet6 " if ":" in opening.source else "inet ") if opening.source else ""
    state = RUNNING_TOO if opening.protocol == "tcp" else "keep state"
    source = opening.source or "any"
    return f"pass in {family}proto {opening.protocol} from {source} to any port {opening.port} {state}"
