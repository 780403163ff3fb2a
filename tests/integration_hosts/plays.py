"""Runs a playbook on disposable hosts and keeps what every task answered."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.hosts import control
from tests.tools import paths
from tests.tools.steps import PLAIN, tool_environment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tests.hosts.state import Host

SITE = paths.ROOT / "playbooks/site.yml"
COLLECTION = "groundwork.python_host."
_HERE = Path(__file__).parent


@dataclass(frozen=True)
class TaskResult:
    """What one task answered on one host; `outcome` is ok, failed, ignored, skipped or unreachable."""

    host: str
    task: str
    action: str
    outcome: str
    answer: Mapping[str, Any]


@dataclass(frozen=True)
class Run:
    """One run of ansible-playbook."""

    code: int
    output: str
    results: tuple[TaskResult, ...]

    @property
    def failures(self) -> tuple[str, ...]:
        """The messages that a user gets, as `host: message`."""
        bad = [result for result in self.results if result.outcome in ("failed", "unreachable")]
        return tuple(f"{result.host}: {result.answer.get('msg')}" for result in bad)

    @property
    def changed(self) -> tuple[str, ...]:
        """The tasks that have changed something, or in check mode would."""
        return tuple(f"{result.host}: {result.task}" for result in self.results if result.answer.get("changed"))

    def answer(self, module: str, host: str = "") -> Mapping[str, Any]:
        """What a module of the collection answered, skipped or not; empty when it was not reached."""
        found = [
            result.answer
            for result in self.results
            if result.action == COLLECTION + module and host in ("", result.host)
        ]
        return found[-1] if found else {}

    def changes(self, host: str = "") -> list[Mapping[str, str]]:
        """Every change that modules of the collection report, in order."""
        ours = [result for result in self.results if result.action.startswith(COLLECTION) and host in ("", result.host)]
        return [change for result in ours for change in result.answer.get("changes", ())]

    def findings(self, host: str = "") -> dict[str, Mapping[str, Any]]:
        """The checklist's findings by id."""
        return {finding["id"]: finding for finding in self.answer("security_checklist", host).get("findings", ())}

    def statuses(self, host: str = "") -> dict[str, str]:
        """The status of each check by its id."""
        return {name: finding["status"] for name, finding in self.findings(host).items()}


def play(
    playbook: Path,
    inventories: Sequence[Path | str],
    *,
    variables: Mapping[str, Any] | None = None,
    options: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
) -> Run:
    """Run a playbook from the sources, as `make apply` does; `variables` are extra variables."""
    command: list[str | Path] = [paths.VENV / "bin/ansible-playbook", playbook, *options]
    for inventory in inventories:
        command += ["-i", inventory]
    if variables:
        command += ["-e", json.dumps(variables)]
    with tempfile.TemporaryDirectory() as directory:
        recorded = Path(directory, "results.jsonl")
        recorded.touch()
        done = subprocess.run(
            [str(part) for part in command],
            cwd=paths.ROOT,
            env=_environment(recorded) | dict(environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=600,
            check=False,
        )
        results = tuple(TaskResult(**json.loads(line)) for line in recorded.read_text().splitlines())
    return Run(done.returncode, done.stdout, results)


def _environment(recorded: Path) -> dict[str, str]:
    environment = tool_environment(
        ANSIBLE_COLLECTIONS_PATH=str(paths.link_collection()),
        ANSIBLE_CALLBACK_PLUGINS=str(_HERE / "callbacks"),
        ANSIBLE_CALLBACKS_ENABLED="record_results",
        ANSIBLE_PIPELINING="1",
        GROUNDWORK_RESULTS=str(recorded),
    )
    return environment | PLAIN


@contextmanager
def hosts(*names: str, image: str = "ubuntu_lts") -> Iterator[tuple[Host, ...]]:
    """Fresh hosts, started at the same time, that another run in this checkout does not meet.

    A name may hold an image's, whose underscores no host's name may have.
    """
    own = [f"{name.replace('_', '-')}-{os.getpid()}" for name in names]
    try:
        with ThreadPoolExecutor(len(own)) as pool:
            yield tuple(pool.map(lambda name: control.up(name, image=image, key_file=None), own))
    finally:
        for name in own:
            control.down(name)


def shell(host: Host, text: str) -> str:
    """What a shell on the host prints, run as root without SSH."""
    return control.execute(host.name, ("sh", "-ec", text)).strip()
