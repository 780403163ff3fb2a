"""Registers the packages that an untouched host has, and lays old versions down as local files for tests."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ..pkg import archive, remote
from ..pkg.local_database import LocalDatabase
from ..places import release

_LOCAL = Path("/usr/share/groundwork/packages")
_BASE_FILES = {
    "FreeBSD-runtime": ("/bin/sh", "/usr/bin/uname", "/bin/freebsd-version", "/usr/sbin/pw"),
    "FreeBSD-ssh": ("/usr/sbin/sshd", "/usr/bin/ssh", "/etc/ssh/sshd_config"),
    "FreeBSD-pkg-bootstrap": ("/usr/sbin/pkg",),
    "FreeBSD-pf": ("/sbin/pfctl",),
}


def main() -> None:
    installed = remote.installed_at_first()
    if installed:
        database = LocalDatabase(Path("/var/db/pkg"))
        for package in installed:
            files = _BASE_FILES.get(package.name, ())
            if not package.name.startswith("FreeBSD-"):
                mark = Path(f"/usr/local/share/{package.name}/version")
                mark.parent.mkdir(parents=True, exist_ok=True)
                mark.write_text(f"{package.version}\n")
                files = (str(mark),)
            database.store(replace(package, files=files, installed_at=1790000000))
    for package in remote.old_versions():
        manifest = {"name": package.name, "version": package.version, "origin": package.origin}
        more = {"comment": package.comment, "arch": release().abi, "payload": package.payload}
        archive.write({**manifest, **more}, _LOCAL, None)
