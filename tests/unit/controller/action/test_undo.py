"""The controller's half of undo around a module that is not run."""

from __future__ import annotations

import json
import re

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task
from ansible.plugins.connection.local import Connection
from ansible.template import Templar

from ansible_collections.groundwork.python_host.plugins.action.undo import ActionModule
from ansible_collections.groundwork.python_host.plugins.plugin_utils._login import confirmation, fresh
from ansible_collections.groundwork.python_host.plugins.plugin_utils._login.fresh import Identity

OPENED = {"changed": True, "changes": [], "left": [], "confirm": {"run": "abc", "seconds": 60}}
NOTHING = {"changed": False, "changes": [], "left": []}
DOORS = {"part": "doors", "login_user": "root"}
KEPT = (0, '{"confirmed": true}', "")
NO_CHANGE = (3, json.dumps({"confirmed": False, "reverted": False, "why": "no change waits"}), "")
NO_LOGIN = (255, "", "Permission denied (publickey)")


class Recording(ActionModule):
    """Stops where the module would go to the host."""

    def _execute_module(self, *, module_name, module_args, task_vars):
        self.sent = module_args
        return dict(self.answer)


def make(options, answer, *, transport="ssh", check_mode=False):
    loader, task = DataLoader(), Task()
    task.args, task.check_mode = options, check_mode
    connection = Connection(PlayContext())
    connection.transport = transport
    action = Recording(task, connection, PlayContext(), loader, Templar(loader), None)
    action.answer = answer
    return action


@pytest.fixture
def logins(monkeypatch):
    """Sets what a fresh login gets; returns who logged in for what."""
    made = []

    def give(answer):
        def fresh_login(_connection, _play_context, argv, *, identity, sudo=None):
            made.append((argv[len(fresh.COMMAND) :], identity))
            return answer

        monkeypatch.setattr(confirmation, "fresh_login", fresh_login)
        return made

    monkeypatch.setattr(fresh.time, "sleep", lambda _seconds: None)
    return give


def test_opened_doors_are_confirmed_as_whoever_goes_on(logins):
    made = logins(KEPT)
    action = make({**DOORS, "login_port": "2222", "login_key_file": "~/key"}, OPENED)
    answer = action.run(task_vars={})
    assert made == [(("confirm", "abc"), Identity("root", 2222, "~/key"))]
    assert answer["confirmed"] == "as root on port 2222"
    assert "confirm" not in answer
    assert re.fullmatch("[0-9a-f]{16}", action.sent["run"])


def test_where_no_door_was_opened_the_login_is_proven_all_the_same(logins):
    """The play goes on with it, and the rest takes the old one away."""
    made = logins(NO_CHANGE)
    answer = make(DOORS, NOTHING).run(task_vars={})
    assert made == [(("confirm", "nothing"), Identity("root", 22))]
    assert answer["confirmed"] == "as root on port 22"


@pytest.mark.parametrize("answer", [OPENED, NOTHING])
def test_without_that_login_the_play_ends_and_says_whom_to_name(logins, answer):
    logins(NO_LOGIN)
    told = make(DOORS, answer).run(task_vars={})
    assert told["failed"]
    assert all(words in told["msg"] for words in ("as root on port 22", "Permission denied", "python_host_undo_user"))


@pytest.mark.parametrize(
    ("options", "answer", "words"),
    [
        ({**DOORS, "part": "rest"}, NOTHING, {}),
        (DOORS, NOTHING, {"check_mode": True}),
        (DOORS, NOTHING, {"transport": "docker"}),
        (DOORS, {"failed": True, "msg": "no"}, {}),
    ],
)
def test_nobody_logs_in_where_nothing_depends_on_it(logins, options, answer, words):
    made = logins(NO_LOGIN)
    action = make(options, answer, **words)
    told = action.run(task_vars={})
    assert (made, told["confirmed"], told.get("msg", "no")) == ([], "", "no")
    assert action.sent.get("confirm_timeout") == (0 if "transport" in words else None)
