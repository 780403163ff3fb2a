"""What a run writes down, and how it keeps others out; what is read from it later is tested in test_program."""

from __future__ import annotations

import base64
import json
import os
import stat

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import ActionFailed
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import (
    Change,
    Command,
    EnsureDirectory,
    Link,
    Remove,
    SetAttributes,
    Touches,
    WriteFile,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery import journal as journal_module
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery import journal_file, places
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery.journal import Journal
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery.places import digest

RELOAD = Command(("systemctl", "reload", "ssh"))
WAIT = Command(("fail2ban-client", "ping"), attempts=40)
CHANGE = Change("file", "/x", "absent", "written")
NO_PLACE = {kind: {} for kind in places.LOOK}
NOTHING = {**NO_PLACE, "home": "", "packages": [], "new": {}, "commands": []}


def journal(tmp_path, *, run="abc", what="security_checklist", is_alone=True):
    return Journal(str(tmp_path / "own"), run=run, what=what, is_alone=is_alone)


@pytest.fixture
def opened(tmp_path):
    made = journal(tmp_path)
    made.open()
    yield made
    made.close("finished")


def records(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def recorded(opened, action, danger="door"):
    """What stands in the journal before the action, but for what says nothing."""
    opened.before(action, CHANGE, danger)
    record = records(opened.path)[-1]
    return {name: value for name, value in record.items() if NOTHING.get(name) != value}


def content_digest(text):
    return digest(base64.b64encode(text.encode("utf-8", "surrogateescape")).decode())


def present(path, text="old\n", mode=0o640):
    path.write_text(text)
    path.chmod(mode)
    content = base64.b64encode(text.encode()).decode()
    return {"kind": "file", "content": content, "mode": mode, "uid": os.geteuid(), "gid": os.getegid()}


# --- what each kind of action writes down


def test_a_step_has_its_number_its_danger_and_its_change(opened):
    found = recorded(opened, Command(("true",)), "way_in")
    assert found == {"step": 1, "danger": "way_in", "change": CHANGE.to_json()}
    opened.before(RELOAD, None, "")
    assert {name: records(opened.path)[-1][name] for name in ("step", "danger", "change")} == {
        "step": 2,
        "danger": "",
        "change": None,
    }


def test_a_file_that_is_written_has_its_old_state_its_new_digest_and_what_loads_it(opened, tmp_path):
    path = tmp_path / "file"
    old = present(path)
    found = recorded(opened, WriteFile(str(path), "new \udcff\n", then=(RELOAD, WAIT)))
    assert found["paths"] == {str(path): old}
    assert found["new"] == {str(path): content_digest("new \udcff\n")}
    assert found["commands"] == [["systemctl", "reload", "ssh"]]


def test_a_file_that_is_made_was_absent(opened, tmp_path):
    path = str(tmp_path / "absent" / "file")
    assert recorded(opened, WriteFile(path, "new\n"))["paths"] == {path: {"kind": "absent"}}


@pytest.mark.parametrize("make", [Remove, lambda path: SetAttributes(path, 0o600, "root", "root")])
def test_a_file_that_goes_or_gets_other_rights_has_its_old_state(opened, tmp_path, make):
    old = present(tmp_path / "file")
    found = recorded(opened, make(str(tmp_path / "file")))
    assert found["paths"] == {str(tmp_path / "file"): old}
    assert "new" not in found


def test_a_link_has_its_old_target_and_what_is_told_of_it(opened, tmp_path):
    (tmp_path / "link").symlink_to("/old")
    found = recorded(opened, Link(str(tmp_path / "link"), "/new", then=(RELOAD,)))
    assert found["paths"] == {str(tmp_path / "link"): {"kind": "link", "target": "/old"}}
    assert found["commands"] == [["systemctl", "reload", "ssh"]]


def test_a_directory_has_its_old_rights(opened, tmp_path):
    (tmp_path / "folder").mkdir(mode=0o700)
    found = recorded(opened, EnsureDirectory(str(tmp_path / "folder")))
    assert found["paths"][str(tmp_path / "folder")]["kind"] == "directory"
    assert found["paths"][str(tmp_path / "folder")]["mode"] == 0o700


def test_a_command_has_all_that_it_says_it_touches(opened, tmp_path, monkeypatch):
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/passwd").write_text("root:x:0:0::/root:/bin/sh\ndeploy:x:1:1::/home:/bin/sh\n")
    monkeypatch.setitem(places.LOOK, "units", lambda name: {"enabled": "disabled", "active": f"of {name}"})
    touches = Touches((str(tmp_path / "a"),), "deploy", str(tmp_path / "home"), "ufw.service", ("ufw", "fail2ban"))
    found = recorded(opened, Command(("x",), touches=touches, undo=(("ufw", "reload"), ("true",))))
    assert found["paths"] == {str(tmp_path / "a"): {"kind": "absent"}}
    assert found["accounts"] == {"deploy": {str(tmp_path / "etc/passwd"): ["deploy:x:1:1::/home:/bin/sh"]}}
    assert found["units"] == {"ufw.service": {"enabled": "disabled", "active": "of ufw.service"}}
    assert found["home"] == str(tmp_path / "home")
    assert found["packages"] == ["ufw", "fail2ban"]
    assert found["commands"] == [["ufw", "reload"], ["true"]]


@pytest.mark.parametrize("kind", ["directory", "link"])
def test_a_home_that_was_there_is_not_made_with_its_account(opened, tmp_path, kind):
    """Whatever it is, undo must not remove it; a link that leads nowhere is somebody's, too."""
    home = tmp_path / "home"
    home.mkdir() if kind == "directory" else home.symlink_to("/nowhere")
    assert "home" not in recorded(opened, Command(("x",), touches=Touches(home=str(home))))


def test_afterwards_only_digests_are_written_down(opened, tmp_path):
    path, home = tmp_path / "file", tmp_path / "home"
    touches = Touches(paths=(str(path),), home=str(home))
    opened.before(Command(("x",), touches=touches), CHANGE, "door")
    path.write_text("very secret\n")
    home.mkdir()
    (home / ".profile").write_text("made with it\n")
    (home / "link").symlink_to("/t")
    (home / "folder").mkdir()
    opened.after()
    after = records(opened.path)[-1]
    assert after["after"] == 1
    assert after["paths"][str(path)]["content"] == content_digest("very secret\n")
    assert after["home"] == {".profile": content_digest("made with it\n"), "link": digest("/t")}
    assert base64.b64encode(b"very secret\n").decode() not in json.dumps(after)


def test_a_reader_finds_each_step_with_what_came_after_it(opened, tmp_path):
    for name in ("a", "b"):
        opened.before(WriteFile(str(tmp_path / name), name), CHANGE, "door")
        if name == "a":
            opened.after()
    head, entries, notes = journal_file.read_journal(opened.path)
    assert (head["run"], head["what"], notes) == ("abc", "security_checklist", {})
    assert [bool(entry["after"]) for entry in entries] == [True, False]


def test_journals_are_in_the_order_of_their_runs_whatever_these_are_called(tmp_path):
    made = []
    for run in "9876":
        one = journal(tmp_path, run=run)
        one.open()
        made.append(one.path)
        one.close("finished")
    assert journal_file.journal_paths(str(tmp_path / "own")) == made
    os.rename(made[-1], f"{made[-1]}.undone")
    (tmp_path / "own/journal/notes.txt").touch()
    made[-1] = journal_file.new_journal(str(tmp_path / "own"), "5", "undo")
    assert journal_file.journal_paths(str(tmp_path / "own")) == made


# --- one run at a time, and the one that was killed


def test_root_alone_may_read_it(opened, tmp_path):
    assert stat.S_IMODE(os.stat(opened.path).st_mode) == 0o600
    for folder in ("own", "own/journal", "own/program"):
        assert stat.S_IMODE(os.stat(tmp_path / folder).st_mode) == 0o700


def test_before_it_is_open_it_has_no_path_and_can_be_closed(tmp_path):
    made = journal(tmp_path)
    made.close("failed")
    assert (made.path, (tmp_path / "own").exists()) == ("", False)


def test_a_second_run_waits_and_then_gives_up(opened, tmp_path, monkeypatch):
    monkeypatch.setattr(journal_module, "PATIENCE", 0.05)
    monkeypatch.setattr(journal_module, "PAUSE", 0.01)
    other = journal(tmp_path, run="other")
    with pytest.raises(ActionFailed, match=r"Another run is at work.*run again"):
        other.open()
    assert other.path == ""
    opened.close("finished")
    other.open()
    assert other.path
    other.close("finished")


def test_another_run_goes_on_as_soon_as_this_one_has_ended(opened, tmp_path, monkeypatch):
    monkeypatch.setattr(journal_module.time, "sleep", lambda _seconds: opened.close("finished"))
    other = journal(tmp_path, run="other")
    other.open()
    assert other.path
    other.close("finished")


def test_a_run_that_need_not_be_alone_waits_for_nobody(opened, tmp_path, monkeypatch):
    monkeypatch.setattr(journal_module, "PATIENCE", 0)
    packages = journal(tmp_path, run="other", what="packages", is_alone=False)
    packages.open()
    assert packages.path
    packages.close("finished")


def test_a_run_that_was_killed_is_found_until_it_is_settled(tmp_path):
    killed = journal(tmp_path)
    killed.open()
    killed._lock.close()
    later = journal(tmp_path, run="later")
    started = later.abandoned()
    assert started == records(killed.path)[0]["started"]
    later.settle()
    assert later.abandoned() == ""


@pytest.mark.parametrize("how", ["finished", "failed"])
def test_a_run_that_came_to_its_end_is_not_called_killed(tmp_path, how):
    made = journal(tmp_path)
    made.open()
    path = made.path
    made.close(how)
    assert records(path)[-1] == {"end": how}
    assert made.path == ""
    assert journal(tmp_path, run="later").abandoned() == ""


def test_only_a_run_of_the_same_kind_is_looked_for(tmp_path):
    journal(tmp_path, what="packages", is_alone=False).open()
    assert journal(tmp_path).abandoned() == ""
    assert journal(tmp_path, what="packages").abandoned()


def test_where_nothing_ever_ran_nothing_was_killed(tmp_path):
    assert journal(tmp_path).abandoned() == ""


# --- a disk that takes nothing


def test_where_it_cannot_be_kept_the_run_does_not_begin(tmp_path):
    (tmp_path / "own").write_text("a file\n")
    with pytest.raises(ActionFailed, match=rf"cannot be kept in {tmp_path}/own: "):
        journal(tmp_path).open()


@pytest.mark.parametrize("moment", ["before", "after"])
def test_where_a_step_cannot_be_written_down_it_is_not_made(opened, tmp_path, monkeypatch, moment):
    opened.before(Remove(str(tmp_path / "x")), CHANGE, "door")

    def full(_path, _record):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(journal_file, "append", full)
    with pytest.raises(ActionFailed, match="No space left on device"):
        opened.after() if moment == "after" else opened.before(Remove(str(tmp_path / "y")), CHANGE, "door")
    monkeypatch.undo()


@pytest.mark.parametrize("is_pending", [False, True])
def test_what_another_run_changes_between_the_look_and_the_first_step_ends_this_one(tmp_path, is_pending):
    first, second = journal(tmp_path, run="first"), journal(tmp_path, run="second")
    first.look_around()
    second.look_around()
    first.open()
    first.close("finished")
    if is_pending:
        (tmp_path / "pending.json").write_text("{}")
    with pytest.raises(ActionFailed, match=r"Another run has changed this host.*run again"):
        second.open()
    third = journal(tmp_path, run="third")
    (tmp_path / "pending.json").unlink(missing_ok=True)
    third.look_around()
    third.open()
    third.close("finished")


def test_who_looks_around_while_another_run_is_at_work_waits_for_its_end(opened, tmp_path, monkeypatch):
    monkeypatch.setattr(journal_module, "PATIENCE", 0.05)
    monkeypatch.setattr(journal_module, "PAUSE", 0.01)
    other = journal(tmp_path, run="other")
    with pytest.raises(ActionFailed, match="Another run is at work"):
        other.look_around()


def test_what_is_above_its_directory_is_made_for_everybody(tmp_path):
    """FreeBSD has no /var/lib."""
    before = os.umask(0o077)
    try:
        Journal(str(tmp_path / "lib/groundwork/own"), run="abc", what="security_checklist").open()
    finally:
        os.umask(before)
    modes = [stat.S_IMODE((tmp_path / path).stat().st_mode) for path in ("lib", "lib/groundwork", "lib/groundwork/own")]
    assert modes == [0o755, 0o755, 0o700]
