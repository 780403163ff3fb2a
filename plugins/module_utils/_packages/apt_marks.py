# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds on the Debian family: set before or after the transaction, and seen by its simulation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import HostError
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Change, Command
from ansible_collections.groundwork.python_host.plugins.module_utils._packages import apt_command
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import HOLD, UNHOLD

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
        PackageChange,
        PackagePlan,
    )

STATUS = "/var/lib/dpkg/status"
WANTED = {HOLD: "hold", UNHOLD: "install"}
MARKED = re.compile(r"^Status: \S+ ", re.M)


def status_after(host: HostReader, marks: Iterable[PackageChange]) -> str:
    """A copy of dpkg's list of packages in which the marks are set already, for a simulation: its path."""
    wanted = {mark.name: WANTED[mark.action] for mark in marks}
    text = host.read_text(STATUS)
    if text is None:
        raise HostError(f"{STATUS} is not there, so dpkg's list of packages is lost: restore it from {STATUS}-old")
    return host.scratch_file("apt/status", mark_paragraphs(text, wanted))


def mark_paragraphs(text: str, wanted: dict[str, str]) -> str:
    """The list of packages with those of the given names (`name` or `name:architecture`) marked so."""
    return "\n\n".join(_marked(paragraph, wanted) for paragraph in text.split("\n\n"))


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
    versions = {change.name: change.after for change in plan.changes}
    lines = [f"{name} {versions.get(name) or 'absent'}" for name in sorted(names)]
    sides = ["\n".join(f"{line} {side}" for line in lines) for side in ("not held", "held")]
    before, after = sides if action == HOLD else reversed(sides)
    change = Change("packages", f"apt-mark {action}", before, after)
    return (Command(apt_command.mark(action, names), change, env=apt_command.ENVIRONMENT),)


def _marked(paragraph: str, wanted: dict[str, str]) -> str:
    fields = dict(line.split(": ", 1) for line in paragraph.splitlines() if ": " in line and line[:1] != " ")
    name, architecture = fields.get("Package", ""), fields.get("Architecture", "")
    mark = wanted.get(f"{name}:{architecture}") or wanted.get(name)
    return MARKED.sub(f"Status: {mark} ", paragraph, count=1) if mark else paragraph
