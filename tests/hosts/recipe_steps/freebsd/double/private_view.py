"""A view on the file system that only one process has, in which other files lie under the names of real ones."""

from __future__ import annotations

import ctypes
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_NEW_MOUNTS = 0x00020000  # CLONE_NEWNS
_BIND, _EVERYWHERE, _PRIVATE = 0x1000, 0x4000, 0x40000  # MS_BIND, MS_REC, MS_PRIVATE
_COMMON = "/proc/1/ns/mnt"
_LIBRARY = ctypes.CDLL(None, use_errno=True)


def leave() -> None:
    """Back to what everyone sees, for a program that is started again from within its view."""
    if os.readlink("/proc/self/ns/mnt") == os.readlink(_COMMON):
        return
    with open(_COMMON) as common:
        _checked(_LIBRARY.setns(common.fileno(), _NEW_MOUNTS), "setns")


def enter() -> None:
    folder = os.getcwd()
    _checked(_LIBRARY.unshare(_NEW_MOUNTS), "unshare")
    _checked(_LIBRARY.mount(b"none", b"/", None, _EVERYWHERE | _PRIVATE, None), "mount")
    os.chdir(folder)


def show(path: Path, *, instead_of: Path) -> None:
    _checked(_LIBRARY.mount(bytes(path), bytes(instead_of), None, _BIND, None), f"mount {instead_of}")


def _checked(code: int, what: str) -> None:
    if code:
        raise OSError(ctypes.get_errno(), f"{what}: {os.strerror(ctypes.get_errno())}")
