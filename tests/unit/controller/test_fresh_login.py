"""Confirming over a login of its own."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleConnectionFailure
from ansible.playbook.play_context import PlayContext
from ansible.plugins.loader import connection_loader, init_plugin_loader

from ansible_collections.groundwork.python_host.plugins.plugin_utils._login import fresh

GOOD = (0, 'motd\n{"confirmed": true}\n', "")


@pytest.fixture(autouse=True, scope="module")
def _plugins():
    init_plugin_loader()


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
    assert fresh.confirm(answers(GOOD)) == {"confirmed": True}
    assert naps == []


def test_what_the_program_refuses_is_an_answer_and_asked_for_once(naps):
    refused = (3, '{"confirmed": false, "why": "it was taken back already"}', "")
    assert fresh.confirm(answers(refused)) == {"confirmed": False, "why": "it was taken back already"}
    assert naps == []


def test_one_attempt_waits_for_nothing(naps):
    with pytest.raises(fresh.NotConfirmed, match="connection refused"):
        fresh.confirm(answers(AnsibleConnectionFailure("connection refused")), attempts=1)
    assert naps == []


def test_a_login_that_is_refused_is_not_tried_again(naps):
    """Each try would count towards a ban of this very address."""
    tried = []

    def refused():
        tried.append("login")
        raise AnsibleConnectionFailure("Permission denied (publickey).")

    with pytest.raises(fresh.NotConfirmed, match="Permission denied"):
        fresh.confirm(refused)
    assert (tried, naps) == (["login"], [])


def test_a_daemon_that_is_starting_is_given_a_moment(naps):
    fresh.confirm(answers(AnsibleConnectionFailure("connection refused"), GOOD))
    assert naps == [fresh.PAUSE]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (AnsibleConnectionFailure("Permission denied (publickey)"), "Permission denied"),
        ((1, "", "sudo: a password is required"), "a password is required"),
        ((0, '{"confirmed": false, "why": "another program"}', ""), "another program"),
        ((3, "3", ""), "3"),
        ((3, "", "sh: 0: cannot open /var/lib/groundwork/python_host/revert"), "cannot open"),
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


@pytest.mark.parametrize(("variables", "name"), [({}, "sudo"), ({"ansible_become_method": "ansible.builtin.su"}, "su")])
def test_where_there_is_no_sudo_yet_it_is_what_the_play_itself_uses(variables, name):
    assert fresh.sudo_of(variables, str).name == name


def test_a_password_that_was_asked_for_is_used_and_one_of_the_variables_wins():
    assert fresh.sudo_of({}, str, password="asked").get_option("become_pass") == "asked"
    given = {"ansible_become_password": "given"}
    assert fresh.sudo_of(given, str, password="asked").get_option("become_pass") == "given"


@pytest.mark.parametrize(
    ("identity", "options"),
    [
        (fresh.Identity("root", 22), {"remote_user": "root", "port": 22}),
        (
            fresh.Identity("deploy", 2222, "~/key"),
            {"remote_user": "deploy", "port": 2222, "private_key_file": "~/key"},
        ),
    ],
)
def test_an_identity_changes_only_what_it_says(identity, options):
    assert identity.options() == options
    assert identity.words == f"as {identity.user} on port {identity.port}"


def test_a_login_joins_no_shared_connection_and_leaves_the_plays_own_options_alone(monkeypatch):
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
        own, play_context, ["true", "a b"], identity=fresh.Identity("deploy", 2222), sudo=fresh.sudo_of({}, str)
    )
    assert answer == (0, '{"confirmed": true}', "")
    assert "sudo" in seen["command"]
    assert "'a b'" in seen["command"].replace("'\"'\"'", "'")
    assert seen["sudoable"]
    names = ("remote_user", "port", "private_key_file")
    assert tuple(seen["options"][name] for name in names) == ("deploy", 2222, "/keys/root")
    own_arguments = seen["options"]["ssh_args"].removesuffix(f" {arguments}").split(" -o ")
    assert own_arguments[0] == "-o ControlMaster=no"
    assert {"ControlPath=none", "ServerAliveInterval=5", "ServerAliveCountMax=3"} <= set(own_arguments)
    assert seen["options"]["ssh_args"].endswith(f" {arguments}")
    assert own.get_option("remote_user") == "root"


def test_root_logs_in_without_sudo_and_the_connection_is_closed_even_when_it_fails(monkeypatch):
    own = connection_loader.get("ansible.builtin.ssh", PlayContext())
    seen = []

    def exec_command(self, command, in_data=None, sudoable=True):
        seen.append((command, sudoable))
        raise AnsibleConnectionFailure("no route to host")

    monkeypatch.setattr(type(own), "exec_command", exec_command)
    monkeypatch.setattr(type(own), "close", lambda self: seen.append("closed"))
    with pytest.raises(AnsibleConnectionFailure):
        fresh.fresh_login(own, PlayContext(), ["true"], identity=fresh.Identity("root", 22))
    assert seen == [("true", False), "closed"]
