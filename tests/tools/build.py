"""Builds the collection from its sources and installs it under .build/collections."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
from typing import TYPE_CHECKING

from tests.tools import paths, sources, steps

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

STAMP = paths.COLLECTIONS / ".installed"
TARBALLS = "groundwork-python_host-*.tar.gz"


def _run(argv: Sequence[str | Path]) -> None:
    command = [str(part) for part in argv]
    subprocess.run(command, check=True, env=steps.tool_environment(), stdout=subprocess.DEVNULL)


def build_and_install() -> None:
    """Only what git knows is built, so that a stray file never reaches a user."""
    tree = paths.BUILD / "source"
    sources.copy_to(tree)
    galaxy: list[str | Path] = [paths.VENV / "bin/ansible-galaxy", "collection"]
    for old in paths.BUILD.glob(TARBALLS):
        old.unlink()
    _run([*galaxy, "build", "--output-path", paths.BUILD, tree])
    (tarball,) = paths.BUILD.glob(TARBALLS)
    _run([*galaxy, "install", "--force", "--no-deps", "--offline", "-p", paths.COLLECTIONS, tarball])
    shutil.rmtree(tree)
    STAMP.touch()
    steps.say(f"built .build/{tarball.name} and installed it under .build/collections")


def main() -> int:
    paths.COLLECTIONS.mkdir(parents=True, exist_ok=True)
    with open(paths.BUILD / "build.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            build_and_install()
        except subprocess.CalledProcessError as error:
            steps.say(f"the collection was not built: `{' '.join(error.cmd)}` ended with {error.returncode}")
            return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
