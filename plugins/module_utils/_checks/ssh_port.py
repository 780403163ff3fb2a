# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether sshd can move to the port that is asked for, and be reached there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.options import Opening
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import (
    firewall,
    listeners,
    services,
    ssh,
    sshd,
    sshd_units,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Context
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

# Ubuntu's generator writes the socket's addresses from sshd's configuration (22.10 and later).
GENERATORS = (
    "/usr/lib/systemd/system-generators/sshd-socket-generator",
    "/lib/systemd/system-generators/sshd-socket-generator",
)
LISTEN = ("systemctl", "show", "-p", "Listen")
LEAVE = "leave python_host_ssh_port out"
LOOPBACK = ("127.", "[::1]:", "[::ffff:127.")
OVERRIDES = "/etc/systemd/system/{socket}.d"


def obstacles(host: HostReader, context: Context) -> Iterator[str]:
    """sshd moves to no port that another program has, where it would end (its unit does not start it again), to none
    that a firewall keeps shut (where the firewall is ufw, this run opens the port first), and to none that systemd
    does not listen on for it.
    """
    wanted = context.options.ssh_port
    if not wanted:
        yield from _about_a_move(host, context)
        return
    socket = sshd_units.socket(context.platform)
    has_socket = context.platform.service_manager == "systemd" and services.unit(host, socket).is_active
    own = ("sshd", "systemd") if has_socket else ("sshd",)
    holders = [name for name in listeners.holders(host, context.platform, wanted) if name not in own]
    if holders:
        yield (
            f"another program ({', '.join(holders)}) listens on {wanted}/tcp: stop it first, or set "
            "python_host_ssh_port to a free port"
        )
    elif not firewall.will_let_in(host, context, Opening(wanted, "tcp")):
        yield f"the firewall in force does not let in {wanted}/tcp: open it there first, or {LEAVE}"
    configured = sshd.ports(host, context)
    if wanted not in configured:
        listed = ", ".join(str(port) for port in configured)
        yield f"sshd's own lines keep it on port {listed} (a ListenAddress with a port): change them first, or {LEAVE}"
    if has_socket:
        yield from _about_socket(host, context, wanted)


def _about_a_move(host: HostReader, context: Context) -> Iterator[str]:
    """A port that was changed and never loaded is moved to by whatever reloads sshd, and no way back moves it again."""
    configured, port = sshd.ports(host, context), context.login.port
    if not port or port in configured or ssh.silent_ports(host, context) != configured:
        return
    listed = ", ".join(str(number) for number in configured)
    yield (
        f"sshd listens on port {port} and its files say {listed}: the next reload moves it there. Set "
        f"python_host_ssh_port to {configured[0]} to have that proven, or put the port in its files right"
    )


def _about_socket(host: HostReader, context: Context, wanted: int) -> Iterator[str]:
    """systemd listens in sshd's place, at the addresses that its own unit gives; the loopback's let nobody in."""
    service, socket = sshd_units.service(context.platform), sshd_units.socket(context.platform)
    text = host.query((*LISTEN, socket)).stdout
    addresses = re.findall(r"^Listen=(\S+) \(Stream\)$", text, re.MULTILINE)
    ports = [address.rpartition(":")[2] for address in addresses if not address.startswith(LOOPBACK)]
    if str(wanted) in ports or (_has_generator(host) and not _is_overridden(host, socket)):
        return
    yield (
        f"{socket} listens on {', '.join(dict.fromkeys(ports))} whatever sshd's configuration says: "
        f"`systemctl disable --now {socket} && systemctl enable --now {service}`, or {LEAVE}"
    )


def _has_generator(host: HostReader) -> bool:
    return any(host.stat(path) is not None for path in GENERATORS)


def _is_overridden(host: HostReader, socket: str) -> bool:
    """Somebody's own drop-in gives the addresses; it is read beside the generator's."""
    directory = OVERRIDES.format(socket=socket)
    files = [f"{directory}/{name}" for name in host.listdir(directory) or () if name.endswith(".conf")]
    return any(re.search(r"^\s*ListenStream\s*=", host.read_text(path) or "", re.MULTILINE) for path in files)
