"""When a play must go on with another login, and when it could not."""

from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.plugin_utils._login.fresh import Identity
from ansible_collections.groundwork.python_host.plugins.plugin_utils._login.handover import (
    Session,
    handover,
    identities,
    objections,
)

ROOT = Session("ssh", "root", 22)
BY_SU = Session("ssh", "ann", 22, by_su=True)
ADMIN = Session("ansible.builtin.ssh", "deploy", 22)
LOCAL = Session("local", "root", 22)
CLOSED = {"findings": [{"id": "SSH-001", "status": "fixed"}, {"id": "SSH-006", "status": "fixed"}]}
CLOSED_BEFORE = {"findings": [{"id": "SSH-001", "status": "pass"}]}
MOVED = {"findings": [{"id": "SSH-001", "status": "fail"}, {"id": "SSH-006", "status": "pass"}]}
WITHOUT_PASSWORD = {"findings": [{"id": "ACC-004", "status": "fixed"}]}
OPEN = {"findings": [{"id": "SSH-001", "status": "fail"}, {"id": "SSH-006", "status": "fail"}]}


@pytest.mark.parametrize(
    ("session", "args", "result", "expected"),
    [
        (ROOT, {"admin_name": "ops"}, CLOSED, {"user": "ops"}),
        (ROOT, {}, CLOSED_BEFORE, {"user": "deploy"}),
        (ROOT, {"admin_key_file": "~/key"}, CLOSED, {"user": "deploy", "key_file": "~/key"}),
        (ROOT, {"ssh_port": 2222}, MOVED, {"port": 2222}),
        (ROOT, {"ssh_port": 2222}, OPEN, {}),
        (ADMIN, {"ssh_port": 2222}, CLOSED, {"port": 2222}),
        (Session("ssh", "deploy", 2222), {"ssh_port": 2222}, CLOSED, {}),
        (ADMIN, {"admin_key_file": "~/key"}, CLOSED, {}),
        (ROOT, {}, OPEN, {}),
        (ROOT, {}, {}, {}),
        (ROOT, {"mode": "audit", "ssh_port": 2222}, CLOSED_BEFORE, {}),
        (LOCAL, {"ssh_port": 2222}, CLOSED, {}),
        # Root's password is what su has asked for.
        (BY_SU, {}, WITHOUT_PASSWORD, {"user": "deploy"}),
        (BY_SU, {}, CLOSED, {}),
        (BY_SU, {"admin_name": "ann"}, WITHOUT_PASSWORD, {}),
        (Session("ssh", "ann", 22), {}, WITHOUT_PASSWORD, {}),
    ],
)
def test_the_play_goes_on_with_what_differs(session, args, result, expected):
    assert handover(session, args, result) == expected


@pytest.mark.parametrize(
    ("session", "args", "extra_vars", "words"),
    [
        (ROOT, {}, {"ansible_user": "root"}, ["ansible_user=root", "leave it out"]),
        (ROOT, {}, {"ansible_ssh_user": "root"}, ["ansible_ssh_user=root"]),
        (ROOT, {"admin_sudo": "password"}, {}, ["ansible_become_password"]),
        (ROOT, {}, {"ansible_become_method": "su"}, ["ansible_become_method=su", "leave it out"]),
        (BY_SU, {}, {"ansible_user": "ann"}, ["ansible_user=ann"]),
        (ADMIN, {"ssh_port": 2222}, {"ansible_port": "22"}, ["ansible_port=22", "2222"]),
    ],
)
def test_what_would_cut_the_play_off_is_refused_first(session, args, extra_vars, words):
    (objection,) = objections(session, args, extra_vars=extra_vars, variables={})
    assert all(word in objection for word in words)


@pytest.mark.parametrize(
    ("session", "args", "extra_vars", "variables"),
    [
        (ROOT, {}, {"other": "root"}, {}),
        (ADMIN, {}, {"ansible_user": "deploy"}, {}),
        (ROOT, {"mode": "audit"}, {"ansible_user": "root"}, {}),
        (LOCAL, {"ssh_port": 2222}, {"ansible_user": "root", "ansible_port": 22}, {}),
        (ADMIN, {"ssh_port": 2222}, {"ansible_port": "2222"}, {}),
        (ROOT, {"admin_sudo": "password"}, {}, {"ansible_become_password": "secret"}),
        (Session("ssh", "root", 22, has_become_password=True), {"admin_sudo": "password"}, {}, {}),
    ],
)
def test_what_cannot_cut_the_play_off_is_let_pass(session, args, extra_vars, variables):
    assert objections(session, args, extra_vars=extra_vars, variables=variables) == []


def test_all_objections_come_at_once():
    args = {"admin_sudo": "password", "ssh_port": 2222}
    extra_vars = {"ansible_user": "root", "ansible_port": 22}
    assert len(objections(ROOT, args, extra_vars=extra_vars, variables={})) == 3


@pytest.mark.parametrize(
    ("session", "args", "expected"),
    [
        (ROOT, {}, [Identity("deploy", 22), Identity("root", 22)]),
        (
            ROOT,
            {"admin_name": "ops", "admin_key_file": "~/key", "ssh_port": "2222"},
            [
                *(Identity("ops", 2222, "~/key"), Identity("ops", 22, "~/key")),
                *(Identity("root", 2222), Identity("root", 22)),
            ],
        ),
        (ADMIN, {"ssh_port": 2222}, [Identity("deploy", 2222), Identity("deploy", 22)]),
        (ADMIN, {"admin_key_file": "~/key"}, [Identity("deploy", 22)]),
    ],
)
def test_after_a_cut_the_new_login_is_tried_before_the_old_one(session, args, expected):
    assert list(identities(session, args)) == expected
