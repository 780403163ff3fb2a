"""Signs RPMs, enters them into the host's database, and lays them into repositories."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from tests.hosts.recipe_steps.enterprise_linux.rpms.command import run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.hosts.recipe_steps.enterprise_linux.rpms.table import Package, Release

HOST = Path("/")
REPOSITORIES = ("baseos", "appstream", "crb", "extras", "epel")


def sign(path: Path, key: str) -> None:
    run("rpmsign", "--define", "__gpg /usr/bin/gpg", "--define", f"_gpg_name {key}", "--addsign", str(path))


def install(built: Mapping[Package, Path]) -> None:
    """Most of what is on the host has its files there already: only the database is told."""
    known = [str(path) for package, path in built.items() if package.is_on_host and package.has_its_files_there]
    new = [str(path) for package, path in built.items() if package.is_on_host and not package.has_its_files_there]
    run("rpm", "--install", "--nodeps", "--nosignature", "--justdb", "--noscripts", *known)
    run("rpm", "--install", "--nodeps", "--nosignature", *new)


def take_away(packages: Sequence[Package]) -> None:
    """Files that Debian's packages brought and that are not there on Enterprise Linux before their RPM is."""
    for pattern in (pattern for package in packages for pattern in package.taken):
        for path in HOST.glob(pattern):
            if not path.is_dir():
                path.unlink()


def publish(built: Mapping[Package, Path], repository: Path, release: Release) -> None:
    for name in REPOSITORIES:
        (repository / release.repository(name) / "Packages").mkdir(parents=True)
    for package, path in built.items():
        shutil.move(path, repository / release.repository(package.repository) / "Packages" / path.name)
    for name in REPOSITORIES:
        folder = repository / release.repository(name)
        run("createrepo_c", "--quiet", "--no-database", str(folder))


def add_advisories(repository: Path, advisories: Path) -> None:
    run(
        "modifyrepo_c",
        "--mdtype=updateinfo",
        "--new-name=updateinfo.xml",
        str(advisories),
        str(repository / "repodata"),
    )
