# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading accounts: what getent says of one, and how a program is run as one.

getent(1) is on FreeBSD, too, with the same answers (usr.bin/getent of freebsd/freebsd-src: 2 for nothing found).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import NeedsRoot
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import lookup

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Context
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

# FreeBSD has bash among its packages only.
LOGIN_SHELLS = {"*": "/bin/bash", "freebsd": "/bin/sh"}
# Whose members the system takes for administrators: sudoers(5) of Debian and of Enterprise Linux, and su(1) of FreeBSD.
ADMIN_GROUPS = {"*": "sudo", "redhat": "wheel", "freebsd": "wheel"}


@dataclass(frozen=True)
class Account:
    """A line of the passwd database; `groups` are those that an account yet to be made joins beside its own."""

    name: str
    uid: int
    gid: int
    home: str
    shell: str
    groups: tuple[str, ...] = ()

    @property
    def ssh_directory(self) -> str:
        """Where sshd looks for this account's keys."""
        return f"{self.home}/.ssh"

    @property
    def authorized_keys(self) -> str:
        """The file with this account's public keys."""
        return f"{self.ssh_directory}/authorized_keys"


def account(host: HostReader, name: str) -> Account | None:
    """The account, or None when there is none (getent(1) answers 2)."""
    result = host.query(("getent", "passwd", name), ok=(0, 2))
    fields = result.stdout.strip().split(":")
    if result.rc or len(fields) < 7:
        return None
    return Account(fields[0], int(fields[2]), int(fields[3]), followed(host, fields[5].rstrip("/") or "/"), fields[6])


def planned(host: HostReader, context: Context) -> Account:
    """The account as this run will make it: in the group of the system's administrators, where there is one."""
    name, group = context.options.admin_name, lookup(ADMIN_GROUPS, context.platform)
    groups = (group,) if has_group(host, group) else ()
    return Account(name, -1, -1, f"/home/{name}", login_shell(context), groups)


def newcomer(host: HostReader, context: Context) -> Account | None:
    """The administrator's account where this run has yet to make it."""
    return None if account(host, context.options.admin_name) else planned(host, context)


def login_shell(context: Context) -> str:
    """The shell that an account gets on this family of systems."""
    return lookup(LOGIN_SHELLS, context.platform)


def followed(host: HostReader, path: str) -> str:
    """Where a symbolic link leads; sshd judges the rights of the place itself, and only there they can be set."""
    stat = host.stat(path)
    if stat is None or stat.kind != "link":
        return path
    return host.query(("readlink", "-f", path)).stdout.strip() or path


def group_name(host: HostReader, gid: int) -> str:
    """The name of a group by its number, or the number where it has no name."""
    result = host.query(("getent", "group", str(gid)), ok=(0, 2))
    return result.stdout.partition(":")[0] or str(gid)


def has_group(host: HostReader, name: str) -> bool:
    """There is a group of this name."""
    return host.query(("getent", "group", name), ok=(0, 2)).rc == 0


def group_names(host: HostReader, context: Context) -> tuple[str, ...]:
    """The groups of the administrator, or of the account that this run will make for him: first one of its own name."""
    new = newcomer(host, context)
    if new:
        return (new.name, *new.groups)
    return tuple(host.query(("id", "-Gn", context.options.admin_name)).stdout.split())


def shadow_fields(host: HostReader, name: str) -> tuple[str, ...]:
    """The account's line of the shadow database; empty when there is none. Needs root."""
    if host.uid != 0:
        raise NeedsRoot("the shadow database")
    result = host.query(("getent", "shadow", name), ok=(0, 2))
    return tuple(result.stdout.strip().split(":")) if result.rc == 0 else ()


def as_account(host: HostReader, context: Context, name: str) -> tuple[str, ...]:
    """The beginning of a command line that runs a program as this account, with its groups and no shell between."""
    return lookup(BECOMING, context.platform)(host, name)


def found_way_to_become(host: HostReader, name: str) -> tuple[str, ...]:
    """The same by what is there; empty where nothing is."""
    ways = {"runuser": _by_runuser, "pw": _by_chroot}
    return next((way(host, name) for program, way in ways.items() if host.which(program)), ())


def _by_runuser(_host: HostReader, name: str) -> tuple[str, ...]:
    """util-linux has it on every Linux."""
    return ("runuser", "-u", name, "--")


def _by_chroot(host: HostReader, name: str) -> tuple[str, ...]:
    """FreeBSD's chroot(8), into the root that there is. With `-u` alone root's own groups would stay (chroot.c)."""
    groups = host.query(("id", "-G", name)).stdout.split()
    return ("chroot", "-u", name, "-g", groups[0], "-G", ",".join(groups), "/")


BECOMING: Mapping[str, Callable[[HostReader, str], tuple[str, ...]]] = {"*": _by_runuser, "freebsd": _by_chroot}
