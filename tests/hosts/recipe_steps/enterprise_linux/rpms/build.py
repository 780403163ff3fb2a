"""Makes one RPM of a row: collects its files in a folder, writes the spec file, runs rpmbuild."""

from __future__ import annotations

import compileall
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

from tests.hosts.recipe_steps.enterprise_linux.rpms.command import run
from tests.hosts.recipe_steps.enterprise_linux.rpms.spec import spec

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.hosts.recipe_steps.enterprise_linux.rpms.table import Package, Release

# Debian's own matters, and what only people read.
_LEFT_OUT = (
    *("usr/share/doc/*", "usr/share/man/*", "usr/share/lintian/*", "usr/share/bug/*", "usr/share/locale/*"),
    *("etc/init.d/*", "etc/default/*", "etc/apparmor.d/*", "etc/monit/*", "etc/ppp/*", "etc/network/*", "etc/dhcp/*"),
    *("usr/share/info/*", "usr/share/zsh/*", "usr/share/bash-completion/*"),
)
_DEBIAN_PYTHON = re.compile(rb"#! ?/usr/bin/(env )?python3\b(?!\.)")
_MERGED = re.compile(r"^/?(bin|sbin|lib|lib64)/")


@dataclass(frozen=True)
class Workshop:
    """Where things are while RPMs are made."""

    work: Path
    debs: Path
    own_files: Path
    release: Release


def build(workshop: Workshop, package: Package) -> Path:
    """The RPM's path. Everything that is made on the way lies in a folder of its own."""
    folder = workshop.work / f"{package.name}-{package.version}"
    root = folder / "root"
    root.mkdir(parents=True)
    for name in package.debs:
        run("dpkg-deb", "--extract", str(_deb(workshop, name)), str(root))
    _merge_folders(root)
    _copy_from_host(package, root)
    _choose(package, root)
    _rework(package, root)
    own = workshop.own_files / f"{package.name}-{package.version}"
    own = own if own.is_dir() else workshop.own_files / package.name
    if own.is_dir():
        run("cp", "-r", "--no-target-directory", str(own), str(root))
        _open_to_all([root / path.relative_to(own) for path in own.rglob("*")])
    if package.debs:
        _run_by(workshop.release.python, root)
        _compile(root)
    version = package.version or _version(workshop, package)
    spec_file = folder / "package.spec"
    spec_file.write_text(spec(package, version, root=root, release=workshop.release))
    run("rpmbuild", "-bb", "--quiet", "--define", f"_topdir {folder}", str(spec_file))
    return next((folder / "RPMS").rglob("*.rpm"))


def _deb(workshop: Workshop, name: str) -> Path:
    found = sorted(workshop.debs.glob(f"{name}_*.deb"))
    if not found:
        raise ValueError(f"the Debian package {name} is not in {workshop.debs}: add it to rpm_workshop/converted.txt")
    return found[0]


def _version(workshop: Workshop, package: Package) -> str:
    """The upstream part of the version of the first Debian package: what the contents really are."""
    if package.installed:
        whole = run("dpkg-query", "-W", "-f", "${Version}", package.installed[0])
    else:
        whole = run("dpkg-deb", "--field", str(_deb(workshop, package.debs[0])), "Version").strip()
    upstream = whole.partition(":")[2] or whole
    return re.split(r"[+~-]", upstream, maxsplit=1)[0]


def _merge_folders(root: Path) -> None:
    """/bin, /sbin and /lib are links into /usr on the host."""
    for name in ("bin", "sbin", "lib", "lib64"):
        if (root / name).is_dir():
            (root / "usr" / name).mkdir(parents=True, exist_ok=True)
            run("cp", "-a", f"{root / name}/.", str(root / "usr" / name))
            shutil.rmtree(root / name)


def _copy_from_host(package: Package, root: Path) -> None:
    listed = run("dpkg-query", "--listfiles", *package.installed).splitlines() if package.installed else []
    files = {_MERGED.sub(r"usr/\1/", path).lstrip("/") for path in listed}
    files = {path for path in files if os.path.lexists(f"/{path}") and not _is_folder(Path("/") / path)}
    for pattern in (*package.also, *package.taken, *package.copied):
        files |= {str(path)[1:] for path in Path("/").glob(pattern) if not _is_folder(path)}
    if files:
        names = "\0".join(sorted(files)).encode()
        archive = subprocess.run(
            ["tar", "-C", "/", "--null", "-T", "-", "-cf", "-"], input=names, check=True, capture_output=True
        )
        subprocess.run(["tar", "-C", str(root), "-xpf", "-"], input=archive.stdout, check=True)


def _open_to_all(paths: Iterable[Path]) -> None:
    """The modes are the package's, whatever the mask of the checkout was."""
    for path in paths:
        is_program = path.is_dir() or path.stat().st_mode & 0o100
        path.chmod(0o755 if is_program else 0o644)


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _choose(package: Package, root: Path) -> None:
    for path in sorted(root.rglob("*"), reverse=True):
        name = str(path.relative_to(root))
        if _is_folder(path):
            if not any(path.iterdir()) and not _matches(name, package.keep):
                path.rmdir()
        elif _matches(name, (*_LEFT_OUT, *package.remove)) or (package.keep and not _matches(name, package.keep)):
            path.unlink()


def _rework(package: Package, root: Path) -> None:
    """Files get the places, names and words that they have on Enterprise Linux."""
    for source, target in (package.move or {}).items():
        (root / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.move(root / source, root / target)
    for pattern, target in (package.unpack or {}).items():
        for wheel in list(root.glob(pattern)):
            shutil.unpack_archive(wheel, root / target, "zip")
            wheel.unlink()
    for name, (old, new) in (package.edit or {}).items():
        text = (root / name).read_text()
        if old not in text:
            raise ValueError(f"{package.name}: {name} has no line {old!r}")
        (root / name).write_text(text.replace(old, new))
    for name in package.folders:
        (root / name).mkdir(parents=True, exist_ok=True)
    for name, target in (package.links or {}).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).symlink_to(target)


def _matches(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch(name, pattern) for pattern in patterns)


def _run_by(python: str, root: Path) -> None:
    """Debian's programs name the Python that has another name here."""
    for path in (*root.glob("usr/bin/*"), *root.glob("usr/sbin/*")):
        if path.is_file() and not path.is_symlink() and _DEBIAN_PYTHON.match(path.read_bytes()):
            path.write_bytes(_DEBIAN_PYTHON.sub(f"#!{python}".encode(), path.read_bytes(), count=1))


def _compile(root: Path) -> None:
    """As a real package brings it along; otherwise the first start of the program would write it."""
    for folder in root.glob("usr/lib/python3*/dist-packages"):
        compileall.compile_dir(folder, quiet=2, stripdir=str(root), prependdir="/")
