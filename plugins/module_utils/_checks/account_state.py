# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether an account is open: what its shell and the password database make of a login with a key."""

from __future__ import annotations

import os.path
from datetime import date
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import accounts, master_passwd
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import lookup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Context
    from ansible_collections.groundwork.python_host.plugins.module_utils._checks.accounts import Account
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

# Shells that run no command of a login; anything else must exist and be executable.
NO_LOGIN_SHELLS = ("nologin", "false", "true", "sync", "git-shell")
EXECUTABLE = 0o111
EPOCH = date(1970, 1, 1)
SECONDS_OF_A_DAY = 24 * 60 * 60


def can_log_in(host: HostReader, found: Account) -> bool:
    """The shell is there, runs, and is not one that ends the login. An empty field means /bin/sh (passwd(5))."""
    shell = found.shell or "/bin/sh"
    if os.path.basename(shell) in NO_LOGIN_SHELLS:
        return False
    stat = host.stat(accounts.followed(host, shell))
    return stat is not None and stat.kind == "file" and bool(stat.mode & EXECUTABLE)


def shell_obstacles(host: HostReader, found: Account) -> tuple[str, ...]:
    """What this run mends by itself, if it may."""
    if can_log_in(host, found):
        return ()
    return (f"{found.name} has the login shell {found.shell}, which ends a login at once, is missing or does not run",)


def closed_obstacles(host: HostReader, context: Context, found: Account) -> tuple[str, ...]:
    """What somebody has decided about this account, so that it is only named."""
    name = found.name
    problems = []
    if found.uid == 0:
        problems.append(
            f"{name} is root by another name (user id 0): set python_host_admin_name to an account of its own"
        )
    problems.extend(lookup(CLOSED_BY, context.platform)(host, context, name))
    return tuple(problems)


def _closed_by_shadow(host: HostReader, context: Context, name: str) -> Iterator[str]:
    expiry = expired_since(host, context, name)
    if expiry:
        yield f"the account {name} has expired ({expiry}): `chage -E -1 {name}`"
    if password_must_change(host, context, name):
        yield (
            f"{name} must set a new password at the next login, and sshd lets no key in before that: "
            f"`chage -d $(date +%F) -M -1 {name}`"
        )


def _closed_by_master_passwd(host: HostReader, context: Context, name: str) -> Iterator[str]:
    """What pam_unix refuses on FreeBSD (pam_sm_acct_mgmt in lib/libpam/modules/pam_unix of freebsd/freebsd-src)."""
    entry = master_passwd.entry(host, name)
    if entry is None:
        return
    if entry.is_locked:
        yield f"the account {name} is locked, for which a key is refused, too: `pw unlock {name}`"
    if _is_over(context, entry.expire):
        yield f"the account {name} has expired ({entry.expire} seconds after 1970): `pw usermod {name} -e 0`"
    if _is_over(context, entry.change):
        yield (
            f"{name} must set a new password at the next login, and sshd lets no key in before that: "
            f"`pw usermod {name} -p 0`"
        )


# What somebody has decided about an account in its line of the password database.
CLOSED_BY: Mapping[str, Callable[[HostReader, Context, str], Iterator[str]]] = {
    "*": _closed_by_shadow,
    "freebsd": _closed_by_master_passwd,
}


def _is_over(context: Context, seconds: int) -> bool:
    """Over by the end of this day; 0 is never."""
    return 0 < seconds < (_today(context) + 1) * SECONDS_OF_A_DAY


def is_locked(host: HostReader, name: str) -> bool:
    """The password field is locked, for which sshd without PAM refuses keys, too (sshd(8), "Account locked")."""
    fields = accounts.shadow_fields(host, name)
    return len(fields) > 1 and fields[1].startswith("!")


def expired_since(host: HostReader, context: Context, name: str) -> str:
    """The day since which the account is closed; empty while it is open."""
    day = _number(accounts.shadow_fields(host, name), 7)
    return f"day {day} since 1970" if day is not None and day <= _today(context) else ""


def password_must_change(host: HostReader, context: Context, name: str) -> bool:
    """The password is to be changed at once (0 as the day of its last change), or is older than it may become.

    pam_unix asks for the change after a login by key too, and of an account that has no password at all. How long an
    old password may still be changed (the field "inactive") only counts after that.
    """
    fields = accounts.shadow_fields(host, name)
    changed, greatest_age = _number(fields, 2), _number(fields, 4)
    if changed == 0:
        return True
    return changed is not None and greatest_age is not None and -1 < greatest_age < _today(context) - changed


def _number(fields: tuple[str, ...], place: int) -> int | None:
    """A field of shadow(5) that holds days; None when it is empty, which switches its rule off."""
    return int(fields[place]) if len(fields) > place and fields[place] else None


def _today(context: Context) -> int:
    """shadow(5) counts days since 1970."""
    return (context.today - EPOCH).days
