# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plan of pkg's does not do, or does beside what was asked: sentences for the user."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import Upgrade
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.holds import held_in, left_by_upgrade
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_names import is_base
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.spelling import is_file

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
        InstalledPackages,
        PackageRequest,
    )
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_catalogue import Catalogue
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_request import Asked
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_words import Summary


def of_files(asked: Iterable[Asked]) -> Iterator[str]:
    """Files that nothing vouches for: a package of pkg's is signed by its repository's catalogue alone."""
    for one in asked:
        if is_file(one.word):
            yield f"{one.word} carries no signature: a catalogue vouches for a repository, nobody for a file"


def of_itself(itself: Iterable[Asked], installed: InstalledPackages) -> Iterator[str]:
    """Why pkg is in the plan."""
    for one in itself:
        yield (
            f"{one.name} brings itself up to date before it changes anything else ({installed.versions[one.name]} to "
            f"{one.version})"
        )


def of_summary(summary: Summary) -> Iterator[str]:
    """Why packages come again in the version that they have."""
    if summary.reasons:
        yield f"packages are installed again in the same version: {', '.join(summary.reasons)}"


def of_upgrade(
    catalogue: Catalogue, request: PackageRequest, installed: InstalledPackages, *, changed: Collection[str]
) -> Iterator[str]:
    """What a general upgrade leaves."""
    if request.upgrade is Upgrade.NONE:
        return
    yield from left_by_upgrade(request, installed)
    left_alone = {*changed, *held_in(request, installed)}
    rest = {name: version for name, version in installed.versions.items() if name not in left_alone}
    left = [f"{name} {rest[name]}" for name in catalogue.outdated(rest)]
    base = [one for one in left if is_base(one)]
    others = [one for one in left if not is_base(one)]
    if base:
        yield (
            f"upgrade: {request.upgrade.value} leaves the base system ({', '.join(base)}), which is brought up to date "
            "as a whole: `pkg upgrade -r FreeBSD-base`, or by its automatic updates"
        )
    if others and request.upgrade is Upgrade.ALL:
        yield (f"pkg leaves {', '.join(others)} as they are: their new versions would remove, break or lack something")
