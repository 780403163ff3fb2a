# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files, directories and programs on this host, with the standard library alone (see program.py)."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import subprocess
import tempfile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LABEL = "security.selinux"
SEARCH_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@contextlib.contextmanager
def locked(directory: str) -> Iterator[None]:
    """Wait until nobody else changes the host, and keep others waiting; the kernel ends it with this process."""
    with open(os.path.join(directory, "lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def load(path: str) -> dict[str, Any]:
    """A JSON file of ours; empty when it is not there."""
    content = read(path)
    return dict(json.loads(content)) if content else {}


def store(path: str, value: dict[str, Any]) -> None:
    """Write a JSON file of ours, for root alone."""
    write(path, json.dumps(value).encode(), mode=0o600, uid=os.geteuid(), gid=os.getegid())


def read(path: str) -> bytes | None:
    """A file's content, or None when it is not there."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except (FileNotFoundError, NotADirectoryError):
        return None


def write(path: str, content: bytes, *, mode: int, uid: int, gid: int) -> None:
    """Replace a file atomically and durably."""
    handle, temporary = tempfile.mkstemp(prefix=".groundwork-", dir=os.path.dirname(path))
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        os.fchown(file.fileno(), uid, gid)
        os.fchmod(file.fileno(), mode)
        _keep_label(path, file.fileno())
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)
    sync(path)


def _keep_label(path: str, handle: int) -> None:
    """SELinux's label is the file's and not the name's: a new /etc/shadow would get that of any file in /etc.

    Nothing to keep where there is no such file, no SELinux, or no Linux.
    """
    with contextlib.suppress(OSError, AttributeError):
        os.setxattr(handle, LABEL, os.getxattr(path, LABEL))


def remove(path: str) -> None:
    """Remove a file or a link, durably; an absent path is fine."""
    if os.path.lexists(path):
        os.unlink(path)
        sync(path)


def remove_tree(directory: str) -> None:
    """Remove a directory with all that is below it."""
    for parent, directories, names in os.walk(directory, topdown=False):
        for name in (*names, *directories):
            path = os.path.join(parent, name)
            if os.path.islink(path) or not os.path.isdir(path):
                os.unlink(path)
            else:
                os.rmdir(path)
    os.rmdir(directory)
    sync(directory)


def sync(path: str) -> None:
    """Make a directory's entry durable."""
    handle = os.open(os.path.dirname(path), os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)


def flush(path: str) -> None:
    """Make what a program has written to a file durable; an absent path is fine, and so is one that is no file."""
    with contextlib.suppress(OSError):
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def ask(argv: Sequence[str]) -> str:
    """What a program prints; empty when there is none, or when it does not end."""
    try:
        return _run(argv, 60).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        return ""


def run(argv: Sequence[str], *, seconds: float = 60) -> list[str]:
    """Run a program; a sentence when it failed."""
    try:
        done = _run(argv, seconds)
    except (OSError, subprocess.TimeoutExpired) as error:
        return [f"{' '.join(argv)}: {error}"]
    return [f"{' '.join(argv)}: {done.stderr.strip()}"] if done.returncode else []


def _run(argv: Sequence[str], seconds: float) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "LC_ALL": "C", "PATH": SEARCH_PATH, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(
        argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds, env=environment, check=False
    )
