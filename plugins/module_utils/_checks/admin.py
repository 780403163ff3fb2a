# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows about the administrator and root: account, keys, sudo, root's password."""

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
    accounts,
    key_files,
    sshd,
    sshd_access,
    sudo,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.key_lines import (
    key_lines,
    keys_that_let_in,
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

    from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.public_keys import PublicKey
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

# For useradd: a password without an end.
NEVER_OLD = ("-K", "PASS_MAX_DAYS=-1", "-f", "-1")


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
        fields = accounts.shadow_fields(host, context.options.admin_name)
        return len(fields) < 2 or fields[1] != wanted

    def remedy(self, host: HostReader, context: Context) -> Iterator[Action]:
        """Create the account, or give the existing one what it lacks."""
        name = context.options.admin_name
        found = accounts.account(host, name)
        if found is None:
            yield self._creation(host, context)
        else:
            yield from self._mending(host, found)
        if self._password_differs(host, context):
            yield Command(
                ("chpasswd", "-e"),
                Change("account", name, "another password", "the given password"),
                stdin=f"{name}:{context.options.admin_password_hash}\n",
                touches=Touches(account=name),
            )

    def _creation(self, host: HostReader, context: Context) -> Command:
        name = context.options.admin_name
        # `*` is no password and, unlike `!`, no lock: sshd without PAM refuses a key to a locked account. A password
        # that grows old would close the login by key with it. Home and group are those that the keys are planned for,
        # whatever the host's own defaults for new accounts are.
        existing_group = host.query(("getent", "group", name), ok=(0, 2)).rc == 0
        group = ("-g", name) if existing_group else ("-U",)
        home = accounts.planned(context).home
        shell = ("-s", accounts.LOGIN_SHELL)
        argv = ("useradd", "-m", "-d", home, *shell, "-p", "*", *NEVER_OLD, *group, name)
        change = Change("account", name, "absent", f"with home and {accounts.LOGIN_SHELL}")
        return Command(argv, change, touches=Touches(account=name, home=home))

    def _mending(self, host: HostReader, found: accounts.Account) -> Iterator[Action]:
        if not account_state.can_log_in(host, found):
            yield Command(
                ("usermod", "-s", accounts.LOGIN_SHELL, found.name),
                Change("account", found.name, f"shell {found.shell}", f"shell {accounts.LOGIN_SHELL}"),
                touches=Touches(account=found.name),
            )
        if host.stat(found.home) is None:
            for parent in _missing_above(host, found.home):
                yield EnsureDirectory(parent)
            yield EnsureDirectory(found.home, 0o750, found.name, accounts.group_name(host, found.gid))


def _missing_above(host: HostReader, path: str) -> list[str]:
    """The directories that a path still needs, the uppermost first."""
    missing: list[str] = []
    parent = os.path.dirname(path)
    while host.stat(parent) is None:
        missing.insert(0, parent)
        parent = os.path.dirname(parent)
    return missing


@dataclass(frozen=True)
class AdminKeys(Check):
    """The administrator's file holds the given keys, and sshd reads it and accepts its rights."""

    def inspect(self, host: HostReader, context: Context) -> Finding:
        """Compare keys by type and body, and the rights of all that leads to them."""
        name = context.options.admin_name
        problems = self._problems(host, context)
        wanted = ", ".join(key.fingerprint for key in context.options.admin_keys)
        return self.verdict(
            not problems,
            expected=f"{name} has {wanted or 'at least one key'}, with rights that StrictModes accepts",
            observed="; ".join(problems) or "the keys are there, with such rights, and sshd reads them",
            evidence=f"~{name}/.ssh/authorized_keys",
            remedy="give public keys in python_host_admin_authorized_keys, or let a pair be made with "
            "python_host_admin_key_file",
        )

    def _problems(self, host: HostReader, context: Context) -> list[str]:
        found = accounts.account(host, context.options.admin_name)
        if found is None:
            return [f"there is no account {context.options.admin_name}"]
        problems = list(key_files.problems(host, found))
        text = host.read_text(found.authorized_keys) or ""
        present = keys_that_let_in(text, context)
        problems.extend(
            f"{line.key.fingerprint} stands there with {line.restriction(context)}"
            for line in key_lines(text)
            if line.key in context.options.admin_keys and line.key not in present
        )
        missing = [key.fingerprint for key in context.options.admin_keys if key not in present]
        if missing:
            problems.append(f"missing: {', '.join(missing)}")
        elif not present:
            problems.append("no key at all")
        if host.which("sshd"):
            seen_by = sshd.viewpoint(context, found.name, context.login.address or sshd.ELSEWHERE)
            problems.extend(sshd_access.about_key_file(sshd.effective(host, seen_by), found))
        return problems

    def remedy(self, host: HostReader, context: Context) -> Iterator[Action]:
        """Add what is missing, keep what is there, tighten the rights."""
        if not context.options.admin_keys:
            return
        found = accounts.account(host, context.options.admin_name)
        owner = found or accounts.planned(context)
        group = accounts.group_name(host, found.gid) if found else owner.name
        yield from self._home_rights(host, owner)
        yield EnsureDirectory(owner.ssh_directory, 0o700, owner.name, group)
        yield self._key_file(host, context.options.admin_keys, owner=owner, group=group)

    def _home_rights(self, host: HostReader, owner: accounts.Account) -> Iterator[Action]:
        """A home that its account cannot pass, or that an earlier account has left, becomes the account's own."""
        stat = host.stat(owner.home)
        if stat is None:
            return
        is_passable = owner.home not in key_files.shut_directories(host, owner, owner.home)
        is_kept = stat.uid == owner.uid or (stat.uid == 0 and is_passable and owner.uid != -1)
        mode = stat.mode & ~key_files.GROUP_OR_OTHER_MAY_WRITE
        yield SetAttributes(
            owner.home,
            mode if is_passable and is_kept else mode | 0o700,
            stat.owner if is_kept else owner.name,
            stat.group if is_kept or owner.uid != -1 else owner.name,
        )

    def _key_file(
        self, host: HostReader, wanted: tuple[PublicKey, ...], *, owner: accounts.Account, group: str
    ) -> WriteFile:
        old = host.read_text(owner.authorized_keys) or ""
        present = [line.key for line in key_lines(old)]
        # A key that stands there with a restriction is somebody's decision, and is named instead.
        missing = [key for key in wanted if key not in present]
        separator = "\n" if old and not old.endswith("\n") else ""
        return WriteFile(
            owner.authorized_keys,
            old + separator + "".join(key.line + "\n" for key in missing),
            mode=0o600,
            owner=owner.name,
            group=group,
            shown=(_fingerprints(present), _fingerprints((*present, *missing))),
        )


def _fingerprints(keys: Iterable[PublicKey]) -> str:
    return "".join(f"{key.kind} {key.fingerprint}\n" for key in keys)


@dataclass(frozen=True)
class AdminSudo(Check):
    """sudo really lets the administrator become root."""

    def inspect(self, host: HostReader, context: Context) -> Finding:
        """Try it, or for a rule that asks for a password read sudo's own listing."""
        name = context.options.admin_name
        words = {
            "expected": f"{name} becomes root by sudo ({context.options.admin_sudo})",
            "evidence": f"sudo -l -U {name}",
            "remedy": "look for a later rule in /etc/sudoers.d that takes it away",
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
        write = WriteFile(path, content, mode=0o440, validate=("visudo", "-c", "-f", path))
        return (*self._directory(host), write)

    def _directory(self, host: HostReader) -> Iterator[Action]:
        """sudo passes over a directory that others may write, or that is not root's."""
        stat = host.stat(sudo.DIRECTORY)
        if stat is None:
            yield EnsureDirectory(sudo.DIRECTORY, 0o755)
        elif stat.kind == "directory":
            mode = stat.mode & ~key_files.GROUP_OR_OTHER_MAY_WRITE
            yield SetAttributes(sudo.DIRECTORY, mode, "root", "root")


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
