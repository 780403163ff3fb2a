# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Understanding what `apt-get -s` prints: pure functions from text to values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
    REINSTALL,
    PackageChange,
)

if TYPE_CHECKING:
    from collections.abc import Collection

    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import InstalledPackages

PLANNED = re.compile(
    r"^(?P<verb>Inst|Conf|Remv|Purg) (?P<name>\S+)"
    r"(?: \[(?P<old>[^\]]*)\])?"
    r"(?: \((?P<new>\S+)(?P<origins>[^()\[\]]*)(?:\[[^\]]*\])?\))?"
)
UNMET = re.compile(r"^E: Unmet dependencies\.", re.M)
UNKNOWN = re.compile(r"^E: (?:Unable to locate package (\S+)|Package '([^']+)' has no installation candidate)$", re.M)
UNKNOWN_VERSION = re.compile(r"^E: Version '([^']+)' for '([^']+)' was not found$", re.M)
NO_ARCHIVE = re.compile(r"^E: The package (\S+) needs to be reinstalled, but I can't find an archive for it", re.M)
VIRTUAL = re.compile(r"^Package (\S+) is a virtual package provided by:\n((?:  .*\n)+)", re.M)
# A heading, and below it indented lines of names.
LIST = r"^{heading}:?\n((?:[ ]+\S.*\n?)+)"
KEPT_BACK = "The following packages have been kept back"
DEFERRED = "The following upgrades have been deferred due to phasing"
DOWNGRADED = "The following packages will be DOWNGRADED"
HELD = "The following held packages will be changed"
# The second line of the heading over essential packages.
ESSENTIAL = "This should NOT be done unless you know exactly what you are doing!"
# Headings of the paragraphs that say which packages an error is about.
EXPLANATION = re.compile(
    r"^(?:The following packages have unmet dependencies|Unsatisfied dependencies).*\n(?:[ ].*\n?)+", re.M
)


@dataclass(frozen=True)
class Planned:
    """One package in a simulation, with the origins of its new version (`Ubuntu:22.04/jammy-security`).

    One that is only configured was left half-way by an earlier run, and is unpacked already.
    """

    change: PackageChange
    origins: tuple[str, ...] = ()
    is_only_configured: bool = False

    @property
    def is_security(self) -> bool:
        """True where a security archive offers this very version."""
        return any(origin.endswith("-security") or origin.startswith("Debian-Security:") for origin in self.origins)


def parse_simulation(text: str, installed: InstalledPackages) -> tuple[Planned, ...]:
    """The packages that `apt-get -s` would touch, in its order."""
    planned: dict[str, Planned] = {}
    downgraded = parse_list(text, DOWNGRADED)
    for match in filter(None, map(PLANNED.match, text.splitlines())):
        name = match["name"]
        if match["verb"] == "Conf" and (name in planned or name in installed.versions):
            continue
        planned[name] = _planned(match, installed, downgraded)
    return tuple(planned.values())


def _planned(match: re.Match[str], installed: InstalledPackages, downgraded: Collection[str]) -> Planned:
    name, new = match["name"], match["new"]
    half_way = installed.incomplete.get(name)
    if match["verb"] in ("Remv", "Purg"):
        return Planned(PackageChange(name, "remove", match["old"], None))
    origins = tuple(origin.strip() for origin in (match["origins"] or "").split(",") if origin.strip())
    if match["verb"] == "Conf":
        # apt names its candidate, and dpkg configures what lies unpacked.
        return Planned(PackageChange(name, "install", None, half_way or new), origins, is_only_configured=True)
    old = None if half_way is not None else match["old"]
    return Planned(PackageChange(name, _action(old, new, is_downgrade=name in downgraded), old, new), origins)


def _action(old: str | None, new: str, *, is_downgrade: bool) -> str:
    if old is None:
        return "install"
    if old == new:
        return REINSTALL
    return "downgrade" if is_downgrade else "upgrade"


def parse_list(text: str, heading: str) -> tuple[str, ...]:
    """The names below a heading of apt's; empty where it is not there."""
    match = re.search(LIST.format(heading=re.escape(heading)), text, re.M)
    return tuple(match[1].split()) if match else ()


def parse_unknown(stderr: str) -> tuple[str, ...]:
    """The names that apt cannot install, in its order."""
    return tuple(dict.fromkeys(match[1] or match[2] for match in UNKNOWN.finditer(stderr)))


def parse_unknown_versions(stderr: str) -> dict[str, str]:
    """The names of packages that are there, but not in the version asked for, which is the value."""
    return {match[2]: match[1] for match in UNKNOWN_VERSION.finditer(stderr)}


def parse_virtual(stdout: str) -> dict[str, tuple[str, ...]]:
    """The virtual names that apt was asked for, each with the packages that provide it."""
    return {
        match[1]: tuple(sorted({line.split()[0] for line in match[2].splitlines() if line.strip()}))
        for match in VIRTUAL.finditer(stdout)
    }


def explanation(stdout: str) -> str:
    """The paragraphs that name the packages an error is about, on one line."""
    return " ".join(" ".join(match[0].split()) for match in EXPLANATION.finditer(stdout))
