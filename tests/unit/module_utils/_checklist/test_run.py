from __future__ import annotations

import json

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.run import run_checklist
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import Refused
from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Executor
from ansible_collections.groundwork.python_host.plugins.modules.security_checklist import argument_spec
from tests.unit.module_utils._checklist.runs import fresh_with_effects
from tests.unit.module_utils._checks.worlds import KEY, KEY_LINE, TODAY, failed, fresh, prepared, put, sshd_says
from tests.unit.module_utils._platform.hosts import host_of


@pytest.fixture(autouse=True)
def _login(monkeypatch):
    monkeypatch.setenv("SSH_CONNECTION", "172.17.0.1 50914 172.17.0.5 22")


def run(host, *, check_mode=False, **given):
    checked = ArgumentSpecValidator(argument_spec()).validate(given)
    assert checked.error_messages == []
    executor = Executor(host, None if check_mode else host)
    return run_checklist(checked.validated_parameters, host, executor, today=TODAY)


def test_the_answer_has_the_documented_shape_and_is_plain_json():
    answer = json.loads(json.dumps(run(prepared(), admin_authorized_keys=[KEY_LINE])))
    assert set(answer) - {"confirm"} == {"findings", "summary", "score", "plan", "ssh", "login", "warnings"}
    assert (answer["score"], answer["plan"], answer["warnings"]) == (100.0, [], [])
    assert answer["summary"]["pass"] == len(answer["findings"])
    assert answer["login"] == {"address": "172.17.0.1", "port": 22}
    assert answer["ssh"]["root"]["permitrootlogin"] == "no"
    assert set(answer["ssh"]) == {"deploy", "root"}


@pytest.mark.parametrize("host", [fresh(), prepared()])
def test_an_audit_changes_nothing_and_needs_no_key(host):
    answer = run(host, mode="audit")
    assert host.performed == []
    assert answer["plan"] == []


def test_an_audit_needs_no_root():
    host = fresh()
    host.uid = 1000
    answer = run(host, mode="audit")
    assert answer["summary"]["unknown"] > 0
    assert answer["summary"]["fail"] > 0


def test_an_audit_reports_on_a_system_that_it_cannot_change():
    host = put(prepared(), files=host_of("rocky-9").files)
    answer = run(host, mode="audit")
    assert answer["summary"]["not_applicable"] == 2


def test_applying_needs_root():
    host = fresh()
    host.uid = 1000
    with pytest.raises(Refused, match=r"become: true.*Nothing was changed"):
        run(host)


def test_a_system_that_this_version_cannot_change_is_refused_by_name():
    host = put(fresh(), files=host_of("rocky-9").files)
    with pytest.raises(Refused, match=r"Rocky Linux 9.*Nothing was changed"):
        run(host)
    assert host.performed == []


def test_the_prediction_and_the_run_are_alike():
    foretold = run(fresh_with_effects(), admin_authorized_keys=[KEY_LINE], check_mode=True)
    real = run(fresh_with_effects(), admin_authorized_keys=[KEY_LINE])
    assert foretold["summary"]["would_fix"] == real["summary"]["fixed"] == 10
    assert foretold["plan"] == real["plan"]
    assert [finding["id"] for finding in foretold["findings"] if finding["status"] == "would_fix"] == [
        finding["id"] for finding in real["findings"] if finding["status"] == "fixed"
    ]
    assert real["score"] == 100.0


def test_open_doors_are_warned_about():
    answer = run(fresh_with_effects())
    assert len(answer["warnings"]) == 1
    assert "python_host_admin_authorized_keys" in answer["warnings"][0]


def test_where_sshd_cannot_say_its_settings_are_left_out():
    assert run(put(prepared(), answers=sshd_says(failed(255))), mode="audit")["ssh"] == {}


def test_the_body_of_a_key_is_in_no_answer():
    assert KEY.body not in json.dumps(run(fresh_with_effects(), admin_authorized_keys=[KEY_LINE]))
