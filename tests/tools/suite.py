"""Everything that `make test` runs: two lanes at a time, each section with its own log, and a closing summary."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from tests.proofs import PROOFS
from tests.tools import paths, scenario, unit
from tests.tools.interpreters import targets
from tests.tools.real_host import is_real
from tests.tools.steps import PLAIN, say, tool_environment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

PRINTING = Lock()
# A passing section shows its end, where its own summary stands; a failing one all that a reader can be asked to scroll.
SHOWN_LINES = {True: 40, False: 400}
LANES = 2
# What the systems of the roles are here: stand-ins where no registry is reached, and for FreeBSD always a double.
IMAGES = [proof.image for proof in PROOFS.values()]
TESTS_ON_HOSTS = ("tests/hosts", "tests/integration_hosts")
# These start several hosts at a time, which is enough for a machine: they run one after another, and as they take the
# longest, from early on.
CROWDED = ("test_traps", "test_killed_runs", "test_broken_access", "test_reboot")


@dataclass(frozen=True)
class Section:
    """A part of the suite: one command."""

    name: str
    argv: Sequence[str]


@dataclass(frozen=True)
class Result:
    """How a section ended, and after how many seconds."""

    name: str
    has_passed: bool
    seconds: float

    def line(self) -> str:
        minutes, seconds = divmod(round(self.seconds), 60)
        return f"{'passed' if self.has_passed else 'FAILED'}  {minutes:2d}:{seconds:02d}  {self.name}"


def _tool(name: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", f"tests.tools.{name}", *arguments]


def _run(section: Section) -> Result:
    log = paths.LOGS / f"{section.name.replace(' ', '-')}.log"
    started = time.monotonic()
    with PRINTING:
        say(f"==== {section.name}: started, log in {log.relative_to(paths.ROOT)}")
    with open(log, "w") as stream:
        code = subprocess.run(
            section.argv,
            cwd=paths.ROOT,
            env=tool_environment() | PLAIN,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            check=False,
        ).returncode
    result = Result(section.name, code == 0, time.monotonic() - started)
    lines = log.read_text(errors="replace").splitlines()
    with PRINTING:
        left_out = len(lines) - SHOWN_LINES[result.has_passed]
        say(f"\n==== {result.line()}" + (f" (the first {left_out} lines are in the log)" if left_out > 0 else ""))
        say("\n".join(lines[max(left_out, 0) :]) + "\n")
    return result


def _run_chain(sections: Sequence[Section]) -> list[Result]:
    return [_run(section) for section in sections]


def _cores() -> list[str]:
    """The environments that are there; the newest ansible-core may want for an interpreter."""
    return [one.name for one in (paths.VENV, paths.VENV_NEWEST) if (one / ".ready").exists()]


def _chains() -> list[list[Section]]:
    """What must run one after another is one chain; a lane that is free takes the next, so long ones come early."""
    # The hosts of a scenario have the same names with either core; a real one is prepared once, and root is out then.
    scenarios = [
        [
            Section(f"molecule {name} core {scenario.core_version(core)}", _tool("scenario", name, core))
            for core in _cores()[: 1 if is_real(name) else None]
        ]
        for name in scenario.names()
    ]
    pytest = [sys.executable, "-m", "pytest", "--durations=5"]
    on_hosts = {path.stem: Section(f"tests on hosts {path.stem}", [*pytest, str(path)]) for path in _files_on_hosts()}
    apart = [f"--ignore={paths.ROOT / directory}" for directory in ("tests/unit", *TESTS_ON_HOSTS)]
    return [
        [Section("lint", _tool("lint"))],
        *scenarios,
        [on_hosts.pop(name) for name in CROWDED],
        *([section] for section in on_hosts.values()),
        [Section("sanity", _tool("sanity"))],
        [Section("unit", _tool("unit"))],
        [Section("tests", [*pytest, "tests", *apart])],
    ]


def _files_on_hosts() -> list[Path]:
    """Each is a section of its own: they take minutes, and start hosts that no other file knows."""
    return [path for directory in TESTS_ON_HOSTS for path in sorted((paths.ROOT / directory).rglob("test_*.py"))]


def _not_run() -> list[str]:
    sentences = unit.missing(targets())
    if paths.VENV_NEWEST.name not in _cores():
        sentences.append(
            "the newest ansible-core needs Python 3.12 or newer, which was not found: scenarios ran without it"
        )
    return sentences


def _summarize(results: Sequence[Result], hosts: Sequence[str], seconds: float) -> int:
    failed = [result.name for result in results if not result.has_passed]
    not_run = _not_run()
    say("==== summary")
    for result in results:
        say(result.line())
    for line in hosts:
        say(f"hosts: {line}")
    for sentence in not_run or ["nothing"]:
        say(f"not run for want of an interpreter: {sentence}")
    say(f"sections: {len(results) - len(failed)} passed, {len(failed)} failed")
    say(f"took {seconds / 60:.1f} minutes" + (f"; failed: {', '.join(failed)}" if failed else ""))
    # An interpreter that is missing is an error where nobody reads the summary.
    return 1 if failed or (not_run and os.environ.get("CI")) else 0


def _image(name: str) -> str:
    """Make a test host's image where there is none yet, and say what it is."""
    command = [sys.executable, "-m", "tests.hosts", "build", "--image", name]
    made = subprocess.run(
        command, cwd=paths.ROOT, env=tool_environment(), stdout=subprocess.PIPE, text=True, check=False
    )
    return made.stdout.strip() or f"{name}: none, the image could not be made; the reason stands above"


def main() -> int:
    started = time.monotonic()
    paths.LOGS.mkdir(parents=True, exist_ok=True)
    say("==== the test hosts' engine and image")
    # Made first: every section that needs a host would wait for it.
    say(_image(IMAGES[0]))
    with ThreadPoolExecutor(LANES) as pool:
        results = [result for chain in pool.map(_run_chain, _chains()) for result in chain]
    return _summarize(results, [_image(name) for name in IMAGES], time.monotonic() - started)


if __name__ == "__main__":
    raise SystemExit(main())
