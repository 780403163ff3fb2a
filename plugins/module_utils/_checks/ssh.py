# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows about the SSH server, judged by `sshd -T -C …` for the administrator, root and a stranger."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import (
    Check,
    Context,
    Finding,
    Setting,
    Status,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import match_blocks, sshd

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

# Older releases print one spelling and newer ones the other for the same value (both are read by all of them).
SYNONYMS = {"without-password": "prohibit-password"}
SSHD = "sshd"
LISTENERS = ("ss", "-Hltn")


@dataclass(frozen=True)
class SshdOption(Check):
    """An sshd keyword has one of the allowed values for everybody that we ask about."""

    keyword: str = ""
    allowed: tuple[str, ...] = ()

    def inspect(self, host: HostReader, context: Context) -> Finding:
        """Ask sshd from each viewpoint and name those for whom it is wrong."""
        if host.which("sshd") is None:
            return self.found(Status.NOT_APPLICABLE, observed="no SSH server is installed")
        views = [sshd.effective(host, viewpoint) for viewpoint in self._viewpoints(host, context)]
        wrong = [view for view in views if self._value(view) not in self.allowed]
        shown = wrong[0] if wrong else views[0]
        whom = ", ".join(dict.fromkeys(view.seen_by.user for view in wrong)) if wrong else "everybody asked about"
        return self.verdict(
            not wrong,
            expected=f"{self.keyword} {' or '.join(self.allowed)}",
            observed=f"{self.keyword} {self._value(shown) or 'not known to this sshd'} for {whom}",
            evidence=" ".join(shown.seen_by.argv),
            remedy=f"set {self.keyword} {self.allowed[0]} where sshd reads it first",
        )

    def _viewpoints(self, host: HostReader, context: Context) -> tuple[sshd.Viewpoint, ...]:
        """A closed door must be closed for those too whom a Match line treats apart."""
        usual = sshd.viewpoints(context)
        exceptions = match_blocks.exceptions(host) if self.closes_door else ()
        users = tuple(dict.fromkeys(viewpoint.user for viewpoint in usual))
        apart = (
            replace(
                sshd.viewpoint(context, user, whom.address or sshd.ELSEWHERE),
                server=whom.server or usual[0].server,
                port=whom.port or usual[0].port,
            )
            for whom in exceptions
            for user in ((whom.user,) if whom.user else users)
        )
        return tuple(dict.fromkeys((*usual, *apart)))

    def _value(self, view: sshd.Effective) -> str:
        value = view.one(self.keyword.lower())
        return SYNONYMS.get(value, value)

    def settings(self, host: HostReader, context: Context) -> Iterable[Setting]:
        """The keyword with the first allowed value."""
        return (Setting(SSHD, self.keyword, self.allowed[0]),)


@dataclass(frozen=True)
class SshdPort(Check):
    """sshd listens on the port that was asked for; without a wish whatever is in force is fine."""

    def inspect(self, host: HostReader, context: Context) -> Finding:
        """Compare what sshd is configured for with what has a listener in the kernel."""
        if host.which("sshd") is None:
            return self.found(Status.NOT_APPLICABLE, observed="no SSH server is installed")
        configured = sshd.ports(host, context)
        wanted = context.options.ssh_port
        listening = listening_tcp_ports(host.query(LISTENERS).stdout)
        silent = [port for port in configured if port not in listening]
        return self.verdict(
            not silent and (wanted is None or configured == (wanted,)),
            expected=f"port {wanted}" if wanted else "a listener on every configured port",
            observed="configured: "
            + _numbers(configured)
            + (f"; nobody listens on {_numbers(silent)}" if silent else ""),
            evidence="sshd -T; ss -ltn",
            remedy="set python_host_ssh_port, or restart the SSH service so that it listens where it is configured to",
        )

    def settings(self, host: HostReader, context: Context) -> Iterable[Setting]:
        """The port, if one was asked for."""
        wanted = context.options.ssh_port
        return (Setting(SSHD, "Port", str(wanted)),) if wanted else ()


def listening_tcp_ports(text: str) -> frozenset[int]:
    """The local ports in the output of `ss -Hltn` (state, two queues, local, peer)."""
    return frozenset(int(line.split()[3].rpartition(":")[2]) for line in text.splitlines() if len(line.split()) > 3)


def _numbers(ports: Iterable[int]) -> str:
    return ", ".join(str(port) for port in ports)
