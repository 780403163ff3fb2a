# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Package files that a user names by their path on the host."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._packages.rpm_version import parse_evr
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.spelling import is_file

if TYPE_CHECKING:
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import InstalledPackages

# A signature of the header stands under one of the first two names, one of header and payload under the others.
SIGNATURE = "%|DSAHEADER?{signed}:{%|RSAHEADER?{signed}:{%|SIGGPG?{signed}:{%|SIGPGP?{signed}:{unsigned}|}|}|}|"
CONTENT_FORMAT = f"%{{NAME}}\\t%{{EPOCHNUM}}:%{{VERSION}}-%{{RELEASE}}\\t%{{ARCH}}\\t{SIGNATURE}\\n"


@dataclass(frozen=True)
class PackageFile:
    """What a .rpm file holds."""

    name: str
    version: str
    architecture: str
    is_signed: bool

    def is_in(self, installed: InstalledPackages) -> bool:
        """True where this very version is installed."""
        return installed.versions.get(f"{self.name}.{self.architecture}") == self.version


def read_file(host: HostReader, path: str) -> PackageFile | None:
    """The package in the file; None when it holds none.

    rpm takes a text for a list of packages, and ends with the number of those that it does not find.
    """
    result = host.query(["rpm", "-qp", "--qf", CONTENT_FORMAT, path], ok=range(256))
    fields = result.stdout.strip().split("\t")
    if result.rc or len(fields) != 4:
        return None
    name, version, architecture, signature = fields
    return PackageFile(name, str(parse_evr(version)), architecture, signature == "signed")


def is_installed(host: HostReader, name: str, installed: InstalledPackages) -> bool:
    """True for the path of a package file whose very version is installed."""
    package = read_file(host, name) if is_file(name) else None
    return package is not None and package.is_in(installed)


def file_problem(host: HostReader, path: str) -> str:
    """Why the file cannot be installed, as a sentence; empty where it can be."""
    if host.stat(path) is None:
        return f"name: there is no file {path} on the host: copy it there first"
    if read_file(host, path) is None:
        return f"name: {path} on the host is no RPM package: fetch it again"
    return ""
