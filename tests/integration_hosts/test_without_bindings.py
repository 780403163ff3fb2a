"""Every module runs under a Python that has neither apt's nor dnf's bindings."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.integration_hosts.plays import hosts, play, shell

if TYPE_CHECKING:
    from pathlib import Path

# Without `site` the distribution's own directory of modules, where bindings lie, is not searched.
BARE = "/usr/local/bin/bare-python"
WRAPPER = f"""printf '#!/bin/sh\\nexec %s -S "$@"\\n' "$(command -v python3)" > {BARE}; chmod 0755 {BARE}"""
IMPORT = 'for name in apt apt_pkg dnf hawkey rpm libdnf5; do ! {python} -c "import $name" 2>/dev/null; done'
MODULES = {
    "os_support_info": {},
    "packages": {"name": ["time-sync", "automatic-updates"], "upgrade": "all"},
    "security_checklist": {"mode": "audit"},
    "python_runtime": {"path": "/srv/bare", "owner": "bare"},
    "undo": {"part": "doors", "login_user": "root"},
}


def written(directory: Path) -> Path:
    tasks = [{f"groundwork.python_host.{name}": options} for name, options in MODULES.items()]
    variables = {"ansible_python_interpreter": BARE}
    playbook = directory / "modules.yml"
    playbook.write_text(json.dumps([{"hosts": "all", "gather_facts": False, "vars": variables, "tasks": tasks}]))
    return playbook


@pytest.mark.parametrize("image", ["ubuntu_lts", "centos"])
def test_every_module_runs_without_bindings(image: str, tmp_path: Path) -> None:
    with hosts(f"bare-{image}", image=image) as (host,):
        shell(host, WRAPPER)
        shell(host, IMPORT.format(python=BARE))
        run = play(written(tmp_path), [host.inventory], options=["--check"])
    assert run.code == 0, run.output
    assert {result.action.rpartition(".")[2]: result.outcome for result in run.results} == dict.fromkeys(MODULES, "ok")
    assert run.answer("packages")["plan"]
