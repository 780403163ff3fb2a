"""The script that finds or installs a first Python, with package tools that answer as told."""

from __future__ import annotations

import os
import subprocess

import pytest

from tests.tools import paths

SCRIPT = paths.ROOT / "playbooks/files/python.sh"
# No Python is that new, so there is always one to install.
TOO_NEW = "99"


@pytest.fixture
def answer(tmp_path):
    """What the script answers where these programs do what these lines say; each writes down how it was called."""

    def run(task, **programs):
        for name, lines in {"id": "echo 0", "timeout": 'shift 2; exec "$@"', **programs}.items():
            program = tmp_path / name
            program.write_text(f'#!/bin/sh\necho "{name} $*" >>{tmp_path}/calls\n{lines}\n')
            program.chmod(0o755)
        variables = {**os.environ, "PATH": f"{tmp_path}:/usr/bin:/bin"}
        command = ["sh", str(SCRIPT), task, TOO_NEW]
        return subprocess.run(command, env=variables, capture_output=True, text=True, check=True).stdout

    return run


def calls(tmp_path, name):
    written = tmp_path / "calls"
    return (
        [line for line in written.read_text().splitlines() if line.startswith(f"{name} ")] if written.exists() else []
    )


def test_a_look_asks_no_package_tool(answer, tmp_path):
    assert answer("look", dnf="exit 1").startswith("groundwork_packages=python3 ")
    assert calls(tmp_path, "dnf") == []


def test_names_that_there_are_not_are_tried_one_after_the_other(answer, tmp_path):
    said = answer("install", dnf="echo Error: Unable to find a match: python3 >&2; exit 1")
    assert "is in the repositories of dnf" in said
    assert len(calls(tmp_path, "dnf")) > 1


def test_a_package_tool_that_does_not_end_is_waited_for_once(answer, tmp_path):
    said = answer("install", dnf="exit 1", timeout="echo Waiting for process with pid 12 to finish.; exit 124")
    assert said.startswith("groundwork_problem=dnf was stopped after 15 minutes.")
    assert "Waiting for process with pid 12" in said
    assert len(calls(tmp_path, "timeout")) == 1
