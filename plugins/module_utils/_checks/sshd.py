# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What sshd itself says it would do, for one user from one address."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import rc, running_sshd, sshd_units
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import HostError, Unreadable
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import lookup

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Context
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

# sshd refuses even to test its configuration without its directory for privilege separation. Where the unit makes it
# (RuntimeDirectory=sshd) it is absent until sshd was started once since boot (socket activation, containers); elsewhere
# it comes with the package (/usr/share/empty.sshd) or the system (/var/empty: etc/mtree/BSD.var.dist of
# freebsd/freebsd-src).
RUNTIME_DIRECTORIES: Mapping[str, str | None] = {"*": "/run/sshd", "redhat": None, "freebsd": None}
# FreeBSD may have a second sshd among its packages (security/openssh-portable), with a configuration of its own, and it
# comes first on root's path; rc may start another one as well (sshd_program). The base system's is the one that is
# judged.
PROGRAMS: Mapping[str, str] = {"*": "", "freebsd": "/usr/sbin/sshd"}
# A name that no account has: what sshd decides for strangers.
STRANGER = "no-such-user"
# An address that is nobody's (RFC 5737, TEST-NET-1): what sshd decides for the rest of the world.
ELSEWHERE = "192.0.2.1"


@dataclass(frozen=True)
class Viewpoint:
    """One login: who, from which address, to which address and port of this host.

    `options` are those of a daemon's command line, which win over its files. `directory` is the one that sshd insists
    on and that has to be made before it is asked. `program` is the sshd that is meant, where there may be two.
    """

    user: str
    address: str = ELSEWHERE
    server: str = ELSEWHERE
    port: int = 22
    options: tuple[str, ...] | None = None
    directory: str | None = None
    program: str = ""

    @property
    def argv(self) -> tuple[str, ...]:
        """The command that prints what holds for it; `sshd -T` alone passes over every Match block.

        sshd refuses to answer about a Match line's LocalAddress or LocalPort when it is not told one.
        """
        end = f"laddr={self.server},lport={self.port}"
        return (
            "sshd",
            "-T",
            "-C",
            f"user={self.user},host={self.address},addr={self.address},{end}",
            *(self.options or ()),
        )


@dataclass(frozen=True)
class Effective:
    """The values in force for one viewpoint; a keyword that may repeat has several."""

    seen_by: Viewpoint
    values: Mapping[str, tuple[str, ...]]

    def one(self, keyword: str) -> str:
        """The keyword's value; empty when sshd does not print it."""
        return (self.values.get(keyword) or ("",))[0]

    def all(self, keyword: str) -> tuple[str, ...]:
        """Every word given for a keyword that takes a list (`allowusers`), over all its lines."""
        return tuple(word for line in self.values.get(keyword, ()) for word in line.split())


def effective(host: HostReader, viewpoint: Viewpoint) -> Effective:
    """Ask sshd, with the options of the daemon that runs if none are given. Raises HostError where it cannot say."""
    options = viewpoint.options if viewpoint.options is not None else running_sshd.options(host)
    asked = replace(viewpoint, options=options)
    if asked.program and host.which("sshd") != asked.program:
        raise Unreadable(
            "sshd's configuration", f"{host.which('sshd')} comes before {asked.program}: remove one of them"
        )
    if asked.program and running_sshd.program(host) not in ("", asked.program):
        raise Unreadable("sshd's configuration", f"{running_sshd.program(host)} runs in the place of {asked.program}")
    result = host.query(asked.argv, runtime_directory=viewpoint.directory)
    return Effective(asked, parse(result.stdout))


def absence(host: HostReader, context: Context) -> str:
    """Why this host has no SSH server; empty where it has one, as it has where this very run came in by one."""
    if host.which("sshd") is None:
        return "no SSH server is installed"
    if context.login.port:
        return ""
    return lookup(SWITCHED_OFF, context.platform)(host, sshd_units.service(context.platform))


def _is_off_in_rc(host: HostReader, service: str) -> str:
    """FreeBSD's base system always has sshd, in use or not; inetd may start it as well (usr.sbin/inetd/inetd.conf)."""
    if rc.is_running(host, service) or rc.is_enabled(host, service):
        return ""
    return f"the SSH server is switched off (`sysrc {service}_enable`)"


SWITCHED_OFF: Mapping[str, Callable[[HostReader, str], str]] = {
    "*": lambda _host, _service: "",
    "freebsd": _is_off_in_rc,
}


def parse(text: str) -> dict[str, tuple[str, ...]]:
    """`sshd -T` prints `keyword value`, keywords in lower case, one line for each element of some lists."""
    values: dict[str, tuple[str, ...]] = {}
    for line in text.splitlines():
        keyword, _separator, value = line.strip().partition(" ")
        if keyword:
            values[keyword] = (*values.get(keyword, ()), value.strip())
    return values


def viewpoint(context: Context, user: str, address: str = ELSEWHERE) -> Viewpoint:
    """A login of this user that reaches the host where this run's own login reached it."""
    directory = lookup(RUNTIME_DIRECTORIES, context.platform)
    program = lookup(PROGRAMS, context.platform)
    server, port = context.login.server or ELSEWHERE, context.login.port or 22
    return Viewpoint(user, address, server, port, directory=directory, program=program)


def viewpoints(context: Context) -> tuple[Viewpoint, ...]:
    """The logins that a rule is judged for."""
    addresses = tuple(dict.fromkeys(filter(None, (context.login.address, ELSEWHERE))))
    users = (context.options.admin_name, "root", STRANGER)
    return tuple(viewpoint(context, user, address) for user in users for address in addresses)


def ports(host: HostReader, context: Context) -> tuple[int, ...]:
    """The ports that sshd is configured to listen on. Raises HostError where it cannot say.

    A port inside ListenAddress counts before every Port line, so sshd's list of addresses is read first.
    """
    view = effective(host, viewpoint(context, "root"))
    words = [address.rpartition(":")[2] for address in view.all("listenaddress")] or view.all("port")
    return tuple(int(port) for port in dict.fromkeys(words))


def lasting_ports(host: HostReader, context: Context) -> tuple[int, ...]:
    """The ports that sshd listens on when this run is over.

    Before openssh-server is installed, or when sshd cannot say, its default port stands in.
    """
    if context.options.ssh_port:
        return (context.options.ssh_port,)
    try:
        return ports(host, context) or (22,)
    except HostError:
        return (22,)
