"""The frame around a body, with the real AnsibleModule and this machine as the host."""

from __future__ import annotations

import json
import os

import pytest
from ansible.module_utils import basic

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import BadInput
from ansible_collections.groundwork.python_host.plugins.module_utils._host import ansible_host
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Change, Command, WriteFile
from ansible_collections.groundwork.python_host.plugins.module_utils._host.module import run_module

SPEC = {"path": {"type": "str", "default": ""}, "secret": {"type": "str", "no_log": False}}


@pytest.fixture
def run(monkeypatch, capsys):
    """Run a body as Ansible would; returns what the module prints, and its exit code."""
    # The module gives up its standard input for good; ours comes back afterwards.
    standard_input = os.dup(0)

    def call(body, *, arguments=None, check=False, diff=False, **frame):
        sent = {"_ansible_check_mode": check, "_ansible_diff": diff, **(arguments or {})}
        monkeypatch.setattr(basic, "_ANSIBLE_ARGS", json.dumps({"ANSIBLE_MODULE_ARGS": sent}).encode())
        monkeypatch.setattr(basic, "_ANSIBLE_PROFILE", "legacy", raising=False)
        with pytest.raises(SystemExit) as ended:
            run_module(SPEC, body, **frame)
        return json.loads(capsys.readouterr().out), ended.value.code

    yield call
    os.dup2(standard_input, 0)
    os.close(standard_input)


def write(path, content="new\n"):
    owner, group = str(os.geteuid()), str(os.getegid())
    return WriteFile(str(path), content, owner=owner, group=group)


def writing_body(params, _host, executor):
    executor.run([write(params["path"])])
    return {"answer": 42, "warnings": ["a word"]}


def test_the_result_is_the_bodys_with_what_was_changed(run, tmp_path):
    path = tmp_path / "file"
    result, code = run(writing_body, arguments={"path": str(path)})
    assert code == 0
    assert (result["changed"], result["answer"]) == (True, 42)
    assert result["changes"] == [{"kind": "file", "target": str(path), "before": "absent", "after": "written"}]
    assert "diff" not in result
    assert json.dumps(result["warnings"]).count("a word") == 1
    assert path.read_text(encoding="utf-8") == "new\n"


def test_check_mode_tells_the_same_and_writes_nothing(run, tmp_path):
    path = tmp_path / "file"
    result, _code = run(writing_body, arguments={"path": str(path)}, check=True, diff=True)
    assert result["changed"]
    assert result["diff"][0]["after"] == "new\n"
    assert not path.exists()


def test_no_difference_is_no_change(run):
    result, _code = run(lambda _params, _host, _executor: {}, diff=True)
    assert (result["changed"], result["changes"], result["diff"]) == (False, [], [])


def test_an_error_that_we_can_explain_is_a_message_with_what_was_done_before(run):
    def body(_params, _host, executor):
        executor.run([Command(("true",), Change("x", "y", "a", "b"))])
        raise BadInput(["one: wrong", "two: wrong"])

    result, code = run(body)
    assert code == 1
    assert result["msg"].endswith("one: wrong; two: wrong")
    assert (result["failed"], result["changed"], len(result["changes"])) == (True, True, 1)


def test_a_module_that_only_reads_has_no_pen_and_no_list_of_changes(run):
    result, _code = run(lambda _params, _host, executor: {"check": executor.is_check_mode}, only_reads=True)
    assert (result["check"], result["changed"]) == (True, False)
    assert "changes" not in result


def test_without_root_one_message_says_what_to_set_and_the_body_never_runs(run, monkeypatch):
    monkeypatch.setattr(ansible_host.os, "geteuid", lambda: 1000)
    result, code = run(writing_body, needs_root=True)
    assert code == 1
    for words in ("root", "1000", "become: true", "Nothing was changed"):
        assert words in result["msg"]


def test_words_that_the_module_calls_secret_are_hidden(run):
    result, _code = run(
        lambda params, _host, _executor: {"seen": params["secret"]},
        arguments={"secret": "hunter2-hunter2"},
        secrets=lambda params: [params["secret"]],
    )
    assert "hunter2-hunter2" not in json.dumps(result)
