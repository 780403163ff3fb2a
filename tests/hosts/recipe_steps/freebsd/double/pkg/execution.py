"""Carries jobs out, one package after the other: a package is registered when its files are there, as a whole.

Who is killed in between leaves the packages before it complete and files of one that nothing has registered.
Words: freebsd/pkg:src/event.c. No room: `Not enough space in …, needed … available …`, exit code 3 (libpkg/pkg_jobs.c).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..freebsd_version import set_installed, versions
from ..places import DOUBLE, PAYLOAD, release
from .jobs import Job, Kind
from .summary import human

if TYPE_CHECKING:
    from .local_database import LocalDatabase
    from .package import Package
    from .settings import Settings

FATAL = 3
_CONFIGURATION = "usr/local/etc/"


def fetch(jobs: list[Job], settings: Settings, *, is_quiet: bool) -> int:
    """Exit code; a package that needs more room than there is stops all of them before anything has changed."""
    wanted = [job.new for job in jobs if job.kind != Kind.REMOVE and not job.new.local_file]
    cache = Path(settings.text("PKG_CACHEDIR"))
    cache.mkdir(parents=True, exist_ok=True)
    needed = sum(package.size // 4 for package in wanted)
    free = shutil.disk_usage(cache).free
    if needed > free:
        print(f"pkg: Not enough space in {cache}, needed {human(needed)} available {human(free)}", file=sys.stderr)
        return FATAL
    for number, package in enumerate(wanted, 1):
        archive = cache / f"{package.full_name}.pkg"
        if not archive.exists():
            archive.write_text(package.full_name)
            if not is_quiet:
                print(f"[{number}/{len(wanted)}] Fetching {package.full_name}: 100%  {human(package.size // 4)}")
    return 0


def execute(jobs: list[Job], database: LocalDatabase, *, is_quiet: bool, has_scripts: bool = True) -> int:
    if not is_quiet:
        print("Checking integrity... done (0 conflicting)")
    ordered = [job for job in jobs if job.kind == Kind.REMOVE] + [job for job in jobs if job.kind != Kind.REMOVE]
    for number, job in enumerate(ordered, 1):
        if not is_quiet:
            print(f"[{number}/{len(ordered)}] {_announcement(job)}", flush=True)
        if job.kind == Kind.REMOVE:
            remove(job.new, database)
        else:
            _install(job, database, has_scripts=has_scripts)
            if not is_quiet:
                print(f"[{number}/{len(ordered)}] Extracting {job.new.full_name}: 100%", flush=True)
    return 0


def remove(package: Package, database: LocalDatabase) -> None:
    """Files of the configuration that someone changed stay."""
    for name in () if is_base(package) else package.files:
        path = Path(name)
        if name.lstrip("/").startswith(_CONFIGURATION) and not name.endswith(".sample") and "/rc.d/" not in name:
            source = PAYLOAD / package.payload / name.lstrip("/")
            if source.is_file() and path.is_file() and source.read_bytes() != path.read_bytes():
                continue
        if path.is_symlink() or path.is_file():
            path.unlink()
    for folder in sorted({str(Path(name).parent) for name in package.files}, key=len, reverse=True):
        if folder.startswith("/usr/local/") and folder.count("/") > 3 and Path(folder).is_dir():
            _remove_empty(Path(folder))
    database.remove(package.name)


def _remove_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:
        return


def _install(job: Job, database: LocalDatabase, *, has_scripts: bool) -> None:
    """A script that fails afterwards is only reported."""
    package = job.new
    files = _base_files(job) if is_base(package) else _extract(package)
    database.store(replace(package, files=files, installed_at=int(time.time()), local_file=""))
    if package.after and has_scripts:
        done = subprocess.run(["/bin/sh", "-c", package.after], check=False, stdin=subprocess.DEVNULL)
        if done.returncode:
            print("pkg: POST-INSTALL script failed", file=sys.stderr)


def is_base(package: Package) -> bool:
    """A package of the packaged base: the double only registers it, as its files are the double's own."""
    return package.name.startswith("FreeBSD-")


def _base_files(job: Job) -> tuple[str, ...]:
    """The version of the base follows that of two packages: the kernel's counts after the next start."""
    part = {"FreeBSD-runtime": "userland", "FreeBSD-kernel-generic": "kernel"}.get(job.new.name)
    if part is not None and job.new.version != release().version:
        set_installed(**{"kernel": versions()["k"], "userland": versions()["u"], part: release().newer})
    return job.old.files if job.old is not None else ()


def _extract(package: Package) -> tuple[str, ...]:
    if package.local_file and tarfile.is_tarfile(package.local_file):
        names = _extract_archive(Path(package.local_file))
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
            if relative.startswith(_CONFIGURATION) and target.exists() and not name.endswith(".sample"):
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
    with tarfile.open(path) as archive:
        members = [member for member in archive.getmembers() if not member.name.startswith("+")]
        for member in members:
            member.name = member.name.lstrip("/")
        archive.extractall("/", members=members)
    return tuple(f"/{member.name}" for member in members if not member.isdir())


def install_pkg() -> tuple[str, ...]:
    """pkg itself: the program, and its scripts for periodic(8)."""
    names = list(_copy(PAYLOAD / "pkg"))
    for name in ("pkg", "pkg-static"):
        target = Path("/usr/local/sbin") / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(DOUBLE / "pkg-command", target)
        names.append(str(target))
    return tuple(names)


def _announcement(job: Job) -> str:
    old = job.old.version if job.old else ""
    return {
        Kind.REMOVE: f"Deinstalling {job.new.full_name}...",
        Kind.INSTALL: f"Installing {job.new.full_name}...",
        Kind.UPGRADE: f"Upgrading {job.new.name} from {old} to {job.new.version}...",
        Kind.DOWNGRADE: f"Downgrading {job.new.name} from {old} to {job.new.version}...",
        Kind.REINSTALL: f"Reinstalling {job.new.full_name}...",
    }[job.kind]
