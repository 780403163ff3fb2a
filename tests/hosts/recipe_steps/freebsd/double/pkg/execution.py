"""Carries jobs out, one package after the other, in the order of freebsd/pkg:libpkg/pkg_add.c (pkg_add_common).

In one transaction: the script before, and the files. Then the last script: who is killed in it has installed the
package. Who is killed before leaves the packages before it, and files that nothing has registered.
Words: freebsd/pkg:src/event.c. No room: `Not enough space in …, needed … available …`, exit code 3 (libpkg/pkg_jobs.c).
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..freebsd_version import set_installed, versions
from ..places import PAYLOAD, release
from .jobs import Job, Kind
from .summary import human
from .unpacking import CONFIGURATION, Failed, extract

if TYPE_CHECKING:
    from .local_database import LocalDatabase
    from .package import Package
    from .settings import Settings


FATAL = 3


def fetch(jobs: list[Job], settings: Settings, *, is_quiet: bool) -> int:
    """Exit code; a package that needs more room than there is stops all of them before anything has changed."""
    gone = [job.new for job in jobs if job.new.repository_file and not Path(job.new.repository_file).exists()]
    for package in gone if any(job.kind != Kind.REMOVE for job in jobs) else ():
        address = f"file://{package.repository_file} is missing from repo"
        print(f"pkg: cached package {package.full_name}: {address}\n", file=sys.stderr)
        return FATAL
    wanted = [job.new for job in jobs if job.kind != Kind.REMOVE and job.new.download]
    cache = Path(settings.text("PKG_CACHEDIR"))
    cache.mkdir(parents=True, exist_ok=True)
    needed = sum(package.download for package in wanted)
    free = shutil.disk_usage(cache).free
    if needed > free:
        print(f"pkg: Not enough space in {cache}, needed {human(needed)} available {human(free)}", file=sys.stderr)
        return FATAL
    for number, package in enumerate(wanted, 1):
        archive = cache / f"{package.full_name}.pkg"
        if not archive.exists():
            archive.write_text(package.full_name)
            if not is_quiet:
                print(f"[{number}/{len(wanted)}] Fetching {package.full_name}: 100%  {human(package.download)}")
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
            try:
                _install(job, database, has_scripts=has_scripts)
            except Failed as error:
                print(f"pkg: {error}", file=sys.stderr)
                return FATAL
            if not is_quiet:
                print(f"[{number}/{len(ordered)}] Extracting {job.new.full_name}: 100%", flush=True)
    return 0


def remove(package: Package, database: LocalDatabase) -> None:
    """Files of the configuration that someone changed stay; a script that fails does not matter (pkg_delete.c)."""
    _run(package.before_removal)
    for name in () if is_base(package) else package.files:
        path = Path(name)
        if name.lstrip("/").startswith(CONFIGURATION) and not name.endswith(".sample") and "/rc.d/" not in name:
            source = PAYLOAD / package.payload / name.lstrip("/")
            if source.is_file() and path.is_file() and source.read_bytes() != path.read_bytes():
                continue
        if path.is_symlink() or path.is_file():
            path.unlink()
    for folder in sorted(_folders(package), key=lambda each: len(each.parts), reverse=True):
        _remove_empty(folder, prefix=Path(package.prefix))
    database.remove(package.name)


def _folders(package: Package) -> set[Path]:
    """Those of its files, and those that it brings empty."""
    payload = PAYLOAD / package.payload
    brought = payload.rglob("*") if package.payload else ()
    return {
        *(Path(name).parent for name in package.files),
        *(Path("/") / each.relative_to(payload) for each in brought if each.is_dir() and not each.is_symlink()),
    }


def _remove_empty(folder: Path, *, prefix: Path) -> None:
    """And what is above it, up to the prefix or the first that is not empty (pkg_delete.c, rmdir_p)."""
    while prefix in folder.parents and not (prefix == Path("/usr/local") and folder.parent == prefix):
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent


def _install(job: Job, database: LocalDatabase, *, has_scripts: bool) -> None:
    """A script that fails before stops all of it, one that fails afterwards is only reported."""
    package = job.new
    with database.transaction():
        # Before the files are there, so that a database that cannot be written stops it all.
        database.store(replace(package, installed_at=int(time.time()), local_file="", repository_file=""))
        if has_scripts and not _run(package.before):
            raise Failed("PRE-INSTALL script failed")
        files = _base_files(job) if is_base(package) else extract(package)
        if job.old is not None and has_scripts:
            _run(job.old.before_removal)
        database.store(replace(package, files=files, installed_at=int(time.time()), local_file="", repository_file=""))
    if has_scripts and not _run(package.after):
        print("pkg: POST-INSTALL script failed", file=sys.stderr)


def _run(script: str) -> bool:
    """One that a signal has ended has not failed (libpkg/scripts.c looks at WEXITSTATUS alone)."""
    done = subprocess.run(["/bin/sh", "-c", script], check=False, stdin=subprocess.DEVNULL) if script else None
    return done is None or done.returncode <= 0


def is_base(package: Package) -> bool:
    """A package of the packaged base: the double only registers it, as its files are the double's own."""
    return package.name.startswith("FreeBSD-")


def _base_files(job: Job) -> tuple[str, ...]:
    """The version of the base follows that of two packages: the kernel's counts after the next start."""
    part = {"FreeBSD-runtime": "userland", "FreeBSD-kernel-generic": "kernel"}.get(job.new.name)
    if part is not None and job.new.version != release().version:
        set_installed(**{"kernel": versions()["k"], "userland": versions()["u"], part: release().newer})
    return job.old.files if job.old is not None else ()


def _announcement(job: Job) -> str:
    old = job.old.version if job.old else ""
    return {
        Kind.REMOVE: f"Deinstalling {job.new.full_name}...",
        Kind.INSTALL: f"Installing {job.new.full_name}...",
        Kind.UPGRADE: f"Upgrading {job.new.name} from {old} to {job.new.version}...",
        Kind.DOWNGRADE: f"Downgrading {job.new.name} from {old} to {job.new.version}...",
        Kind.REINSTALL: f"Reinstalling {job.new.full_name}...",
    }[job.kind]
