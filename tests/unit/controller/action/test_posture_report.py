from __future__ import annotations

import pytest
from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task
from ansible.plugins.connection.local import Connection
from ansible.template import Templar

from ansible_collections.groundwork.python_host.plugins.action.posture_report import ActionModule
from tests.unit.plugin_utils._report.results import RESULT


def run(options, *, variables=None, check_mode=False, directory="/"):
    loader = DataLoader()
    loader.set_basedir(str(directory))
    task = Task()
    task.args = options
    task.action = "groundwork.python_host.posture_report"
    task.check_mode = check_mode
    task_vars = {"inventory_hostname": "web1", **(variables or {})}
    action = ActionModule(
        task=task,
        connection=Connection(PlayContext()),
        play_context=None,
        loader=loader,
        templar=Templar(loader, variables=task_vars),
        shared_loader_obj=None,
    )
    return action.run(task_vars=task_vars)


def test_the_roles_result_is_shown_and_no_file_is_written(capsys):
    answer = run({"note": ["a note"]}, variables={"python_host_result": RESULT})
    assert capsys.readouterr().out.startswith("Posture of web1\n===============\na note\n")
    assert (answer["changed"], answer["files"]) == (False, [])
    assert answer["summary"] == {
        "line": "1 fail, 1 fixed, 1 pass, score 87.5 of 100",
        "counts": {"pass": 1, "fixed": 1, "fail": 1, "unknown": 0},
        "score": 87.5,
    }
    assert "SSH-002  Passwords are not accepted over SSH: fail" in answer["text"]


def test_a_given_result_goes_before_the_roles(capsys):
    answer = run({"result": {"python": {"version": "3.12.3"}}, "show": False}, variables={"python_host_result": RESULT})
    assert "Check " not in answer["text"]
    assert capsys.readouterr().out == ""


def test_a_file_beside_the_playbook_is_changed_once(tmp_path):
    options = {"result": RESULT, "dest": "reports", "show": False}
    first = run(options, directory=tmp_path)
    assert first["changed"]
    assert first["files"] == [str(tmp_path / "reports/web1.txt")]
    assert (tmp_path / "reports/web1.txt").read_text() == first["text"]
    assert not run(options, directory=tmp_path)["changed"]


def test_check_mode_tells_the_file_and_does_not_write_it(tmp_path):
    answer = run({"result": RESULT, "dest": str(tmp_path / "reports"), "show": False}, check_mode=True)
    assert answer["changed"]
    assert answer["files"] == [str(tmp_path / "reports/web1.txt")]
    assert "Check mode" in answer["text"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "nothing to report on web1: neither the option `result` nor the variable `python_host_result` is set"),
        ({"result": RESULT, "formats": ["pdf"]}, "value of formats must be one or more of: text"),
        ({"result": "a word"}, "dict"),
        ({"result": RESULT, "destination": "/tmp"}, "Unsupported parameters"),
    ],
)
def test_bad_input_is_one_message(options, words):
    with pytest.raises(AnsibleError, match=words):
        run({"show": False, **options})


def test_a_directory_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "reports").write_text("a file")
    with pytest.raises(AnsibleError, match=r"cannot be written to .*/reports/web1\.txt on the controller"):
        run({"result": RESULT, "dest": str(tmp_path / "reports"), "show": False})
