# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The unprivileged user that a runtime belongs to, and how to do something as that user."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Change, Command
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import lookup
from ansible_collections.groundwork.python_host.plugins.module_utils._python.scripts import AS_USER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform

# id(1) on all systems: uid=999(app) gid=999(app) groups=999(app); a number without a name stands alone.
IDENTITY = re.compile(r"uid=(\d+)\S* gid=(\d+)(?:\((\S+?)\))?")

# FreeBSD's su runs a command by a shell: with -m by root's own, which may be csh, and without it by the user's, which
# here is nologin (su(1), usr.bin/su/su.c). The interpreter is root's, and needs no shell.
AS_OWNER = {
    "*": ("runuser", "-u", "{owner}", "--"),
    "freebsd": ("{python}", "-I", "-c", AS_USER, "{owner}"),
}
# pw(8): the home is not made without -m, `-w no` is a password that nothing matches, and without a group the user gets
# one of its own name.
CREATE = {
    "*": ("useradd", "--system", "{group_option}", "--home-dir", "{home}", "--no-create-home", "--shell", "{shell}"),
    "freebsd": ("pw", "useradd", "-d", "{home}", "-s", "{shell}", "-w", "no", "{group_option}", "-n"),
}
# For a user without a group of its name, and with one.
GROUP_OPTION = {"*": ("--user-group", "--gid={name}"), "freebsd": ("", "-g{name}")}
NO_LOGIN = {"*": "/usr/sbin/nologin", "redhat": "/sbin/nologin"}


@dataclass(frozen=True)
class Account:
    """A user of the host with its primary group."""

    name: str
    uid: int
    group: str


def read(host: HostReader, name: str) -> Account | None:
    """The account, or None where the host has no user of that name."""
    answer = host.query(["id", name], ok=(0, 1))
    found = IDENTITY.match(answer.stdout)
    return Account(name, int(found[1]), found[3] or found[2]) if answer.rc == 0 and found else None


def creation(host: HostReader, platform: Platform, *, name: str, home: str) -> Command:
    """Makes a system user without a login shell; a group of that name that is there already becomes its own."""
    has_group = host.query(["getent", "group", name], ok=(0, 2)).rc == 0
    values = {
        "group_option": lookup(GROUP_OPTION, platform)[has_group].format(name=name),
        "home": home,
        "shell": lookup(NO_LOGIN, platform),
    }
    argv = tuple(word.format(**values) for word in lookup(CREATE, platform))
    return Command(
        (*filter(None, argv), name), Change("user", name, "absent", f"system user, home {home}, no login shell")
    )


def as_owner(platform: Platform, owner: str, argv: Sequence[str], *, python: str) -> tuple[str, ...]:
    """The command line that runs this one as the owner; `python` is an interpreter that is root's."""
    values = {"{owner}": owner, "{python}": python}
    return (*(values.get(word, word) for word in lookup(AS_OWNER, platform)), *argv)
