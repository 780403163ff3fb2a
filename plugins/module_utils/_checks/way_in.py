# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Is the administrator's own way in open? Asked before a door is closed, by the programs that will decide."""

from __future__ import annotations

from fnmatch import fnmatchcase
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.options import Opening
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import accounts, firewall, ssh, sshd
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import HostError

if TYPE_CHECKING:
    from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Context
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader


def no_key(host: HostReader, context: Context) -> tuple[str, ...]:
    """No key is given and none is there: the doors stay open, and whatever else the run does is done."""
    try:
        if context.options.admin_keys or accounts.usable_keys(host, context):
            return ()
    except HostError as error:
        return (f"it cannot be proven: {error}",)
    return (
        f"{context.options.admin_name} has no public key: give one in python_host_admin_authorized_keys, or let one be "
        "made with python_host_admin_key_file",
    )


def obstacles(host: HostReader, context: Context, *, account_planned: bool) -> tuple[str, ...]:
    """Why the administrator could not log in with a key and become root, the key itself aside; all reasons at once.

    `account_planned`: the account, its keys and its sudo rule are about to be made by this run, so only what this run
    cannot mend is judged. After they were made, the caller asks again without it.
    """
    try:
        found = (*_sshd_obstacles(host, context), *_port_obstacles(host, context))
        return (*found, *_made(host, context, account_planned))
    except HostError as error:
        return (f"it cannot be proven: {error}",)


def _made(host: HostReader, context: Context, account_planned: bool) -> tuple[str, ...]:
    if account_planned:
        return ()
    name = context.options.admin_name
    found: list[str] = []
    account = accounts.account(host, name)
    if account is None:
        return (f"the account {name} does not exist",)
    found.extend(accounts.login_obstacles(host, account))
    if not accounts.usable_keys(host, context):
        found.append(f"no key in {account.authorized_keys} that sshd would accept")
    if not accounts.has_sudo(host, context):
        found.append(f"sudo does not let {name} become root")
    return tuple(found)


def _sshd_obstacles(host: HostReader, context: Context) -> tuple[str, ...]:
    """What sshd's own configuration holds against this login, Match blocks included."""
    name = context.options.admin_name
    address = context.login.address or sshd.ELSEWHERE
    view = sshd.effective(host, sshd.viewpoint(context, name, address))
    groups = accounts.group_names(host, name)
    found: list[str] = []
    for keyword, subjects in (("allowusers", (name,)), ("allowgroups", groups)):
        patterns = view.all(keyword)
        if patterns and not _matches(subjects, patterns, address):
            found.append(f"sshd's {keyword} ({' '.join(patterns)}) leaves {name} out: add it there first")
    for keyword, subjects in (("denyusers", (name,)), ("denygroups", groups)):
        if _matches(subjects, view.all(keyword), address):
            found.append(f"sshd's {keyword} names {name}: remove it there first")
    if not any(path in accounts.AUTHORIZED_KEYS_FILES for path in view.all("authorizedkeysfile")):
        found.append(f"sshd reads keys from {' '.join(view.all('authorizedkeysfile'))}, not from .ssh/authorized_keys")
    if view.one("pubkeyauthentication") == "no" and sshd.global_value(host, "pubkeyauthentication") == "yes":
        found.append(f"a Match block of sshd's configuration sets PubkeyAuthentication no for {name}: remove it there")
    methods = view.all("authenticationmethods")
    if methods and not set(methods) & {"any", "publickey"}:
        found.append(f"sshd's AuthenticationMethods ({' '.join(methods)}) wants more than a key")
    return tuple(found)


def _port_obstacles(host: HostReader, context: Context) -> tuple[str, ...]:
    """sshd moves to no port that another program has, where it would end (its unit does not start it again), and to
    none that a firewall keeps shut; where the firewall is ufw, this run opens the port first.
    """
    wanted = context.options.ssh_port
    if not wanted:
        return ()
    taken = ssh.listening_tcp_ports(host.query(ssh.LISTENERS).stdout)
    if wanted in taken and wanted not in sshd.ports(host, context):
        return (f"another program listens on {wanted}/tcp: stop it first, or set python_host_ssh_port to a free port",)
    if firewall.will_let_in(host, context, Opening(wanted, "tcp")):
        return ()
    return (
        f"the firewall in force does not let in {wanted}/tcp: open it there first, or leave python_host_ssh_port out",
    )


def _matches(subjects: tuple[str, ...], patterns: tuple[str, ...], address: str) -> bool:
    """sshd's patterns with * and ?, and behind an @ the addresses that the login must come from (sshd_config(5))."""
    parts = [pattern.partition("@")[::2] for pattern in patterns]
    return any(
        fnmatchcase(subject, name) and (not sources or _comes_from(address, sources))
        for subject in subjects
        for name, sources in parts
    )


def _comes_from(address: str, sources: str) -> bool:
    """A list of addresses, networks and patterns; one with a ! that fits decides against. Host names fit nobody."""
    fitting = [source for source in sources.split(",") if _fits(address, source.lstrip("!"))]
    return bool(fitting) and not any(source.startswith("!") for source in fitting)


def _fits(address: str, source: str) -> bool:
    try:
        return ip_address(address) in ip_network(source, strict=False)
    except ValueError:
        return fnmatchcase(address, source)
