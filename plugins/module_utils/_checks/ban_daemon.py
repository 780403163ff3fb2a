# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The base system's daemon that bans on FreeBSD: whether it runs and bans by pf, and what it has read.

Sources: contrib/blocklist (bin/blocklistd.c, bin/blocklistctl.c and the helpers in libexec) of freebsd/freebsd-src. The
daemon reads its file when it starts, writes its number down afterwards, and knows no question about what it has read.
blacklistd-helper knows a firewall by its stock file alone, blocklistd-helper pf by `/etc/rc.d/pf status`.
"""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import ban_rules, rc, sshd
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.ban_anchor import daemon
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.packet_filter import (
    STRANGER,
    STRANGER_IPV6,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._host import blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Context
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

# Where one of these is there, the daemon's helper tells its bans to another firewall than pf.
ELSEWHERE = {
    "blacklistd": (
        "/etc/ipfw-blacklist.rc",
        "/etc/ipf.conf",
        "/etc/ipf.rules",
        "/etc/netscript/ipfilter.conf",
        "/etc/npf.conf",
    ),
    "blocklistd": ("/etc/ipfw-blocklist.rc", "/etc/npf.conf"),
}
# A file without which the daemon's helper finds no pf, wherever pf's own rules stand (`pf_rules` in rc.conf).
NEEDED = {"blacklistd": ("/etc/pf.conf",)}
OLDER_NAMES = {"blocklistd": "blacklistd"}


def configuration(name: str) -> str:
    """The daemon's file."""
    return f"/etc/{name}.conf"


def control(name: str) -> str:
    """The program that shows its bans: blacklistctl, blocklistctl."""
    return f"{name[:-1]}ctl"


def _texts(host: HostReader, name: str) -> tuple[str, ...]:
    """Its file, and in 15.x those of the directory beside it."""
    directory = f"{configuration(name)}.d"
    names = [f"{directory}/{entry}" for entry in host.listdir(directory) or ()]
    return tuple(host.read_text(path) or "" for path in (configuration(name), *names))


def bans_from(host: HostReader, context: Context, port: int, *, with_ours: bool = False) -> bool:
    """A stranger is, over both families of addresses, by the lines of others or by all."""
    texts = _texts(host, daemon(context.platform))
    rules = ban_rules.parse(*(text if with_ours else blocks.replaced(text, "") for text in texts))
    server = context.login.server.partition("%")[0]
    failures = {rules.failures(port, stranger, server) for stranger in (STRANGER, STRANGER_IPV6)}
    return not failures & {None, ban_rules.STAR}


def problems(host: HostReader, name: str) -> Iterator[str]:
    """Why it does not ban, or not by its file as it stands."""
    if not rc.is_in_base(host, name):
        yield f"there is no {name} on this host (package FreeBSD-blocklist)"
        return
    if not rc.is_enabled(host, name):
        yield f"{name} does not start at boot"
    if not rc.is_running(host, name):
        yield f"{name} does not run"
    elif is_outdated(host, name):
        yield f"{configuration(name)} was changed after {name} had read it"
    elif host.query((control(name), "dump", "-b"), ok=(0, 1)).rc:
        yield f"{control(name)} cannot read the daemon's bans"
    if is_on_by_an_older_name(host, name):
        old = OLDER_NAMES[name]
        yield f"{old}, the same daemon by an older name, is on (`sysrc {old}_enable=NO`, `service {old} onestop`)"
    yield from (f"{path} has {name} tell its bans to another firewall" for path in ELSEWHERE[name] if host.stat(path))
    for path in NEEDED.get(name, ()):
        if host.read_text(path) is None:
            yield f"without {path}, be it empty, {name} finds no pf to tell its bans to"


def is_on_by_an_older_name(host: HostReader, name: str) -> bool:
    """15.x still has the daemon of 14.x beside the renamed one; both want the same socket."""
    old = OLDER_NAMES.get(name, "")
    return bool(old) and (rc.is_enabled(host, old) or rc.is_running(host, old))


def is_outdated(host: HostReader, name: str) -> bool:
    """It runs, and its file was changed since it was started."""
    started, file = host.stat(f"/var/run/{name}.pid"), host.stat(configuration(name))
    return rc.is_running(host, name) and bool(started and file and file.modified > started.modified)


def file_problems(host: HostReader, context: Context) -> Iterator[str]:
    """The ports of sshd that it would not shut to anybody."""
    for port in sshd.ports(host, context):
        if not bans_from(host, context, port, with_ours=True):
            yield f"{configuration(daemon(context.platform))} bans nobody from port {port}"


def excepts(host: HostReader, context: Context, address: str) -> bool:
    """Both ends of a network are."""
    try:
        network = ip_network(address.partition("%")[0], strict=False)
    except ValueError:
        return False
    rules = ban_rules.parse(*_texts(host, daemon(context.platform)))
    ends = (str(network.network_address), str(network.broadcast_address))
    found = {rules.failures(port, end) for port in sshd.ports(host, context) for end in ends}
    return found == {ban_rules.STAR}
