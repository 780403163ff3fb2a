# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the disk has room for a transaction: one that runs out of it half-way leaves packages broken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

KIBI = 1024
MEBI = 1024 * KIBI


@dataclass(frozen=True)
class FileSystem:
    """A mounted file system, and how many bytes of it are free."""

    mounted_on: str
    free: int


def refuse_when_full(host: HostReader, wanted: Mapping[str, int]) -> None:
    """Raise Refused where file systems have less room than the bytes that their directories want together.

    A directory that is not there yet counts for the one above it.
    """
    bytes_wanted: dict[FileSystem, int] = {}
    directories: dict[FileSystem, list[str]] = {}
    existing = {directory: _existing(host, directory) for directory, size in wanted.items() if size > 0}
    if not existing:
        return
    file_systems = _file_systems(host, tuple(existing.values()))
    for directory, file_system in zip(existing, file_systems):
        bytes_wanted[file_system] = bytes_wanted.get(file_system, 0) + wanted[directory]
        directories.setdefault(file_system, []).append(directory)
    full = [one for one, size in bytes_wanted.items() if size > one.free]
    if full:
        sentences = (_sentence(one, bytes_wanted[one], directories[one]) for one in full)
        raise Refused(
            f"Nothing was changed: the disk is too full. {' '.join(sentences)} Free some room there (old kernels, "
            "logs, caches of packages), or make the file system larger."
        )


def parse_free(text: str) -> tuple[FileSystem, ...]:
    """The answer to `df -Pk PATH…`: a line for each path, in order, whatever a mount point is called."""
    rows = [line.split(None, 5) for line in text.splitlines()[1:] if line.strip()]
    return tuple(FileSystem(row[5], int(row[3]) * KIBI) for row in rows)


def _file_systems(host: HostReader, paths: tuple[str, ...]) -> tuple[FileSystem, ...]:
    return parse_free(host.query(["df", "-Pk", *paths]).stdout)


def _existing(host: HostReader, directory: str) -> str:
    while directory != "/" and host.stat(directory) is None:
        directory = directory.rpartition("/")[0] or "/"
    return directory


def _sentence(file_system: FileSystem, wanted: int, directories: Iterable[str]) -> str:
    return (
        f"{file_system.mounted_on} has {_shown(file_system.free)} free, and the transaction needs {_shown(wanted)} "
        f"of it (for {', '.join(directories)})."
    )


def _shown(size: int) -> str:
    return f"{size / MEBI:.1f} MiB"
