"""Confirming what waits on a host, and finding out what has become of a run, with logins that answer as told."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
from ansible.errors import AnsibleConnectionFailure

from ansible_collections.groundwork.python_host.plugins.plugin_utils._login import confirmation, fresh
from ansible_collections.groundwork.python_host.plugins.plugin_utils._login.confirmation import Controller
from ansible_collections.groundwork.python_host.plugins.plugin_utils._login.fresh import COMMAND, Identity

ADMIN, ROOT = Identity("deploy", 22), Identity("root", 22)
NO_LOGIN = AnsibleConnectionFailure("Permission denied (publickey)")
KEPT = (0, '{"confirmed": true}', "")
TAKEN_BACK = (3, '{"confirmed": false, "reverted": true, "why": "it was taken back already"}', "")
FETCHED = (0, '{"confirmed": true, "result": {"score": 100}}', "")


class Clock:
    """Time that goes on only while somebody waits; it stands in for the module `time`."""

    def __init__(self):
        self.now, self.naps = 1000.0, []

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.naps.append(seconds)
        self.now += seconds


class Logins:
    """What each identity gets when it logs in, one answer after the other, the last one for ever."""

    def __init__(self, **answers):
        self.answers = {user: list(given) for user, given in answers.items()}
        self.made = []

    def __call__(self, _connection, _play_context, argv, *, identity, sudo=None):
        self.made.append((identity.user, argv[len(COMMAND) :], sudo))
        answers = self.answers[identity.user]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def clock(monkeypatch):
    made = Clock()
    monkeypatch.setattr(confirmation, "time", made)
    monkeypatch.setattr(fresh.time, "sleep", lambda seconds: None)
    return made


@pytest.fixture
def controller(monkeypatch, clock):
    """A controller with these logins; `known` is what the play's own connection tells."""
    asked = []

    def make(*, known=None, password="", **answers):
        logins = Logins(**answers)
        monkeypatch.setattr(confirmation, "fresh_login", logins)
        monkeypatch.setattr(confirmation, "sudo_of", lambda _variables, _template, *, password: f"sudo {password}")

        def take_back():
            asked.append("now")
            return {"reverted": True} if known is None else known

        return Controller(None, SimpleNamespace(become_pass=password or None), {}, str, take_back), logins, asked

    return make


def test_a_good_login_confirms_and_nothing_is_waited_for(controller, clock):
    one, logins, asked = controller(deploy=[KEPT], password="secret")
    assert one.confirm(ADMIN, "abc", 60) == ""
    assert logins.made == [("deploy", ("confirm", "abc"), "sudo secret")]
    assert (asked, clock.naps) == ([], [])


def test_root_needs_no_sudo(controller):
    one, logins, _asked = controller(root=[KEPT])
    assert one.confirm(ROOT, "abc", 60) == ""
    assert logins.made == [("root", ("confirm", "abc"), None)]


@pytest.mark.parametrize(("user", "method"), [("freebsd", "su"), ("deploy", "sudo")])
def test_only_the_plays_own_user_becomes_root_as_the_play_does(controller, monkeypatch, user, method):
    one, logins, _asked = controller(freebsd=[KEPT], deploy=[KEPT])
    monkeypatch.setattr(confirmation, "sudo_of", lambda variables, _template, *, password: dict(variables))
    one = replace(one, variables={"ansible_user": "freebsd", "ansible_become_method": "su"})
    one.confirm(Identity(user, 22), "abc", 60)
    assert logins.made[0][2].get("ansible_become_method", "sudo") == method


def test_without_a_login_it_is_taken_back_over_the_plays_own_connection(controller, clock):
    one, _logins, asked = controller(deploy=[NO_LOGIN])
    assert "Permission denied" in one.confirm(ADMIN, "abc", 60)
    assert (asked, clock.naps) == (["now"], [])


def test_where_that_is_gone_too_the_host_is_given_its_time(controller, clock):
    one, _logins, _asked = controller(deploy=[NO_LOGIN], known={})
    assert "Permission denied" in one.confirm(ADMIN, "abc", 60)
    assert clock.naps == [60 + confirmation.TAKING_BACK]


def test_what_the_host_has_taken_back_already_is_told(controller, clock):
    one, _logins, asked = controller(deploy=[TAKEN_BACK])
    assert one.confirm(ADMIN, "abc", 60) == "the login worked, but it was taken back already"
    assert (asked, clock.naps) == ([], [])


def test_after_a_cut_whoever_gets_in_fetches_the_result(controller):
    one, logins, _asked = controller(deploy=[NO_LOGIN], root=[FETCHED])
    answer, who = one.fetch((ADMIN, ROOT), "abc", 60)
    assert (answer, who) == ({"confirmed": True, "result": {"score": 100}}, ROOT)
    assert [(user, words) for user, words, _sudo in logins.made] == [
        ("deploy", ("fetch", "abc")),
        ("root", ("fetch", "abc")),
    ]


def test_after_a_cut_it_is_tried_until_the_network_is_back(controller, clock):
    one, logins, _asked = controller(deploy=[NO_LOGIN, NO_LOGIN, FETCHED], root=[NO_LOGIN])
    assert one.fetch((ADMIN, ROOT), "abc", 60)[1] == ADMIN
    assert clock.naps == [confirmation.PAUSE] * 2
    assert len(logins.made) == 5


def test_what_was_taken_back_meanwhile_is_an_answer(controller):
    one, _logins, _asked = controller(deploy=[TAKEN_BACK])
    answer, who = one.fetch((ADMIN,), "abc", 60)
    assert (answer["reverted"], who) == (True, ADMIN)


def test_nobody_is_waited_for_longer_than_the_host_needs(controller, clock):
    one, _logins, _asked = controller(deploy=[NO_LOGIN])
    assert one.fetch((ADMIN,), "abc", 60) == ({}, None)
    assert 60 < sum(clock.naps) <= 60 + confirmation.TAKING_BACK


@pytest.mark.parametrize("waiting", [{"run": "abc", "seconds": 60}, None])
def test_a_login_is_proven_whether_something_waits_or_not(controller, waiting):
    one, logins, _asked = controller(root=[KEPT])
    assert one.prove(ROOT, waiting) == ""
    assert logins.made == [("root", ("confirm", "abc" if waiting else "nothing"), None)]


def test_a_program_with_nothing_to_confirm_still_proves_the_login(controller):
    one, _logins, _asked = controller(root=[(3, '{"confirmed": false, "why": "no change waits"}', "")])
    assert one.prove(ROOT, None) == ""


def test_a_login_that_does_not_work_is_told_when_nothing_waits(controller, clock):
    one, _logins, asked = controller(root=[NO_LOGIN])
    assert "Permission denied" in one.prove(ROOT, None)
    assert (asked, clock.naps) == ([], [])
