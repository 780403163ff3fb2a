# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Package files that a user names by their path on the host, read by `pkg query -F` (src/query.c of freebsd/pkg)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_bootstrap import is_there

if TYPE_CHECKING:
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import InstalledPackages

FORMAT = "%n\t%v"


@dataclass(frozen=True)
class PackageFile:
    """What a .pkg file holds."""

    name: str
    version: str

    def is_in(self, installed: InstalledPackages) -> bool:
        """True where this very version is installed."""
        return installed.versions.get(self.name) == self.version


def read_file(host: HostReader, path: str) -> PackageFile | None:
    """The package in the file; None when it holds none (`pkg query -F` ends with another code than 0 then), and while
    there is no pkg to ask.
    """
    if not is_there(host):
        return None
    result = host.query(("pkg", "query", "-F", path, FORMAT), ok=range(256))
    name, _tab, version = result.stdout.strip().partition("\t")
    return PackageFile(name, version) if result.rc == 0 and version else None


def file_problem(host: HostReader, path: str) -> str:
    """Why the file cannot be installed, as a sentence; empty where it can be, as far as can be told without pkg."""
    if host.stat(path) is None:
        return f"name: there is no file {path} on the host: copy it there first"
    if is_there(host) and read_file(host, path) is None:
        return f"name: {path} on the host is no package of FreeBSD's: fetch it again"
    return ""
