"""The Python interpreters of this machine, and which of them serves which purpose.

Runs before anything is installed, on whichever Python 3.9 or newer the machine has.
"""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

OLDEST_TARGET = (3, 9)
NEWEST_TARGET = (3, 13)
OLDEST_CONTROLLER = (3, 11)
NEWEST_CONTROLLER = (3, 13)
OLDEST_FOR_NEWEST_CORE = (3, 12)

_NAME = re.compile(r"python3(\.\d+)?")
_PROBE = """
import sys
try:
    import ensurepip, venv
except ImportError:
    able = "no"
else:
    able = "yes"
print(*sys.version_info[:2], able, int(sys.prefix != sys.base_prefix), sys.executable, sep="\\n")
"""


@dataclass(frozen=True)
class Interpreter:
    """One installed Python; `makes_environments` is false where the system keeps venv in a package of its own."""

    version: tuple[int, int]
    path: Path
    makes_environments: bool

    @property
    def name(self) -> str:
        return ".".join(str(part) for part in self.version)


class NoInterpreterError(Exception):
    """No Python on this machine serves the purpose; the text says which one to install."""


def _directories() -> Iterator[Path]:
    for directory in os.environ.get("PATH", "").split(os.pathsep):
        if directory:
            yield Path(directory)
    home = Path.home()
    yield from sorted(Path(os.environ.get("PYENV_ROOT", home / ".pyenv")).glob("versions/*/bin"))
    yield from sorted((home / ".local/share/uv/python").glob("*/bin"))
    yield from (Path("/usr/local/bin"), Path("/usr/bin"))


def _candidates() -> Iterator[Path]:
    seen: set[Path] = set()
    for directory in _directories():
        for path in sorted(directory.glob("python3*")) if directory.is_dir() else ():
            # A shim is one program under several names, so names are told apart before links are followed.
            real = path.parent.resolve() / path.name
            if _NAME.fullmatch(path.name) and real not in seen:
                seen.add(real)
                yield path


def _probe(path: Path) -> Interpreter | None:
    """None for what cannot be started (a shim without its version) and for a virtual environment."""
    try:
        answer = subprocess.run(
            [str(path), "-I", "-c", _PROBE], capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    if answer.returncode != 0:
        return None
    major, minor, able, is_virtual, executable = answer.stdout.splitlines()
    if is_virtual == "1":
        return None
    return Interpreter((int(major), int(minor)), Path(executable), able == "yes")


def installed() -> list[Interpreter]:
    """Every Python found, the first on PATH first."""
    found: dict[Path, Interpreter] = {}
    for path in _candidates():
        interpreter = _probe(path)
        if interpreter is not None:
            found.setdefault(interpreter.path.resolve(), interpreter)
    return list(found.values())


def _able(interpreters: Iterable[Interpreter], oldest: tuple[int, int]) -> list[Interpreter]:
    matching = [one for one in interpreters if one.version >= oldest]
    able = [one for one in matching if one.makes_environments]
    if matching and not able:
        raise NoInterpreterError(
            f"{matching[0].path} cannot make virtual environments: install its venv package"
            f" (Debian and Ubuntu: apt-get install python3-venv, or python{matching[0].name}-venv)"
        )
    return able


def _newest(interpreters: Iterable[Interpreter]) -> Interpreter | None:
    return max(interpreters, key=lambda one: one.version, default=None)


def for_controller(found: Sequence[Interpreter] | None = None) -> Interpreter:
    """The first on PATH that ansible-core 2.19 supports; failing that the newest Python there is."""
    able = _able(installed() if found is None else found, OLDEST_CONTROLLER)
    supported = [one for one in able if one.version <= NEWEST_CONTROLLER]
    chosen = supported[0] if supported else _newest(able)
    if chosen is None:
        raise NoInterpreterError("Ansible needs Python 3.11 or newer, and none was found: install python3.11")
    return chosen


def for_newest_core(found: Sequence[Interpreter] | None = None) -> Interpreter:
    """The newest Python there is, which the newest ansible-core is the likeliest to support."""
    chosen = _newest(_able(installed() if found is None else found, OLDEST_FOR_NEWEST_CORE))
    if chosen is None:
        raise NoInterpreterError(
            "the newest ansible-core needs Python 3.12 or newer, and none was found: install python3.12"
        )
    return chosen


def targets(found: Sequence[Interpreter] | None = None) -> list[Interpreter]:
    """The oldest and the newest Python found that a managed host may have (one, where they are the same)."""
    able = sorted(_able(installed() if found is None else found, OLDEST_TARGET), key=lambda one: one.version)
    return [able[0], able[-1]] if len({one.version for one in able}) > 1 else able[:1]
