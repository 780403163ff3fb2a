# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What pkg prints: the packages that there are, the packages that it has, and the summary of a transaction.

The summary is that of print_jobs_summary in src/utils.c of freebsd/pkg: headings, and below each a line for a package.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
    REINSTALL,
    InstalledPackages,
    PackageChange,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_names import ITSELF, is_base

if TYPE_CHECKING:
    from collections.abc import Iterable

# Name, version, came along with others, locked, vital, origin, repository: one line for each (pkg-query(8)).
QUERY = ("pkg", "query", "-a", "\t".join(("%n", "%v", "%a", "%k", "%V", "%o", "%R")))
OFFER_FORMAT = "\t".join(("%n", "%v", "%o", "%R"))
HEADINGS = {
    "New packages to be INSTALLED": "install",
    "Installed packages to be UPGRADED": "upgrade",
    "Installed packages to be DOWNGRADED": "downgrade",
    "Installed packages to be REINSTALLED": REINSTALL,
    "Installed packages to be REMOVED": "remove",
}
LOCKED = "Installed packages LOCKED"
TAIL = r"(?: \[(?P<repository>[^\]]+)\])?(?: \((?P<reason>.*)\))?$"
ROW = re.compile(r"^\s+(?P<name>\S+): (?P<version>\S+)(?: -> (?P<newer>\S+))?" + TAIL)
# A reinstallation, and with pkg before 1.20 a removal, has name and version in one.
JOINED_ROW = re.compile(r"^\s+(?P<name>\S+)-(?P<version>[^\s-]+)" + TAIL)
LOCKED_ROW = re.compile(r"^\s+Package (?P<name>\S+)-[^\s-]+ is locked and may not be ")
SIZES = re.compile(
    r"^(?:The process will require (?P<more>[\d.]+) (?P<more_unit>\w+) more space"
    r"|(?P<load>[\d.]+) (?P<load_unit>\w+) to be downloaded)\.$",
    re.M,
)
UNITS = {unit: index for index, letter in enumerate("BKMGT") for unit in (letter, f"{letter}B", f"{letter}iB")}


@dataclass(frozen=True)
class Offer:
    """A version of a package that a repository has."""

    name: str
    version: str
    origin: str
    repository: str = ""


@dataclass(frozen=True)
class Summary:
    """What pkg foretells; `locked` are packages that it would change if they were not held."""

    changes: tuple[PackageChange, ...] = ()
    locked: tuple[str, ...] = ()
    space: int = 0
    download: int = 0
    reasons: tuple[str, ...] = ()

    def named(self, action: str) -> tuple[str, ...]:
        """The packages to which this happens."""
        return tuple(change.name for change in self.changes if change.action == action)


def parse_installed(text: str) -> InstalledPackages:
    """The answer to QUERY. An origin counts as a name that its package provides; the last of several flavours wins."""
    rows = [line.split("\t") for line in text.splitlines() if line.count("\t") >= 6]
    return InstalledPackages(
        versions={name: version for name, version, *_rest in rows},
        provided={row[5]: row[0] for row in rows if not is_base(row[0])},
        held=frozenset(row[0] for row in rows if row[3] == "1"),
        vital=frozenset(row[0] for row in rows if row[4] == "1" or is_base(row[0]) or row[0] in ITSELF),
    )


def parse_offers(text: str) -> tuple[Offer, ...]:
    """The answer to a query of the catalogues in OFFER_FORMAT."""
    rows = (line.split("\t") for line in text.splitlines() if line.count("\t") >= 3)
    return tuple(dict.fromkeys(Offer(*row[:4]) for row in rows))


def parse_summary(text: str) -> Summary:
    """The sections of a simulation; empty where there is none."""
    changes, locked, reasons = [], [], []
    heading = ""
    for line in text.splitlines():
        if not line[:1].isspace():
            heading = line.rstrip().rstrip(":")
        elif heading in HEADINGS:
            changes += [change for change in (_change(HEADINGS[heading], line),) if change]
            reasons += _reasons(HEADINGS[heading], line)
        elif heading == LOCKED:
            locked += [match["name"] for match in (LOCKED_ROW.match(line),) if match]
    return Summary(tuple(changes), tuple(locked), _size(text, "more"), _size(text, "load"), tuple(reasons))


def is_summary(text: str) -> bool:
    """True where pkg has printed what it would do."""
    return any(line.rstrip().rstrip(":") in (*HEADINGS, LOCKED) for line in text.splitlines())


def names_of(changes: Iterable[PackageChange]) -> frozenset[str]:
    """Whatever is touched."""
    return frozenset(change.name for change in changes)


def _change(action: str, line: str) -> PackageChange | None:
    match = ROW.match(line) or JOINED_ROW.match(line)
    if match is None:
        return None
    name, version = match["name"], match["version"]
    newer = match.groupdict().get("newer")
    if action == "install":
        return PackageChange(name, action, None, version)
    if action == "remove":
        return PackageChange(name, action, version, None)
    return PackageChange(name, action, version, newer or version)


def _reasons(action: str, line: str) -> list[str]:
    match = JOINED_ROW.match(line) if action == REINSTALL else None
    return [f"{match['name']} ({match['reason']})"] if match and match["reason"] else []


def _size(text: str, which: str) -> int:
    found = [match for match in SIZES.finditer(text) if match[which]]
    return sum(int(float(match[which]) * 1024 ** UNITS.get(match[f"{which}_unit"], 0)) for match in found)
