"""The controller's half of security_checklist around a module that is not run."""

from __future__ import annotations

import json
import re

import pytest
from ansible import context
from ansible.errors import AnsibleConnectionFailure
from ansible.module_utils.common.collections import ImmutableDict
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task
from ansible.plugins.connection.local import Connection
from ansible.template import Templar
from ansible.utils.vars import load_extra_vars

from ansible_collections.groundwork.python_host.plugins.action.security_checklist import ActionModule
from ansible_collections.groundwork.python_host.plugins.plugin_utils._login import confirmation, fresh
from ansible_collections.groundwork.python_host.plugins.plugin_utils._login.fresh import Identity

CLOSED = {"changed": True, "changes": [], "findings": [{"id": "SSH-001", "status": "fixed"}]}


class SshConnection(Connection):
    """An SSH connection as far as its options go; a port of None is one that nobody set."""

    transport = "ssh"
    user = ""

    def get_option(self, option, hostvars=None):
        return {"remote_user": self.user, "port": None}[option]


class Recording(ActionModule):
    """Stops where the module would go to the host, and where the play's own connection would be used once more."""

    answer = CLOSED
    is_gone = False

    def _execute_module(self, *, module_name, module_args, task_vars):
        self.sent = module_args
        if isinstance(self.answer, Exception):
            raise self.answer
        return dict(self.answer)

    def _low_level_execute_command(self, command, *, sudoable):
        assert sudoable
        self.taken_back.append(command)
        if self.is_gone:
            raise CUT
        return {"rc": 0, "stdout": f"motd\n{json.dumps(self.told[command.split()[2]])}\n"}


@pytest.fixture
def extra_vars(monkeypatch):
    """Sets the command line's extra variables, which Ansible reads once."""

    def give(*assignments):
        monkeypatch.setattr(context, "CLIARGS", ImmutableDict(extra_vars=assignments))
        monkeypatch.setattr(load_extra_vars, "extra_vars", None, raising=False)

    give()
    return give


def make(options, *, user="root", check_mode=False, answer=None, transport="ssh"):
    loader = DataLoader()
    task = Task()
    task.args = options
    task.check_mode = check_mode
    connection = SshConnection(PlayContext())
    connection.user, connection.transport = user, transport
    action = Recording(
        task=task,
        connection=connection,
        play_context=PlayContext(),
        loader=loader,
        templar=Templar(loader),
        shared_loader_obj=None,
    )
    action.answer, action.taken_back = answer or CLOSED, []
    # What the program on the host answers over the play's own connection, by its first word.
    action.told = {"now": {"reverted": True}}
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
    action = make({}, answer={"failed": True, "msg": "sudo is broken", "changes": []})
    answer = action.run(task_vars={})
    assert (answer["msg"], "handover" in answer) == ("sudo is broken", False)
    assert action.taken_back == []


def test_an_administrator_stays_who_he_is(extra_vars):
    assert make({}, user="deploy").run(task_vars={})["handover"] == {}


WAITING = {**CLOSED, "confirm": {"run": "abc", "seconds": 60}}
CUT = AnsibleConnectionFailure("Shared connection to 192.0.2.1 closed.")
NO_LOGIN = (255, "", "Permission denied (publickey)")


def answered(**answer):
    """What the program on the host prints, with its exit code."""
    return 0 if answer.get("confirmed") else 3, json.dumps(answer), ""


@pytest.fixture
def logins(monkeypatch):
    """Sets what each fresh login gets, the last answer for ever; returns who logged in for what."""
    made, naps = [], []

    def give(*answers):
        left = list(answers)

        def fresh_login(_connection, _play_context, argv, *, identity, sudo=None):
            made.append((argv, identity, bool(sudo)))
            return left.pop(0) if len(left) > 1 else left[0]

        monkeypatch.setattr(confirmation, "fresh_login", fresh_login)
        return made

    monkeypatch.setattr(fresh.time, "sleep", naps.append)
    give.naps = naps
    return give


def test_a_dangerous_change_is_confirmed_as_whoever_goes_on(logins, extra_vars):
    made = logins(answered(confirmed=True))
    action = make({}, answer=WAITING)
    answer = action.run(task_vars={})
    assert made == [((*fresh.COMMAND, "confirm", "abc"), Identity("deploy", 22), True)]
    assert answer["confirmed"] == "as deploy on port 22"
    assert "confirm" not in answer
    assert action.taken_back == []


def test_each_run_has_a_name_of_its_own(extra_vars):
    names = []
    for _run in range(2):
        action = make({})
        action.run(task_vars={})
        names.append(action.sent["run"])
    assert len(set(names)) == 2
    assert all(re.fullmatch("[0-9a-f]{16}", name) for name in names)


