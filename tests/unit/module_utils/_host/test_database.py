from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import Unreadable
from ansible_collections.groundwork.python_host.plugins.module_utils._host.ansible_host import AnsibleHost
from ansible_collections.groundwork.python_host.plugins.module_utils._host.database import read_rows

if TYPE_CHECKING:
    from pathlib import Path

QUESTION = "SELECT id FROM trans ORDER BY id DESC LIMIT 1"
# Whoever is killed leaves what was not copied into the database yet in a file beside it.
KILLED_WRITER = """
import os, sqlite3, sys
database = sqlite3.connect(sys.argv[1])
database.execute("PRAGMA journal_mode = WAL")
database.execute("CREATE TABLE trans (id INTEGER)")
database.execute("INSERT INTO trans VALUES (7)")
database.commit()
os._exit(9)
"""
READER = """
import sys
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import Unreadable
from ansible_collections.groundwork.python_host.plugins.module_utils._host.database import read_rows
try:
    read_rows(sys.argv[1], "SELECT id FROM trans")
except Unreadable as error:
    print(error)
"""


def written(path: Path) -> str:
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE trans (id INTEGER)")
        database.executemany("INSERT INTO trans VALUES (?)", [(1,), (2,)])
    database.close()
    return str(path)


def contents(directory: Path) -> dict[str, tuple[int, bytes]]:
    return {file.name: (os.stat(file).st_mtime_ns, file.read_bytes()) for file in directory.iterdir()}


def test_rows_are_read_and_nothing_is_written(tmp_path):
    path = written(tmp_path / "with a blank?.sqlite")
    before = contents(tmp_path)
    assert read_rows(path, QUESTION) == AnsibleHost(None).read_rows(path, QUESTION) == ((2,),)
    assert contents(tmp_path) == before


def test_what_a_killed_writer_has_left_counts_and_is_left(tmp_path):
    path = tmp_path / "history.sqlite"
    subprocess.run([sys.executable, "-c", KILLED_WRITER, str(path)], check=False)
    before = contents(tmp_path)
    assert set(before) == {"history.sqlite", "history.sqlite-shm", "history.sqlite-wal"}
    assert read_rows(str(path), QUESTION) == ((7,),)
    assert contents(tmp_path) == before


def test_a_database_that_is_not_there_has_no_rows_at_all(tmp_path):
    assert read_rows(str(tmp_path / "none.sqlite"), QUESTION) is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"no database " * 100])
def test_what_is_no_such_database_cannot_be_read(tmp_path, content):
    path = tmp_path / "history.sqlite"
    path.write_bytes(content)
    with pytest.raises(Unreadable):
        read_rows(str(path), QUESTION)


def test_a_python_without_sqlite3_says_so(tmp_path):
    path = written(tmp_path / "history.sqlite")
    (tmp_path / "sqlite3.py").write_text("raise ImportError\n")
    where = os.pathsep.join([str(tmp_path), *sys.path])
    answer = subprocess.run(
        [sys.executable, "-c", READER, path],
        env={**os.environ, "PYTHONPATH": where},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    assert "this Python has no sqlite3" in answer.stdout
