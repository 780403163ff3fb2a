"""What modules cost on the host itself: they are run by a Python there that takes notes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.hosts import control

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

INTERPRETER = "/usr/local/bin/measured_python"
NOTES = "/var/tmp/measured_runs.jsonl"
AS_INTERPRETER = ("-e", f"ansible_python_interpreter={INTERPRETER}")
_SOURCE = Path(__file__).parent / "on_host/measured_python.py"
_PACKAGE_TOOLS = {"apt-get", "apt-cache", "apt-config", "dpkg", "dpkg-query", "dnf", "rpm"}
_PIP_MODULES = {"pip", "venv", "ensurepip"}


@dataclass(frozen=True)
class Command:
    """A command that a module ran, and for how many seconds."""

    argv: tuple[str, ...]
    seconds: float

    @property
    def purpose(self) -> str:
        """`packages`, `pip` or `other`; a command may stand behind others that run it (`timeout`, `runuser`)."""
        words = {Path(word).name for word in self.argv}
        if words & _PACKAGE_TOOLS:
            return "packages"
        return "pip" if "-m" in words and words & _PIP_MODULES else "other"


@dataclass(frozen=True)
class ModuleRun:
    """One module call; `own` figures leave its children out."""

    module: str
    seconds: float
    own_seconds: float
    children_seconds: float
    own_peak_mib: float
    commands: tuple[Command, ...]


@dataclass(frozen=True)
class Split:
    """Where a whole run's seconds went; `ours` is all but the package tools and pip, the connection included."""

    packages: float
    pip: float
    ours: float


def install(name: str) -> None:
    """Put the note-taking interpreter on the host."""
    program = b"#!/usr/bin/python3\n" + _SOURCE.read_bytes()
    control.execute(name, ("sh", "-c", f"cat > {INTERPRETER} && chmod 755 {INTERPRETER}"), stdin=program)


def forget(name: str) -> None:
    control.execute(name, ("rm", "-f", NOTES))


def read(name: str) -> tuple[ModuleRun, ...]:
    """The module calls since `forget`, in order."""
    return tuple(parse(line) for line in control.execute(name, ("cat", NOTES)).splitlines())


def parse(line: str) -> ModuleRun:
    note = json.loads(line)
    commands = tuple(Command(tuple(one["argv"]), one["seconds"]) for one in note.pop("commands"))
    return ModuleRun(**note, commands=commands)


def split(total: float, runs: Iterable[ModuleRun]) -> Split:
    """Divide a run's seconds by the commands that its modules waited for."""
    commands: Sequence[Command] = [command for run in runs for command in run.commands]
    packages, pip = (sum(one.seconds for one in commands if one.purpose == name) for name in ("packages", "pip"))
    return Split(packages, pip, total - packages - pip)
