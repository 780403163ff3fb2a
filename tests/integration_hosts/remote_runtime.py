"""The module python_runtime on one host, called as an ad-hoc command, and the host itself behind its back."""

from __future__ import annotations

import json
import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.hosts import control
from tests.tools import paths
from tests.tools.steps import tool_environment

if TYPE_CHECKING:
    from pathlib import Path

    from tests.hosts.state import Host


@dataclass
class Remote:
    """A host, and the directory that Ansible leaves its answers in; `interpreter` is what the module itself runs on."""

    host: Host
    results: Path
    interpreter: str = "/usr/bin/python3.11"
    output: str = ""

    def command(self, *options: str, **arguments: Any) -> list[str]:
        """The results go to files as JSON, which this core's ad-hoc output cannot be."""
        module = ["-m", "groundwork.python_host.python_runtime", "-a", json.dumps(arguments)]
        return ["ansible", self.host.name, "-i", str(self.host.inventory), *module, "-t", str(self.results), *options]

    def environment(self) -> dict[str, str]:
        return tool_environment(
            ANSIBLE_COLLECTIONS_PATH=str(paths.link_collection()),
            ANSIBLE_PIPELINING="1",
            ANSIBLE_PYTHON_INTERPRETER=self.interpreter,
        )

    def run(self, *options: str, **arguments: Any) -> Any:
        done = subprocess.run(
            self.command(*options, **arguments),
            cwd=paths.ROOT,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        self.output = done.stdout + done.stderr
        return json.loads((self.results / self.host.name).read_text())

    def start(self, **arguments: Any) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self.command(**arguments),
            cwd=paths.ROOT,
            env=self.environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def shell(self, text: str) -> str:
        return control.execute(self.host.name, ("sh", "-ec", text)).strip()

    def imports(self, name: str) -> str:
        return self.shell(
            f"runuser -u app -- /srv/app/current/bin/python -c 'import {name}; print({name}.__version__)'"
        )

    def releases(self) -> list[str]:
        return self.shell("ls /srv/app/releases").split()

    def current(self) -> str:
        return self.shell("readlink /srv/app/current").partition("/")[2]

    def kill_when_pip_runs(self, whom: str) -> None:
        """Wait until pip hangs on the silent index, then end these programs as a power cut would."""
        for _second in range(60):
            if self.shell("pgrep -u app -f '[p]ip install' || true"):
                break
            time.sleep(1)
        self.shell(f"pkill -KILL -f '{whom}' || true")


def kinds(answer: Any) -> list[tuple[str, str]]:
    """What changed: kind and target of each change."""
    return [(change["kind"], change["target"]) for change in answer["changes"]]
