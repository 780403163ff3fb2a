"""The program that stays on the host, run for real on files of the test's own."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._confirm.program import PROGRAM
from ansible_collections.groundwork.python_host.plugins.module_utils._confirm.restoration import restoration
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Command, Remove, WriteFile
from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Step
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import FileStat
from tests.unit.fakes import FakeHost

TOKEN = "0123456789abcdef"


class Waiting:
    """A directory of the program's own, with a change that waits for its confirmation."""

    def __init__(self, directory):
        self.directory = directory
        self.changed, self.made, self.removed = (directory / name for name in ("changed", "made", "removed"))
        self.pending = directory / "pending.json"
        (directory / "revert.py").write_text(PROGRAM)
        self.changed.write_text("old \udcff\n", errors="surrogateescape")
        self.changed.chmod(0o640)
        self.removed.write_text("was here\n")
        self.pending.write_text(self._restoration())
        self.changed.write_text("new\n")
        self.made.write_text("made\n")
        self.removed.unlink()

    def _restoration(self):
        owner = {"uid": os.getuid(), "gid": os.getgid()}
        host = FakeHost(
            files={str(self.changed): "old \udcff\n", str(self.made): None, str(self.removed): "was here\n"},
            stats={
                str(self.changed): FileStat("file", 0o640, "me", "me", **owner),
                str(self.removed): FileStat("file", 0o644, "me", "me", **owner),
            },
        )
        touch = Command(("touch", str(self.directory / "loaded")))
        daemon = Command(("systemctl", "no-such-verb"))
        steps = (
            Step(WriteFile(str(self.changed), "new\n", then=(touch, daemon)), None),
            Step(WriteFile(str(self.made), "made\n"), None),
            Step(Remove(str(self.removed)), None),
            Step(Command(("true",), undo=(("touch", str(self.directory / "undone")),)), None),
        )
        return restoration(host, steps, TOKEN)

    def run(self, *words):
        argv = [sys.executable, "-I", str(self.directory / "revert.py"), *words]
        done = subprocess.run(argv, capture_output=True, text=True, check=False)
        assert done.stderr == ""
        return done.returncode, json.loads(done.stdout)

    def is_restored(self):
        content = self.changed.read_text(errors="surrogateescape")
        mode = self.changed.stat().st_mode & 0o7777
        return (content, mode, self.made.exists()) == ("old \udcff\n", 0o640, False) and self.removed.exists()


@pytest.fixture
def waiting(tmp_path):
    return Waiting(tmp_path)


def test_a_confirmed_change_stays(waiting):
    assert waiting.run("confirm", TOKEN) == (0, {"confirmed": True})
    assert waiting.changed.read_text() == "new\n"
    assert not waiting.pending.exists()


@pytest.mark.parametrize("mode", ["timeout", "now", "boot"])
def test_an_unconfirmed_change_is_taken_back(waiting, mode):
    code, answer = waiting.run(mode)
    assert (code, answer["reverted"], answer["mode"]) == (0, True, mode)
    assert waiting.is_restored()
    assert (waiting.directory / "loaded").exists()
    assert (waiting.directory / "undone").exists()
    assert not waiting.pending.exists()


def test_at_boot_no_service_is_asked_for_that_has_not_started(waiting):
    assert not any("systemctl" in note for note in waiting.run("boot")[1]["notes"])


def test_a_command_that_fails_is_noted_and_stops_nothing(waiting):
    _code, answer = waiting.run("now")
    assert any("systemctl" in note for note in answer["notes"])
    assert waiting.is_restored()


def test_another_runs_token_confirms_nothing(waiting):
    assert waiting.run("confirm", "another")[0] == 4
    assert waiting.pending.exists()
    waiting.run("timeout")
    assert waiting.is_restored()


def test_nothing_waits_after_a_confirmation_or_a_revert(waiting):
    waiting.run("timeout")
    assert waiting.run("confirm", TOKEN) == (3, {"pending": False})
    assert waiting.run("timeout") == (0, {"pending": False})


def test_what_somebody_else_has_changed_since_is_left_and_told(waiting):
    waiting.changed.write_text("theirs\n")
    _code, answer = waiting.run("timeout")
    assert waiting.changed.read_text() == "theirs\n"
    assert any(str(waiting.changed) in note for note in answer["notes"])
    assert not waiting.made.exists()


@pytest.mark.parametrize("done_before", ["changed", "made", "removed"])
def test_killed_half_way_it_starts_again(waiting, done_before):
    path = getattr(waiting, done_before)
    old = {"changed": b"old \xff\n", "made": None, "removed": b"was here\n"}[done_before]
    if old is None:
        path.unlink()
    else:
        path.write_bytes(old)
    waiting.run("boot")
    assert waiting.is_restored()


def test_a_change_that_was_never_made_is_no_change(waiting):
    """Killed between the note and the first write."""
    waiting.changed.write_text("old \udcff\n", errors="surrogateescape")
    waiting.made.unlink()
    waiting.removed.write_text("was here\n")
    assert waiting.run("now")[1]["reverted"]
    assert waiting.is_restored()
