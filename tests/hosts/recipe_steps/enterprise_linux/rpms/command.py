"""Runs the programs that make RPMs, and shows what they said when one of them fails."""

from __future__ import annotations

import subprocess


def run(*argv: str) -> str:
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    if done.returncode:
        said = f"{done.stdout[-2000:]}{done.stderr[-4000:]}"
        raise RuntimeError(f"exit code {done.returncode}: {' '.join(argv)}\n{said}")
    return done.stdout
