# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading accounts: what getent, the file system and sudo say of one."""

from __future__ import annotations

import os.path
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.public_keys import PublicKey, keys_in
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import CommandFailed, NeedsRoot

if TYPE_CHECKING:
    from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Context
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import FileStat, HostReader

# What sshd's AuthorizedKeysFile may say for us to know that it reads ~/.ssh/authorized_keys.
AUTHORIZED_KEYS_FILES = (".ssh/authorized_keys", "%h/.ssh/authorized_keys")
# Shells that end a login at once; anything else must exist and be executable.
NO_LOGIN_SHELLS = ("nologin", "false")
GROUP_OR_OTHER_MAY_WRITE = 0o022
# NOPASSWD: and its like before the commands of a rule.
TAGS = re.compile(r"\b[A-Z_]+:")


@dataclass(frozen=True)
class Account:
    """A line of the passwd database."""

    name: str
    uid: int
    gid: int
    home: str
    shell: str

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
    return Account(fields[0], int(fields[2]), int(fields[3]), _followed(host, fields[5]), fields[6])


def _followed(host: HostReader, path: str) -> str:
    """Where a symbolic link leads; sshd judges the rights of the place itself, and only there they can be set."""
    stat = host.stat(path)
    if stat is None or stat.kind != "link":
        return path
    return host.query(("readlink", "-f", path)).stdout.strip() or path


def group_name(host: HostReader, gid: int) -> str:
    """The name of a group by its number, or the number where it has no name."""
    result = host.query(("getent", "group", str(gid)), ok=(0, 2))
    return result.stdout.partition(":")[0] or str(gid)


def group_names(host: HostReader, name: str) -> tuple[str, ...]:
    """The account's groups; one of its own name stands for an account that is yet to be made."""
    if account(host, name) is None:
        return (name,)
    return tuple(host.query(("id", "-Gn", name)).stdout.split())


def can_log_in(host: HostReader, found: Account) -> bool:
    """The shell exists and is not one that ends the login."""
    return os.path.basename(found.shell) not in NO_LOGIN_SHELLS and host.stat(found.shell) is not None


def strict_modes_problems(host: HostReader, found: Account) -> tuple[str, ...]:
    """What sshd's StrictModes holds against the way to the keys: foreign owners, or writing by others."""
    paths = (found.home, found.ssh_directory, found.authorized_keys)
    places = [_followed(host, path) for path in paths]
    return tuple(problem for path in places for problem in _strictness(host.stat(path), path, found))


def _strictness(stat: FileStat | None, path: str, found: Account) -> tuple[str, ...]:
    if stat is None:
        return (f"{path} does not exist",)
    problems = []
    if stat.uid not in (0, found.uid):
        problems.append(f"{path} belongs to {stat.owner}, expected {found.name} or root")
    if stat.mode & GROUP_OR_OTHER_MAY_WRITE:
        problems.append(f"{path} has mode {stat.mode:04o}, expected no writing by group or others")
    return tuple(problems)


def usable_keys(host: HostReader, context: Context) -> tuple[PublicKey, ...]:
    """The keys in the administrator's file, if sshd would read that file."""
    found = account(host, context.options.admin_name)
    if found is None or strict_modes_problems(host, found):
        return ()
    return keys_in(host.read_text(found.authorized_keys) or "")


def login_obstacles(host: HostReader, found: Account) -> tuple[str, ...]:
    """Why an existing account could not log in at all, keys aside."""
    problems = []
    if found.uid == 0:
        problems.append(f"{found.name} is root by another name (user id 0): choose an account of its own")
    if not can_log_in(host, found):
        problems.append(f"{found.name} has the login shell {found.shell}, which ends a login at once or is missing")
    expiry = expired_since(host, found.name)
    if expiry:
        problems.append(f"the account {found.name} has expired ({expiry}): `chage -E -1 {found.name}`")
    if password_must_change(host, found.name):
        problems.append(
            f"{found.name} must set a new password at the next login, and sshd lets no key in before that: "
            f"`chage -d $(date +%F) -M -1 {found.name}`"
        )
    return tuple(problems)


def expired_since(host: HostReader, name: str) -> str:
    """The day since which the account is closed, as days since 1970 in shadow(5); empty while it is open."""
    day = _number(shadow_fields(host, name), 7)
    return f"day {day} since 1970" if day is not None and day <= _today(host) else ""


def password_must_change(host: HostReader, name: str) -> bool:
    """The password is to be changed at once (0 as the day of its last change), or is older than it may become.

    pam_unix asks for the change after a login by key too, and of an account that has no password at all.
    """
    fields = shadow_fields(host, name)
    changed, greatest_age = _number(fields, 2), _number(fields, 4)
    if changed == 0:
        return True
    return changed is not None and greatest_age is not None and -1 < greatest_age < _today(host) - changed


def _number(fields: tuple[str, ...], place: int) -> int | None:
    """A field of shadow(5) that holds days; None when it is empty, which switches its rule off."""
    return int(fields[place]) if len(fields) > place and fields[place] else None


def _today(host: HostReader) -> int:
    return int(host.query(("date", "+%s")).stdout) // 86400


def shadow_fields(host: HostReader, name: str) -> tuple[str, ...]:
    """The account's line of the shadow database; empty when there is none. Needs root."""
    if host.uid != 0:
        raise NeedsRoot("the shadow database")
    result = host.query(("getent", "shadow", name), ok=(0, 2))
    return tuple(result.stdout.strip().split(":")) if result.rc == 0 else ()


def has_sudo(host: HostReader, context: Context) -> bool:
    """sudo lets the administrator become root: tried for real where it asks for no password, else by its own list."""
    if host.uid != 0:
        raise NeedsRoot("what sudo allows another user")
    name = context.options.admin_name
    if context.options.admin_sudo == "nopasswd":
        return _sudo_works(host, name)
    listing = host.query(("sudo", "-n", "-l", "-U", name), ok=(0, 1)).stdout
    return grants_everything(listing)


def _sudo_works(host: HostReader, name: str) -> bool:
    try:
        host.query(("runuser", "-u", name, "--", "sudo", "-n", "-H", "-u", "root", "true"))
    except CommandFailed:
        return False
    return True


def grants_everything(listing: str) -> bool:
    """`sudo -l` lets the account run everything as root; of two rules for one command the later wins (sudoers(5))."""
    granted = False
    for rule in (line.strip() for line in listing.splitlines()):
        if rule.startswith(("(ALL", "(root")):
            commands = [command.strip() for command in TAGS.sub("", rule.rpartition(")")[2]).split(",")]
            # A rule that takes something away may take away what becoming root needs.
            granted = (granted or "ALL" in commands) and not any(command.startswith("!") for command in commands)
    return granted
