"""Runs programs on the controller and turns their failures into one readable error."""

from __future__ import annotations

import subprocess
from contextlib import nullcontext
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


class HostError(Exception):
    """A disposable host could not be made, reached or removed."""


def run(
    argv: Sequence[str],
    *,
    timeout: float = 60,
    stdin: bytes | None = None,
    env: Mapping[str, str] | None = None,
    log: Path | None = None,
) -> str:
    """Standard output of a program that must succeed; with a log file, both streams go there instead."""
    with nullcontext(subprocess.PIPE) if log is None else log.open("ab") as output:
        errors = subprocess.PIPE if log is None else subprocess.STDOUT
        try:
            done = subprocess.run(
                argv, input=stdin, stdout=output, stderr=errors, timeout=timeout, env=env, check=False
            )
        except FileNotFoundError as error:
            raise HostError(f"{argv[0]} is not installed, wanted for: {' '.join(argv)}") from error
        except subprocess.TimeoutExpired as error:
            raise HostError(f"no end after {timeout:.0f} s: {' '.join(argv)}") from error
    if done.returncode:
        raise HostError(_failure(argv, done, log))
    return (done.stdout or b"").decode("utf-8", "replace")


def succeeds(argv: Sequence[str], *, timeout: float = 60) -> bool:
    """Whether a program is there and exits with 0."""
    try:
        run(argv, timeout=timeout)
    except HostError:
        return False
    return True


def _failure(argv: Sequence[str], done: subprocess.CompletedProcess[bytes], log: Path | None) -> str:
    output = log.read_bytes() if log else done.stderr or done.stdout or b""
    last_lines = output.decode("utf-8", "replace").strip().splitlines()[-15:]
    where = f" (whole output in {log})" if log else ""
    return "\n  ".join([f"exit code {done.returncode}{where}: {' '.join(argv)}", *last_lines])
