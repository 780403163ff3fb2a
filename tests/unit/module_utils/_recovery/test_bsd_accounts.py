"""Accounts of FreeBSD: lines of master.passwd and group come back, and pwd_mkdb makes the rest of them."""

from __future__ import annotations

import fcntl
import os
import stat
from pathlib import Path

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._recovery import bsd_accounts
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery.places import (
    look_at_account,
    restore_account,
)

ROOT = "root:*:0:0::0:0:Charlie &:/root:/bin/sh"
DEPLOY = "deploy:*:1001:1001::0:0:User &:/home/deploy:/bin/sh"
MASTER = ["# $FreeBSD$", "#", ROOT, "toor:*:0:0::0:0:Bourne-again Superuser:/root:", DEPLOY]
GROUP = ["wheel:*:0:root,deploy", "deploy:*:1001:"]


def short(line):
    """The line as passwd has it (pwd_mkdb.c): no hash, class, nor dates."""
    fields = line.split(":")
    return ":".join([fields[0], "*", *fields[2:4], *fields[7:]]) if len(fields) > 1 else line


@pytest.fixture
def databases(tmp_path, monkeypatch):
    """/etc with a pwd_mkdb that does what the real one does for its -p and -d, but for the hashed databases."""
    folder = tmp_path / "etc"
    folder.mkdir()
    monkeypatch.setattr(bsd_accounts, "run", lambda argv: pwd_mkdb(folder, argv))
    for name, lines in (("master.passwd", MASTER), ("passwd", map(short, MASTER)), ("group", GROUP)):
        (folder / name).write_text("".join(f"{line}\n" for line in lines))
    (folder / "master.passwd").chmod(0o600)
    return folder


def pwd_mkdb(folder, argv):
    assert argv[:4] == ["pwd_mkdb", "-p", "-d", str(folder)]
    assert not is_free(folder / "master.passwd")
    lines = Path(argv[4]).read_text().splitlines()
    if any(line and not line.startswith("#") and line.count(":") != 9 for line in lines):
        return [f"pwd_mkdb: {argv[4]}: Inappropriate file type or format"]
    (folder / "passwd").write_text("".join(f"{short(line)}\n" for line in lines))
    os.rename(argv[4], folder / "master.passwd")
    return []


def is_free(path):
    with open(path) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def lines(path):
    return path.read_text().splitlines()


def test_an_account_that_was_made_goes_from_all_of_them(databases):
    old = {path: [] for path in look_at_account("deploy")}
    assert restore_account("deploy", old) == []
    assert lines(databases / "master.passwd") == MASTER[:-1]
    assert lines(databases / "passwd") == [short(line) for line in MASTER[:-1]]
    assert lines(databases / "group") == ["wheel:*:0:root"]
    assert stat.S_IMODE((databases / "master.passwd").stat().st_mode) == 0o600
    assert is_free(databases / "master.passwd")


def test_one_that_was_changed_gets_its_old_line_again(databases):
    old = look_at_account("root")
    locked = [*MASTER[:2], ROOT.replace("root:*", "root:$6$x$y"), *MASTER[3:]]
    (databases / "master.passwd").write_text("".join(f"{line}\n" for line in locked))
    assert restore_account("root", old) == []
    assert lines(databases / "master.passwd") == MASTER


def test_what_pwd_mkdb_refuses_changes_nothing_and_is_told(databases):
    old = {**look_at_account("deploy"), str(databases / "master.passwd"): ["deploy:broken"]}
    (note,) = restore_account("deploy", old)
    assert "Inappropriate file type" in note
    assert lines(databases / "master.passwd") == MASTER
    assert sorted(path.name for path in databases.iterdir()) == ["group", "master.passwd", "passwd"]


def test_what_is_as_it_was_is_not_made_again(databases, monkeypatch):
    monkeypatch.setattr(bsd_accounts, "run", None)
    before = (databases / "group").stat().st_ino
    assert restore_account("deploy", look_at_account("deploy")) == []
    assert (databases / "group").stat().st_ino == before


def test_a_file_that_was_exchanged_while_its_lock_was_waited_for_is_locked_anew(tmp_path, monkeypatch):
    path = tmp_path / "master.passwd"
    path.write_text("old\n")
    exchanged = []

    def slow(file, how):
        if not exchanged:
            exchanged.append(path.rename(tmp_path / "gone").unlink())
            path.write_text("new\n")
        real(file, how)

    real = fcntl.flock
    monkeypatch.setattr(bsd_accounts.fcntl, "flock", slow)
    with bsd_accounts.held(str(path)):
        monkeypatch.setattr(bsd_accounts.fcntl, "flock", real)
        assert not is_free(path)
