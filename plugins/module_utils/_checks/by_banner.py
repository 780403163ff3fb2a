# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A row about bans: by fail2ban, or where the base system has a daemon of its own and the user wants it, by that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Callable

from ansible_collections.groundwork.python_host.plugins.module_utils._checks.ban_anchor import FAIL2BAN
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.by_family import ByFamily
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import lookup

if TYPE_CHECKING:
    from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Check, Context


@dataclass(frozen=True)
class ByBanner(ByFamily):
    """`ways` has fail2ban's row under `*`, and the rows of the base system's daemons by family."""

    def needs(self, context: Context) -> tuple[str, ...]:
        """The base system's daemon needs no package."""
        return self.packages if self._made_by(context) is self.ways["*"] else ()

    def _made_by(self, context: Context) -> Callable[..., Check]:
        return self.ways["*"] if context.options.brute_force == FAIL2BAN else lookup(self.ways, context.platform)
