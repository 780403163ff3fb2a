"""The repositories' side: tables that the image carries, and the copies of them that `pkg update` brings.

A repository is reached when its address is one of FreeBSD's servers or a folder of the host (`file://`), and no one has
made the file `/usr/libexec/freebsd-double/unreachable`. `pkg repo` makes a repository of a folder. A copy lies in
PKG_DBDIR/repos/NAME/ as `meta`, `data`, `db`.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomllib

from ..places import DOUBLE, release
from . import archive
from .package import Package

if TYPE_CHECKING:
    from .settings import Repository

_TABLES = DOUBLE / "repositories"
UNREACHABLE = DOUBLE / "unreachable"
_TABLE_BY_NAME = {
    "FreeBSD": "ports",
    "FreeBSD-ports": "ports",
    "FreeBSD-kmods": "kmods",
    "FreeBSD-ports-kmods": "kmods",
    "FreeBSD-base": "base",
}
_SCRIPTS = ("before", "after", "before_removal")
_FIELDS = ("name", "version", "origin", "comment", "size", "payload", "is_vital", "repository_file", *_SCRIPTS)


def is_reachable(repository: Repository) -> bool:
    if UNREACHABLE.exists():
        return False
    if repository.url.startswith("file://"):
        return Path(repository.url.removeprefix("file://")).is_dir()
    return re.match(r"(pkg\+)?https?://([\w-]+\.)*freebsd\.org/", repository.url, re.IGNORECASE) is not None


def offered(repository: Repository) -> list[Package]:
    """What the server has now."""
    if repository.url.startswith("file://"):
        folder = Path(repository.url.removeprefix("file://"))
        rows = json.loads((folder / "packages.json").read_text())
        return [_package(row, repository.name) for row in rows]
    rows = _rows(_TABLE_BY_NAME.get(repository.name, ""))
    return [_package({**row, "version": row.get("version_offered", row["version"])}, repository.name) for row in rows]


def publish(folder: Path) -> int:
    """Number of packages of the folder, of which a table is made for those who ask."""
    packages = [archive.read(path) for path in sorted(folder.rglob("*.pkg"))]
    rows = [{**asdict(package), "repository_file": package.local_file} for package in packages]
    (folder / "packages.json").write_text(json.dumps(rows))
    return len(packages)


def installed_at_first() -> list[Package]:
    """What an untouched host has registered."""
    found = []
    for repository in release().repositories:
        for row in _rows(_TABLE_BY_NAME[repository]):
            if row.get("is_installed"):
                found.append(_package({**row, "version": row.get("old", row["version"])}, repository))
    return found


def old_versions() -> list[Package]:
    return [_package({**row, "version": row["old"]}, "") for row in _rows("ports") if "old" in row]


def _rows(table: str) -> list[dict[str, Any]]:
    path = _TABLES / f"{table}.toml"
    if not table or not path.exists():
        return []
    text = path.read_text().replace("{series}", release().python).replace("{digits}", release().digits)
    rows: list[dict[str, Any]] = tomllib.loads(text)["package"]
    return rows


def refresh(repository: Repository, copies: Path) -> int:
    """Number of packages of the new copy."""
    packages = offered(repository)
    folder = copies / repository.name
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps([asdict(package) for package in packages])
    for name in ("meta", "data", "db"):
        (folder / name).write_text(text)
    return len(packages)


def is_current(repository: Repository, copies: Path) -> bool:
    copy = copies / repository.name / "db"
    return copy.exists() and copy.read_text() == json.dumps([asdict(package) for package in offered(repository)])


def known(repositories: list[Repository], copies: Path) -> list[Package]:
    """What the copies say, in the order of the repositories."""
    found = []
    for repository in repositories:
        copy = copies / repository.name / "db"
        rows = json.loads(copy.read_text()) if copy.exists() else []
        found += [Package.from_row(row) for row in rows]
    return found


def _package(row: dict[str, Any], repository: str) -> Package:
    values = {key: row[key] for key in _FIELDS if key in row}
    lists = {key: list(row.get(key, ())) for key in ("depends", "conflicts")}
    prefix = row.get("prefix", "/" if row["name"].startswith("FreeBSD-") else "/usr/local")
    return Package.from_row({**values, **lists}, repository=repository, arch=release().abi, prefix=prefix)
