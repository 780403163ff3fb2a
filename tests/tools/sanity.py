"""ansible-test sanity, every test, without ignores, over a copy of the sources.

ansible-test wants an `ansible_collections/NAMESPACE/NAME` folder that is not a link, lists a collection's files through
git, and keeps its environments in the home directory. It gets a folder, a repository and a home of its own.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.tools import interpreters, paths, sources
from tests.tools.steps import say, tool_environment

WORK = paths.BUILD / "sanity"
COPY = WORK / "ansible_collections/groundwork/python_host"
HOME = WORK / "home"
# The place of pip's own settings, which hold where the machine gets its packages from.
PIP_SETTINGS = (".config/pip", ".pip")
BOOTSTRAP = "import ensurepip\n\nensurepip.bootstrap()\n"
PIP_CHATTER = re.compile(
    "(Collect|Download|Install|Look|Process)ing |Successfully |Using cached |WARNING: Location |\u2501"
)
SKIPPED = re.compile(r"(?:WARNING: )?(Skipping sanity test.*|Skipping tests disabled.*)")


def _wanted_pip() -> str:
    """The version in the name of the bootstrap file that this ansible-test looks for."""
    source = next(paths.VENV.glob("lib/python3*/site-packages/ansible_test/_internal/python_requirements.py"))
    found = re.search(r"default_packages = dict\(\s*pip='([^']+)'", source.read_text())
    if found is None:
        raise SystemExit(f"{source}: wanted the version of pip that ansible-test bootstraps, found none: see sanity.py")
    return found.group(1)


def _prepare_home() -> None:
    """ansible-test downloads get-pip from a host of its own; Python's bundled copy of pip does as well."""
    cache = HOME / ".ansible/test/cache"
    cache.mkdir(parents=True, exist_ok=True)
    (cache / f"get_pip_{_wanted_pip().replace('.', '_')}.py").write_text(BOOTSTRAP)
    for name in PIP_SETTINGS:
        link = HOME / name
        link.parent.mkdir(parents=True, exist_ok=True)
        if (Path.home() / name).is_dir() and not link.is_symlink():
            link.symlink_to(Path.home() / name, target_is_directory=True)


def _prepare_copy() -> None:
    sources.copy_to(COPY)
    subprocess.run(["git", "init", "--quiet", str(COPY)], check=True)


def _command(targets: list[interpreters.Interpreter]) -> list[str]:
    controller = paths.VENV / "bin/python"
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    command = ["ansible-test", "sanity", "--color", "no", "--allow-disabled"]
    command += ["--controller", f"origin:python={version}@{controller}"]
    for target in targets:
        command += ["--target-python", f"{target.name}@{target.path}"]
    return command


def _environment(targets: list[interpreters.Interpreter]) -> dict[str, str]:
    environment = tool_environment(HOME=str(HOME))
    # ansible-test looks for a target's Python by name, too, when it makes environments.
    directories = [str(target.path.parent) for target in targets]
    environment["PATH"] = os.pathsep.join([str(paths.VENV / "bin"), *directories, os.environ.get("PATH", os.defpath)])
    return environment


def _run(targets: list[interpreters.Interpreter]) -> tuple[int, list[str]]:
    """The exit code and everything that was printed."""
    lines: list[str] = []
    with subprocess.Popen(
        _command(targets),
        cwd=COPY,
        env=_environment(targets),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        for line in process.stdout or ():
            lines.append(line.rstrip())
            if not PIP_CHATTER.match(line.lstrip()):
                say(lines[-1])
    return process.returncode, lines


def main() -> int:
    targets = interpreters.targets()
    _prepare_home()
    _prepare_copy()
    code, lines = _run(targets)
    skipped = [found.group(1) for line in lines if (found := SKIPPED.search(line))]
    count = sum(line.startswith("Running sanity test") for line in lines)
    pythons = " and ".join(target.name for target in targets)
    say(f"sanity: {count} test runs, modules for Python {pythons}; skipped: {'; '.join(skipped) or 'none'}")
    if skipped and os.environ.get("CI"):
        say("sanity: a skipped test is an error in CI")
        return 1
    return code


if __name__ == "__main__":
    raise SystemExit(main())
