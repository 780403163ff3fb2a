# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What pf has loaded, and what it would load from a file, as a filter that can be asked about connections.

Sources: pfctl(8), rc.d/pf, kldstat(8) and security(7) of freebsd/freebsd-src. Without its kernel module there is no
/dev/pf, nor is there in a jail, where the kernel is the host's; and pfctl ends with 1 then, even when it is only to
judge a file (libpfctl's pfctl_open).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import interfaces, pf_rules
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.nft_ruleset import (
    ACCEPT,
    DROP,
    Decision,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.packet_filter import (
    STRANGER,
    STRANGER_IPV6,
    AskedFilter,
    PacketFilter,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.pf_ruleset import Ruleset
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import NeedsRoot, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.login import Login
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

PF = "pf"
MODULE, DEVICE = ("kldstat", "-q", "-m", "pf"), "/dev/pf"
KERNEL = ("sysctl", "-n", "security.jail.jailed", "kern.securelevel")
# From these levels on the kernel takes no module, and lets nobody change the rules of a packet filter.
NO_MODULES, NO_RULES = 1, 3
# Ports as numbers, and every anchor with its rules.
RULES = ("pfctl", "-P", "-a", "*", "-s", "rules")
REDIRECTIONS = ("pfctl", "-P", "-a", "*", "-s", "nat")
INFO, INTERFACES = ("pfctl", "-s", "info"), ("pfctl", "-v", "-s", "Interfaces")
DEFAULT = ("sysctl", "-n", "-i", "net.pf.default_to_drop")
SERVICES = "/etc/services"
# Where there is no such table, pfctl hands -1 on as its exit code (pfctl_table in pfctl_table.c, main in pfctl.c); the
# reason it gives is radix_perror's, and 1 is its code for all other failures.
FAILED, NO_TABLE = (1, 255), "Table does not exist"


@dataclass(frozen=True)
class PfFilter(AskedFilter):
    """pf's rules."""

    ruleset: Ruleset = field(default_factory=Ruleset, repr=False)

    def decide(
        self, source: str, protocol: str = "tcp", port: int | None = None, *, in_doubt: str = pf_rules.BLOCK
    ) -> Decision:
        """See AskedFilter; what a rule in doubt does is for the caller to say."""
        return self.ruleset.decide(self._packet(source, protocol, port), in_doubt=in_doubt)

    def leads_to(self, anchor: str, port: int) -> bool:
        """A stranger's connection to this port comes by the anchor, so that its rules can refuse it."""
        return self.ruleset.leads_to(anchor, self._packet(STRANGER, "tcp", port))

    def judged(self, strangers: Sequence[str]) -> PfFilter:
        """The same with its verdict: a connection that may get in to a port that no rule names is not denied."""
        decisions = [
            self.decide(stranger, protocol, None, in_doubt=pf_rules.PASS)
            for stranger in strangers
            for protocol in ("tcp", "udp")
        ]
        return replace(self, denies=all(decision.is_refused for decision in decisions))


def loaded(host: HostReader, login: Login) -> PacketFilter:
    """What is in force now. Raises NeedsRoot, because pf shows its rules to root alone."""
    if host.uid != 0:
        raise NeedsRoot("pf's rules")
    if not is_on(host):
        return PacketFilter(denies=False, openings=(), source="pfctl -s info")
    rules = _parsed(host, host.query(REDIRECTIONS).stdout + host.query(RULES).stdout)
    skipped = re.findall(r"^(\S+) \(skip\)$", host.query(INTERFACES).stdout, re.MULTILINE)
    return _filter(host, login, " ".join(RULES), rules, dict(_tables(host, rules, "")), skipped=tuple(skipped))


def in_file(host: HostReader, login: Login, path: str) -> PfFilter | None:
    """What this file would put in force; None where pfctl refuses it. Tables that it fills from other files are as they
    are loaded.
    """
    answer = host.query(("pfctl", "-P", "-v", "-n", "-f", path), ok=(0, 1))
    if answer.rc:
        return None
    tables = {
        ("", name): _addresses(host, "", name) if addresses is None else addresses
        for name, addresses in pf_rules.tables(answer.stdout).items()
    }
    return _filter(host, login, f"pfctl -vnf {path}", _parsed(host, answer.stdout), tables)


def has_module(host: HostReader) -> bool:
    """pf is in the kernel, on or off, and can be asked."""
    return host.query(MODULE, ok=(0, 1)).rc == 0 and host.stat(DEVICE) is not None


def why_out_of_reach(host: HostReader) -> str:
    """Why nobody can give this host rules of pf, or change those that it has; empty where root can."""
    if host.which("pfctl") is None:
        return "there is no pf on this host (package FreeBSD-pf)"
    jailed, level = host.query(KERNEL).stdout.split()
    if jailed == "1" and host.stat(DEVICE) is None:
        return "a jail's packets are filtered by its host"
    if int(level) >= NO_RULES or (int(level) >= NO_MODULES and not has_module(host)):
        return f"the kernel lets nobody change that before the next boot (kern.securelevel is {level})"
    return ""


def is_on(host: HostReader) -> bool:
    """pf looks at packets."""
    return has_module(host) and host.query(INFO).stdout.startswith("Status: Enabled")


def _parsed(host: HostReader, text: str) -> tuple[pf_rules.Rule, ...]:
    """Raises Unreadable for rules in a form that we do not know: they are not judged by guesses."""
    has_names = pf_rules.PORT_NAME.search(text)
    try:
        return pf_rules.parse(pf_rules.with_numbers(text, host.read_text(SERVICES) or "") if has_names else text)
    except (IndexError, ValueError) as error:
        raise Unreadable("pf's rules", f"pfctl prints them in a form that is not known here ({error})") from error


def _filter(
    host: HostReader,
    login: Login,
    source: str,
    rules: tuple[pf_rules.Rule, ...],
    tables: Mapping[tuple[str, str], Sequence[str] | None],
    *,
    skipped: tuple[str, ...] = (),
) -> PfFilter:
    server = login.server.partition("%")[0]
    known = interfaces.interfaces(host)
    own = interfaces.outward(known, server)
    default = DROP if host.query(DEFAULT, ok=(0, 1)).stdout.strip() == "1" else ACCEPT
    ruleset = Ruleset(rules, tables, skipped, own.groups, default)
    found = PfFilter(False, (), source, "", PF, own.name, server, ruleset)
    strangers = (STRANGER, STRANGER_IPV6) if interfaces.has_ipv6(known) else (STRANGER,)
    return found.judged(strangers)


def _tables(
    host: HostReader, rules: Sequence[pf_rules.Rule], path: str
) -> Iterator[tuple[tuple[str, str], Sequence[str]]]:
    """The addresses of each table that a rule names, where the rule stands and in the main rules."""
    for rule in rules:
        for end in (rule.source, rule.target):
            name = end.address.strip("<>") if end.address.startswith("<") else ""
            for place in dict.fromkeys((path, "")) if name else ():
                addresses = _addresses(host, place, name)
                if addresses is not None:
                    yield (place, name), addresses
        yield from _tables(host, rule.rules, f"{path}/{rule.name}".strip("/").removesuffix("/*"))


def _addresses(host: HostReader, place: str, name: str) -> Sequence[str] | None:
    """`pfctl -T show` prints an address on a line, an exclamation mark before one that is taken out."""
    anchor = ("-a", place) if place else ()
    answer = host.query(("pfctl", *anchor, "-t", name, "-T", "show"), ok=(0, *FAILED))
    if answer.rc and NO_TABLE not in answer.stderr:
        raise Unreadable(f"pf's table {name}", answer.stderr.strip())
    return None if answer.rc else answer.stdout.split()