@pytest.mark.parametrize(("is_gone", "waits"), [(False, False), (True, True)])
def test_without_a_confirmation_the_play_fails_after_the_host_has_taken_it_back(logins, extra_vars, is_gone, waits):
    logins(NO_LOGIN)
    action = make({}, answer=WAITING)
    action.is_gone = is_gone
    answer = action.run(task_vars={})
    assert answer["failed"]
    assert all(word in answer["msg"] for word in ("deploy", "port 22", "Permission denied", "60 s"))
    assert answer["handover"] == {}
    assert action.taken_back == [f"{' '.join(fresh.COMMAND)} now {action.sent['run']}"]
    assert (max(logins.naps, default=0) > 60) is waits


def test_a_change_that_was_kept_although_the_answer_was_lost_is_confirmed(logins, extra_vars):
    logins(NO_LOGIN)
    action = make({}, answer=WAITING)
    action.told = {"now": {"reverted": False}, "confirm": {"confirmed": True}}
    answer = action.run(task_vars={})
    assert "failed" not in answer
    assert answer["confirmed"] == "as deploy on port 22"


def test_where_nobody_has_to_confirm_nobody_logs_in(logins, extra_vars):
    made = logins(NO_LOGIN)
    answer = make({}).run(task_vars={})
    assert (made, answer["confirmed"], "failed" in answer) == ([], "", False)


def test_a_connection_that_cannot_be_cut_has_nobody_to_confirm(logins, extra_vars):
    action = make({"confirm_timeout": 30}, transport="docker")
    assert action.run(task_vars={})["handover"] == {}
    assert action.sent["confirm_timeout"] == 0


@pytest.mark.parametrize("is_gone", [False, True])
def test_what_a_module_that_was_killed_has_left_waiting_is_taken_back_at_once(extra_vars, is_gone):
    action = make({}, answer={"failed": True, "msg": "MODULE FAILURE", "rc": 137})
    action.is_gone = is_gone
    answer = action.run(task_vars={})
    assert (answer["failed"], answer["msg"], answer["reverted"]) == (True, "MODULE FAILURE", not is_gone)
    assert len(action.taken_back) == 1


def test_after_a_cut_the_result_on_the_host_goes_on_as_if_nothing_had_happened(logins, extra_vars):
    whole = make({}, answer=WAITING)
    logins(answered(confirmed=True))
    expected = whole.run(task_vars={})
    made = logins(answered(confirmed=True, result=WAITING))
    action = make({}, answer=CUT)
    assert action.run(task_vars={}) == expected
    assert made[-1][0] == (*fresh.COMMAND, "fetch", action.sent["run"])
    assert len(made) == 2


def test_a_result_with_nothing_to_confirm_is_fetched_just_the_same(logins, extra_vars):
    logins(answered(confirmed=False, reverted=False, why="no change of this run waits for it", result=CLOSED))
    answer = make({}, answer=CUT).run(task_vars={})
    assert (answer["changed"], answer["confirmed"], answer["handover"]) == (True, "", {"user": "deploy"})


@pytest.mark.parametrize(
    "answer",
    [
        {"confirmed": False, "reverted": True, "why": "it was taken back already", "result": CLOSED},
        {"confirmed": False, "reverted": True, "why": "the run was killed before its end"},
        {"confirmed": False, "reverted": False, "why": "no change of this run waits for it"},
    ],
)
def test_a_cut_run_that_did_not_stay_fails_the_play_and_says_why(logins, extra_vars, answer):
    logins(answered(**answer))
    told = make({}, answer=CUT).run(task_vars={})
    assert (told["failed"], told["changes"]) == (True, [])
    assert all(words in told["msg"] for words in ("was cut", "Shared connection", answer["why"], "run again"))


def test_after_a_cut_nobody_waits_for_ever(logins, extra_vars, monkeypatch):
    logins(NO_LOGIN)
    clock = iter(range(0, 10_000, 7))
    monkeypatch.setattr(confirmation.time, "monotonic", lambda: float(next(clock)))
    with pytest.raises(AnsibleConnectionFailure, match="No login has worked for 30 s"):
        make({"confirm_timeout": 30}, answer=CUT).run(task_vars={})


@pytest.mark.parametrize(("options", "words"), [({}, {"transport": "docker"}), ({}, {"check_mode": True})])
def test_a_lost_connection_that_left_no_result_is_ansibles_own_to_tell(extra_vars, options, words):
    with pytest.raises(AnsibleConnectionFailure):
        make(options, answer=CUT, **words).run(task_vars={})


def test_a_lost_connection_of_an_audit_is_ansibles_own_to_tell(extra_vars):
    with pytest.raises(AnsibleConnectionFailure):
        make({"mode": "audit"}, answer=CUT).run(task_vars={})
