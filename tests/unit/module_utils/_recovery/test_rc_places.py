"""Variables of rc.conf and services of FreeBSD. Answers: usr.sbin/sysrc/sysrc.subr and rc.subr of freebsd-src."""

from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._recovery import journal_file, places, rc_places


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
def test_a_variable_comes_back_or_goes_in_a_file_that_is_never_gone(told, monkeypatch, old, command):
    """A new rc.conf from /tmp would be copied into the place of the removed one (bin/mv/mv.c, fastcopy)."""
    monkeypatch.setattr(rc_places, "ask", lambda argv: "")
    assert rc_places.restore_rc_variable("pf_enable", old) == []
    assert told == [f"env TMPDIR=/etc {command}"]


def test_what_sysrc_has_written_is_on_the_disk_before_the_next_step(monkeypatch, tmp_path):
    flushed = []
    monkeypatch.setattr(rc_places, "ask", lambda argv: {"sysrc -i -n rc_conf_files": "/a /b"}[" ".join(argv)])
    for name in ("flush", "sync"):
        monkeypatch.setattr(rc_places, name, lambda path, name=name: flushed.append(f"{name} {path}"))
    monkeypatch.setitem(places.LOOK, "rc_variables", lambda name: {"value": "YES"})
    entry = {"home": "", **{kind: [] for kind in places.LOOK}, "rc_variables": ["pf_enable"]}
    journal_file.record_after(str(tmp_path / "journal"), 1, entry)
    assert flushed == ["flush /a", "sync /a", "flush /b", "sync /b"]


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
