"""The rows of packages/*.toml: what an RPM is called, what is in it and where it is published."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import tomllib

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True)
class Release:
    """Names that differ between the releases."""

    dist: str
    release_package: str
    release_version: str
    repos_package: str
    keys_package: str
    releasever: str
    key_file: str
    epel_key_file: str
    has_advisories: bool
    python: str  # what the system's own programs run on
    repositories: Mapping[str, str]
    keys: Mapping[str, str]

    def repository(self, name: str) -> str:
        return self.repositories.get(name, name)


@dataclass(frozen=True)
class Package:
    """One RPM. Its contents: files of the host, of Debian's packages, and of the folder packages/files/NAME."""

    name: str
    repository: str
    version: str = ""  # by default the version of the first Debian package
    release: str = "1"
    summary: str = ""
    installed: tuple[str, ...] = ()  # Debian packages on the host: their files are this RPM's, which is installed
    also: tuple[str, ...] = ()  # patterns of further files on the host
    copied: tuple[str, ...] = ()  # patterns of files on the host that this RPM has once more, elsewhere
    taken: tuple[str, ...] = ()  # patterns of files that are on the host until this RPM, not installed there, has them
    debs: tuple[str, ...] = ()  # Debian packages that are not on the host: their files are this RPM's
    keep: tuple[str, ...] = ()  # patterns; when given, of the Debian packages' files only these
    remove: tuple[str, ...] = ()  # patterns, after keep
    move: Mapping[str, str] | None = None
    unpack: Mapping[str, str] | None = None  # a wheel among the files to the folder that it is unpacked in
    edit: Mapping[str, tuple[str, str]] | None = None  # a file to the text that is replaced, and by what
    links: Mapping[str, str] | None = None  # a symbolic link to what it points at
    folders: tuple[str, ...] = ()  # empty ones
    requires: tuple[str, ...] = ()
    recommends: tuple[str, ...] = ()
    provides: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    is_restarted: bool = True  # by its own update, where it has units
    pre: str = ""
    post: str = ""
    on_host: bool = False  # for an RPM of its own files that is installed from the first minute
    is_signed: bool = True
    claimed_size: int = 0  # in bytes, in place of the true one
    only_on: tuple[str, ...] = ()

    @property
    def is_on_host(self) -> bool:
        return self.on_host or bool(self.installed)

    @property
    def has_its_files_there(self) -> bool:
        """Only the database of the host has to be told of it."""
        return bool(self.installed or self.also)

    @property
    def key(self) -> tuple[str, str]:
        return self.name, self.version

    def __hash__(self) -> int:
        return hash(self.key)


def load_release(path: Path) -> Release:
    return Release(**tomllib.loads(path.read_text()))


def load_packages(folder: Path, release: Release) -> list[Package]:
    """Every row that this release has, in the order of the files."""
    packages = []
    for path in sorted(folder.glob("*.toml")):
        table = tomllib.loads(_filled(path.read_text(), release))
        for name, row in table.items():
            variants = row if isinstance(row, list) else [row]
            packages += [package(name, variant) for variant in variants]
    return [each for each in packages if not each.only_on or release.releasever in each.only_on]


def package(name: str, row: Mapping[str, Any]) -> Package:
    known = {field.name for field in fields(Package)}
    unknown = sorted(set(row) - known)
    if unknown:
        raise ValueError(f"{name}: unknown keys {', '.join(unknown)}, expected some of {', '.join(sorted(known))}")
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    return Package(**{"name": name, **values})


def _filled(text: str, release: Release) -> str:
    for name in (
        "dist",
        "repos_package",
        "keys_package",
        "release_package",
        "release_version",
        "releasever",
        "key_file",
        "epel_key_file",
    ):
        text = text.replace("{" + name + "}", str(getattr(release, name)))
    return text
