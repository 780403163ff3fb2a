# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The releases under `path/releases`: what each holds by its own record, and what can be seen of it.

A release is a virtual environment that is built once and never modified. Its name is a digest of what it was built
from, so that the same wish always finds the same release.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import lookup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform

# A digest, and a number where a release with the same digest had to be built beside a damaged one.
NAME = re.compile(r"([0-9a-f]{12})(?:-(\d+))?")
DIRECTORY = "releases"
LINK = "current"
MARKER = "release.json"
RECORDS = (".dist-info", ".egg-info")
# What else a release is only good for. FreeBSD takes the libraries of its base system along to the next major release
# under other numbers, so what was compiled before has to be compiled again (freebsd-update(8),
# ObsoleteFiles.inc of freebsd/freebsd-src).
BUILT_FOR = {"*": "", "freebsd": "freebsd-{major}"}


@dataclass(frozen=True)
class Distribution:
    """An installed distribution; `entry` is the name of its record in site-packages.

    One that `is_compiled` has machine code that was made on this host.
    """

    name: str
    version: str
    entry: str
    is_compiled: bool = False

    def to_json(self) -> dict[str, str]:
        """Shape: {name, version}."""
        return {"name": self.name, "version": self.version}


@dataclass(frozen=True)
class Marker:
    """A release's own record, written when it was whole."""

    interpreter: str
    version: str
    packages: str
    requirements: tuple[str, ...] = ()
    distributions: tuple[Distribution, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """What it was built from, for the diff."""
        return (f"{self.interpreter} ({self.version})", *self.requirements)


@dataclass(frozen=True)
class Release:
    """A directory of ours under `path/releases`.

    `finished` is when it was built or last left, and 0 for one that is not whole.
    """

    name: str
    path: str
    owner: str
    finished: float = 0.0

    @property
    def digest(self) -> str:
        """What the release was built from."""
        return self.name.partition("-")[0]

    @property
    def marker_path(self) -> str:
        """Where its record stands."""
        return f"{self.path}/{MARKER}"


@dataclass(frozen=True)
class Shelf:
    """All releases of one runtime, the last used first; `link` is the text of `path/current`."""

    path: str
    link: str = ""
    releases: tuple[Release, ...] = field(default=())

    @property
    def current(self) -> Release | None:
        """The release that the link points to, if it is one of ours."""
        return next((release for release in self.releases if self.link == f"{DIRECTORY}/{release.name}"), None)

    def others(self, release: Release | None) -> tuple[Release, ...]:
        """All but this one."""
        return tuple(other for other in self.releases if other != release)


def read(host: HostReader, path: str) -> Shelf:
    """What is on the shelf; other people's files and directories there are passed over."""
    directory = f"{path}/{DIRECTORY}"
    found = (_release(host, directory, name) for name in host.listdir(directory) or () if NAME.fullmatch(name))
    releases = sorted((release for release in found if release), key=lambda release: -release.finished)
    return Shelf(path, host.readlink(f"{path}/{LINK}") or "", tuple(releases))


def digest(
    *, interpreter: str, version: str, requirements: str, libraries: Sequence[str], platform: Platform | None = None
) -> str:
    """The name of the release that is built from these."""
    system = lookup(BUILT_FOR, platform).format(major=platform.major) if platform else ""
    text = json.dumps([interpreter, version, requirements, sorted(libraries), *([system] if system else [])])
    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:12]


def free_name(shelf: Shelf, wanted: str) -> str:
    """The name to build under: an unfinished release is built anew, a finished one never touched."""
    taken = {release.name for release in shelf.releases if release.finished or release == shelf.current}
    names = (wanted, *(f"{wanted}-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


def read_marker(host: HostReader, release: Release) -> Marker | None:
    """The release's record, or None where there is none that can be understood."""
    stat = host.stat(release.marker_path)
    # The owner could have put anything there: a pipe would make the reader wait for ever.
    if stat is None or stat.kind != "file":
        return None
    try:
        return parse_marker(host.read_text(release.marker_path) or "")
    except (ValueError, KeyError, TypeError):
        return None


def parse_marker(text: str) -> Marker:
    """The record of a release from its JSON; raises ValueError, KeyError or TypeError on anything else."""
    data: dict[str, Any] = json.loads(text)
    return Marker(
        interpreter=str(data["interpreter"]),
        version=str(data["version"]),
        packages=str(data["packages"]),
        requirements=tuple(str(line) for line in data["requirements"]),
        distributions=tuple(
            Distribution(
                str(entry["name"]), str(entry["version"]), str(entry["entry"]), entry.get("compiled", False) is True
            )
            for entry in data["distributions"]
        ),
    )


def difference(host: HostReader, marker: Marker) -> str:
    """What site-packages holds beside or without the record, in words; empty where they agree."""
    recorded = {distribution.entry for distribution in marker.distributions}
    found = {name for name in host.listdir(marker.packages) or () if name.endswith(RECORDS)}
    if recorded == found:
        return ""
    gone, added = sorted(recorded - found), sorted(found - recorded)
    words = [f"without {_some(gone)}"] if gone else []
    return " and ".join([*words, *([f"with {_some(added)} beside what was installed"] if added else [])])


def expendable(releases: Sequence[Release], *, keep: int) -> tuple[Release, ...]:
    """Those to remove, given the last used first: the unfinished ones, and all beyond the number to keep."""
    finished = [release for release in releases if release.finished]
    kept = finished[: max(keep, 0)]
    return tuple(release for release in releases if release not in kept)


def _release(host: HostReader, directory: str, name: str) -> Release | None:
    path = f"{directory}/{name}"
    stat = host.stat(path)
    if stat is None or stat.kind != "directory":
        return None
    marker = host.stat(f"{path}/{MARKER}")
    return Release(name, path, stat.owner, marker.modified if marker and marker.kind == "file" else 0.0)


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more
