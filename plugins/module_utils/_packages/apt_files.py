# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Package files that a user names by their path on the host."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import InstalledPackages

CONTENT_FORMAT = "${Package}\\t${Architecture}\\t${Version}\\n"


@dataclass(frozen=True)
class PackageFile:
    """What a .deb file holds."""

    name: str
    architecture: str
    version: str

    def is_in(self, installed: InstalledPackages) -> bool:
        """True where this very version is installed."""
        return installed.versions.get(f"{self.name}:{self.architecture}") == self.version


def read_file(host: HostReader, path: str) -> PackageFile | None:
    """The package in the file; None when it holds none."""
    result = host.query(["dpkg-deb", "--show", "--showformat", CONTENT_FORMAT, path], ok=(0, 2))
    fields = result.stdout.strip().split("\t")
    return PackageFile(*fields) if result.rc == 0 and len(fields) == 3 else None


def file_problem(host: HostReader, path: str) -> str:
    """Why the file cannot be installed, as a sentence; empty where it can be."""
    if host.stat(path) is None:
        return f"name: there is no file {path} on the host: copy it there first"
    if read_file(host, path) is None:
        return f"name: {path} on the host is no Debian package: fetch it again"
    return ""
