# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Understanding what dpkg-query, apt-cache and apt's errors say: pure functions from text to values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import InstalledPackages

if TYPE_CHECKING:
    from collections.abc import Iterable

# The first field is three words: what is wanted (install, hold, deinstall, purge), whether it has to be installed anew
# (ok, reinstreq), and what it is.
INSTALLED_FORMAT = "${Status}\\t${Package}\\t${Architecture}\\t${Version}\\t${Provides}\\n"
# A package that waits for a trigger is installed and works.
WORKING = ("installed", "triggers-awaited", "triggers-pending")
# Removed; what an administrator configured may have stayed.
ABSENT = ("not-installed", "config-files")
HOLD = "hold "
LEAVING = ("deinstall ", "purge ")
REINSTALL = " reinstreq "
HALF_INSTALLED = ("install ok half-installed", "hold ok half-installed")

LOCK_ERROR = re.compile(r"^E: (?:Could not get lock|Unable to acquire the dpkg frontend lock|Unable to lock) ", re.M)
# A line of the table that `apt-cache policy` prints: the version and its priority.
OFFERED = re.compile(r"^ (?:\*{3}|   ) (\S+) -?\d+$")


def parse_installed(text: str) -> InstalledPackages:
    """The answer to `dpkg-query -W -f INSTALLED_FORMAT`."""
    rows = [line.split("\t") for line in text.splitlines() if line.count("\t") == 4]
    # dpkg itself is always of the host's own architecture.
    own = next((architecture for _status, name, architecture, *_rest in rows if name == "dpkg"), "")
    working = [row for row in rows if _status(row) in WORKING]
    half_way = [row for row in rows if _status(row) not in (*WORKING, *ABSENT)]
    damaged = [row for row in half_way if REINSTALL in row[0] or row[0] in HALF_INSTALLED]
    leaving = [row for row in half_way if row[0].startswith(LEAVING) and row not in damaged]
    provided = {word.split()[0]: row[1] for row in working for word in row[4].split(",") if word.strip()}
    held = [row for row in (*working, *half_way) if row[0].startswith(HOLD)]
    return InstalledPackages(
        _versions(working, own),
        provided,
        _versions(half_way, own),
        held=frozenset(_versions(held, own)),
        damaged=frozenset(_versions(damaged, own)),
        leaving=frozenset(_versions(leaving, own)),
    )


def _status(row: list[str]) -> str:
    return row[0].rpartition(" ")[2]


def _versions(rows: Iterable[list[str]], own: str) -> dict[str, str]:
    versions: dict[str, str] = {}
    for _words, name, architecture, version, _provides in rows:
        versions[f"{name}:{architecture}"] = version
        if architecture in (own, "all"):
            versions[name] = version
            versions[f"{name}:{own}"] = version
    return versions


def parse_candidates(text: str) -> dict[str, str]:
    """The answer to `apt-cache policy NAME…`: the version that would be installed, for the names that have one."""
    found: dict[str, str] = {}
    name = ""
    for line in text.splitlines():
        if line and not line.startswith(" "):
            name = line.rstrip(":")
        elif line.startswith("  Candidate: ") and not line.endswith("(none)"):
            found[name] = line.partition(": ")[2].strip()
    return found


def parse_offered(text: str) -> dict[str, tuple[str, ...]]:
    """The same answer: every version that there is of each name, the newest first."""
    found: dict[str, tuple[str, ...]] = {}
    name = ""
    for line in text.splitlines():
        offered = OFFERED.match(line)
        if line and not line.startswith(" "):
            name = line.rstrip(":")
        elif offered:
            found[name] = (*found.get(name, ()), offered[1])
    return found


def own_words(stderr: str) -> str:
    """apt's errors and warnings, in its own words."""
    lines = [line.strip() for line in stderr.splitlines() if line.startswith(("E: ", "W: ", "dpkg: ", "dpkg-deb: "))]
    return "; ".join(dict.fromkeys(lines)) or stderr.strip() or "nothing"
