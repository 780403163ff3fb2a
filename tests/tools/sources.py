"""The files of this repository: what git tracks, and what is new and not ignored."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tests.tools import paths


def files() -> list[Path]:
    """Relative paths, without those that are deleted but not yet committed as such."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=paths.ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return sorted(Path(name) for name in set(listing.split("\0")) if name and (paths.ROOT / name).is_file())


def copy_to(directory: Path) -> None:
    """The directory holds the sources and nothing else afterwards."""
    shutil.rmtree(directory, ignore_errors=True)
    for path in files():
        (directory / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(paths.ROOT / path, directory / path, follow_symlinks=False)
