# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What sshd's service is called on each system, and what the service manager is told about it.

Sources for FreeBSD: libexec/rc/rc.d/sshd and libexec/rc/rc.subr of freebsd/freebsd-src. `reload` and `restart` judge
the configuration before (`sshd -t`), and leave sessions alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import rc
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import lookup

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform

SERVICES = {"*": "ssh.service", "redhat": "sshd.service", "freebsd": "sshd"}
# rc listens in nobody's place; inetd, where somebody has sshd started by it, does, and is another program.
SOCKETS = {"*": "ssh.socket", "redhat": "sshd.socket", "freebsd": ""}
COMMANDS = {"*": ("systemctl", "{verb}", "{service}"), "freebsd": ("service", "{service}", "{verb}")}
STARTED_BY = {
    "*": "`systemctl cat ssh.service` and /etc/default/ssh",
    "redhat": "`systemctl cat sshd.service` and /etc/sysconfig/sshd",
    "freebsd": "`sysrc sshd_flags`",
}


def service(platform: Platform) -> str:
    """The daemon's own unit."""
    return lookup(SERVICES, platform)


def socket(platform: Platform) -> str:
    """The unit by which systemd listens in the daemon's place; empty where there is none."""
    return lookup(SOCKETS, platform)


def command(platform: Platform, verb: str) -> tuple[str, ...]:
    """Tell the daemon to `reload` or to `restart`."""
    return tuple(word.format(verb=verb, service=service(platform)) for word in lookup(COMMANDS, platform))


def verb_of(host: HostReader, platform: Platform, verb: str) -> str:
    """How the daemon takes it: one that rc.conf does not switch on rc leaves alone, with 0, unless asked to once."""
    return lookup(VERBS, platform)(host, service(platform), verb)


def _verb_of_rc(host: HostReader, name: str, verb: str) -> str:
    return verb if rc.is_enabled(host, name) else f"one{verb}"


VERBS: Mapping[str, Callable[[HostReader, str, str], str]] = {
    "*": lambda _host, _name, verb: verb,
    "freebsd": _verb_of_rc,
}


def started_by(platform: Platform) -> str:
    """Where a person finds the options that the daemon is started with."""
    return lookup(STARTED_BY, platform)
