# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an upgrade of apt leaves as it is, and why: sentences for the user."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_simulation import (
    DEFERRED,
    KEPT_BACK,
    parse_list,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import InstalledPackages


def upgrade_notes(stdout: str, installed: InstalledPackages, *, is_security: bool) -> tuple[str, ...]:
    """One sentence for each reason, from what apt prints about an upgrade.

    Whether what is kept back for other reasons than a hold is a security update apt does not say.
    """
    kept = [name for name in parse_list(stdout, KEPT_BACK) if name.lstrip("*")]
    held = [name for name in kept if name in installed.held]
    notes = [_note(held, "held at the version installed: name them under `unhold` to let them go")]
    if not is_security:
        others = [name for name in kept if name not in installed.held]
        notes.append(_note(others, "kept back by apt, because their updates need a removal or do not fit together yet"))
        notes.append(_note(parse_list(stdout, DEFERRED), "phased: their updates reach this host in the coming days"))
    return tuple(filter(None, notes))


def no_security_archive(suite: str) -> str:
    """The sentence for a host whose index tells no security updates apart."""
    return (
        f"upgrade: security: the package index of this host holds no security archive (there is no suite {suite}), so "
        "nothing can be told apart as a security update, and nothing was upgraded by it. Add that suite to the package "
        "sources, or use `upgrade: all`."
    )


def mended(names: Iterable[str]) -> tuple[str, ...]:
    """The sentence for dependencies that something else has left broken; none where none were."""
    shown = ", ".join(names)
    return (
        (f"Installed packages lacked what they depend on; what mends them is in the plan: {shown}.",) if shown else ()
    )


def _note(names: Iterable[str], why: str) -> str:
    shown = ", ".join(sorted(names))
    return f"upgrade: left as they are: {shown} ({why})." if shown else ""
