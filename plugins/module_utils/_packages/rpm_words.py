# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Understanding rpm's own list of what is installed: pure functions from text to values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import InstalledPackages
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.rpm_version import Evr, parse_evr

if TYPE_CHECKING:
    from collections.abc import Iterable

INSTALLED_FORMAT = "%{NAME}\\t%{EPOCHNUM}:%{VERSION}-%{RELEASE}\\t%{ARCH}\\t[%{PROVIDENAME} ]\\n"
QUERY = ("rpm", "-qa", "--qf", INSTALLED_FORMAT)
# A key that signs packages lies in the same database under this name, once for each key.
KEY = "gpg-pubkey"
# dnf keeps several versions of these side by side (its option `installonlypkgs`, as it comes).
SEVERAL_BY_NAME = frozenset({"kernel", "kernel-PAE"})
SEVERAL_BY_PROVIDE = frozenset(
    {"installonlypkg(kernel)", "installonlypkg(kernel-module)", "installonlypkg(vm)", "multiversion(kernel)"}
)
EVERY = "noarch"


@dataclass(frozen=True)
class RpmPackage:
    """One package in rpm's database."""

    name: str
    evr: Evr
    architecture: str
    provides: frozenset[str] = frozenset()

    @property
    def nevra(self) -> str:
        """`kernel-5.14.0-1.el9.x86_64`: this one and no other version of it."""
        return f"{self.name}-{self.evr}.{self.architecture}"

    @property
    def label(self) -> str:
        """The same as rpm takes it in each of its versions: without the epoch."""
        return f"{self.name}-{self.evr.version}-{self.evr.release}.{self.architecture}"

    @property
    def may_be_several(self) -> bool:
        """True for a kernel and its like, of which several versions are kept."""
        return self.name in SEVERAL_BY_NAME or bool(self.provides & SEVERAL_BY_PROVIDE)


def parse_packages(text: str) -> tuple[RpmPackage, ...]:
    """The answer to `rpm -qa --qf INSTALLED_FORMAT`, without the keys."""
    rows = (line.split("\t") for line in text.splitlines() if line.count("\t") == 3)
    return tuple(
        RpmPackage(name, parse_evr(evr), architecture, frozenset(provides.split()))
        for name, evr, architecture, provides in rows
        if name != KEY
    )


def installed_packages(packages: Iterable[RpmPackage], held: frozenset[str] = frozenset()) -> InstalledPackages:
    """All packages by `name`, `name.architecture`, and `name-version-release.architecture` where there are several.

    Where an upgrade was cut off the older version is still there beside the newer one: it counts as incomplete.
    """
    ordered = sorted(packages, key=lambda package: package.evr)
    own = _own_architecture(ordered)
    versions: dict[str, str] = {}
    provided: dict[str, str] = {}
    incomplete: dict[str, str] = {}
    for package in ordered:
        key, version = f"{package.name}.{package.architecture}", str(package.evr)
        name = package.name if package.architecture in (own, EVERY) or not own else key
        if key in versions and not package.may_be_several:
            incomplete[name] = versions[key]
        if package.may_be_several:
            versions[package.nevra] = version
        versions.update({key: version, name: version})
        provided.update(dict.fromkeys(package.provides, name))
    return InstalledPackages(versions, provided, incomplete, held)


def leftovers(packages: Iterable[RpmPackage]) -> tuple[RpmPackage, ...]:
    """All that stands beside a newer version of itself and would not if its upgrade had come to its end."""
    ordered = sorted(packages, key=lambda package: package.evr)
    newest = {(package.name, package.architecture): package for package in ordered}
    older = (package for package in ordered if newest[package.name, package.architecture] is not package)
    return tuple(package for package in older if not package.may_be_several)


def change_name(name: str, architecture: str, installed: InstalledPackages) -> str:
    """What a package is called in a plan: its architecture is only said where it is not the host's own."""
    own = next((key.partition(".")[2] for key in installed.versions if key.startswith("rpm.")), EVERY)
    return name if own == EVERY or architecture in (own, EVERY) else f"{name}.{architecture}"


def _own_architecture(packages: Iterable[RpmPackage]) -> str:
    """rpm itself is always of the host's own architecture."""
    own = (package.architecture for package in packages if package.name == "rpm")
    return next((architecture for architecture in own if architecture != EVERY), "")
