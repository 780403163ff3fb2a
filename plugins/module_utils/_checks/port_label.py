# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The row about sshd's port and SELinux: under its policy sshd may listen on ports of one label alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import (
    Check,
    Context,
    Finding,
    Status,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import selinux, sshd
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import (
    Action,
    Change,
    Command,
    Touches,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

LABEL = "ssh_port_t"
# So labelled by the policy itself.
USUAL = 22
LIST = ("semanage", "port", "-l", "-n")


@dataclass(frozen=True)
class SshdPortLabelled(Check):
    """Each port that sshd will listen on has sshd's label, so that it gets it at its next start, too."""

    def inspect(self, host: HostReader, context: Context) -> Finding:
        """Compare the ports with SELinux's own list; the usual port needs no question."""
        if not selinux.is_enabled(host):
            return self._not_applicable("SELinux is not switched on in this kernel")
        if host.which("sshd") is None:
            return self._not_applicable("no SSH server is installed")
        unlabelled = _unlabelled(host, context)
        listed = ", ".join(str(port) for port in unlabelled)
        return self.verdict(
            not unlabelled,
            expected=f"{LABEL} for every port of sshd",
            observed=f"{listed}/tcp has another label" if unlabelled else f"all have {LABEL}",
            evidence=" ".join(LIST),
            remedy=_advice(host, unlabelled[0]) if unlabelled else "",
        )

    def _not_applicable(self, why: str) -> Finding:
        expected = f"{LABEL} for every port of sshd"
        return self.found(Status.NOT_APPLICABLE, expected=expected, observed=why, evidence=selinux.ENFORCE)

    def remedy(self, host: HostReader, context: Context) -> Iterator[Action]:
        """Label them before sshd moves there; semanage comes with this row's package.

        A port of another service stays that service's: newer versions of semanage take `-a` for a change of its label.
        """
        for port in _unlabelled(host, context):
            if _other_owner(host, port):
                continue
            yield Command(
                ("semanage", "port", "-a", "-t", LABEL, "-p", "tcp", str(port)),
                Change("selinux", f"{port}/tcp", "another label", LABEL),
                touches=Touches(labelled_port=str(port)),
            )


def obstacles(host: HostReader, context: Context) -> Iterator[str]:
    """A port that the policy has given to another service by name is left to it."""
    wanted = context.options.ssh_port
    if wanted and wanted != USUAL and selinux.is_enabled(host) and _other_owner(host, wanted):
        yield _advice(host, wanted)


def _advice(host: HostReader, port: int) -> str:
    owner = _other_owner(host, port)
    if not owner:
        return f"semanage port -a -t {LABEL} -p tcp {port}"
    return (
        f"SELinux has {port}/tcp for another service ({owner}): choose another python_host_ssh_port, or "
        f"`semanage port -m -t {LABEL} -p tcp {port}`"
    )


def _other_owner(host: HostReader, port: int) -> str:
    """The label that this very port has, if it is not sshd's; empty where there is none, or nobody to ask yet."""
    if host.which("semanage") is None:
        return ""
    labels = [label for label, ports in _listed(host) if str(port) in ports]
    return labels[0] if labels and LABEL not in labels else ""


def _unlabelled(host: HostReader, context: Context) -> tuple[int, ...]:
    ports = [port for port in sshd.lasting_ports(host, context) if port != USUAL]
    if not ports or host.which("semanage") is None:
        return tuple(ports)
    return tuple(
        port for port in ports if not any(_holds(ports, port) for label, ports in _listed(host) if label == LABEL)
    )


def _holds(entries: Iterable[str], port: int) -> bool:
    """An entry is a port or a range of ports."""
    bounds = [entry.partition("-") for entry in entries]
    return any(int(low) <= port <= int(high or low) for low, _dash, high in bounds)


def _listed(host: HostReader) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """(label, entries) of SELinux's list for TCP."""
    return parse(host.query(LIST).stdout)


def parse(text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """`semanage port -l -n` prints `label protocol entry, entry`."""
    rows = [line.split(None, 2) for line in text.splitlines()]
    return tuple(
        (row[0], tuple(entry.strip() for entry in row[2].split(",")))
        for row in rows
        if len(row) == 3 and row[1] == "tcp"
    )
