from __future__ import annotations

import json
import os
from dataclasses import replace

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist import run as checklist_run
from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.run import run_checklist
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import ActionFailed, Refused
from ansible_collections.groundwork.python_host.plugins.module_utils._host import login
from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Executor
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery import (
    installation,
    journal_file,
    places,
)
from ansible_collections.groundwork.python_host.plugins.modules.security_checklist import argument_spec
from tests.unit.module_utils._checklist.runs import fresh_with_effects
from tests.unit.module_utils._checks.worlds import (
    AUTHORIZED_KEYS,
    JAIL_FILE,
    KEY,
    KEY_LINE,
    SSHD_FILE,
    TODAY,
    UBUNTU,
    context,
    failed,
    fresh,
    prepared,
    put,
    sshd_says,
)
from tests.unit.module_utils._platform.hosts import host_of


@pytest.fixture(autouse=True)
def _surroundings(monkeypatch):
    """A login; and the journal, which reads the host by itself, does not look at this machine."""
    for kind in places.LOOK:
        monkeypatch.setitem(places.LOOK, kind, lambda _name: {"kind": "absent"})
    monkeypatch.setenv("SSH_CONNECTION", "172.17.0.1 50914 172.17.0.5 22")


def alpine():
    host = host_of("ubuntu-24.04")
    host.files["/etc/os-release"] = 'ID=alpine\nVERSION_ID=3.22\nPRETTY_NAME="Alpine Linux v3.22"\n'
    return host


def run(host, *, check_mode=False, journal_in="", **given):
    checked = ArgumentSpecValidator(argument_spec()).validate(given)
    assert checked.error_messages == []
    executor = Executor(host, None if check_mode else host)
    return run_checklist(checked.validated_parameters, host, executor, today=TODAY, journal_in=journal_in)


def test_the_answer_has_the_documented_shape_and_is_plain_json():
    answer = json.loads(json.dumps(run(prepared(), admin_authorized_keys=[KEY_LINE])))
    assert set(answer) - {"confirm"} == {"findings", "summary", "score", "plan", "ssh", "login", "warnings"}
    assert (answer["score"], answer["plan"], answer["warnings"]) == (100.0, [], [])
    # No test host has a kernel with SELinux.
    assert answer["summary"]["pass"] + answer["summary"]["not_applicable"] == len(answer["findings"])
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
    system = alpine()
    answer = run(put(prepared(), files=system.files, answers=system.answers), mode="audit")
    assert {"UPD-001", "UPD-002"} <= {
        finding["id"] for finding in answer["findings"] if finding["status"] == "not_applicable"
    }


def test_applying_needs_root():
    host = fresh()
    host.uid = 1000
    with pytest.raises(Refused, match=r"become: true.*Nothing was changed"):
        run(host)


def test_a_system_that_this_version_cannot_change_is_refused_by_name():
    host = put(fresh(), files=alpine().files)
    with pytest.raises(Refused, match=r"can audit Alpine Linux v3\.22.*Nothing was changed"):
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


# --- the journal of a run, and who has to confirm it


def journalled(host, directory, **given):
    """An apply run that keeps its journal in that directory."""
    return run(host, admin_authorized_keys=[KEY_LINE], journal_in=str(directory), **given)


def journal_in(directory):
    (path,) = journal_file.journal_paths(str(directory))
    return journal_file.read_journal(path)


def test_a_run_that_closes_doors_has_to_be_confirmed_by_its_name(tmp_path):
    host = fresh_with_effects()
    answer = journalled(host, tmp_path, run="abc123", confirm_timeout=30)
    assert answer["confirm"] == {"run": "abc123", "seconds": 30}
    pending = json.loads(host.files[installation.PENDING])
    assert (pending["run"], os.path.dirname(pending["journal"])) == ("abc123", f"{tmp_path}/journal")
    assert any("systemd-run" in line and "--on-active=30" in line for line in host.performed)


