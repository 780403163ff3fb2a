# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plan of dnf does not do, or does without a guarantee: sentences for the user."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import Upgrade
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_repositories import (
    CONFIGURATION,
    configured,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_words import (
    HEADINGS,
    skipped,
    streams,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.holds import left_by_upgrade
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.names import split_version
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.rpm_files import read_file
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.spelling import is_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
        InstalledPackages,
        PackageChange,
        PackageRequest,
    )
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_words import Row

ADVISORIES = 'type="updateinfo"'
# What dnf puts behind a repository's name in its cache: a hyphen and a hash of the address.
HASH_LENGTH = 17


def of_table(rows: tuple[Row, ...], host: HostReader) -> Iterator[str]:
    """What the table of a transaction shows beside the packages."""
    left = skipped(rows)
    if left:
        yield f"dnf leaves {', '.join(left)} as they are, because their new versions would break or lack something"
    pinned = streams(rows)
    if pinned:
        yield f"dnf pins the module streams {', '.join(pinned)}, which packages of the plan belong to"
    replaced = [f"{old} by {row.name}" for row in rows for old in row.replaces if old.rpartition(".")[0] != row.name]
    if replaced:
        yield f"packages give way to what their vendor has put in their place: {', '.join(replaced)}"
    used = {row.repository for row in rows if HEADINGS.get(row.heading) not in (None, "remove")}
    unchecked = sorted(one.name for one in configured(host) if one.name in used and not one.is_checked)
    if unchecked:
        yield f"the packages of {', '.join(unchecked)} are not checked by signature (gpgcheck=0 in /etc/yum.repos.d)"


def of_files(names: Iterable[str], host: HostReader) -> Iterator[str]:
    """Files that nothing vouches for; whether dnf takes them is its own setting."""
    for path in filter(is_file, names):
        package = read_file(host, path)
        if package is not None and not package.is_signed:
            yield f"{path} carries no signature: localpkg_gpgcheck in {CONFIGURATION} decides whether dnf takes it"


def of_upgrade(request: PackageRequest, installed: InstalledPackages, host: HostReader, *, cache: str) -> Iterator[str]:
    """What a general upgrade leaves."""
    if request.upgrade is Upgrade.NONE:
        return
    yield from left_by_upgrade(request, installed)
    if request.upgrade is Upgrade.SECURITY:
        yield from _of_advisories(host, cache)


def of_downgrades(request: PackageRequest, changes: Iterable[PackageChange]) -> Iterator[str]:
    """What an upgrade makes older for the sake of something else, where that is allowed; dnf does not say why."""
    if request.upgrade is Upgrade.NONE:
        return
    named = {split_version(name)[0] for name in request.names}
    others = (change for change in changes if change.action == "downgrade" and change.name not in named)
    shown = ", ".join(f"{change.name} {change.before} to {change.after}" for change in others)
    if shown:
        yield (
            f"upgrade: {request.upgrade.value} makes packages older that do not go together with the rest otherwise, "
            f"as allow_downgrade lets it: {shown}"
        )


def _of_advisories(host: HostReader, cache: str) -> Iterator[str]:
    enabled = [repository.name for repository in configured(host) if repository.is_enabled]
    silent = [name for name in enabled if not _has_advisories(host, cache, name)]
    if not silent:
        return
    named = f"the repositories {', '.join(silent)} publish no advisories, so nothing of theirs can be told apart as a "
    rest = "nothing was upgraded by it" if silent == enabled else "what they have is not upgraded by it"
    yield f"upgrade: security: {named}security update: {rest}; use upgrade: all"


def _has_advisories(host: HostReader, cache: str, repository: str) -> bool:
    directories = (name for name in host.listdir(cache) or () if name[:-HASH_LENGTH] == repository)
    indexes = (host.read_text(f"{cache}/{name}/repodata/repomd.xml") or "" for name in directories)
    return any(ADVISORIES in index for index in indexes)
