"""How the requirements file comes from the controller."""

from __future__ import annotations

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task
from ansible.plugins.connection.local import Connection
from ansible.template import Templar

from ansible_collections.groundwork.python_host.plugins.action.python_runtime import ActionModule


class Recording(ActionModule):
    """Stops where the module would go to the host."""

    def _execute_module(self, *, module_args, task_vars):
        return {"sent": module_args}


def run(options, *, directory, variables=None):
    loader = DataLoader()
    loader.set_basedir(str(directory))
    task = Task()
    task.args = options
    action = Recording(
        task=task,
        connection=Connection(PlayContext()),
        play_context=None,
        loader=loader,
        templar=Templar(loader),
        shared_loader_obj=None,
    )
    return action.run(task_vars=variables or {})


@pytest.mark.parametrize("place", ["files", "."])
def test_a_file_is_found_as_copy_finds_its_source(tmp_path, place):
    (tmp_path / "files").mkdir()
    (tmp_path / place / "locked.txt").write_text("flask==3 \\\n  --hash=sha256:aa\n")
    answer = run({"requirements_file": "locked.txt", "owner": "shop"}, directory=tmp_path)
    assert answer == {"sent": {"requirements": ["flask==3 \\\n  --hash=sha256:aa\n"], "owner": "shop"}}


def test_a_file_beside_the_inventory_is_found(tmp_path):
    (tmp_path / "inventory").mkdir()
    (tmp_path / "inventory/locked.txt").write_text("flask\n")
    variables = {"inventory_dir": str(tmp_path / "inventory")}
    answer = run({"requirements_file": "locked.txt"}, directory=tmp_path / "playbooks", variables=variables)
    assert answer["sent"]["requirements"] == ["flask\n"]


def test_an_empty_file_is_no_requirement(tmp_path):
    (tmp_path / "locked.txt").write_text("\n")
    assert run({"requirements_file": "locked.txt"}, directory=tmp_path) == {"sent": {"requirements": []}}


def test_a_missing_file_is_told_with_the_places_and_all_other_problems(tmp_path):
    answer = run({"requirements_file": "locked.txt", "path": "app", "version": 3.1}, directory=tmp_path)
    assert answer["failed"]
    assert answer["msg"].startswith("Nothing was changed. requirements_file: locked.txt is not on the controller")
    assert f"{tmp_path}/files/locked.txt, {tmp_path}/locked.txt" in answer["msg"]
    assert "version: 3.1 is a number" in answer["msg"]
    assert "path: 'app' is relative" in answer["msg"]


def test_a_missing_absolute_file_and_an_option_that_does_not_exist(tmp_path):
    answer = run({"requirements_file": "/nowhere/locked.txt", "keep": 1}, directory=tmp_path)
    assert "looked for at /nowhere/locked.txt" in answer["msg"]
    assert "keep. Supported parameters include" in answer["msg"]


def test_a_file_that_cannot_be_read_is_told(tmp_path):
    (tmp_path / "locked.txt").mkdir()
    answer = run({"requirements_file": "locked.txt"}, directory=tmp_path)
    assert "requirements_file: locked.txt cannot be read on the controller" in answer["msg"]


@pytest.mark.parametrize(
    "options",
    [
        {"requirements_file": "/srv/r.txt", "remote_src": True},
        {"requirements_file": "/srv/r.txt", "remote_src": "yes"},
        {"requirements_file": "r.txt", "requirements": ["flask"]},
        {"requirements": ["flask"]},
        {"requirements_file": None},
    ],
)
def test_what_is_the_modules_business_goes_to_it_as_it_is(tmp_path, options):
    assert run(options, directory=tmp_path) == {"sent": options}
