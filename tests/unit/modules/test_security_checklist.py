"""The module's glue; what it decides is tested in tests/unit/module_utils/_checklist and _checks."""

from __future__ import annotations

import json
import os

import pytest
from ansible.module_utils import basic

from ansible_collections.groundwork.python_host.plugins.modules import security_checklist


@pytest.fixture
def called(monkeypatch, capsys):
    """The module's own answer on this very machine, as Ansible would call it."""
    standard_input = os.dup(0)

    def call(**arguments):
        monkeypatch.setattr(basic, "_ANSIBLE_ARGS", json.dumps({"ANSIBLE_MODULE_ARGS": arguments}).encode())
        monkeypatch.setattr(basic, "_ANSIBLE_PROFILE", "legacy", raising=False)
        with pytest.raises(SystemExit):
            security_checklist.main()
        return json.loads(capsys.readouterr().out)

    yield call
    os.dup2(standard_input, 0)
    os.close(standard_input)


def test_bad_input_is_one_message_and_no_change(called):
    answer = called(admin_name="root", ssh_port=0)
    assert answer["failed"]
    assert not answer["changed"]
    assert "admin_name" in answer["msg"]
    assert "ssh_port" in answer["msg"]


def test_a_password_hash_is_hidden_from_what_ansible_shows(called):
    answer = called(admin_name="root", admin_password_hash="hunter2-hunter2-hunter2")
    assert "hunter2" not in json.dumps(answer)


@pytest.mark.parametrize("name", ["admin_password_hash", "admin_authorized_keys", "admin_key_file"])
def test_what_is_secret_is_marked_and_what_only_looks_so_is_not(name):
    assert security_checklist.argument_spec()[name]["no_log"] is (name == "admin_password_hash")


def test_a_private_key_given_as_a_public_one_is_shown_nowhere(called):
    key = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk\n-----END OPENSSH PRIVATE KEY-----\n"
    answer = called(admin_authorized_keys=[key])
    assert "it is a private key" in answer["msg"]
    assert "b3BlbnNzaC1rZXk" not in json.dumps(answer)
