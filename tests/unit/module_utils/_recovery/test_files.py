"""The few things that the program needs of the system."""

from __future__ import annotations

import os
import stat
import sys

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._recovery import files

PRINT = "import os, sys; print({}); sys.exit({})"


def python(expression, code=0):
    return [sys.executable, "-c", PRINT.format(expression, code)]


def test_a_file_is_replaced_with_its_rights_and_nothing_is_left_beside_it(tmp_path):
    path = tmp_path / "file"
    path.write_text("a longer old text\n")
    files.write(str(path), b"new\xff\n", mode=0o2640, uid=os.geteuid(), gid=os.getegid())
    assert files.read(str(path)) == b"new\xff\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o2640
    assert os.listdir(tmp_path) == ["file"]


@pytest.mark.parametrize("labels", [{}, {"shadow": b"system_u:object_r:shadow_t:s0\0"}])
def test_a_file_that_is_replaced_keeps_its_label(tmp_path, monkeypatch, labels):
    """No kernel with SELinux was at hand: where it is not, asking for a label ends with ENODATA or ENOTSUP."""
    path, given = tmp_path / "shadow", {}
    path.touch()

    def label_of(asked, name):
        if not labels:
            raise OSError(95, "Operation not supported")
        return labels[os.path.basename(asked)]

    monkeypatch.setattr(os, "getxattr", label_of, raising=False)
    monkeypatch.setattr(
        os,
        "setxattr",
        lambda handle, name, value: given.update({(os.fstat(handle).st_ino, name): value}),
        raising=False,
    )
    files.write(str(path), b"x\n", mode=0o000, uid=os.geteuid(), gid=os.getegid())
    assert given == {(path.stat().st_ino, "security.selinux"): label for label in labels.values()}


def test_a_note_of_ours_is_roots_alone_and_read_back(tmp_path):
    path = str(tmp_path / "note.json")
    assert files.load(path) == {}
    files.store(path, {"run": "abc"})
    assert files.load(path) == {"run": "abc"}
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600


def test_removing_what_is_not_there_is_fine_and_a_link_goes_without_its_target(tmp_path):
    (tmp_path / "target").touch()
    (tmp_path / "link").symlink_to(tmp_path / "target")
    for name in ("link", "link", "absent"):
        files.remove(str(tmp_path / name))
    assert os.listdir(tmp_path) == ["target"]


def test_a_tree_goes_without_what_its_links_lead_to(tmp_path):
    (tmp_path / "tree/deep").mkdir(parents=True)
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept/file").touch()
    (tmp_path / "tree/deep/file").touch()
    (tmp_path / "tree/link").symlink_to(tmp_path / "kept")
    files.remove_tree(str(tmp_path / "tree"))
    assert os.listdir(tmp_path) == ["kept"]
    assert os.listdir(tmp_path / "kept") == ["file"]


def test_a_program_is_asked_in_plain_english_and_finds_the_systems_programs():
    assert files.ask(python("os.environ['LC_ALL'], os.environ['PATH']")) == f"C {files.SEARCH_PATH}"


def test_a_program_that_is_not_there_has_no_answer_and_is_told_when_it_was_needed():
    assert files.ask(["/no/such/program"]) == ""
    (note,) = files.run(["/no/such/program", "now"])
    assert note.startswith("/no/such/program now: ")


@pytest.mark.parametrize(("code", "told"), [(0, False), (3, True)])
def test_a_program_that_fails_is_told_in_its_own_words(code, told):
    notes = files.run(python("'fine', file=sys.stderr", code))
    assert [note.endswith(": fine") for note in notes] == ([True] if told else [])


def test_a_program_that_hangs_is_ended_and_told():
    (note,) = files.run([sys.executable, "-c", "import time; time.sleep(60)"], seconds=0.2)
    assert "timed out" in note


def test_a_program_reads_nothing_of_ours():
    assert files.ask(python("repr(sys.stdin.read())")) == "''"
