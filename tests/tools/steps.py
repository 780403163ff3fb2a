"""Runs commands one after another, and says for each how it ended and how long it took."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.tools import paths

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path


# For output that goes to a file or is read by a program.
PLAIN = {"NO_COLOR": "1", "PY_COLORS": "0", "ANSIBLE_NOCOLOR": "1"}


@dataclass(frozen=True)
class Step:
    """One command; its output is shown when it fails, or always where `is_talkative`."""

    name: str
    argv: Sequence[str | Path]
    environment: Mapping[str, str] = field(default_factory=dict)
    directory: Path = paths.ROOT
    is_talkative: bool = False


def say(text: str = "") -> None:
    """Printed at once, so that it stands before what a child process prints next."""
    print(text, flush=True)


def tool_environment(venv: Path = paths.VENV, **more: str) -> dict[str, str]:
    """The caller's environment with the tools of one virtual environment first, and our installed collection."""
    inherited = {name: value for name, value in os.environ.items() if name not in ("PYTHONHOME", "PYTHONPATH")}
    return {
        **inherited,
        "VIRTUAL_ENV": str(venv),
        "PATH": os.pathsep.join([str(venv / "bin"), os.environ.get("PATH", os.defpath)]),
        "ANSIBLE_COLLECTIONS_PATH": str(paths.COLLECTIONS),
        **more,
    }


def run(step: Step) -> bool:
    """True where the command ended with 0."""
    started = time.monotonic()
    try:
        result = subprocess.run(
            [str(part) for part in step.argv],
            cwd=step.directory,
            env=tool_environment() | ({} if step.is_talkative else PLAIN) | dict(step.environment),
            stdout=None if step.is_talkative else subprocess.PIPE,
            stderr=None if step.is_talkative else subprocess.STDOUT,
            text=True,
            check=False,
        )
    except FileNotFoundError as error:
        say(f"FAILED  {step.name}: {error.filename} is not there; `make venv` installs the tools")
        return False
    seconds = time.monotonic() - started
    has_passed = result.returncode == 0
    if result.stdout and not has_passed:
        say(result.stdout.rstrip())
    verdict = "ok    " if has_passed else "FAILED"
    ending = "" if has_passed else f", ended with {result.returncode}: {shlex.join(str(part) for part in step.argv)}"
    say(f"{verdict}  {step.name} ({seconds:.1f} s{ending})")
    return has_passed


def run_all(steps: Iterable[Step]) -> int:
    """Every step is run, whatever became of the one before; the exit code says whether all passed."""
    failed = [step.name for step in steps if not run(step)]
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0
