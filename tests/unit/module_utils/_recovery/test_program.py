"""The program that stays on the host, on files of the test's own."""

from __future__ import annotations

import fcntl

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import (
    Command,
    EnsureDirectory,
    Remove,
    Touches,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery import program, scheduler, way_back
from tests.unit.module_utils._recovery.program_copies import TOKEN, Copy, touch, write, written

OLD = "old \udcff\n"


class Waiting(Copy):
    """A change that waits for its confirmation: a file with other content, a new one, one that is gone, a directory."""

    def __init__(self, root):
        super().__init__(root)
        self.changed, self.made, self.removed = (root / name for name in ("changed", "made", "removed"))
        self.folder = root / "folder"
        write(self.changed, OLD, 0o640)
        write(self.removed, "was here\n")
        self.journal.open()
        self.arm()
        broken = Command(("systemctl", "no-such-verb"))
        self.make(self.changed, "new\n", then=(touch(root / "loaded"), broken))
        self.make(self.made, "made\n")
        self.step(Remove(str(self.removed)), self.removed.unlink)
        self.step(EnsureDirectory(str(self.folder)), self.folder.mkdir)
        self.step(Command(("true",), undo=(("touch", str(root / "undone")),)), lambda: None)
        self.finish({"score": 100})

    def is_restored(self):
        state = (self.changed.read_text(errors="surrogateescape"), self.changed.stat().st_mode & 0o7777)
        gone = not (self.made.exists() or self.folder.exists())
        return state == (OLD, 0o640) and gone and self.removed.read_text() == "was here\n"


@pytest.fixture
def waiting(tmp_path):
    return Waiting(tmp_path)


def test_a_confirmed_change_stays(waiting):
    assert waiting.run("confirm", TOKEN) == (0, {"confirmed": True})
    assert waiting.changed.read_text() == "new\n"
    assert not waiting.is_waiting


def test_fetching_confirms_and_shows_the_result(waiting):
    assert waiting.run("fetch", TOKEN) == (0, {"confirmed": True, "result": {"score": 100}})
    assert not waiting.is_waiting


def test_a_confirmation_whose_answer_was_lost_is_given_again(waiting):
    waiting.run("confirm", TOKEN)
    assert waiting.run("confirm", TOKEN) == (0, {"confirmed": True})
    assert waiting.run("fetch", TOKEN) == (0, {"confirmed": True, "result": {"score": 100}})
    assert waiting.run("confirm", "another")[0] == 3


@pytest.mark.parametrize("mode", ["timeout", "now", "boot"])
def test_an_unconfirmed_change_is_taken_back(waiting, mode):
    code, answer = waiting.run(mode, *([TOKEN] if mode == "timeout" else []))
    assert (code, answer["reverted"], answer["mode"]) == (0, True, mode)
    assert waiting.is_restored()
    assert (waiting.root / "loaded").exists()
    assert (waiting.root / "undone").exists()
    assert not waiting.is_waiting


def test_the_run_of_a_killed_module_is_taken_back_by_its_own_confirmation(waiting):
    (waiting.directory / "result.json").unlink()
    code, answer = waiting.run("confirm", TOKEN)
    assert (code, answer["confirmed"], answer["reverted"]) == (3, False, True)
    assert waiting.is_restored()


def test_an_old_timer_takes_no_later_run_back(waiting):
    assert waiting.run("timeout", "another") == (0, {"reverted": False})
    assert waiting.is_waiting


def test_at_boot_no_service_is_asked_for_that_has_not_started(waiting):
    assert not any("systemctl" in note for note in waiting.run("boot")[1]["left"])


def test_a_command_that_fails_is_noted_and_stops_nothing(waiting):
    _code, answer = waiting.run("now")
    assert any("systemctl" in note for note in answer["left"])
    assert waiting.is_restored()


def test_another_runs_token_confirms_nothing(waiting):
    code, answer = waiting.run("confirm", "another")
    assert (code, answer["confirmed"], answer["reverted"]) == (3, False, False)
    waiting.run("timeout", TOKEN)
    assert waiting.is_restored()


def test_nothing_waits_after_a_confirmation_or_a_revert(waiting):
    waiting.run("timeout", TOKEN)
    code, answer = waiting.run("confirm", TOKEN)
    assert (code, answer["reverted"]) == (3, True)
    assert waiting.run("timeout", TOKEN) == (0, {"reverted": False})


def test_what_somebody_else_has_changed_since_is_left_and_told(waiting):
    waiting.changed.write_text("theirs\n")
    _code, answer = waiting.run("timeout", TOKEN)
    assert waiting.changed.read_text() == "theirs\n"
    assert any(str(waiting.changed) in note for note in answer["left"])
    assert not waiting.made.exists()


def test_a_place_that_cannot_be_restored_is_told_and_keeps_no_other_from_it(tmp_path):
    copy, path = Copy(tmp_path), tmp_path / "folder" / "file"
    path.parent.mkdir()
    write(path, "old\n")
    copy.journal.open()
    copy.arm()
    copy.make(tmp_path / "made", "x\n")
    copy.step(Remove(str(path)), path.unlink)
    copy.finish()
    path.parent.rmdir()
    answer = copy.run("timeout", TOKEN)[1]
    assert answer["left"] == [f"{path} could not be brought back: No such file or directory"]
    assert [change["target"] for change in answer["undone"]] == [str(tmp_path / "made")]
    assert not (tmp_path / "made").exists()
    # Once its cause is gone, the next try succeeds.
    assert copy.is_waiting
    path.parent.mkdir()
    assert copy.run("boot")[1]["left"] == []
    assert path.read_text() == "old\n"
    assert not copy.is_waiting


def test_what_is_being_taken_back_can_be_confirmed_no_more(waiting):
    """The way back was killed after the files and before the daemons."""
    with open(waiting.journal_file, "a") as file:
        file.write('\n{"taking_back": "timeout"}\n')
    code, answer = waiting.run("confirm", TOKEN)
    assert (code, answer["confirmed"], answer["reverted"]) == (3, False, True)
    assert waiting.is_restored()


def test_a_journal_with_unreadable_bytes_is_read_as_far_as_it_can_be(waiting):
    with open(waiting.journal_file, "ab") as file:
        file.write(b'\n\xff\x00\xfe\n{"after": 77}\n')
    assert waiting.run("boot")[1]["reverted"]
    assert waiting.is_restored()


def test_where_nothing_else_waits_the_program_itself_does_and_nobody_waits_for_the_lock_meanwhile(waiting, monkeypatch):
    slept, took_place = program.time.sleep, []

    def sleep(seconds):
        if seconds != 60:
            return slept(seconds)
        with open(waiting.directory / "lock") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return took_place.append(waiting.is_waiting)

    monkeypatch.setattr(program.time, "sleep", sleep)
    assert waiting.run("timeout", TOKEN, "60")[1]["reverted"]
    assert took_place == [True]


@pytest.mark.parametrize("mode", ["confirm", "now", "timeout"])
@pytest.mark.parametrize(
    ("tool", "ran"),
    [
        ("systemd-run", ["systemctl stop groundwork-revert-killed.timer groundwork-revert-timeout.timer"]),
        (
            "sysrc",
            [
                "pkill -TERM -L -F /var/run/groundwork-revert-killed.pid",
                "pkill -TERM -L -F /var/run/groundwork-revert-timeout.pid",
            ],
        ),
        ("", []),
    ],
)
def test_timers_that_wait_for_nothing_more_are_stopped_but_by_themselves(waiting, monkeypatch, mode, tool, ran):
    commands = []
    manager = scheduler.service_manager(lambda name: name == tool)
    monkeypatch.setattr(program, "service_manager", lambda: manager)
    monkeypatch.setattr(program, "run", lambda argv: commands.append(" ".join(argv)) or [])
    waiting.run(mode, TOKEN)
    assert commands == ([] if mode == "timeout" else ran)


def test_at_boot_systemd_reads_the_old_files_where_its_generators_have_read_the_new_ones(tmp_path):
    copy = Copy(tmp_path)
    copy.journal.open()
    copy.arm()
    reload = (Command(("systemctl", "daemon-reload")), Command(("systemctl", "restart", "no-such.socket")))
    copy.make(tmp_path / "port", "2222\n", then=reload)
    copy.finish()
    notes = " ".join(copy.run("boot")[1]["left"])
    assert "no-such.socket" not in notes
    assert "daemon-reload" in notes or notes == ""


def test_what_was_loaded_into_a_firewalld_that_does_not_run_is_gone_with_it(tmp_path):
    copy = Copy(tmp_path)
    copy.journal.open()
    copy.arm()
    copy.make(tmp_path / "port", "2222\n", then=(Command(("firewall-cmd", "--zone=public", "--remove-port=1/tcp")),))
    copy.finish()
    assert not any("firewall-cmd" in note for note in copy.run("now")[1]["left"])


@pytest.mark.parametrize(
    ("argv", "state", "is_moot"),
    [
        (("firewall-cmd", "--zone=x"), "inactive", True),
        (("firewall-cmd", "--zone=x"), "active", False),
        (("ufw", "reload"), "inactive", False),
        (("pfctl", "-f", "/etc/pf.conf"), "inactive", True),
        (("pfctl", "-f", "/etc/pf.conf"), "active", False),
    ],
)
def test_a_firewall_that_runs_is_told(monkeypatch, argv, state, is_moot):
    for kind in ("units", "rc_services"):
        monkeypatch.setitem(way_back.LOOK, kind, lambda _name: {"active": state})
    assert way_back._is_moot(argv) is is_moot


@pytest.mark.parametrize(
    ("argv", "state", "ran"),
    [
        ("systemctl reload-or-restart sshd.service", "active", "systemctl reload-or-restart sshd.service"),
        ("systemctl reload-or-restart sshd.service", "activating", "systemctl restart sshd.service"),
        ("systemctl reload-or-restart sshd.service", "failed", "systemctl restart sshd.service"),
        ("systemctl try-reload-or-restart ssh.service", "inactive", "systemctl try-reload-or-restart ssh.service"),
        ("ufw reload", "inactive", "ufw reload"),
        ("service sshd reload", "active", "service sshd reload"),
        # It starts what is enabled, and nothing else.
        ("service sshd reload", "inactive", "service sshd restart"),
        ("service sshd onereload", "inactive", "service sshd restart"),
        ("service pf onestop", "inactive", "service pf onestop"),
    ],
)
def test_a_daemon_that_waits_for_its_next_start_is_started_at_once(monkeypatch, argv, state, ran):
    """systemd lets 42 seconds pass on Enterprise Linux before it starts an sshd again that has ended by itself."""
    commands = []
    for kind in ("units", "rc_services"):
        monkeypatch.setitem(way_back.LOOK, kind, lambda _name: {"active": state})
    monkeypatch.setattr(way_back, "run", lambda command: commands.append(" ".join(command)) or [])
    assert way_back._put_in_force(tuple(argv.split(" "))) == []
    assert commands == [ran]


@pytest.mark.parametrize("mode", ["now", "boot"])
def test_at_boot_rc_starts_the_daemons_itself(tmp_path, monkeypatch, mode):
    told, state = [], {"active": "active"}
    monkeypatch.setitem(way_back.LOOK, "rc_services", lambda _name: dict(state))
    monkeypatch.setitem(way_back.RESTORE, "rc_services", lambda name, _old: told.append(f"start {name}") or [])
    monkeypatch.setattr(way_back, "run", lambda argv, **_options: told.append(" ".join(argv)) or [])
    copy = Copy(tmp_path)
    copy.journal.open()
    copy.arm()
    copy.make(tmp_path / "sshd_config", "Port 2222\n", then=(Command(("service", "sshd", "reload")),))
    copy.step(Command(("kldload", "pf"), undo=(("kldunload", "pf"),)), lambda: None)
    stop = Command(("service", "ipfw", "onestop"), touches=Touches(rc_service="ipfw"))
    copy.step(stop, lambda: state.update(active="inactive"))
    copy.finish()
    assert copy.run(mode)[1]["left"] == []
    told = [line for line in told if not line.startswith(("systemctl", "pkill"))]
    assert told == ([] if mode == "boot" else ["start ipfw", "kldunload pf", "service sshd restart"])


@pytest.mark.parametrize("done_before", ["changed", "made", "removed", "folder"])
def test_killed_half_way_it_starts_again(waiting, done_before):
    place = getattr(waiting, done_before)
    deeds = {
        "changed": lambda: write(place, OLD, 0o640),
        "made": place.unlink if place.is_file() else None,
        "removed": lambda: write(place, "was here\n"),
        "folder": waiting.folder.rmdir,
    }
    deeds[done_before]()
    waiting.run("boot")
    assert waiting.is_restored()


def test_a_last_line_that_was_cut_off_belongs_to_nothing(waiting):
    with open(waiting.journal_file, "a") as file:
        file.write('{"step": 99, "paths": {"/etc/pass')
    waiting.run("now")
    assert waiting.is_restored()


def test_only_the_dangerous_steps_are_taken_back(tmp_path):
    copy = Copy(tmp_path)
    copy.journal.open()
    copy.arm()
    copy.make(tmp_path / "harmless", "x\n", danger="")
    copy.make(tmp_path / "key", "x\n", danger="way_in")
    copy.die()
    copy.run("now")
    assert (tmp_path / "harmless").exists()
    assert not (tmp_path / "key").exists()


@pytest.mark.parametrize("content", ["new\n", "half", None])
def test_of_a_step_that_was_killed_only_what_it_would_write_is_ours(tmp_path, content):
    copy, path = Copy(tmp_path), tmp_path / "file"
    write(path, "old\n")
    copy.journal.open()
    copy.arm()
    copy.journal.before(written(path, "new\n"), None, "door")
    path.unlink() if content is None else write(path, content)
    copy.die()
    copy.run("now")
    assert path.read_text() == ("half" if content == "half" else "old\n")


@pytest.mark.parametrize("words", [(), ("help",), ("confirm",), ("fetch", ""), ("undo", "../x"), ("confirm", "a;b")])
def test_without_a_known_word_it_says_what_it_can_do(waiting, capsys, words):
    assert program.main(str(waiting.directory), list(words)) == 2
    assert "take a change that waits" in capsys.readouterr().out
    assert waiting.is_waiting
