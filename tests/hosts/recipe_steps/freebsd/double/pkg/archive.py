"""A local package file: a tar archive with the manifest as JSON in `+COMPACT_MANIFEST` and the files, as pkg's own are.

pkg's are compressed with zstd, these with xz. Who wants one in a test calls `pkg create -M MANIFEST -r ROOT -o FOLDER`.
"""

from __future__ import annotations

import io
import json
import sys
import tarfile
from typing import TYPE_CHECKING, Any

from ..places import release
from .package import Package

if TYPE_CHECKING:
    from pathlib import Path


def read(path: Path) -> Package:
    try:
        with tarfile.open(path) as archive:
            member = archive.extractfile("+COMPACT_MANIFEST")
            manifest: dict[str, Any] = json.loads(member.read()) if member else {}
    except (tarfile.TarError, KeyError, ValueError) as error:
        print(f"pkg: {path} is not a valid package: no manifest found", file=sys.stderr)
        raise SystemExit(1) from error
    depends = manifest.get("deps", {})
    scripts = manifest.get("scripts", {})
    return Package(
        manifest["name"],
        manifest["version"],
        manifest.get("origin", f"misc/{manifest['name']}"),
        comment=manifest.get("comment", ""),
        depends=tuple(depends),
        size=int(manifest.get("flatsize", 4096)),
        before=scripts.get("pre-install", ""),
        after=scripts.get("post-install", ""),
        before_removal=scripts.get("pre-deinstall", ""),
        is_vital=bool(manifest.get("vital", False)),
        arch=manifest.get("arch", release().abi),
        prefix=manifest.get("prefix", "/usr/local"),
        payload=manifest.get("payload", ""),
        local_file=str(path.resolve()),
    )


def write(manifest: dict[str, Any], folder: Path, root: Path | None) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{manifest['name']}-{manifest['version']}.pkg"
    with tarfile.open(path, "w:xz", preset=0) as archive:
        for name in ("+COMPACT_MANIFEST", "+MANIFEST"):
            content = json.dumps(manifest).encode()
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
        for each in sorted(root.rglob("*")) if root else ():
            if not each.is_dir():
                archive.add(each, arcname=f"/{each.relative_to(root or each)}")
    return path
