# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows about fail2ban, judged by its running server."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_network
from typing import TYPE_CHECKING, Callable

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import (
    Check,
    Context,
    Finding,
    Setting,
    Status,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import (
    fail2ban,
    firewall,
    firewalld,
    pf_bans,
    rc,
    services,
    sshd,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import HostError
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import lookup

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from ipaddress import IPv4Network, IPv6Network

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Action
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

SERVICE = "fail2ban"
UNIT = "fail2ban.service"
ALL_PORTS = {"0:65535", "1:65535", "0-65535"}
# Every name under which a release's sshd writes to the journal: the unit's (ssh on Debian's family, sshd elsewhere)
# and, since OpenSSH 9.8, the programs that it hands sessions to.
JOURNAL_MATCH = (
    "_SYSTEMD_UNIT=ssh.service + _SYSTEMD_UNIT=sshd.service + _COMM=sshd + _COMM=sshd-session + _COMM=sshd-auth"
)
# Seconds that a log's writer may be late.
LOG_DELAY = 60
# fail2ban writes 0.0.0.0/0 and ::/0 without their length.
EVERYBODY = {"0.0.0.0", "::", "0.0.0.0/0", "::/0"}
# How fail2ban names its actions that hand a ban to firewalld, and one that does without.
BY_FIREWALLD, WITHOUT_FIREWALLD = "firewallcmd-", "nftables-multiport"
ALWAYS_IGNORED = ("127.0.0.0/8", "::1")


@dataclass(frozen=True)
class SshdJail(Check):
    """fail2ban runs, with a jail for sshd that reads what this host's sshd writes and blocks the port it listens on."""

    def inspect(self, host: HostReader, context: Context) -> Finding:
        """Ask the server for the jail, then look where the jail looks."""
        problems = self._problems(host, context)
        return self.verdict(
            not problems,
            expected="a loaded sshd jail for sshd's ports that reads sshd's messages, now and after a boot",
            observed="; ".join(problems) or "the jail is loaded, reads sshd's messages and blocks its ports",
            evidence="fail2ban-client status sshd",
            remedy=f"read {_way(context).log} and `fail2ban-client -d`",
        )

    def _problems(self, host: HostReader, context: Context) -> list[str]:
        if not fail2ban.is_installed(host):
            return ["fail2ban is not installed"]
        status = fail2ban.status(host)
        if not status.strip():
            return ["no sshd jail is loaded, or the server does not run"]
        found = [
            *_log_problems(host, status),
            *_port_problems(host, context),
            *_way(context).why_bans_miss(host, context),
            *_ignorance_problems(host),
        ]
        if not _way(context).is_enabled(host):
            found.append("fail2ban does not start at boot")
        return found

    def settings(self, host: HostReader, context: Context) -> Iterator[Setting]:
        """The jail, on the journal, which every host with systemd has. Whose ban time nobody gave keeps its own."""
        way = _way(context)
        if not way.will_ban(host, context):
            return
        yield Setting(way.file, "sshd/enabled", "true")
        for name, value in way.source.items():
            yield Setting(way.file, f"sshd/{name}", value)
        yield Setting(way.file, "sshd/port", ",".join(str(port) for port in sshd.lasting_ports(host, context)))
        action = way.action(host, context)
        if action:
            yield Setting(way.file, "sshd/banaction", action)
        if context.options.fail2ban_ban_time:
            yield Setting(way.file, "sshd/bantime", context.options.fail2ban_ban_time)

    def remedy(self, host: HostReader, context: Context) -> Iterable[Action]:
        """Start it now and at boot; the jail comes from the settings."""
        way = _way(context)
        return way.start(host) if way.will_ban(host, context) else ()


@dataclass(frozen=True)
class LoginNeverBanned(Check):
    """The addresses that must get in are on the jail's list of ignored ones."""

    def inspect(self, host: HostReader, context: Context) -> Finding:
        """Ask the server what the loaded jail ignores."""
        wanted = ignored(context)
        if not wanted:
            return self.found(Status.NOT_APPLICABLE, observed="nobody is logged in over SSH, and no address is listed")
        words = {
            "expected": "never banned: " + ", ".join(wanted),
            "evidence": "fail2ban-client get sshd ignoreip",
            "remedy": "list the addresses in python_host_fail2ban_ignore",
        }
        if not fail2ban.is_installed(host) or not fail2ban.status(host).strip():
            return self.found(Status.FAIL, observed="no sshd jail is loaded", **words)
        missing = [address for address in wanted if not _covers(fail2ban.ignored(host), address)]
        observed = f"not ignored: {', '.join(missing)}" if missing else "the jail ignores them"
        return self.verdict(not missing, observed=observed, **words)

    def settings(self, host: HostReader, context: Context) -> Iterable[Setting]:
        """The list, in the jail's own section: it wins there over everybody else's, and other jails keep theirs."""
        way = _way(context)
        if not way.will_ban(host, context):
            return ()
        return (Setting(way.file, "sshd/ignoreip", " ".join((*ALWAYS_IGNORED, *ignored(context)))),)


def ignored(context: Context) -> tuple[str, ...]:
    """The user's list and the address of this very login."""
    return tuple(dict.fromkeys(filter(None, (*context.options.fail2ban_ignore, context.login.address))))


def _covers(listed: Sequence[str], address: str) -> bool:
    if address in listed:
        return True
    wanted = _network(address)
    outer = [network for network in map(_network, listed) if network and wanted and network.version == wanted.version]
    return any(wanted.subnet_of(network) for network in outer)  # type: ignore[union-attr, arg-type]  # same version


def _network(text: str) -> IPv4Network | IPv6Network | None:
    """fail2ban writes a network by its first address and an address in its shortest form; None for a host name."""
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


def _log_problems(host: HostReader, status: str) -> tuple[str, ...]:
    """The jail's source holds at least one message of sshd; a source that cannot hold any bans nobody."""
    matches = re.search(r"Journal matches:\s*(.+)", status)
    if matches:
        words = matches.group(1).split()
        entries = host.query(("journalctl", "-q", "-n", "1", "-o", "cat", *words), ok=(0, 1)).stdout
        return () if entries.strip() else (f"the journal has no entry for {' '.join(words)}",)
    files = re.search(r"File list:\s*(.+)", status)
    if not files:
        return ("the jail reads no log at all",)
    paths = files.group(1).split()
    lines = host.query(("grep", "-h", "-m", "1", "sshd", *paths), ok=(0, 1, 2)).stdout
    if not lines.strip():
        return (f"no message of sshd in {', '.join(paths)}",)
    return _silence_problems(host, paths)


def _silence_problems(host: HostReader, paths: Sequence[str]) -> tuple[str, ...]:
    """A log with old messages looks alive after its writer has gone; the journal knows when sshd spoke last."""
    if host.which("journalctl") is None:
        return ()
    stats = [host.stat(path) for path in paths]
    written = max((stat.modified for stat in stats if stat), default=0.0)
    last = host.query(("journalctl", "-q", "-n", "1", "-o", "short-unix", *JOURNAL_MATCH.split()), ok=(0, 1)).stdout
    said = re.match(r"(\d+)\.", last)
    if said is None or int(said.group(1)) - written < LOG_DELAY:
        return ()
    return (f"nobody writes sshd's messages to {', '.join(paths)} any more",)


def _ignorance_problems(host: HostReader) -> tuple[str, ...]:
    """A jail that never bans any address is none."""
    everybody = [address for address in fail2ban.ignored(host) if address in EVERYBODY]
    return (f"the jail ignores everybody ({', '.join(everybody)})",) if everybody else ()


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


def _port_problems(host: HostReader, context: Context) -> tuple[str, ...]:
    """Each port that sshd is configured for is among those that the jail's first action blocks."""
    actions = fail2ban.actions(host)
    if not actions:
        return ("the jail has no action, so it bans nobody",)
    words = fail2ban.blocked_ports(host, actions[0])
    numbers = {"22" if word == "ssh" else word for word in re.split(r"[\s,]+", words) if word}
    if not numbers or numbers & ALL_PORTS:
        return ()
    missing = [str(port) for port in sshd.ports(host, context) if str(port) not in numbers]
    return (f"the jail does not block port {', '.join(missing)}",) if missing else ()


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


def _way(context: Context) -> Way:
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
        pf_bans.why_bans_miss,
        lambda host: rc.is_enabled(host, SERVICE),
        lambda host: rc.enable_and_start(host, SERVICE),
        "/var/log/fail2ban.log",
        pf_bans.will_ban,
    ),
}
