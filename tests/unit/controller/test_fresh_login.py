"""Confirming over a login of its own."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleConnectionFailure
from ansible.playbook.play_context import PlayContext
from ansible.plugins.loader import connection_loader, init_plugin_loader

from ansible_collections.groundwork.python_host.plugins.plugin_utils._login import fresh

GOOD = (0, 'motd\n{"confirmed": true}\n', "")


@pytest.fixture(autouse=True)
def naps(monkeypatch):
    """Waits nobody waits for."""
    taken = []
    monkeypatch.setattr(fresh.time, "sleep", taken.append)
    return taken


def answers(*given):
    """A login that answers, or fails, one after another."""
    left = list(given)

    def login():
        answer = left.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return login


def test_one_good_login_is_enough(naps):
    fresh.confirm(answers(GOOD))
    assert naps == []


def test_a_daemon_that_is_starting_is_given_a_moment(naps):
    fresh.confirm(answers(AnsibleConnectionFailure("connection refused"), GOOD))
    assert naps == [fresh.PAUSE]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (AnsibleConnectionFailure("Permission denied (publickey)"), "Permission denied"),
        ((1, "", "sudo: a password is required"), "a password is required"),
        ((4, '{"confirmed": false, "why": "another change is waiting"}', ""), "another change is waiting"),
        ((0, "not json", ""), "not json"),
        ((255, "", ""), "it ended with 255"),
    ],
)
def test_anything_else_is_told_in_its_own_words(answer, words):
    with pytest.raises(fresh.NotConfirmed, match=words):
        fresh.confirm(answers(*[answer] * fresh.ATTEMPTS))


def test_sudo_gets_what_the_plays_variables_say_of_it():
    variables = {"ansible_become_password": "{{ vault }}", "ansible_become_exe": "/usr/bin/sudo", "other": "x"}
    sudo = fresh.sudo_of(variables, lambda value: f"<{value}>")
    options = {name: sudo.get_option(name) for name in ("become_user", "become_pass", "become_exe")}
    assert options == {"become_user": "root", "become_pass": "<{{ vault }}>", "become_exe": "</usr/bin/sudo>"}


def test_a_login_joins_no_shared_connection_and_leaves_the_plays_own_options_alone(monkeypatch):
    init_plugin_loader()
    play_context = PlayContext()
    own = connection_loader.get("ansible.builtin.ssh", play_context)
    arguments = "-o ControlMaster=auto -o ControlPersist=60s -J bastion"
    own.set_options(direct={"remote_user": "root", "private_key_file": "/keys/root", "ssh_args": arguments})
    seen = {}

    def exec_command(self, command, in_data=None, sudoable=True):
        seen.update(command=command, sudoable=sudoable, options=self.get_options())
        return 0, b'{"confirmed": true}', b""

    monkeypatch.setattr(type(own), "exec_command", exec_command)
    answer = fresh.fresh_login(
        own, play_context, ["true", "a b"], identity={"remote_user": "deploy"}, sudo=fresh.sudo_of({}, str)
    )
    assert answer == (0, '{"confirmed": true}', "")
    assert "sudo" in seen["command"]
    assert "'a b'" in seen["command"].replace("'\"'\"'", "'")
    assert seen["sudoable"]
    assert (seen["options"]["remote_user"], seen["options"]["private_key_file"]) == ("deploy", "/keys/root")
    assert seen["options"]["ssh_args"].startswith("-o ControlMaster=no -o ControlPath=none ")
    assert seen["options"]["ssh_args"].endswith("-J bastion")
    assert own.get_option("remote_user") == "root"
