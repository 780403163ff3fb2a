# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines of plain text: cleaned, wrapped, and laid out in columns."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH = 100


def clean(text: str) -> str:
    """The text on one line and without control characters: what a host says must not steer the reader's terminal."""
    return "".join(letter if letter.isprintable() else _escaped(letter) for letter in " ".join(text.split()))


def wrap(text: str, *, label: str = "", width: int = WIDTH) -> list[str]:
    """Lines of at most `width`; the first starts with the label, the others with as many spaces."""
    return textwrap.wrap(
        clean(text),
        width=width,
        initial_indent=label,
        subsequent_indent=" " * len(label),
        break_on_hyphens=False,
    ) or [label.rstrip()]


def table(header: Sequence[str], rows: Sequence[Sequence[str]], *, width: int = WIDTH) -> list[str]:
    """Columns as wide as their longest cell; the last one takes what is left and is wrapped."""
    cells = [[clean(cell) for cell in row] for row in (header, *rows)]
    sizes = [max(len(row[index]) for row in cells) for index in range(len(header) - 1)]
    lines = [_labelled(row, sizes, width) for row in cells]
    last = min(max(len(row[-1]) for row in cells), width - sum(sizes) - 2 * len(sizes))
    rule = ["  ".join("-" * size for size in (*sizes, last))]
    return [line for part in (lines[0], rule, *lines[1:]) for line in part]


def _labelled(row: Sequence[str], sizes: Sequence[int], width: int) -> list[str]:
    label = "".join(f"{cell:<{size}}  " for cell, size in zip(row, sizes))
    return [line.rstrip() for line in wrap(row[-1], label=label, width=width)]


def _escaped(letter: str) -> str:
    return letter.encode("unicode_escape").decode("ascii")
