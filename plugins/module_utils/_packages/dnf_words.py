# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Understanding what dnf 4 prints: pure functions from text to values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import PackageChange
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.rpm_version import parse_evr
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.rpm_words import change_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import InstalledPackages

# The headings of the table of a transaction, and what they do to the packages below.
HEADINGS = {
    "Installing": "install",
    "Installing dependencies": "install",
    "Installing weak dependencies": "install",
    "Installing group/module packages": "install",
    "Upgrading": "upgrade",
    "Downgrading": "downgrade",
    "Reinstalling": "reinstall",
    "Removing": "remove",
    "Removing dependent packages": "remove",
    "Removing unused dependencies": "remove",
}
SKIPPED = "Skipping packages with"
STREAMS = "module streams"
HEADING = re.compile(r"^(?P<text>[A-Z][^:]*):$")
RULER = re.compile(r"^=+$", re.M)
SUMMARY = "Transaction Summary"
# dnf's own output of sizes: a number below 1000 in the largest unit that fits, in powers of 1024.
SIZE = re.compile(
    r"^(?P<what>Total size|Total download size|Installed size): (?P<number>[\d.]+) ?(?P<unit>[kMGTP]?)", re.M
)
UNITS = {"": 0, "k": 1, "M": 2, "G": 3, "T": 4, "P": 5}
REPLACING = "replacing"
ABORTED = re.compile(r"^(?:Error: )?Operation aborted\.$", re.M)
IGNORED = re.compile(r"^Ignoring repositories: (?P<names>.+)$", re.M)


@dataclass(frozen=True)
class Row:
    """A line of the table: a package under a heading. `replaces` are those that it obsoletes, as name.architecture."""

    heading: str
    name: str
    architecture: str
    version: str
    repository: str
    replaces: tuple[str, ...] = ()


def parse_table(text: str) -> tuple[Row, ...]:
    """The table of a transaction; empty where there is none.

    A line that would be too long for its column is broken, so what counts is a line's first column: a row begins with
    one space, what goes on with it begins with more.
    """
    rulers = list(RULER.finditer(text))
    if len(rulers) < 2:
        return ()
    body = text[rulers[1].end() :].partition(SUMMARY)[0]
    return tuple(_rows(body.splitlines()))


def planned(rows: Iterable[Row], installed: InstalledPackages) -> tuple[PackageChange, ...]:
    """What the rows change. A version that goes while another of the same name stays or comes is named as such."""
    known = [row for row in _without_leftovers(rows, installed) if row.heading in HEADINGS]
    changes = [change for row in known for change in _changes(row, installed)]
    unique = {(change.name, change.action == "remove"): change for change in changes}
    stays = {change.name for change in unique.values() if change.after}
    return tuple(change for change in unique.values() if change.after or change.name not in stays)


def skipped(rows: Iterable[Row]) -> tuple[str, ...]:
    """The packages that dnf leaves out because they would break something."""
    return tuple(f"{row.name} {row.version}" for row in rows if row.heading.startswith(SKIPPED))


def streams(rows: Iterable[Row]) -> tuple[str, ...]:
    """The module streams that a package of theirs pins once it is installed: `nginx:1.24`."""
    return tuple(f"{row.name}:{row.version}" for row in rows if STREAMS in row.heading)


def sizes(text: str) -> dict[str, int]:
    """The sizes below the table, in bytes, by what dnf calls them."""
    return {match["what"]: int(float(match["number"]) * 1024 ** UNITS[match["unit"]]) for match in SIZE.finditer(text)}


def ignored_repositories(stderr: str) -> tuple[str, ...]:
    """The repositories that could not be reached and that dnf may do without (`skip_if_unavailable`)."""
    return tuple(name.strip() for match in IGNORED.finditer(stderr) for name in match["names"].split(","))


def _without_leftovers(rows: Iterable[Row], installed: InstalledPackages) -> Iterator[Row]:
    """Of a package that is there twice the older version alone may go: that is a repair, and no removal."""
    kept = tuple(rows)
    gone = {(row.name, row.version) for row in kept if HEADINGS.get(row.heading) == "remove"}
    for row in kept:
        newest = installed.versions.get(row.name, "")
        is_leftover = installed.incomplete.get(row.name) == row.version and (row.name, newest) not in gone
        if not (is_leftover and HEADINGS.get(row.heading) == "remove"):
            yield row


def _rows(lines: Iterable[str]) -> Iterator[Row]:
    heading = ""
    words: list[str] = []
    for line in lines:
        is_row = line.startswith(" ") and not line.startswith("  ")
        if words and not line.startswith("  "):
            yield _row(heading, words)
            words = []
        if is_row or words:
            words.extend(line.split())
        elif HEADING.match(line) or line.startswith(SKIPPED):
            heading = line.rstrip(":")
    if words:
        yield _row(heading, words)


def _row(heading: str, words: list[str]) -> Row:
    """Name, architecture, version, repository, size; of a module stream there are name and version alone."""
    replaces = tuple(
        words[index + 1] for index, word in enumerate(words) if word == REPLACING and index + 1 < len(words)
    )
    if STREAMS in heading:
        return Row(heading, words[0], "", words[-1] if len(words) > 1 else "", "")
    name, architecture, version, repository, *_size = [*words, "", "", ""]
    return Row(heading, name, architecture, version, repository, replaces)


def _changes(row: Row, installed: InstalledPackages) -> Iterator[PackageChange]:
    action = HEADINGS[row.heading]
    name = change_name(row.name, row.architecture, installed)
    before = installed.incomplete.get(name) if action == "reinstall" else None
    before = before or installed.versions.get(name)
    if action == "remove":
        yield _removal(row, name, installed)
        return
    yield PackageChange(name, action, before, row.version)
    for other in row.replaces:
        old = change_name(*other.rpartition(".")[::2], installed)
        if old != name:
            yield PackageChange(old, "remove", installed.versions.get(old), None)


def _removal(row: Row, name: str, installed: InstalledPackages) -> PackageChange:
    """Of packages kept in several versions one goes by its full name while others stay."""
    single = f"{row.name}-{parse_evr(row.version)}.{row.architecture}"
    return PackageChange(single if single in installed.versions else name, "remove", row.version, None)
