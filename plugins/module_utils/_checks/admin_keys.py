# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The row about the administrator's keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Check, Context, Finding
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import (
    accounts,
    key_files,
    selinux,
    sshd,
    sshd_access,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.key_lines import (
    key_lines,
    keys_that_let_in,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import (
    Action,
    EnsureDirectory,
    SetAttributes,
    WriteFile,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.public_keys import PublicKey
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader


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
        if not sshd.absence(host, context):
            seen_by = sshd.viewpoint(context, found.name, context.login.address or sshd.ELSEWHERE)
            problems.extend(sshd_access.about_key_file(sshd.effective(host, seen_by), found))
        return problems

    def remedy(self, host: HostReader, context: Context) -> Iterator[Action]:
        """Add what is missing, keep what is there, tighten the rights."""
        if not context.options.admin_keys:
            return
        found = accounts.account(host, context.options.admin_name)
        owner = found or accounts.planned(host, context)
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
            then=selinux.relabel(host, owner.ssh_directory),
            shown=(_fingerprints(present), _fingerprints((*present, *missing))),
        )


def _fingerprints(keys: Iterable[PublicKey]) -> str:
    return "".join(f"{key.kind} {key.fingerprint}\n" for key in keys)
