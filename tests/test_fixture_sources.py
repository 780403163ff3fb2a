"""Every file of the unit tests' fixtures says where it is from: a README beside or above it names it with a mark.

A README's entry is a row of a table, an item of a list or a paragraph. It names files between backticks: a file's name,
its path from the README, either as a pattern, the name without what follows the dot, or its folder (`prepared`). The
mark stands in the entry, or for the whole README in its first paragraph, if that has a single one.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import pytest

from tests.tools.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FIXTURES = ROOT / "tests/unit/fixtures"
MARKS = ("captured", "published", "derived from source")


def unmarked(top: Path) -> list[str]:
    """The files below that no README names with a mark."""
    files = sorted(path for path in top.rglob("*") if path.is_file() and path.name != "README.md")
    return [str(path.relative_to(top)) for path in files if not any(_marks_of(path, top))]


def _marks_of(path: Path, top: Path) -> Iterator[str]:
    for folder in path.parents:
        readme = folder / "README.md"
        if readme.is_file():
            yield from _marks_in(readme.read_text(encoding="utf-8"), path.relative_to(folder).as_posix())
        if folder == top:
            return


def _marks_in(text: str, file: str) -> Iterator[str]:
    _title, *entries = _entries(text)
    for_all = _marks(entries[0]) if entries else []
    for entry in entries:
        if any(_is_named(file, name) for name in re.findall(r"`([^`]+)`", entry)):
            yield from _marks(entry) or (for_all if len(for_all) == 1 else [])


def _entries(text: str) -> list[str]:
    parts = re.split(r"\n\s*\n|\n(?=- |\|)", text.strip())
    return [re.sub(r"\s+", " ", part) for part in parts]


def _marks(entry: str) -> list[str]:
    """What something is not (`none is captured`) is no mark."""
    said = re.sub(r"\b(?:not|none is|nothing here is) captured", "", entry.lower())
    return [mark for mark in MARKS if mark in said]


def _is_named(file: str, name: str) -> bool:
    base = file.rpartition("/")[2]
    is_folder = file.startswith(name.rstrip("/") + "/")
    return is_folder or fnmatchcase(file, name) or fnmatchcase(base, name) or base.partition(".")[0] == name


def test_every_fixture_says_where_it_is_from():
    assert unmarked(FIXTURES) == []


TITLE = "# Answers of a tool\n\n"


@pytest.mark.parametrize(
    ("readme", "expected"),
    [
        ("", ["sub/a.txt", "sub/b.txt"]),
        ("Nobody knows.\n\n- `a.txt`: captured, tool 1.0\n", ["sub/b.txt"]),
        ("- `*.txt`: published, a manual\n", []),
        ("- `sub/`: derived from\n  source, tool.c\n", []),
        ("Captured from tool 1.0.\n\n| `a` | `tool -a` |\n|---|---|\n| `b` | `tool -b` |\n", []),
        ("Captured or published.\n\n- `a.txt`: published\n- `b.txt`: `tool -b`\n", ["sub/b.txt"]),
        ("- `a.txt`, `b.txt`: somehow, none is captured\n", ["sub/a.txt", "sub/b.txt"]),
        ("- `a.txt`: captured\n- b.txt: captured\n", ["sub/b.txt"]),
    ],
)
def test_a_file_without_a_name_or_a_mark_is_found(tmp_path, readme, expected):
    (tmp_path / "sub").mkdir()
    for name in ("a.txt", "b.txt"):
        (tmp_path / "sub" / name).touch()
    (tmp_path / "README.md").write_text(TITLE + readme)
    assert unmarked(tmp_path) == expected
