"""The controller's half of security_checklist around a module that is not run."""

from __future__ import annotations

import pytest
from ansible import context
from ansible.module_utils.common.collections import ImmutableDict
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task
from ansible.plugins.connection.local import Connection
from ansible.template import Templar
from ansible.utils.vars import load_extra_vars

from ansible_collections.groundwork.python_host.plugins.action import security_checklist as plugin
from ansible_collections.groundwork.python_host.plugins.action.security_checklist import ActionModule

CLOSED = {"changed": True, "changes": [], "findings": [{"id": "SSH-001", "status": "fixed"}]}


class SshConnection(Connection):
    """An SSH connection as far as its options go; a port of None is one that nobody set."""

    transport = "ssh"
    user = ""

    def get_option(self, option, hostvars=None):
        return {"remote_user": self.user, "port": None}[option]


class Recording(ActionModule):
    """Stops where the module would go to the host."""

    answer = CLOSED

    def _execute_module(self, *, module_name, module_args, task_vars):
        self.sent = module_args
        return dict(self.answer)


@pytest.fixture
def extra_vars(monkeypatch):
    """Sets the command line's extra variables, which Ansible reads once."""

    def give(*assignments):
        monkeypatch.setattr(context, "CLIARGS", ImmutableDict(extra_vars=assignments))
        monkeypatch.setattr(load_extra_vars, "extra_vars", None, raising=False)

    give()
    return give


def make(options, *, user="root", check_mode=False, answer=None):
    loader = DataLoader()
    task = Task()
    task.args = options
    task.check_mode = check_mode
    connection = SshConnection(PlayContext())
    connection.user = user
    action = Recording(
        task=task,
        connection=connection,
        play_context=PlayContext(),
        loader=loader,
        templar=Templar(loader),
        shared_loader_obj=None,
    )
    action.answer = answer or CLOSED
    return action


def test_the_public_half_joins_the_keys_and_the_new_pair_is_a_change(tmp_path, extra_vars):
    action = make({"admin_key_file": str(tmp_path / "deploy"), "admin_authorized_keys": ["ssh-rsa AAAA other"]})
    answer = action.run(task_vars={})
    assert [line.split()[0] for line in action.sent["admin_authorized_keys"]] == ["ssh-rsa", "ssh-ed25519"]
    assert "admin_key_file" not in action.sent
    assert answer["changes"][0]["kind"] == "key pair"
    assert answer["handover"] == {"user": "deploy", "key_file": str(tmp_path / "deploy")}


def test_check_mode_makes_no_pair_and_hands_nothing_over(tmp_path, extra_vars):
    answer = make({"admin_key_file": str(tmp_path / "deploy")}, check_mode=True).run(task_vars={})
    assert (answer["changed"], answer["handover"], list(tmp_path.iterdir())) == (True, {}, [])


def test_an_extra_variable_that_would_win_is_refused_before_the_host_is_touched(extra_vars):
    extra_vars("ansible_user=root")
    action = make({})
    answer = action.run(task_vars={})
    assert answer["failed"]
    assert "Nothing was changed" in answer["msg"]
    assert "ansible_user=root" in answer["msg"]
    assert not hasattr(action, "sent")


def test_a_key_that_cannot_be_used_is_refused_before_the_host_is_touched(tmp_path, extra_vars):
    (tmp_path / "deploy").write_text("not a key\n")
    action = make({"admin_key_file": str(tmp_path / "deploy")})
    answer = action.run(task_vars={})
    assert answer["failed"]
    assert "admin_key_file" in answer["msg"]
    assert not hasattr(action, "sent")


def test_a_failed_module_is_handed_on_as_it_is(extra_vars):
    answer = make({}, answer={"failed": True, "msg": "sudo is broken"}).run(task_vars={})
    assert (answer["msg"], "handover" in answer) == ("sudo is broken", False)


def test_an_administrator_stays_who_he_is(extra_vars):
    assert make({}, user="deploy").run(task_vars={})["handover"] == {}


WAITING = {**CLOSED, "confirm": {"argv": ["python3", "revert.py", "confirm", "abc"], "seconds": 60}}


def test_a_dangerous_change_is_confirmed_as_whoever_goes_on(monkeypatch, extra_vars):
    logins = []

    def fresh_login(connection, play_context, argv, *, identity, sudo):
        logins.append((argv, identity, bool(sudo)))
        return 0, '{"confirmed": true}', ""

    monkeypatch.setattr(plugin, "fresh_login", fresh_login)
    answer = make({}, answer=WAITING).run(task_vars={})
    assert logins == [(WAITING["confirm"]["argv"], {"remote_user": "deploy", "port": 22}, True)]
    assert answer["confirmed"] == "as deploy on port 22"
    assert "confirm" not in answer


def test_without_a_confirmation_the_play_fails_after_the_host_has_taken_it_back(monkeypatch, extra_vars):
    naps = []
    monkeypatch.setattr(plugin, "fresh_login", lambda *args, **options: (255, "", "Permission denied (publickey)"))
    monkeypatch.setattr(plugin.time, "sleep", naps.append)
    answer = make({}, answer=WAITING).run(task_vars={})
    assert answer["failed"]
    assert all(word in answer["msg"] for word in ("deploy", "port 22", "Permission denied", "60 s"))
    assert answer["handover"] == {}
    assert naps[-1] > 60
