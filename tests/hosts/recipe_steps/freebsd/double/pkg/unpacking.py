"""Puts a package's files into place: from an archive, from the image's own payload, or a mark that stands for them."""

from __future__ import annotations

import os
import secrets
import shutil
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING

from ..places import DOUBLE, PAYLOAD

if TYPE_CHECKING:
    from .package import Package

CONFIGURATION = "usr/local/etc/"


class Failed(Exception):
    """What pkg says of a package that it cannot put into place; those before it stay."""


def extract(package: Package) -> tuple[str, ...]:
    archive = package.local_file or package.repository_file
    if archive and tarfile.is_tarfile(archive):
        names = _extract_archive(Path(archive))
        if names:
            return names
    if package.payload and (PAYLOAD / package.payload).is_dir():
        return _copy(PAYLOAD / package.payload)
    if package.name == "pkg":
        return install_pkg()
    mark = Path(f"/usr/local/share/{package.name}/version")
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.write_text(f"{package.version}\n")
    return (str(mark),)


def _copy(source: Path) -> tuple[str, ...]:
    """A configuration file that is already there is kept; the new one comes as `.pkgnew` (os_facts 2.3 [D])."""
    names = []
    for folder, folders, files in os.walk(source):
        target_folder = Path("/") / Path(folder).relative_to(source)
        target_folder.mkdir(parents=True, exist_ok=True)
        for name in (*files, *(each for each in folders if (Path(folder) / each).is_symlink())):
            origin, target = Path(folder) / name, target_folder / name
            relative = str(target).lstrip("/")
            if relative.startswith(CONFIGURATION) and target.exists() and not name.endswith(".sample"):
                if target.read_bytes() != origin.read_bytes():
                    shutil.copy2(origin, f"{target}.pkgnew")
            else:
                _place(origin, target)
            names.append(str(target))
    return tuple(sorted(names))


def _place(origin: Path, target: Path) -> None:
    """By a new name first, so that a program that runs keeps its file."""
    new = target.with_name(f".pkgtemp.{target.name}")
    if new.is_symlink() or new.exists():
        new.unlink()
    if origin.is_symlink():
        new.symlink_to(os.readlink(origin))
    else:
        shutil.copy2(origin, new)
        status = origin.stat()
        os.chown(new, status.st_uid, status.st_gid)
        new.chmod(status.st_mode & 0o7777)
    new.rename(target)


def _extract_archive(path: Path) -> tuple[str, ...]:
    """Each file by a name of its own first, with twelve random letters (libpkg/utils.c, hidden_tempfile)."""
    new: dict[str, Path] = {}
    with tarfile.open(path) as archive:
        for member in archive.getmembers():
            if member.name.startswith("+") or member.isdir():
                continue
            target = Path("/", member.name)
            temporary = target.with_name(f".pkgtemp.{target.name}.{secrets.token_hex(6)}")
            new[str(target)] = temporary
            member.name = str(temporary).lstrip("/")
            try:
                archive.extract(member, "/")
            except OSError as error:
                for each in new.values():
                    each.unlink(missing_ok=True)
                raise Failed(f"Fail to extract {target} from package: Write error") from error
    for name, temporary in new.items():
        temporary.rename(name)
    return tuple(new)


def install_pkg() -> tuple[str, ...]:
    """pkg itself: the program, and its scripts for periodic(8)."""
    names = list(_copy(PAYLOAD / "pkg"))
    for name in ("pkg", "pkg-static"):
        target = Path("/usr/local/sbin") / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(DOUBLE / "pkg-command", target)
        names.append(str(target))
    return tuple(names)
