# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows about fail2ban, judged by its running server."""

from __future__ import annotations

import re
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
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import (
    fail2ban,
    fail2ban_ways,
    sshd,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from ipaddress import IPv4Network, IPv6Network

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Action
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

ALL_PORTS = {"0:65535", "1:65535", "0-65535"}
# Seconds that a log's writer may be late.
LOG_DELAY = 60
# fail2ban writes 0.0.0.0/0 and ::/0 without their length.
EVERYBODY = {"0.0.0.0", "::", "0.0.0.0/0", "::/0"}
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
            remedy=f"read {fail2ban_ways.way(context).log} and `fail2ban-client -d`",
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
            *fail2ban_ways.way(context).why_bans_miss(host, context),
            *_ignorance_problems(host),
        ]
        if not fail2ban_ways.way(context).is_enabled(host):
            found.append("fail2ban does not start at boot")
        return found

    def settings(self, host: HostReader, context: Context) -> Iterator[Setting]:
        """The jail, on the journal, which every host with systemd has. Whose ban time nobody gave keeps its own."""
        way = fail2ban_ways.way(context)
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
        way = fail2ban_ways.way(context)
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
        way = fail2ban_ways.way(context)
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
    last = host.query(
        ("journalctl", "-q", "-n", "1", "-o", "short-unix", *fail2ban_ways.JOURNAL_MATCH.split()), ok=(0, 1)
    ).stdout
    said = re.match(r"(\d+)\.", last)
    if said is None or int(said.group(1)) - written < LOG_DELAY:
        return ()
    return (f"nobody writes sshd's messages to {', '.join(paths)} any more",)


def _ignorance_problems(host: HostReader) -> tuple[str, ...]:
    """A jail that never bans any address is none."""
    everybody = [address for address in fail2ban.ignored(host) if address in EVERYBODY]
    return (f"the jail ignores everybody ({', '.join(everybody)})",) if everybody else ()


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
