# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Understanding what apt and dpkg print: pure functions from text to values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
    InstalledPackages,
    PackageChange,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

INSTALLED_FORMAT = "${db:Status-Status}\\t${Package}\\t${Architecture}\\t${Version}\\t${Provides}\\n"
# A package that waits for a trigger is installed and works.
WORKING = ("installed", "triggers-awaited", "triggers-pending")
# Removed; what an administrator configured may have stayed.
ABSENT = ("not-installed", "config-files")

PLANNED = re.compile(
    r"^(?P<verb>Inst|Conf|Remv|Purg) (?P<name>\S+)"
    r"(?: \[(?P<old>[^\]]*)\])?"
    r"(?: \((?P<new>\S+)(?P<origins>[^()\[\]]*)(?:\[[^\]]*\])?\))?"
)
UNKNOWN = re.compile(r"^E: (?:Unable to locate package (\S+)|Package '([^']+)' has no installation candidate)$", re.M)
VIRTUAL = re.compile(r"^Package (\S+) is a virtual package provided by:\n((?:  .*\n)+)", re.M)
# Headings of the paragraphs that say which packages an error is about.
EXPLANATION = re.compile(
    r"^(?:The following packages have unmet dependencies|Unsatisfied dependencies"
    r"|The following held packages will be changed|The following packages will be DOWNGRADED"
    r"|WARNING: The following essential packages will be removed).*\n(?:[ ].*\n?)+",
    re.M,
)
LOCK_ERROR = re.compile(r"^E: (?:Could not get lock|Unable to acquire the dpkg frontend lock|Unable to lock) ", re.M)


@dataclass(frozen=True)
class Planned:
    """One package in a simulation, with the origins of its new version (`Ubuntu:22.04/jammy-security`)."""

    change: PackageChange
    origins: tuple[str, ...] = ()

    @property
    def is_security(self) -> bool:
        """True where a security archive offers this very version."""
        return any(origin.endswith("-security") or origin.startswith("Debian-Security:") for origin in self.origins)


def parse_installed(text: str) -> InstalledPackages:
    """The answer to `dpkg-query -W -f INSTALLED_FORMAT`."""
    rows = [line.split("\t") for line in text.splitlines() if line.count("\t") == 4]
    # dpkg itself is always of the host's own architecture.
    own = next((architecture for _status, name, architecture, *_rest in rows if name == "dpkg"), "")
    working = [row for row in rows if row[0] in WORKING]
    half_way = [row for row in rows if row[0] not in (*WORKING, *ABSENT)]
    provided = {word.split()[0]: row[1] for row in working for word in row[4].split(",") if word.strip()}
    return InstalledPackages(_versions(working, own), provided, _versions(half_way, own))


def _versions(rows: Iterable[list[str]], own: str) -> dict[str, str]:
    versions: dict[str, str] = {}
    for _status, name, architecture, version, _provides in rows:
        versions[f"{name}:{architecture}"] = version
        if architecture in (own, "all"):
            versions[name] = version
            versions[f"{name}:{own}"] = version
    return versions


def parse_simulation(text: str, installed: InstalledPackages) -> tuple[Planned, ...]:
    """The packages that `apt-get -s` would touch, in its order.

    A package that is only configured (`Conf` without `Inst`) was left half-way by an earlier run.
    """
    planned: dict[str, Planned] = {}
    for match in filter(None, map(PLANNED.match, text.splitlines())):
        name = match["name"]
        if match["verb"] == "Conf" and (name in planned or name in installed.versions):
            continue
        planned[name] = _planned(match)
    return tuple(planned.values())


def _planned(match: re.Match[str]) -> Planned:
    name, old, new = match["name"], match["old"], match["new"]
    if match["verb"] in ("Remv", "Purg"):
        return Planned(PackageChange(name, "remove", old, None))
    origins = tuple(origin.strip() for origin in (match["origins"] or "").split(",") if origin.strip())
    return Planned(PackageChange(name, "upgrade" if old else "install", old, new), origins)


def parse_unknown(stderr: str) -> tuple[str, ...]:
    """The names that apt cannot install, in its order."""
    return tuple(dict.fromkeys(match[1] or match[2] for match in UNKNOWN.finditer(stderr)))


def parse_virtual(stdout: str) -> dict[str, tuple[str, ...]]:
    """The virtual names that apt was asked for, each with the packages that provide it."""
    return {
        match[1]: tuple(sorted({line.split()[0] for line in match[2].splitlines() if line.strip()}))
        for match in VIRTUAL.finditer(stdout)
    }


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


def own_words(stderr: str) -> str:
    """apt's errors and warnings, in its own words."""
    lines = [line.strip() for line in stderr.splitlines() if line.startswith(("E: ", "W: ", "dpkg: ", "dpkg-deb: "))]
    return "; ".join(dict.fromkeys(lines)) or stderr.strip() or "nothing"


def explanation(stdout: str) -> str:
    """The paragraphs that name the packages an error is about, on one line."""
    return " ".join(" ".join(match[0].split()) for match in EXPLANATION.finditer(stdout))
