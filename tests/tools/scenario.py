"""Runs one molecule scenario: `scenario.py NAME [.venv|.venv-newest]`, with the ansible-core of that environment."""

from __future__ import annotations

import subprocess
import sys

from tests.tools import paths
from tests.tools.steps import Step, run, say, tool_environment

SCENARIOS = paths.ROOT / "molecule"


def names() -> list[str]:
    return sorted(path.parent.name for path in SCENARIOS.glob("*/molecule.yml"))


def core_version(environment: str) -> str:
    """The version of ansible-core in `.venv` or `.venv-newest`."""
    program = "from importlib.metadata import version; print(version('ansible-core'))"
    python = str(paths.ROOT / environment / "bin/python")
    return subprocess.run([python, "-c", program], check=True, capture_output=True, text=True).stdout.strip()


def main() -> int:
    scenario = sys.argv[1]
    environment = sys.argv[2] if len(sys.argv) > 2 else paths.VENV.name
    if scenario not in names():
        say(f"molecule: there is no scenario {scenario!r} under molecule/; there are: {', '.join(names()) or 'none'}")
        return 1
    title = f"molecule {scenario} on ansible-core {core_version(environment)}"
    say(title)
    # What molecule remembers about a run of the other ansible-core must not reach this one.
    memory = paths.BUILD / "molecule" / environment.lstrip(".") / scenario
    memory.mkdir(parents=True, exist_ok=True)
    variables = tool_environment(paths.ROOT / environment, MOLECULE_EPHEMERAL_DIRECTORY=str(memory))
    return 0 if run(Step(title, ["molecule", "test", "-s", scenario], variables, is_talkative=True)) else 1


if __name__ == "__main__":
    raise SystemExit(main())
