# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows about the administrator and root: account, sudo, root's password."""

from __future__ import annotations

import os.path
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import (
    Check,
    Context,
    Finding,
    Status,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import (
    account_state,
    account_tool,
    accounts,
    key_files,
    selinux,
    sudo,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import (
    Action,
    Change,
    Command,
    EnsureDirectory,
    SetAttributes,
    Touches,
    WriteFile,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader


@dataclass(frozen=True)
class AdminAccount(Check):
    """The administrator exists and can be logged in to."""

    def inspect(self, host: HostReader, context: Context) -> Finding:
        """Look the account, its home and its shell up."""
        problems = self._problems(host, context)
        name = context.options.admin_name
        return self.verdict(
            not problems,
            expected=f"{name} has a home and a login shell, and has not expired",
            observed="; ".join(problems) or f"{name} has a home and a login shell",
            evidence=f"getent passwd {name}",
            remedy="set python_host_admin_name to the account that you want",
        )

    def _problems(self, host: HostReader, context: Context) -> list[str]:
        name = context.options.admin_name
        found = accounts.account(host, name)
        if found is None:
            return [f"there is no account {name}"]
        problems = list(account_state.closed_obstacles(host, context, found)) if host.uid == 0 else []
        problems.extend(account_state.shell_obstacles(host, found))
        if host.stat(found.home) is None:
            problems.append(f"the home {found.home} does not exist")
        if self._password_differs(host, context):
            problems.append("the password is not the given one")
        return problems

    def _password_differs(self, host: HostReader, context: Context) -> bool:
        wanted = context.options.admin_password_hash
        if not wanted or context.options.admin_sudo != "password":
            return False
        return account_tool.tool_of(context).password(host, context.options.admin_name) != wanted

    def remedy(self, host: HostReader, context: Context) -> Iterator[Action]:
        """Create the account, or give the existing one what it lacks."""
        name, tool = context.options.admin_name, account_tool.tool_of(context)
        found = accounts.account(host, name)
        if found is None:
            yield from tool.create(host, accounts.planned(host, context))
        else:
            yield from self._mending(host, context, found)
        if self._password_differs(host, context):
            yield tool.give_password(name, context.options.admin_password_hash)

    def _mending(self, host: HostReader, context: Context, found: accounts.Account) -> Iterator[Action]:
        if not account_state.can_log_in(host, found):
            yield account_tool.tool_of(context).give_shell(found, accounts.login_shell(context))
        if host.stat(found.home) is None:
            for parent in _missing_above(host, found.home):
                yield EnsureDirectory(parent)
            yield EnsureDirectory(found.home, 0o750, found.name, accounts.group_name(host, found.gid))
            yield from selinux.relabel(host, found.home)


def _missing_above(host: HostReader, path: str) -> list[str]:
    """The directories that a path still needs, the uppermost first."""
    missing: list[str] = []
    parent = os.path.dirname(path)
    while host.stat(parent) is None:
        missing.insert(0, parent)
        parent = os.path.dirname(parent)
    return missing


@dataclass(frozen=True)
class AdminSudo(Check):
    """sudo really lets the administrator become root."""

    def inspect(self, host: HostReader, context: Context) -> Finding:
        """Try it, or for a rule that asks for a password read sudo's own listing."""
        name = context.options.admin_name
        words = {
            "expected": f"{name} becomes root by sudo ({context.options.admin_sudo})",
            "evidence": f"sudo -l -U {name}",
            "remedy": f"look for a later rule in {sudo.directory(context)} that takes it away",
        }
        if host.which("sudo") is None:
            return self.found(Status.FAIL, observed="sudo is not installed", **words)
        if accounts.account(host, name) is None:
            return self.found(Status.FAIL, observed=f"there is no account {name}", **words)
        refusal = sudo.refusal(host, context)
        observed = f"sudo refuses: {refusal}" if refusal else "sudo lets the account become root"
        return self.verdict(not refusal, observed=observed, **words)

    def remedy(self, host: HostReader, context: Context) -> Iterable[Action]:
        """One drop-in, checked by itself: a fault in another file is not ours; what all come to is tried afterwards."""
        content = f"# Written by groundwork.python_host ({self.check_id}).\n{sudo.rule(host, context)}"
        path = sudo.path_of_rule(context)
        label = selinux.relabel(host, path)
        write = WriteFile(path, content, mode=0o440, validate=("visudo", "-c", "-f", path), then=label)
        return (*self._directory(host, sudo.directory(context)), write)

    def _directory(self, host: HostReader, directory: str) -> Iterator[Action]:
        """sudo passes over a directory that others may write, or that is not root's."""
        stat = host.stat(directory)
        if stat is None:
            yield EnsureDirectory(directory, 0o755)
        elif stat.kind == "directory":
            mode = stat.mode & ~key_files.GROUP_OR_OTHER_MAY_WRITE
            yield SetAttributes(directory, mode, "root", "root")


@dataclass(frozen=True)
class RootPassword(Check):
    """Nobody can become root with a password of root's own."""

    def inspect(self, host: HostReader, context: Context) -> Finding:
        """Judge the password field, as login and su do: a lock (`!`) or no hash (`*`) matches no password."""
        fields = accounts.shadow_fields(host, "root")
        field = fields[1] if len(fields) > 1 else "*"
        return self.verdict(
            field.startswith(("!", "*")),
            expected="root's password is locked",
            observed="locked"
            if field.startswith(("!", "*"))
            else "root has a password"
            if field
            else "an empty password",
            evidence="passwd -S root",
            remedy="passwd -l root, once another account has sudo",
        )

    def remedy(self, host: HostReader, context: Context) -> Iterable[Action]:
        """Lock it; the hash stays behind the lock."""
        change = Change("account", "root", "usable password", "locked password")
        return (Command(("passwd", "-l", "root"), change, touches=Touches(account="root")),)
