"""The unit tests, on the oldest and the newest Python that a managed host may have, and their coverage.

ansible-core does not run on the oldest of them, and a managed host has no ansible-core: a module finds there only
`ansible.module_utils`, which the module's own archive brings along. The tests get just that, linked from .venv.
tests/unit/controller holds the tests of what runs on the controller; it needs ansible-core and runs in .venv.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from tests.tools import environment, interpreters, paths
from tests.tools.steps import Step, run, say, tool_environment

PINS = paths.ROOT / "requirements-dev-unit.txt"
COVERAGE = paths.BUILD / "coverage"
CONTROLLER_TESTS = paths.ROOT / "tests/unit/controller"
REQUIRED_COVERAGE = 90
# Ubuntu's and Debian's own tables of support dates, which ours are compared with.
RELEASE_TABLES = Path("/usr/share/distro-info")
INSTALL_RELEASE_TABLES = ["apt-get", "install", "--yes", "--no-install-recommends", "distro-info-data"]


def _managed_host_path() -> Path:
    """A directory in which `ansible` is no more than its module_utils."""
    directory = paths.BUILD / "managed_host"
    package = directory / "ansible"
    package.mkdir(parents=True, exist_ok=True)
    (package / "__init__.py").touch()
    link = package / "module_utils"
    link.unlink(missing_ok=True)
    link.symlink_to(next(paths.VENV.glob("lib/python3*/site-packages/ansible/module_utils")))
    return directory


def _environment_of(interpreter: interpreters.Interpreter) -> Path:
    directory = paths.BUILD / f"unit-{interpreter.name}"
    ready = directory / environment.READY
    if not ready.exists() or ready.stat().st_mtime < PINS.stat().st_mtime:
        environment.make(directory, interpreter, arguments=["-r", str(PINS)])
    return directory


def _pytest(name: str, venv: Path, *, arguments: list[str | Path], search: Path | None = None) -> Step:
    variables = tool_environment(venv, COVERAGE_FILE=str(COVERAGE / name))
    if search is not None:
        variables["PYTHONPATH"] = str(search)
    command: list[str | Path] = [venv / "bin/python", "-m", "pytest", "--cov", "--cov-report=", *arguments]
    return Step(f"unit tests, {name}", command, variables, is_talkative=True)


def _steps(targets: list[interpreters.Interpreter]) -> list[Step]:
    search = _managed_host_path()
    arguments: list[str | Path] = ["tests/unit", f"--ignore={CONTROLLER_TESTS}"]
    steps = [_pytest(f"python-{one.name}", _environment_of(one), arguments=arguments, search=search) for one in targets]
    if CONTROLLER_TESTS.is_dir():
        steps.append(_pytest("controller", paths.VENV, arguments=[CONTROLLER_TESTS]))
    return steps


def _has_enough_coverage() -> bool:
    coverage: list[str | Path] = [paths.VENV / "bin/coverage"]
    variables = tool_environment(COVERAGE_FILE=str(COVERAGE / "combined"))
    data = sorted(path for path in COVERAGE.iterdir() if path.name != "combined")
    combined = run(Step("coverage combined", [*coverage, "combine", "--keep", *data], variables))
    report = [*coverage, "report", f"--fail-under={REQUIRED_COVERAGE}"]
    return combined and run(
        Step(f"coverage of plugins/ at least {REQUIRED_COVERAGE} %", report, variables, is_talkative=True)
    )


def missing(targets: list[interpreters.Interpreter]) -> list[str]:
    """What these Pythons leave untested, one sentence each."""
    oldest, newest = targets[0], targets[-1]
    problems = []
    if oldest.version > interpreters.OLDEST_TARGET:
        problems.append(f"Python 3.9 was not found: the oldest Python tested is {oldest.name}")
    if newest.version < interpreters.NEWEST_TARGET:
        problems.append(f"Python 3.13 was not found: the newest Python tested is {newest.name}")
    return problems


def _ensure_release_tables() -> None:
    """Installed where that needs no question; elsewhere the one test that wants them says what is missing."""
    if not RELEASE_TABLES.is_dir() and os.geteuid() == 0 and shutil.which("apt-get"):
        run(Step("package lists refreshed", ["apt-get", "update", "--quiet"]))
        run(Step("distro-info-data installed", INSTALL_RELEASE_TABLES))


def main() -> int:
    _ensure_release_tables()
    COVERAGE.mkdir(parents=True, exist_ok=True)
    for old in COVERAGE.iterdir():
        old.unlink()
    targets = interpreters.targets()
    results = [run(step) for step in _steps(targets)]
    results.append(_has_enough_coverage())
    untested = missing(targets)
    for sentence in untested:
        say(f"unit: {sentence}")
    if untested and os.environ.get("CI"):
        say("unit: a missing interpreter is an error in CI: install it")
        return 1
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
