# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A row that is judged and mended in another way on each family of systems."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Callable

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import (
    Check,
    Context,
    Finding,
    Setting,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import lookup

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Action
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader


@dataclass(frozen=True)
class ByFamily(Check):
    """`ways` makes, for a family, the row that knows its programs; all of them have the same id and title."""

    ways: Mapping[str, Callable[..., Check]] = field(default_factory=dict, repr=False, hash=False)

    def inspect(self, host: HostReader, context: Context) -> Finding:
        """See Check."""
        return self._way(context).inspect(host, context)

    def remedy(self, host: HostReader, context: Context) -> Iterable[Action]:
        """See Check."""
        return self._way(context).remedy(host, context)

    def settings(self, host: HostReader, context: Context) -> Iterable[Setting]:
        """See Check."""
        return self._way(context).settings(host, context)

    def _way(self, context: Context) -> Check:
        return self._made_by(context)(self.check_id, self.title, self.severity, self.references)

    def _made_by(self, context: Context) -> Callable[..., Check]:
        return lookup(self.ways, context.platform)
