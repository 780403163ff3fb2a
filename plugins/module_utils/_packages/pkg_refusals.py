# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must not come of a transaction of pkg's, although pkg would do it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import Refused
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.disk_space import refuse_when_full
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.holds import refuse_change_of_held
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_command import CACHE, PREFIX
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_names import ITSELF, is_base

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
        InstalledPackages,
        PackageChange,
    )
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_request import Asked
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_words import Summary


def refuse_vital(names: Iterable[str], installed: InstalledPackages) -> None:
    """Raise Refused where what is to go must stay: the base system, pkg itself, and what is marked as vital."""
    vital = sorted(set(names) & installed.vital)
    if vital:
        why = [_why(name) for name in vital]
        raise Refused(f"Nothing was changed: {'; '.join(why)}: never removed here. Leave it out.")


def refuse_other_removals(summary: Summary, allowed: Collection[str]) -> None:
    """Raise Refused where a package would go that nobody named."""
    others = sorted(set(summary.named("remove")) - set(allowed))
    if others:
        raise Refused(
            f"Nothing was changed: pkg would also remove {', '.join(others)}, which nobody named. If they are to go, "
            "name them in a call with `state: absent`; if they are to stay, leave out what drives them away."
        )


def refuse_downgrades(summary: Summary) -> None:
    """Raise Refused where an older version would come."""
    refuse_older(change for change in summary.changes if change.action == "downgrade")


def refuse_older(changes: Iterable[PackageChange]) -> None:
    """Raise Refused if there is one of these changes."""
    older = [f"{change.name} {change.before} to {change.after}" for change in changes]
    if older:
        raise Refused(
            f"Nothing was changed: what was asked would bring an older version ({', '.join(older)}). If that is meant, "
            "set `allow_downgrade: true`; if not, ask for the installed version or a newer one."
        )


def refuse_change_of_base(summary: Summary, named: Collection[str], installed: InstalledPackages) -> None:
    """Raise Refused where installed packages of the base system would change that nobody named."""
    touched = sorted({one.name for one in summary.changes if is_base(one.name) and one.name in installed.versions})
    others = [name for name in touched if name not in named]
    if others:
        raise Refused(
            f"Nothing was changed: what was asked would change the base system ({', '.join(others)}), which is brought "
            "up to date as a whole: `pkg upgrade -r FreeBSD-base`, or by its automatic updates. Do that first."
        )


def refuse_held(summary: Summary, held: Collection[str], installed: InstalledPackages) -> None:
    """Raise Refused where held packages would change."""
    touched = {*summary.locked, *(change.name for change in summary.changes)}
    refuse_change_of_held(touched & set(held), installed)


def refuse_what_is_not_reached(summary: Summary, asked: Iterable[Asked], installed: InstalledPackages) -> None:
    """Raise Refused where pkg leaves a package at another version than the one asked for, or out."""
    after = {**installed.versions, **{change.name: change.after for change in summary.changes}}
    missed = [one for one in asked if not after.get(one.name) or (one.version and after[one.name] != one.version)]
    if missed:
        shown = ", ".join(f"{one.name} {one.version}".rstrip() for one in missed)
        raise Refused(
            f"Nothing was changed: pkg finds no way to {shown}, because other packages need it otherwise or conflict "
            "with it. `pkg install -n` on the host shows what it would do instead."
        )


def refuse_without_room(host: HostReader, summary: Summary) -> None:
    """Raise Refused where the disk has no room; pkg itself looks only at what it has to fetch."""
    refuse_when_full(host, {CACHE: summary.download, PREFIX: summary.space})


def _why(name: str) -> str:
    if is_base(name):
        return f"{name} is part of the base system"
    return (
        f"{name} is pkg itself" if name in ITSELF else f"{name} is marked as vital (`pkg set -v 0 {name}` lets it go)"
    )
