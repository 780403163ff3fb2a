# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much room a transaction of apt takes, from the sizes that the package index states."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._packages import apt_command
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.disk_space import KIBI, MEBI

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import PackageChange

ARCHIVES = "/var/cache/apt/archives"
# Where nearly all of a package's files lie; the index does not say it more exactly.
PROGRAMS = "/usr"
DATABASE = "/var/lib/dpkg"
BOOT = "/boot"
# dpkg writes its list of packages anew, beside the old one, and a list of files for each package.
DATABASE_BYTES = 8 * MEBI
# A kernel of one version; the packages that only depend on the newest have no digit there.
KERNEL = "linux-image-"
# What a kernel's package makes by itself, in no package's size.
INITRAMFS = "initrd.img-"


@dataclass(frozen=True)
class Sizes:
    """One version of a package: the bytes to fetch, the bytes installed, and the name of its file in apt's cache."""

    fetched: int
    installed: int
    file: str


def bytes_wanted(host: HostReader, changes: Iterable[PackageChange], *, configuration: str) -> Mapping[str, int]:
    """The room that the changes take, by directory; one question for all packages.

    Package files of the user's are not in the index and count for nothing.
    """
    growing = tuple(change for change in changes if change.after is not None and not change.is_marking)
    if not growing:
        return {}
    asked = [f"{change.name}={version}" for change in growing for version in (change.after, change.before) if version]
    answer = host.query(apt_command.cache(configuration, "show", *asked), ok=(0, 100))
    sizes = parse_sizes(answer.stdout)
    here = set(host.listdir(ARCHIVES) or ())
    new = [sizes[key] for change in growing if (key := (_bare(change.name), change.after)) in sizes]
    old = [sizes[key] for change in growing if (key := (_bare(change.name), change.before)) in sizes]
    return {
        ARCHIVES: sum(one.fetched for one in new if one.file not in here),
        PROGRAMS: _unpacked(new, old),
        DATABASE: DATABASE_BYTES,
        BOOT: _boot(host, growing),
    }


def parse_sizes(text: str) -> dict[tuple[str, str | None], Sizes]:
    """The answer to `apt-cache show NAME=VERSION…`, by name and version.

    A version that is installed and in the index, too, comes twice; the entry of the index is the one with a size.
    """
    found: dict[tuple[str, str | None], Sizes] = {}
    for paragraph in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in paragraph.splitlines() if ": " in line and line[:1] != " ")
        if "Package" in fields and "Version" in fields:
            one = _sizes(fields)
            key = (fields["Package"], fields["Version"])
            found[key] = max(found.get(key, one), one, key=lambda sizes: sizes.fetched)
    return found


def _sizes(fields: Mapping[str, str]) -> Sizes:
    # In the names of the files of its cache apt writes the colon of an epoch as %3a.
    version, architecture = fields["Version"].replace(":", "%3a"), fields.get("Architecture", "")
    file = f"{fields['Package']}_{version}_{architecture}.deb"
    return Sizes(int(fields.get("Size", "0")), int(fields.get("Installed-Size", "0")) * KIBI, file)


def _unpacked(new: list[Sizes], old: list[Sizes]) -> int:
    """dpkg unpacks a package beside the old version, and takes that away before the next one's turn."""
    if not new:
        return 0
    difference = sum(one.installed for one in new) - sum(one.installed for one in old)
    return max(difference, 0) + (max(one.installed for one in new) if old else 0)


def _boot(host: HostReader, changes: Iterable[PackageChange]) -> int:
    """Each new kernel takes as much as the largest initial RAM disk that is there."""
    kernels = [change for change in changes if change.name.startswith(KERNEL) and change.name[len(KERNEL)].isdigit()]
    if not kernels:
        return 0
    disks = [f"{BOOT}/{name}" for name in host.listdir(BOOT) or () if name.startswith(INITRAMFS)]
    if not disks:
        return 0
    lines = host.query(["du", "-k", *disks]).lines()
    return len(kernels) * max(int(line.split()[0]) for line in lines) * KIBI


def _bare(name: str) -> str:
    return name.partition(":")[0]
