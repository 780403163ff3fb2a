"""Undo by the program that stays on the host: what all runs have changed, newest first, where it is still theirs."""

from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Command, Touches
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery import places
from tests.unit.module_utils._recovery.program_copies import TOKEN, Copy, account, write

PASSWD = "root:x:0:0::/root:/bin/sh\nother:x:1001:1001::/home/other:/bin/sh\n"
LINE = "deploy:x:1002:1002::{home}:/bin/sh\n"


class Applied(Copy):
    """Two runs: an account with its home, a key in it and a closed door; then the door's file once more."""

    def __init__(self, root):
        super().__init__(root)
        self.door, self.home, self.passwd = root / "door", root / "home", self.databases / "passwd"
        self.passwd.write_text(PASSWD)
        write(self.door, "open\n")
        self.journal.open()
        self.step(account("deploy", str(self.home)), self.make_account, danger="way_in")
        self.make(self.home / "keys", "key\n", danger="way_in", mode=0o600)
        self.make(self.door, "closed\n")
        self.journal.close("finished")
        self.journal = self.new_journal("second")
        self.journal.open()
        self.make(self.door, "closed twice\n")
        self.journal.close("finished")

    def make_account(self):
        self.passwd.write_text(PASSWD + LINE.format(home=self.home))
        self.home.mkdir()
        write(self.home / ".profile", "made with it\n")

    @property
    def is_as_it_was(self):
        return (self.door.read_text(), self.passwd.read_text(), self.home.exists()) == ("open\n", PASSWD, False)


@pytest.fixture
def applied(tmp_path):
    return Applied(tmp_path)


def test_all_is_taken_back_and_forgotten(applied):
    code, answer = applied.run("undo")
    assert (code, answer["left"]) == (0, [])
    assert applied.is_as_it_was
    assert applied.run("undo")[1] == {"undone": [], "left": []}


def test_a_check_foretells_the_same_and_changes_nothing(applied):
    foretold = applied.run("undo", "--check")[1]
    assert applied.door.read_text() == "closed twice\n"
    assert foretold == applied.run("undo")[1]


def test_in_two_parts_the_doors_come_first_and_wait_for_their_confirmation(applied):
    applied.run("undo", "doors", TOKEN)
    assert applied.door.read_text() == "open\n"
    assert applied.home.exists()
    assert applied.is_waiting
    assert applied.run("confirm", TOKEN)[1]["confirmed"]
    assert applied.run("undo", "rest")[1]["left"] == []
    assert applied.is_as_it_was


@pytest.mark.parametrize("mode", ["timeout", "boot"])
def test_an_opened_door_that_nobody_confirms_is_closed_again(applied, mode):
    applied.run("undo", "doors", TOKEN)
    assert applied.run(mode, *([TOKEN] if mode == "timeout" else []))[1]["reverted"]
    assert applied.door.read_text() == "closed twice\n"
    assert applied.run("undo")[1]["left"] == []
    assert applied.is_as_it_was


def test_what_somebody_else_has_changed_since_is_told_and_left(applied):
    applied.door.write_text("theirs\n")
    left = applied.run("undo")[1]["left"]
    assert any(str(applied.door) in sentence for sentence in left)
    assert applied.door.read_text() == "theirs\n"
    assert not applied.home.exists()


def test_a_home_that_somebody_works_in_keeps_its_account(applied):
    write(applied.home / "thesis.txt", "years\n")
    (sentence,) = applied.run("undo")[1]["left"]
    assert "thesis.txt" in sentence
    assert (applied.home / "thesis.txt").exists()
    assert "deploy" in applied.passwd.read_text()


def test_what_logging_in_leaves_behind_is_nobodys_work(applied):
    (applied.home / ".ansible/tmp").mkdir(parents=True)
    write(applied.home / ".ansible/tmp/x", "x")
    assert applied.run("undo")[1]["left"] == []
    assert not applied.home.exists()


def test_other_accounts_that_were_made_since_stay(applied):
    with open(applied.passwd, "a") as file:
        file.write("late:x:1003:1003::/home/late:/bin/sh\n")
    applied.run("undo")
    assert applied.passwd.read_text() == PASSWD + "late:x:1003:1003::/home/late:/bin/sh\n"


def test_an_account_that_was_changed_since_stays(applied):
    applied.passwd.write_text(PASSWD + LINE.format(home=applied.home).replace("/bin/sh", "/bin/zsh"))
    left = applied.run("undo")[1]["left"]
    assert any("deploy" in sentence for sentence in left)
    assert "/bin/zsh" in applied.passwd.read_text()
    assert (applied.home / ".profile").exists()


UNIT = Command(("systemctl", "enable", "ufw"), touches=Touches(unit="ufw.service"), undo=(("true",),))


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ({"enabled": "enabled", "active": "active"}, [("ufw.service", {"enabled": "disabled", "active": "inactive"})]),
        # Its package is gone, and with it all that could be taken back.
        ({"enabled": "", "active": "inactive"}, []),
    ],
)
def test_a_unit_is_as_before_unless_its_package_is_gone(tmp_path, monkeypatch, now, told):
    looks, restored = [{"enabled": "disabled", "active": "inactive"}], []
    monkeypatch.setitem(places.LOOK, "units", lambda _name: looks[-1])
    monkeypatch.setitem(places.RESTORE, "units", lambda name, old: restored.append((name, old)) or [])
    copy = Copy(tmp_path)
    copy.journal.open()
    copy.step(UNIT, lambda: looks.append({"enabled": "enabled", "active": "active"}))
    copy.journal.close("finished")
    looks.append(now)
    answer = copy.run("undo")[1]
    assert (restored, answer["left"], len(answer["undone"])) == (told, [], len(told))


def test_a_unit_that_somebody_else_has_disabled_since_is_left(tmp_path, monkeypatch):
    looks = [{"enabled": "masked", "active": "inactive"}]
    monkeypatch.setitem(places.LOOK, "units", lambda _name: looks[-1])
    copy = Copy(tmp_path)
    copy.journal.open()
    copy.step(UNIT, lambda: looks.append({"enabled": "enabled", "active": "active"}))
    copy.journal.close("finished")
    looks.append({"enabled": "disabled", "active": "inactive"})
    assert copy.run("undo")[1] == {
        "undone": [],
        "left": ["ufw.service was changed by somebody else since, and was left as it is"],
    }


def test_an_account_whose_making_was_killed_goes_with_its_home(tmp_path):
    copy = Copy(tmp_path)
    home, passwd = tmp_path / "home", copy.databases / "passwd"
    passwd.write_text(PASSWD)

    def half_made():
        passwd.write_text(PASSWD + LINE.format(home=home))
        home.mkdir()
        write(home / ".profile", "made with it\n")

    copy.journal.open()
    copy.arm()
    copy.step(account("deploy", str(home)), half_made, danger="way_in", is_killed=True)
    copy.die()
    copy.run("timeout", TOKEN)
    assert (passwd.read_text(), home.exists()) == (PASSWD, False)


def test_what_was_undone_stays_so_while_something_else_is_left(applied):
    """The door was written twice: it is back before both, and neither step is taken back again."""
    write(applied.home / "thesis.txt", "years\n")
    applied.run("undo")
    assert applied.door.read_text() == "open\n"
    again = applied.run("undo")[1]
    assert again["undone"] == []
    assert [sentence for sentence in again["left"] if "thesis.txt" not in sentence] == []
    assert applied.door.read_text() == "open\n"
