# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Versions of RPM packages, and their order, which is rpm's own and no other tool's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import total_ordering

# What rpm compares: runs of digits, runs of letters, and the two marks that sort before (`~`) and after (`^`) the end.
# All else only separates.
SEGMENT = re.compile(r"\d+|[A-Za-z]+|[~^]")
# How the segments of two versions are ordered where they differ in kind. The end of a version is a segment too.
TILDE, END, CARET, LETTERS, DIGITS = range(5)


@total_ordering
@dataclass(frozen=True)
class Evr:
    """Epoch, version and release; an empty release stands for any."""

    epoch: int
    version: str
    release: str = ""

    def __lt__(self, other: Evr) -> bool:
        return compare(self, other) < 0

    def __str__(self) -> str:
        """As dnf shows it: an epoch only where there is one."""
        epoch = f"{self.epoch}:" if self.epoch else ""
        release = f"-{self.release}" if self.release else ""
        return f"{epoch}{self.version}{release}"


def parse_evr(text: str) -> Evr:
    """`1:2.0-3.el9`, `2.0-3.el9` or `2.0`."""
    epoch, colon, rest = text.rpartition(":")
    version, _hyphen, release = rest.partition("-")
    return Evr(int(epoch) if colon and epoch.isdigit() else 0, version, release)


def matches(wanted: str, installed: str) -> bool:
    """True where an installed version is the wanted one: an epoch and a release count only where they are given."""
    asked, found = parse_evr(wanted), parse_evr(installed)
    is_epoch_fine = ":" not in wanted or asked.epoch == found.epoch
    return is_epoch_fine and asked.version == found.version and asked.release in ("", found.release)


def compare(first: Evr, second: Evr) -> int:
    """Negative, zero or positive, as the first one is older, the same or newer. A missing release is not compared."""
    if first.epoch != second.epoch:
        return first.epoch - second.epoch
    by_version = compare_parts(first.version, second.version)
    if by_version or not (first.release and second.release):
        return by_version
    return compare_parts(first.release, second.release)


def compare_parts(first: str, second: str) -> int:
    """rpmvercmp: two versions, or two releases, segment by segment."""
    ours, theirs = _segments(first), _segments(second)
    for mine, other in zip(ours, theirs):
        if mine != other:
            return 1 if mine > other else -1
    return 0


def _segments(text: str) -> list[tuple[int, int, str]]:
    """Segments as values that sort as rpm sorts them, with the end as the last one.

    A run of letters is older than any number, and a version that goes on is newer than one that has ended, but for a
    tilde.
    """
    return [*(_segment(segment) for segment in SEGMENT.findall(text)), (END, 0, "")]


def _segment(segment: str) -> tuple[int, int, str]:
    if segment == "~":
        return (TILDE, 0, "")
    if segment == "^":
        return (CARET, 0, "")
    if segment.isdigit():
        return (DIGITS, int(segment), "")
    return (LETTERS, 0, segment)