def test_what_is_done_is_written_down_by_its_danger_and_the_journal_has_an_end(tmp_path):
    journalled(fresh_with_effects(), tmp_path, run="abc123")
    head, entries, notes = journal_in(tmp_path)
    dangers = {change["target"]: entry["danger"] for entry in entries if (change := entry["change"])}
    assert (head["run"], head["what"], notes) == ("abc123", "security_checklist", {"end": "finished"})
    assert {name: dangers[name] for name in ("deploy", AUTHORIZED_KEYS, SSHD_FILE, "ufw", JAIL_FILE)} == {
        "deploy": "way_in",
        AUTHORIZED_KEYS: "way_in",
        SSHD_FILE: "door",
        "ufw": "door",
        JAIL_FILE: "",
    }
    assert not any(installation.DIRECTORY in name for name in dangers)


def test_the_whole_result_is_kept_for_a_controller_that_was_cut_off(tmp_path):
    host = fresh_with_effects()
    answer = journalled(host, tmp_path, run="abc123")
    kept = json.loads(host.files[installation.RESULT])
    changes = kept["result"].pop("changes")
    assert kept == {"run": "abc123", "result": {**json.loads(json.dumps(answer)), "changed": True}}
    assert SSHD_FILE in [change["target"] for change in changes]


@pytest.mark.parametrize(("connection", "seconds"), [("172.17.0.1 50914 172.17.0.5 22", 0), ("", 60)])
def test_with_nobody_to_confirm_nothing_waits(tmp_path, monkeypatch, connection, seconds):
    monkeypatch.setenv("SSH_CONNECTION", connection)
    monkeypatch.setattr(login, "MOST_ANCESTORS", 0)
    host = fresh_with_effects()
    answer = journalled(host, tmp_path, confirm_timeout=seconds)
    assert "confirm" not in answer
    assert f"run rm -f {installation.PENDING}" in host.performed
    assert not any("systemd-run" in line for line in host.performed)


@pytest.mark.parametrize(
    ("service_manager", "is_wanted"), [("systemd", True), ("rc", True), ("openrc", False), ("none", False)]
)
def test_somebody_has_to_confirm_where_the_host_can_take_back_by_itself(service_manager, is_wanted):
    platform = replace(UBUNTU, service_manager=service_manager)
    made = checklist_run._recovery({"confirm_timeout": 60, "run": "abc"}, context(platform=platform), "")
    assert (made.is_wanted, made.service_manager) == (is_wanted, service_manager)


def test_a_second_run_writes_nothing_down_and_keeps_no_result(tmp_path):
    host = fresh_with_effects()
    journalled(host, tmp_path)
    put(host, files={installation.PENDING: None}, stats={installation.PENDING: None})
    before = list(host.performed)
    answer = journalled(host, tmp_path)
    assert "confirm" not in answer
    assert host.performed == before
    assert len(journal_file.journal_paths(str(tmp_path))) == 1


def test_check_mode_keeps_no_journal(tmp_path):
    journalled(fresh_with_effects(), tmp_path, check_mode=True)
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_fails_closes_its_journal_and_the_next_one_does_not_call_it_killed(tmp_path):
    host = fresh_with_effects()
    host.answers["systemctl reload-or-restart ssh.service"] = failed(1)
    with pytest.raises(ActionFailed):
        journalled(host, tmp_path)
    assert journal_in(tmp_path)[2] == {"end": "failed"}
    assert host.performed[-1].startswith(f"run sh {installation.COMMAND} now ")


def test_a_run_that_was_killed_is_told_of_by_the_next_one(tmp_path):
    (tmp_path / "journal").mkdir()
    journal_file.new_journal(str(tmp_path), "killed", "security_checklist")
    (warning,) = journalled(prepared(), tmp_path)["warnings"]
    assert "was killed" in warning
    assert journalled(prepared(), tmp_path)["warnings"] == []


def test_each_run_without_a_name_gets_one_of_its_own(tmp_path):
    names = {journalled(fresh_with_effects(), tmp_path / name)["confirm"]["run"] for name in "ab"}
    assert len(names) == 2
