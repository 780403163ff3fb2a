# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bans that pf enforces on FreeBSD: whether it is on, whether its rules lead to them, and fail2ban's own rule.

Source of the last: action.d/pf.conf of fail2ban/fail2ban. A jail puts its rule into the anchor f2b/<jail> when it
starts (actionstart), and not again (actionstart_on_demand is false); a ban fills a table, with or without the rule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import (
    fail2ban,
    firewall,
    pf_filter,
    rc,
    sshd,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.ban_anchor import ban_anchor
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.firewall_tool import is_left_out
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.pf_filter import PfFilter
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import HostError
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Change, Command

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Context
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

SERVICE, ACTION = "fail2ban", "pf"
JAILS_RULES = ("pfctl", "-a", f"f2b/{fail2ban.JAIL}", "-s", "rules")


def will_ban(host: HostReader, context: Context) -> bool:
    """pf refuses who is banned when this run is over: it is on then, and the row about the firewall sees to the way to
    the bans, unless that row is left out and there is none. Where that cannot be told, what stands is not taken away.
    """
    try:
        if is_left_out(context):
            return not why_bans_miss(host, context)
        return firewall.will_be_on(host, context)
    except HostError:
        return True


def why_bans_miss(host: HostReader, context: Context) -> tuple[str, ...]:
    """Why those who are banned get in all the same; empty where they do not."""
    loaded, anchor = pf_filter.loaded(host, context.login), ban_anchor(context)
    if not isinstance(loaded, PfFilter):
        return ("pf, which refuses who is banned, is off",)
    if all(loaded.leads_to(anchor, port) for port in sshd.ports(host, context)):
        return ()
    return (f'no rule of pf leads to the bans (`anchor "{anchor}" in`)',)


def why_jail_misses(host: HostReader, context: Context) -> tuple[str, ...]:
    """The same of fail2ban's jail, whose bans need a rule of its own."""
    problems = why_bans_miss(host, context)
    if problems or ACTION not in fail2ban.actions(host) or _has_jails_rule(host):
        return problems
    return ("pf has no rule of the jail, which started before pf was there",)


def start_jail(host: HostReader) -> Iterator[Command]:
    """Once pf is in the kernel, where FW-001 switches it on afterwards; and again, where the jail has no rule there."""
    if not pf_filter.has_module(host):
        yield Command(("kldload", "-n", pf_filter.PF))
    if rc.is_running(host, SERVICE) and not _has_jails_rule(host):
        change = Change("service", SERVICE, "without its rule in pf", "started again")
        yield Command(("service", SERVICE, "onerestart"), change)
    yield from rc.enable_and_start(host, SERVICE)


def _has_jails_rule(host: HostReader) -> bool:
    return host.query(JAILS_RULES, ok=(0, 1)).stdout.startswith("block")
