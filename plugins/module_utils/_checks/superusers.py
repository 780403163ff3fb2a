# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The row about the passwords of FreeBSD's two superusers, root and toor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Check, Context, Finding
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import master_passwd
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import (
    Action,
    Change,
    Command,
    Touches,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

# Both have the user id 0 (etc/master.passwd of freebsd/freebsd-src); somebody may have removed toor.
NAMES = ("root", "toor")


@dataclass(frozen=True)
class SuperuserPasswords(Check):
    """Nobody can become root with a password, and root's own jobs go on."""

    def inspect(self, host: HostReader, context: Context) -> Finding:
        """Judge both password fields: `*` matches no password; a lock is refused by PAM's account rules, too."""
        problems = tuple(words for name in NAMES if (words := _problem(host, name)))
        return self.verdict(
            not problems,
            expected="root and toor have the password `*`, which nothing matches",
            observed="; ".join(problems) or "neither has a usable password",
            evidence="pw usershow root; pw usershow toor",
            remedy="`pw usermod NAME -w no`, once another account has sudo; `pw lock` would stop cron jobs and su",
        )

    def remedy(self, host: HostReader, context: Context) -> Iterator[Action]:
        """`-w no` sets `*` whatever was there; `-h -` would leave a locked account as it is (pw_user.c)."""
        for name in NAMES:
            found = master_passwd.entry(host, name)
            if found and _problem(host, name):
                before = "locked" if found.is_locked else "usable password"
                change = Change("account", name, before, "disabled password")
                yield Command(("pw", "usermod", name, "-w", "no"), change, touches=Touches(account=name))


def _problem(host: HostReader, name: str) -> str:
    """What is wrong with the field; empty when nothing is, and for an account that is not there."""
    found = master_passwd.entry(host, name)
    if found is None:
        return ""
    if found.is_locked:
        return f"{name} is locked, which stops its cron jobs and su"
    if not found.password:
        return f"{name} has an empty password"
    return "" if found.password.startswith("*") else f"{name} has a password"
