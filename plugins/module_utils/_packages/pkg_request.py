# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what a user wants to what pkg must be told: names and origins become packages, unknown ones are all told."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import BadInput
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import State
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_catalogue import EARLIER
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_files import read_file
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_names import ITSELF, is_origin
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.spelling import is_file, near_matches

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
        InstalledPackages,
        Native,
        PackageRequest,
    )
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_catalogue import Catalogue
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_words import Offer


@dataclass(frozen=True)
class Asked:
    """A package that pkg is told: by `word`, to become `name` in `version` (any, if that is empty).

    `native` is what the user has named: the name, the origin, or the path of a file.
    """

    word: str
    name: str
    version: str = ""
    native: str = ""


def local_name(native: Native, installed: InstalledPackages) -> str | None:
    """The name of the installed package that a name or an origin stands for."""
    return native.name if native.name in installed.versions else installed.provided.get(native.name)


def pending(
    host: HostReader, request: PackageRequest, wanted: Iterable[Native], installed: InstalledPackages
) -> tuple[Native, ...]:
    """Those of the wanted packages that are not as they shall be, as far as that can be told without a catalogue."""
    if request.state is State.ABSENT:
        return tuple(native for native in wanted if local_name(native, installed) is not None)
    return tuple(native for native in wanted if not _is_as_wanted(host, native, installed, state=request.state))


def resolve(
    catalogue: Catalogue, natives: Sequence[Native], installed: InstalledPackages, *, host: HostReader
) -> tuple[Asked, ...]:
    """What pkg is told for each of them. Raises BadInput with a sentence for every one that cannot be had."""
    files = {native.name: read_file(host, native.name) for native in natives if is_file(native.name)}
    offers = catalogue.offers(native.name for native in natives if not is_file(native.name))
    asked, problems = [], []
    for native in natives:
        file = files.get(native.name)
        if file is not None:
            asked.append(Asked(native.name, file.name, file.version, native.name))
            continue
        own = [offer for offer in offers if native.name in (offer.name, offer.origin)]
        local = local_name(native, installed)
        name = local or _one_of(catalogue, native, own)
        versions = [offer.version for offer in own if offer.name == name]
        if native.version and name and native.version in versions:
            asked.append(Asked(f"{name}={native.version}", name, native.version, native.name))
        elif native.version or not name:
            problems.append(_problem(catalogue, native, versions, own))
        elif not local:
            asked.append(Asked(name, name, native=native.name))
        elif versions:
            asked += _newer(catalogue, name, installed.versions[name], versions)
    if problems:
        raise BadInput(problems)
    return tuple(dict.fromkeys(asked))


def itself(catalogue: Catalogue, installed: InstalledPackages, *, kept: Iterable[str]) -> tuple[Asked, ...]:
    """pkg, where it is out of date: it brings itself up to date before it changes anything else.

    A simulation does not show that (jobs_solve_install_upgrade in libpkg/pkg_jobs.c of freebsd/pkg), so it is named.
    """
    own = next((name for name in ITSELF if name in installed.versions), "")
    if not own or own in set(kept):
        return ()
    versions = [offer.version for offer in catalogue.offers((own,)) if offer.name == own]
    return tuple(_newer(catalogue, own, installed.versions[own], versions)) if versions else ()


def _is_as_wanted(host: HostReader, native: Native, installed: InstalledPackages, *, state: State) -> bool:
    if is_file(native.name):
        file = read_file(host, native.name)
        return file is not None and file.is_in(installed)
    local = local_name(native, installed)
    if local is None:
        return False
    return installed.versions[local] == native.version if native.version else state is State.PRESENT


def _newer(catalogue: Catalogue, name: str, version: str, versions: Sequence[str]) -> list[Asked]:
    newest = catalogue.newest(versions)
    return [Asked(name, name, newest)] if catalogue.order(version, newest) == EARLIER else []


def _one_of(catalogue: Catalogue, native: Native, offers: Sequence[Offer]) -> str:
    """The package of a port that comes in several flavours; empty where none of them is the obvious one.

    It is that for the default Python, or the one that is called like the port: other flavours have a suffix
    (PKGNAMEPREFIX of Mk/Uses/python.mk in freebsd/freebsd-ports; FLAVORS with PKGNAMESUFFIX in the Porter's Handbook).
    """
    names = sorted({offer.name for offer in offers})
    if len(names) < 2:
        return names[0] if names else ""
    port = native.name.rpartition("/")[2]
    if port in names:
        return port
    prefix = catalogue.python_prefix()
    default = next((name for name in names if prefix and name.startswith(prefix)), "")
    return default or _newest_pythons(names)


def _newest_pythons(names: Sequence[str]) -> str:
    """`py312-pip` of `py39-pip` and `py312-pip`; empty where they differ in something else."""
    found = [re.match(r"py3(\d+)-", name) for name in names]
    numbers = [int(match[1]) for match in found if match]
    return names[numbers.index(max(numbers))] if len(numbers) == len(names) else ""


def _problem(catalogue: Catalogue, native: Native, versions: Sequence[str], offers: Sequence[Offer]) -> str:
    shown = f"name: {native.spelled!r}"
    if versions:
        return (
            f"{shown}: there is no version {native.version} of it: the repositories have "
            f"{', '.join(dict.fromkeys(versions))}"
        )
    if offers:
        several = ", ".join(sorted({offer.name for offer in offers}))
        return f"{shown} is the origin of several packages ({several}): give the name of the one that you mean"
    if is_origin(native.name):
        return f"{shown} is the origin of no package in the package repositories of this host"
    near = near_matches(native.name, catalogue.names())
    advice = f"did you mean {' or '.join(near)}?" if near else "check its spelling and the host's repositories"
    return f"{shown} is not in the package repositories of this host: {advice}"
