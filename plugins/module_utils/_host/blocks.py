# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A marked block in somebody's file: the lines between our two marks are ours, and no others.

It stands at the top where the first value that is read counts, and at the end where the last one does.

The program that takes changes back has a copy of this file on the host, so the standard library alone is used.
"""

from __future__ import annotations

import re

BEGIN = "# BEGIN groundwork.python_host"
END = "# END groundwork.python_host"
NEW_LINE = "\n"
NOTE = ": a change in this block is lost at its next run"
# A block says by itself where it belongs, so that whoever brings it back need not be told.
LAST = " (last)"
# With its end; what `splitlines` takes for an end may stand in somebody's comment.
LINE = re.compile(r"[^\n]*\n|[^\n]+")


def rendered(lines: str, *, is_last: bool = False) -> str:
    """The block with its marks; empty without lines."""
    return f"{BEGIN}{LAST if is_last else ''}{NOTE}\n{lines}{END}\n" if lines else ""


def block_in(text: str) -> str:
    """The block with its marks as it stands in the text; empty where there is none."""
    return _parted(text)[0]


def replaced(text: str, block: str) -> str:
    """The text with this block at its place, instead of an older one; every other byte stays as it is."""
    others = _parted(text)[1]
    if block.startswith(BEGIN + LAST):
        return f"{others}{'' if others.endswith(NEW_LINE) or not others else NEW_LINE}{block}"
    return block + others


def _parted(text: str) -> tuple[str, str]:
    """(block, all other lines). A first mark whose end is gone takes no other line along: they may be somebody's."""
    block: list[str] = []
    others: list[str] = []
    lines = LINE.findall(text)
    while lines:
        size = _size(lines)
        (block if size else others).extend(lines[: size or 1])
        del lines[: size or 1]
    return "".join(block), "".join(others)


def _size(lines: list[str]) -> int:
    """How many of the lines are a block that begins here."""
    if not lines[0].startswith(BEGIN):
        return 0
    ends = [number for number, line in enumerate(lines, 1) if line.rstrip() == END]
    begins = [number for number, line in enumerate(lines, 1) if line.startswith(BEGIN)]
    is_whole = ends and not any(1 < number < ends[0] for number in begins)
    return ends[0] if is_whole else 1
