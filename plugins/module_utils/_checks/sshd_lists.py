# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom sshd lets in at all: AllowUsers, DenyUsers, AllowGroups and DenyGroups, for this account from this address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import accounts
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.patterns import comes_from, is_like

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Context
    from ansible_collections.groundwork.python_host.plugins.module_utils._checks.sshd import Effective
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

NAMES = {"users": "Users", "groups": "Groups"}


def obstacles(host: HostReader, view: Effective, context: Context, *, address: str) -> Iterator[str]:
    """Each of the four lists that keeps the account out."""
    name = context.options.admin_name
    kept = [keyword for keyword in view.values if keyword in ("allowgroups", "denygroups")]
    groups = accounts.group_names(host, context) if kept else ()
    for kind, subjects in (("users", (name,)), ("groups", groups)):
        allowed, denied = view.all(f"allow{kind}"), view.all(f"deny{kind}")
        shown = f"{NAMES[kind]} ({' '.join(allowed)})"
        if allowed and not _matches(subjects, allowed, address):
            yield f"sshd's Allow{shown} leaves {name} out: {_how_to_add(kind, name, address)}"
        if (address and _matches(subjects, denied, address)) or _matches(subjects, _anywhere(denied), address):
            yield f"sshd's Deny{NAMES[kind]} ({' '.join(denied)}) names {name}: remove it there first"


def _how_to_add(kind: str, name: str, address: str) -> str:
    if kind == "groups":
        return f"put {name} into one of these groups, or add a group of its own there, first"
    return f"add {name} (it comes from {address}) there first" if address else f"add {name} there first"


def _anywhere(patterns: Iterable[str]) -> tuple[str, ...]:
    return tuple(pattern for pattern in patterns if "@" not in pattern)


def _matches(subjects: Iterable[str], patterns: Iterable[str], address: str) -> bool:
    """Behind an @ stand the addresses that the login must come from (sshd_config(5)); groups have none."""
    parts = [pattern.partition("@")[::2] for pattern in patterns]
    return any(
        is_like(subject, name) and (not sources or comes_from(address, sources))
        for subject in subjects
        for name, sources in parts
    )
