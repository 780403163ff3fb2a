"""A block of ours goes again; what others have written around it in the meantime stays."""

from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import WriteBlock
from ansible_collections.groundwork.python_host.plugins.module_utils._host.blocks import BEGIN, rendered
from tests.unit.module_utils._recovery.program_copies import TOKEN, InstalledCopy, touch

THEIRS = "# theirs\nPort 22\n"
LATER = "AllowUsers alice\n"


@pytest.fixture
def applied(tmp_path):
    """Two runs: a block, and then another one in its place. By the program as it lies on a host."""
    copy = InstalledCopy(tmp_path)
    copy.main = tmp_path / "sshd_config"
    copy.main.write_text(THEIRS)
    copy.main.chmod(0o600)
    for run, lines in ((TOKEN, "Port 443\n"), ("second", "Port 2222\n")):
        copy.journal = copy.new_journal(run)
        copy.journal.open()
        copy.make_block(copy.main, lines, then=(touch(tmp_path / "loaded"),))
        copy.journal.close("finished")
    assert copy.main.read_text() == rendered("Port 2222\n") + THEIRS
    return copy


@pytest.mark.parametrize("later", ["", LATER])
def test_only_our_block_is_taken_out(applied, later):
    applied.main.write_text(applied.main.read_text() + later)
    code, answer = applied.run("undo")
    assert (code, answer["left"], len(answer["undone"])) == (0, [], 2)
    assert applied.main.read_text() == THEIRS + later
    assert applied.main.stat().st_mode & 0o777 == 0o600
    assert (applied.root / "loaded").exists()


def test_a_check_foretells_it_and_changes_nothing(applied):
    before = applied.main.read_text()
    assert len(applied.run("undo", "--check")[1]["undone"]) == 2
    assert applied.main.read_text() == before


def test_a_block_that_somebody_else_has_changed_is_told_and_left(applied):
    text = applied.main.read_text().replace("2222", "2200")
    applied.main.write_text(text)
    assert applied.run("undo")[1]["left"] == [
        f"{applied.main} was changed by somebody else since, and was left as it is"
    ]
    assert applied.main.read_text() == text


def test_a_file_that_is_gone_stays_so(applied):
    applied.main.unlink()
    assert applied.run("undo")[0] == 0
    assert not applied.main.exists()


@pytest.mark.parametrize("mode", ["timeout", "boot", "now"])
def test_one_that_waits_goes_back_to_the_one_before(applied, mode):
    applied.journal = applied.new_journal("third")
    applied.journal.open()
    applied.arm()
    applied.make_block(applied.main, "Port 8022\n")
    applied.journal.close("finished")
    applied.main.write_text(applied.main.read_text() + LATER)
    assert applied.run(mode, *([TOKEN] if mode == "timeout" else []))[1]["left"] == []
    assert applied.main.read_text() == rendered("Port 2222\n") + THEIRS + LATER


def test_a_block_whose_writing_was_killed_goes_all_the_same(applied):
    applied.journal = applied.new_journal("third")
    applied.journal.open()
    applied.arm()
    new = rendered("Port 8022\n") + THEIRS
    applied.step(WriteBlock(str(applied.main), "Port 8022\n"), lambda: applied.main.write_text(new), is_killed=True)
    applied.die()
    assert applied.run("now")[1]["left"] == []
    assert applied.main.read_text() == rendered("Port 2222\n") + THEIRS


def test_opened_doors_that_nobody_confirms_get_their_block_back(applied):
    before = applied.main.read_text()
    applied.run("undo", "doors", "fourth")
    assert BEGIN not in applied.main.read_text()
    assert applied.run("timeout", "fourth")[1]["left"] == []
    assert applied.main.read_text() == before
