"""The program as it lies on a host: its files alone, with this interpreter and nothing of the collection."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._recovery import installation
from tests.unit.module_utils._recovery.program_copies import TOKEN, InstalledCopy, account, touch, write

PASSWD = "root:x:0:0::/root:/bin/sh\n"


@pytest.fixture
def waiting(tmp_path):
    """A file and an account that wait for their confirmation."""
    copy = InstalledCopy(tmp_path)
    copy.passwd, copy.file = copy.databases / "passwd", tmp_path / "file"
    write(copy.passwd, PASSWD)
    write(copy.file, "old\n")
    copy.journal.open()
    copy.arm()
    copy.step(account("deploy"), lambda: write(copy.passwd, PASSWD + "deploy:x:1:1::/:/bin/sh\n"), danger="way_in")
    copy.make(copy.file, "new\n", then=(touch(tmp_path / "loaded"),))
    copy.finish({"score": 100})
    return copy


def state(copy):
    return copy.file.read_text(), copy.passwd.read_text()


def test_it_confirms(waiting):
    assert waiting.run("fetch", TOKEN) == (0, {"confirmed": True, "result": {"score": 100}})
    assert state(waiting)[0] == "new\n"
    assert not waiting.is_waiting


@pytest.mark.parametrize("words", [("timeout", TOKEN), ("timeout", TOKEN, "1"), ("boot",)], ids=" ".join)
def test_it_takes_back(waiting, words):
    assert waiting.run(*words)[1]["reverted"]
    assert state(waiting) == ("old\n", PASSWD)
    assert (waiting.root / "loaded").exists()


def test_it_undoes_and_foretells(waiting):
    waiting.run("confirm", TOKEN)
    assert waiting.run("undo", "--check")[1]["left"] == []
    assert state(waiting)[0] == "new\n"
    waiting.run("undo")
    assert state(waiting) == ("old\n", PASSWD)


def test_it_waits_while_a_run_is_at_work(tmp_path):
    """What a run is about to do must not be taken back before it is done."""
    copy = InstalledCopy(tmp_path)
    copy.journal.open()
    argv = [sys.executable, "-I", str(copy.directory / "program"), "timeout", TOKEN]
    with subprocess.Popen(argv, stdout=subprocess.PIPE) as process:
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=0.5)
        copy.journal.close("finished")
        assert process.wait(timeout=20) == 0


def test_its_command_is_read_by_sh_and_finds_its_interpreter_and_program(tmp_path):
    copy = InstalledCopy(tmp_path)
    text = (copy.directory / "revert").read_text().replace(installation.PROGRAM, str(copy.directory / "program"))
    (copy.directory / "revert").write_text(text)
    done = subprocess.run(
        ["sh", str(copy.directory / "revert"), "now"], capture_output=True, text=True, check=False, timeout=20
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, '{"reverted": false}\n', "")
    assert os.path.exists(copy.directory / "lock")
