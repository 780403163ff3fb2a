"""Variables of rc.conf and services of FreeBSD. Answers: usr.sbin/sysrc/sysrc.subr and rc.subr of freebsd-src."""

from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._recovery import places, rc_places


@pytest.fixture
def told(monkeypatch):
    """What programs are asked and told; the answers are set by each test."""
    commands = []
    monkeypatch.setattr(rc_places, "run", lambda argv: commands.append(" ".join(argv)) or [])
    return commands


@pytest.mark.parametrize(
    ("file", "answer", "value"),
    [
        ("/etc/rc.conf", "YES", "YES"),
        ("/etc/rc.conf.local", "-p 22 -o x=y", "-p 22 -o x=y"),
        ("/etc/rc.conf", "", ""),
        # sysrc tells the default like any other value.
        ("/etc/defaults/rc.conf", "NO", None),
        ("", "", None),
    ],
)
def test_a_variable_is_what_the_administrators_files_give(monkeypatch, file, answer, value):
    answers = {"sysrc -i -n -F pf_enable": file, "sysrc -i -n pf_enable": answer}
    monkeypatch.setattr(rc_places, "ask", lambda argv: answers[" ".join(argv)])
    assert rc_places.look_at_rc_variable("pf_enable") == {"value": value}


@pytest.mark.parametrize(
    ("old", "command"),
    [({"value": "NO"}, "sysrc pf_enable=NO"), ({"value": None}, "sysrc -i -x pf_enable")],
)
def test_a_variable_comes_back_or_goes(told, old, command):
    assert rc_places.restore_rc_variable("pf_enable", old) == []
    assert told == [command]


@pytest.mark.parametrize(("notes", "active"), [([], "active"), (["service pf onestatus: "], "inactive")])
def test_a_service_runs_while_its_own_status_says_so(monkeypatch, notes, active):
    monkeypatch.setattr(rc_places, "run", lambda argv: notes if argv == ["service", "pf", "onestatus"] else None)
    assert rc_places.look_at_rc_service("pf") == {"active": active}


@pytest.mark.parametrize(("active", "verb"), [("active", "onestart"), ("inactive", "onestop")])
def test_a_service_runs_or_stands_still_as_before(told, active, verb):
    assert rc_places.restore_rc_service("pf", {"active": active}) == []
    assert told == [f"service pf {verb}"]


def test_a_journal_shows_their_values():
    assert places.fingerprint({"value": "YES"}) == {"value": "YES"}
