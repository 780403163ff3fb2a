"""Where things are, and the link by which this repository is importable as a collection."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / ".build"
LOGS = BUILD / "logs"
COLLECTIONS = BUILD / "collections"
INSTALLED = COLLECTIONS / "ansible_collections/groundwork/python_host"
IMPORT_PATH = BUILD / "path"
VENV = ROOT / ".venv"
VENV_NEWEST = ROOT / ".venv-newest"


def link_collection() -> Path:
    """The directory under which `ansible_collections.groundwork.python_host` is this repository, made if absent."""
    link = IMPORT_PATH / "ansible_collections/groundwork/python_host"
    link.parent.mkdir(parents=True, exist_ok=True)
    if not link.is_symlink() or link.resolve() != ROOT:
        # A private name first: two test runs that start together must both find the link.
        private = link.with_name(f"python_host.{os.getpid()}")
        private.symlink_to(ROOT, target_is_directory=True)
        private.replace(link)
    return IMPORT_PATH


def make_importable() -> None:
    path = str(link_collection())
    if path not in sys.path:
        sys.path.insert(0, path)
