# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds on the Debian family: those that are set before the transaction, and those that are set after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Command
from ansible_collections.groundwork.python_host.plugins.module_utils._packages import apt_command
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import HOLD, UNHOLD
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.holds import marking_change

if TYPE_CHECKING:
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import PackagePlan


def early_marks(plan: PackagePlan) -> tuple[Command, ...]:
    """What is let go, and what is held at the version that it has; before the transaction."""
    return (*_commands(plan, UNHOLD, plan.marked(UNHOLD)), *_commands(plan, HOLD, _kept(plan)))


def late_marks(plan: PackagePlan) -> tuple[Command, ...]:
    """What is held at the version that the transaction has brought."""
    kept = _kept(plan)
    return _commands(plan, HOLD, tuple(name for name in plan.marked(HOLD) if name not in kept))


def _kept(plan: PackagePlan) -> tuple[str, ...]:
    changed = {change.name for change in plan.transaction}
    return tuple(name for name in plan.marked(HOLD) if name not in changed)


def _commands(plan: PackagePlan, action: str, names: tuple[str, ...]) -> tuple[Command, ...]:
    if not names:
        return ()
    change = marking_change(plan, action, names, target=f"apt-mark {action}")
    return (Command(apt_command.mark(action, names), change, env=apt_command.ENVIRONMENT),)
