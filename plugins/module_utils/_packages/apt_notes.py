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
    from collections.abc import Collection, Iterable


def upgrade_notes(stdout: str, *, held: Collection[str]) -> tuple[str, ...]:
    """One sentence for each reason, from what apt prints about an upgrade."""
    kept = parse_list(stdout, KEPT_BACK)
    reasons = {
        "held at the version installed: name them under `unhold` to let them go": [n for n in kept if n in held],
        "kept back by apt, because their updates need a removal or do not fit together yet": [
            name for name in kept if name not in held
        ],
        "phased: their updates reach this host in the coming days": parse_list(stdout, DEFERRED),
    }
    return tuple(_note(names, why) for why, names in reasons.items() if names)


def left_at_versions(names: Collection[str]) -> tuple[str, ...]:
    """The sentence for packages whose version was asked for, and is not the newest; none where there are none."""
    return (_note(names, "asked for at that version"),) if names else ()


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
    return f"upgrade: left as they are: {', '.join(sorted(names))} ({why})."
