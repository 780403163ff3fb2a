# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How fail2ban is set up on each family of systems: where it reads, who enforces its bans, who starts it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Callable

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import (
    fail2ban,
    firewall,
    firewalld,
    pf_bans,
    rc,
    services,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import HostError
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import lookup

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Context
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Action
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

SERVICE = "fail2ban"
UNIT = "fail2ban.service"
# Every name under which a release's sshd writes to the journal: the unit's (ssh on Debian's family, sshd elsewhere)
# and, since OpenSSH 9.8, the programs that it hands sessions to.
JOURNAL_MATCH = (
    "_SYSTEMD_UNIT=ssh.service + _SYSTEMD_UNIT=sshd.service + _COMM=sshd + _COMM=sshd-session + _COMM=sshd-auth"
)
# How fail2ban names its actions that hand a ban to firewalld, and one that does without.
BY_FIREWALLD, WITHOUT_FIREWALLD = "firewallcmd-", "nftables-multiport"


def _zone_problems(host: HostReader, context: Context) -> tuple[str, ...]:
    """A ban that is handed to firewalld needs one that runs, and a zone that strangers come in by."""
    (action,) = fail2ban.actions(host)[:1] or ("",)
    missed = firewalld.why_bans_miss(host, context, action) if action.startswith(BY_FIREWALLD) else ""
    return (f"the jail's action {action} hands its bans to {missed}",) if missed else ()


def _action_without_firewalld(host: HostReader, context: Context) -> str:
    return WITHOUT_FIREWALLD if _is_firewalld_no_help(host, context) else ""


def _is_firewalld_no_help(host: HostReader, context: Context) -> bool:
    """EPEL's packages have firewalld ban; where it will not run, or strangers come in by another zone, nobody would."""
    if firewall.tool_of(context).unit != firewalld.UNIT:
        return False
    try:
        if not firewall.will_be_on(host, context):
            return True
        is_running = services.unit(host, firewalld.UNIT).is_active
        return is_running and bool(firewalld.why_bans_miss(host, context, firewalld.BANS_IN_DEFAULT_ZONE))
    except HostError:
        # A firewalld that cannot be asked (a zone's file with a fault) may not start: nftables bans all the same.
        return True


@dataclass(frozen=True)
class Way:
    """How fail2ban is set up on a family: the name of our file, the jail's `source` of messages, its `action` where the
    package's own will not do, and who starts it. `log` is where a reader finds what it says.
    """

    file: str
    source: Mapping[str, str]
    action: Callable[[HostReader, Context], str]
    why_bans_miss: Callable[[HostReader, Context], tuple[str, ...]]
    is_enabled: Callable[[HostReader], bool]
    start: Callable[[HostReader], Iterable[Action]]
    log: str
    will_ban: Callable[[HostReader, Context], bool] = lambda _host, _context: True


def way(context: Context) -> Way:
    return lookup(WAYS, context.platform)


WAYS = {
    "*": Way(
        "fail2ban",
        {"backend": "systemd", "journalmatch": JOURNAL_MATCH},
        _action_without_firewalld,
        _zone_problems,
        lambda host: services.unit(host, UNIT).is_enabled,
        lambda host: services.enable_and_start(host, UNIT),
        "`journalctl -u fail2ban`",
    ),
    # Sources: security/py-fail2ban of freebsd/freebsd-ports: files/fail2ban.in (rc), and filter.d/bsd-sshd-session.conf
    # for OpenSSH 9.8 and later, whose failed logins are logged by sshd-session; action.d/pf.conf fills f2b/<jail>.
    "freebsd": Way(
        "fail2ban-freebsd",
        {"backend": "auto", "filter": "bsd-sshd-session", "logpath": "/var/log/auth.log"},
        lambda _host, _context: "pf",
        pf_bans.why_jail_misses,
        lambda host: rc.is_enabled(host, SERVICE),
        pf_bans.start_jail,
        "/var/log/fail2ban.log",
        pf_bans.will_ban,
    ),
}
