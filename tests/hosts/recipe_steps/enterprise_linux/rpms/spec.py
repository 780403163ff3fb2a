"""The text of a spec file for a folder of files that are there already."""

from __future__ import annotations

import grp
import pwd
import stat
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import os

    from tests.hosts.recipe_steps.enterprise_linux.rpms.table import Package, Release

_SETTINGS = """\
%define _build_id_links none
%define debug_package %{nil}
%define __os_install_post %{nil}
%define _binary_payload w3.zstdio
%define _source_payload w0.gzdio
%define _buildhost localhost
%define _target_os linux
AutoReqProv: no
"""


def spec(package: Package, version: str, *, root: Path, release: Release) -> str:
    origin = ", ".join((*package.installed, *package.debs))
    summary = package.summary or f"What Debian calls {origin}"
    tags = [
        ("Name", package.name),
        ("Version", version),
        ("Release", f"{package.release}{release.dist}"),
        ("Summary", summary),
        ("License", "see the packages that the files come from"),
        *(() if _has_machine_code(root) else [("BuildArch", "noarch")]),
        *(("Requires", value) for value in package.requires),
        *(("Recommends", value) for value in package.recommends),
        *(("Provides", value) for value in package.provides),
        *(("Conflicts", value) for value in package.conflicts),
    ]
    parts = [_SETTINGS, "".join(f"{name}: {value}\n" for name, value in tags), f"\n%description\n{summary}.\n"]
    parts += [f"\n%install\nrm -rf %{{buildroot}}\nmv {root} %{{buildroot}}\n", *_scripts(package), "\n%files\n"]
    return "".join([*parts, *(f"{line}\n" for line in _files(root, package))])


def _scripts(package: Package) -> list[str]:
    """What the macros for services of Enterprise Linux become in its packages."""
    units = " ".join(package.units)
    post, preun, postun = package.post, "", ""
    if units:
        post += f"\nif [ $1 -eq 1 ]; then systemctl --no-reload preset {units} || :; fi\n{_RELOAD}"
        preun = f"if [ $1 -eq 0 ]; then systemctl --no-reload disable --now {units} || :; fi"
        postun = f"{_RELOAD}\nif [ $1 -ge 1 ]; then systemctl try-restart {units} || :; fi"
        postun = postun if package.is_restarted else _RELOAD
    scripts = {"pre": package.pre, "post": post, "preun": preun, "postun": postun}
    return [f"\n%{name}\n{text.strip()}\n" for name, text in scripts.items() if text.strip()]


_RELOAD = "if [ -d /run/systemd/system ]; then systemctl daemon-reload || :; fi"


def _files(root: Path, package: Package) -> list[str]:
    """Folders that the host has already belong to others."""
    lines = []
    for path in sorted(root.rglob("*")):
        name = f"/{path.relative_to(root)}"
        entry = path.lstat()
        if stat.S_ISDIR(entry.st_mode):
            if not Path(name).is_dir():
                lines.append(f'%dir "{_escaped(name)}"')
            continue
        mode = "-" if stat.S_ISLNK(entry.st_mode) else f"{stat.S_IMODE(entry.st_mode):04o}"
        owner, group = _owner(entry) if package.installed else ("root", "root")
        config = "%config(noreplace) " if name.startswith("/etc/") else ""
        lines.append(f'{config}%attr({mode}, {owner}, {group}) "{_escaped(name)}"')
    return lines


def _has_machine_code(root: Path) -> bool:
    return any(_starts_like_a_program(path) for path in root.rglob("*") if path.is_file() and not path.is_symlink())


def _starts_like_a_program(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(4) == b"\x7fELF"


def _owner(entry: os.stat_result) -> tuple[str, str]:
    return pwd.getpwuid(entry.st_uid).pw_name, grp.getgrgid(entry.st_gid).gr_name


def _escaped(name: str) -> str:
    return name.replace("%", "%%")
