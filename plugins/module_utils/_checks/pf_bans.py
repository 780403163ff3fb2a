# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bans that pf enforces on FreeBSD: whether it is on, and whether its rules lead to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import firewall, pf_filter, sshd
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.ban_anchor import ban_anchor
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.firewall_tool import is_left_out
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.pf_filter import PfFilter
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import HostError

if TYPE_CHECKING:
    from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Context
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader


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
