"""A controller in the background that a test can end between two instructions."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tests.tools import paths
from tests.tools.steps import tool_environment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# The variable by which the processes of one controller are known.
_MARK = "GROUNDWORK_BACKGROUND_CONTROLLER"


@contextmanager
def running(
    playbook: Path, inventory: Path, variables: Mapping[str, object], *, environment: Mapping[str, str] | None = None
) -> Iterator[None]:
    """ansible-playbook is at work in the block; at its end it gets SIGKILL, with all its children."""
    command = [paths.VENV / "bin/ansible-playbook", playbook, "-i", inventory, "-e", json.dumps(variables)]
    mark = f"{os.getpid()}-{inventory}"
    usual = {"ANSIBLE_COLLECTIONS_PATH": str(paths.link_collection()), "ANSIBLE_PIPELINING": "1"}
    own = {**usual, **(environment or {}), _MARK: mark}
    process = subprocess.Popen(
        [str(part) for part in command],
        cwd=paths.ROOT,
        env={**tool_environment(), **own},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        # A child may have been made while the others were looked for.
        while _kill(mark):
            pass
        process.wait()


def _kill(mark: str) -> bool:
    """End what has the mark in its environment; Ansible's workers have a session of their own each."""
    found = False
    for path in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            if f"{_MARK}={mark}".encode() in path.read_bytes().split(b"\0"):
                os.kill(int(path.parent.name), signal.SIGKILL)
                found = True
    return found
