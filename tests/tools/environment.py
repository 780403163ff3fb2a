"""Makes a virtual environment: `python -m tests.tools.environment PURPOSE DIRECTORY`, for the Makefile.

Runs before anything is installed, on whichever Python 3.9 or newer the machine has.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.tools import interpreters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.tools.interpreters import Interpreter

ROOT = Path(__file__).resolve().parents[2]
PINS = ROOT / "requirements-dev.txt"
READY = ".ready"


def make(directory: Path, interpreter: Interpreter, *, arguments: Sequence[str]) -> None:
    """Leaves a complete environment with the file `.ready`, or one without it, which the next call makes anew."""
    print(f"{directory.name}: Python {interpreter.name} from {interpreter.path}", flush=True)
    subprocess.run([str(interpreter.path), "-m", "venv", "--clear", str(directory)], check=True)
    pip = [str(directory / "bin/python"), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    subprocess.run([*pip, *arguments], check=True)
    (directory / READY).touch()


def _pins_without_core(directory: Path) -> Path:
    lines = [line for line in PINS.read_text().splitlines() if not line.startswith("ansible-core==")]
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / "requirements-newest.txt"
    path.write_text("\n".join([*lines, "ansible-core"]) + "\n")
    return path


def _write_pins(directory: Path) -> None:
    heading = [line for line in PINS.read_text().splitlines() if line.startswith("#")]
    frozen = subprocess.run([str(directory / "bin/pip"), "freeze"], check=True, capture_output=True, text=True).stdout
    PINS.write_text("\n".join([*heading, frozen]))


def _make_for(purpose: str, directory: Path) -> None:
    if purpose == "pinned":
        make(directory, interpreters.for_controller(), arguments=["-r", str(PINS)])
    elif purpose == "newest-core":
        chosen = interpreters.for_newest_core()
        make(directory, chosen, arguments=["-r", str(_pins_without_core(ROOT / ".build"))])
    elif purpose == "bench":
        chosen = interpreters.for_controller()
        make(directory, chosen, arguments=["-r", str(ROOT / "requirements-dev-bench.txt")])
    elif purpose == "pins":
        make(directory, interpreters.for_controller(), arguments=["-r", str(ROOT / "requirements-dev.in")])
        _write_pins(directory)
    else:
        raise SystemExit(f"{purpose}: wanted pinned, newest-core, bench or pins")


def main() -> int:
    purpose, directory = sys.argv[1], Path(sys.argv[2]).resolve()
    try:
        _make_for(purpose, directory)
    except interpreters.NoInterpreterError as error:
        print(f"{directory.name}: {error}", file=sys.stderr)
        # Without the newest ansible-core the rest can be tested; `make test` says what it could not run.
        return 0 if purpose == "newest-core" and not os.environ.get("CI") else 1
    except subprocess.CalledProcessError as error:
        command = " ".join(str(part) for part in error.cmd[:4])
        print(
            f"{directory.name}: `{command} …` ended with {error.returncode}, its own words are above", file=sys.stderr
        )
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
