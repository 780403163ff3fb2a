"""One call of the module `packages` through Ansible and SSH, and what it answered."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from typing import Any

from tests.hosts import state
from tests.tools import paths
from tests.tools.steps import tool_environment


@dataclass(frozen=True)
class Answer:
    """What one call of the module gave back, and what Ansible printed before it (the diff)."""

    printed: str
    result: dict[str, Any]

    @property
    def message(self) -> str:
        """Why it has failed."""
        assert "FAILED" in self.printed, self.result
        return str(self.result["msg"])

    @property
    def targets(self) -> list[str]:
        """The commands that changed something, in order."""
        return [change["target"] for change in self.result["changes"]]

    def plan(self) -> dict[str, tuple[str, str | None]]:
        """Each package with what was done to it, and its version afterwards."""
        assert "FAILED" not in self.printed, self.result
        return {change["name"]: (change["action"], change["to"]) for change in self.result["plan"]}


def environment() -> dict[str, str]:
    """For Ansible to take the module from the sources of this repository."""
    return tool_environment(
        ANSIBLE_COLLECTIONS_PATH=str(paths.link_collection()), ANSIBLE_PIPELINING="1", ANSIBLE_NOCOLOR="1"
    )


def packages(host: str, *flags: str, **options: object) -> Answer:
    """One call of the module on that host."""
    argv = ["ansible", host, "-i", str(state.load_host(host).inventory), "-m", "groundwork.python_host.packages"]
    command = [*argv, "-a", json.dumps(options), *flags]
    done = subprocess.run(
        command, env=environment(), cwd=paths.ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    start = done.stdout.find("=> {")
    assert start >= 0, done.stdout + done.stderr
    result, _end = json.JSONDecoder().raw_decode(done.stdout[start + 3 :])
    return Answer(done.stdout[:start], result)
