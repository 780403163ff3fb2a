# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows about the base system's own daemon that bans on FreeBSD: blacklistd (14.x), blocklistd (15.x).

Sources: contrib/blocklist, libexec/rc/rc.d/{blacklistd,blocklistd} and crypto/openssh/servconf.c of
freebsd/freebsd-src. sshd tells the daemon of each failed login where its own keyword is on; the daemon's helper then
fills a table of pf.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_network
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import (
    Check,
    Context,
    Finding,
    Setting,
    Status,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import ban_daemon, ban_rules, rc, sshd
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.ban_anchor import daemon
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.brute_force import ignored
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.pf_bans import why_bans_miss, will_ban
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import HostError
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Change, Command

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Action
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

SSHD = "sshd"
# sshd's keyword, by the name under which `sshd -T` prints it.
KEYWORDS = {"useblocklist": "UseBlocklist", "useblacklist": "UseBlacklist"}
FAILURES = 3
# What the stock file of 14.x says, for a port that no line names.
STOCK_TIME = "24h"
# 68 years: conf_getsecs in contrib/blocklist/bin/conf.c reads numbers up to INT_MAX, and keeps the seconds in an int.
LONGEST_TIME = "24855d"


@dataclass(frozen=True)
class BaseBans(Check):
    """sshd reports failed logins, the daemon shuts the port to their senders, and pf's rules lead to its bans."""

    def inspect(self, host: HostReader, context: Context) -> Finding:
        """Ask each part: the daemon, its file, sshd and pf."""
        name = daemon(context.platform)
        problems = [
            *ban_daemon.problems(host, name),
            *ban_daemon.file_problems(host, context),
            *_sshd_problems(host, context),
            *why_bans_miss(host, context),
        ]
        return self.verdict(
            not problems,
            expected=f"{name} bans by pf who fails to log in over SSH, now and after a boot",
            observed="; ".join(problems) or f"{name} runs, sshd reports to it, and pf's rules lead to its bans",
            evidence=f"{ban_daemon.control(name)} dump -b",
            remedy=(
                f"look at `{ban_daemon.control(name)} dump -a`, `sshd -T`, `pfctl -a '*' -s rules` and "
                f"{ban_daemon.configuration(name)}"
            ),
        )

    def settings(self, host: HostReader, context: Context) -> Iterator[Setting]:
        """A line for each of sshd's ports and families comes before the stock ones, which name no family. Whose ban
        time nobody gave keeps its own. Where pf will not be on, sshd would report to nobody who can ban.
        """
        if not _can_ban(host, context):
            return
        keyword = _lasting_keyword(host, context)
        if keyword:
            yield Setting(SSHD, KEYWORDS[keyword], "yes")
        for port in sshd.lasting_ports(host, context):
            if context.options.fail2ban_ban_time or not ban_daemon.bans_from(host, context, port):
                value = f"* * {FAILURES} {_ban_time(context)}"
                for family in ("tcp", "tcp6"):
                    yield Setting(daemon(context.platform), f"local/{port} stream {family}", value)

    def remedy(self, host: HostReader, context: Context) -> Iterator[Action]:
        """Start it now and at boot, anew where its file was changed since it has read it."""
        name = daemon(context.platform)
        if not _can_ban(host, context):
            return
        yield from rc.enable_and_start(host, name)
        if ban_daemon.is_outdated(host, name):
            change = Change("service", name, "runs with an older file", "started again")
            yield Command(("service", name, "onerestart"), change)


@dataclass(frozen=True)
class BaseNeverBans(Check):
    """The addresses that must get in are excepted in the daemon's file, which it has read."""

    def inspect(self, host: HostReader, context: Context) -> Finding:
        """Find in the file what the daemon would do with each address."""
        wanted, name = ignored(context), daemon(context.platform)
        if not wanted:
            return self.found(Status.NOT_APPLICABLE, observed="nobody is logged in over SSH, and no address is listed")
        banned = [address for address in wanted if not ban_daemon.excepts(host, context, address)]
        problems = [*ban_daemon.problems(host, name), *(f"{address} can be banned" for address in banned)]
        return self.verdict(
            not problems,
            expected="never banned: " + ", ".join(wanted),
            observed="; ".join(problems) or f"{name} excepts them",
            evidence=ban_daemon.configuration(name),
            remedy="list addresses or networks in python_host_fail2ban_ignore; the daemon knows no host names",
        )

    def settings(self, host: HostReader, context: Context) -> Iterator[Setting]:
        """With its length even a single address comes before the networks of others."""
        for address in ignored(context) if _can_ban(host, context) else ():
            network = _network(address)
            if network:
                yield Setting(daemon(context.platform), f"remote/{network} * * *", "= * *")


def _can_ban(host: HostReader, context: Context) -> bool:
    """It is there; and beside the same daemon by an older name it would only be in the way."""
    name = daemon(context.platform)
    is_doubled = ban_daemon.is_on_by_an_older_name(host, name)
    return rc.is_in_base(host, name) and not is_doubled and will_ban(host, context)


def _ban_time(context: Context) -> str:
    """The daemon knows days and no weeks, and of a time that is too long for it something else or nothing."""
    text = context.options.fail2ban_ban_time or STOCK_TIME
    time = f"{int(text[:-1]) * 7}d" if text.endswith("w") else text
    return LONGEST_TIME if ban_rules.seconds_of(time) > ban_rules.seconds_of(LONGEST_TIME) else time


def _network(address: str) -> str:
    """`192.0.2.7/32`, `[2001:db8::]/32`; empty for a host name, which the daemon takes for 0.0.0.0."""
    try:
        network = ip_network(address.partition("%")[0], strict=False)
    except ValueError:
        return ""
    start = network.network_address
    return f"[{start}]/{network.prefixlen}" if network.version == 6 else f"{start}/{network.prefixlen}"


def _sshd_problems(host: HostReader, context: Context) -> Iterator[str]:
    keyword = _keyword(host, context)
    if not keyword:
        yield "sshd knows no keyword by which it would report failed logins (`sshd -T`)"
    elif _sshd(host, context).one(keyword) != "yes":
        yield f"sshd does not report failed logins ({KEYWORDS[keyword]} is not yes)"


def _keyword(host: HostReader, context: Context) -> str:
    return next((name for name in KEYWORDS if _sshd(host, context).one(name)), "")


def _lasting_keyword(host: HostReader, context: Context) -> str:
    """An sshd that does not answer keeps the keyword of its release."""
    try:
        return _keyword(host, context)
    except HostError:
        return f"use{daemon(context.platform)[:-1]}"


def _sshd(host: HostReader, context: Context) -> sshd.Effective:
    return sshd.effective(host, sshd.viewpoint(context, sshd.STRANGER))
