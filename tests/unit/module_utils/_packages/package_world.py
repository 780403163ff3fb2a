"""Random package worlds: what repositories offer, what a host has of it, and what somebody asks for.

One generator serves the doubles and the real tools, and every package tool: names and versions are spelled and ordered
alike by dpkg and by rpm. Where it says "some", it is the given dice that say which.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
    PackageRequest,
    State,
    Upgrade,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from random import Random

# A dot and a plus mean something to tools that take names for patterns.
NAMES = ("gwapp", "gwbus.2", "gwclient++", "gwdata", "gwengine", "gwfont", "gwglue")
UNKNOWN = ("gwnosuch", "gwap", "gw.us.2")
# Oldest first.
VERSIONS = ("1.0~rc1-1", "1.0-1", "1.0-2", "1.10-1", "1:0.5-1")
UNKNOWN_VERSION = "9.9-9"
RELEASE, SECURITY, GONE = "release", "security", "gone"
WORKING = "working"
# Ways in which a package can be broken: never configured; its script has failed; removed though others need it; removed
# but for its configuration; half on the disk; there in two versions because an upgrade was cut off.
UNPACKED, FAILED = "unpacked", "failed"
MISSING, CONFIGURATION_ONLY = "missing", "configuration only"
HALF_INSTALLED, DOUBLED = "half-installed", "doubled"


@dataclass(frozen=True)
class Dependency:
    """Another package, at a version or a newer one."""

    name: str
    at_least: str = VERSIONS[0]

    def is_met_by(self, version: str | None) -> bool:
        """True for an installed version that will do."""
        return version is not None and VERSIONS.index(version) >= VERSIONS.index(self.at_least)


@dataclass(frozen=True)
class Package:
    """One version of a package; the archive `gone` is no archive: a host may have it, and no repository offers it."""

    name: str
    version: str
    archive: str = RELEASE
    depends: tuple[Dependency, ...] = ()
    conflicts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Catalogue:
    """All packages that there are."""

    packages: tuple[Package, ...]

    def of(self, name: str) -> tuple[Package, ...]:
        """The versions of a package, oldest first."""
        own = (package for package in self.packages if package.name == name)
        return tuple(sorted(own, key=lambda package: VERSIONS.index(package.version)))

    def offered(self, name: str) -> tuple[Package, ...]:
        """Those that a repository has."""
        return tuple(package for package in self.of(name) if package.archive != GONE)

    def find(self, name: str, version: str) -> Package:
        """This very version."""
        return next(package for package in self.of(name) if package.version == version)


@dataclass(frozen=True)
class Placed:
    """A package on a host."""

    version: str
    state: str = WORKING
    is_held: bool = False
    is_automatic: bool = False

    @property
    def is_there(self) -> bool:
        """True for one that works, or that needs no more than to be configured."""
        return self.state in (WORKING, UNPACKED, FAILED, DOUBLED)

    @property
    def is_working(self) -> bool:
        """True for a package that is installed and configured."""
        return self.state == WORKING


@dataclass(frozen=True)
class Case:
    """A host, by package names, and what is asked of it."""

    start: Mapping[str, Placed]
    request: PackageRequest
    is_interrupted: bool = False


@dataclass(frozen=True)
class Dice:
    """Random choices."""

    random: Random

    def happens(self, percent: int) -> bool:
        """True in so many of a hundred cases; a failure that is being made smaller tends to False."""
        return self.random.randrange(100) >= 100 - percent

    def some(self, values: Sequence[str], most: int) -> list[str]:
        """Up to so many of the values, each once."""
        return self.random.sample(list(values), self.random.randint(0, min(most, len(values))))

    def one(self, values: Sequence[str]) -> str:
        """Any of them; a value that stands there twice is twice as likely."""
        return values[self.random.randrange(len(values))]


def catalogue(dice: Dice) -> Catalogue:
    """Every name in some versions; dependencies point forward in the list of names, so there is no circle."""
    return Catalogue(tuple(package for name in NAMES for package in _versions_of(dice, name)))


def _versions_of(dice: Dice, name: str) -> Iterator[Package]:
    later = NAMES[NAMES.index(name) + 1 :]
    for version in sorted({dice.one(VERSIONS) for _version in range(3)}, key=VERSIONS.index):
        depends = tuple(Dependency(other, dice.one(VERSIONS[:3])) for other in later if dice.happens(18))
        needed = {dependency.name for dependency in depends}
        others = [other for other in NAMES if other != name and other not in needed]
        conflicts = (dice.one(others),) if others and dice.happens(7) else ()
        archive = dice.one((RELEASE, RELEASE, RELEASE, SECURITY, GONE))
        yield Package(name, version, archive, depends, conflicts)


def case(dice: Dice, catalogue: Catalogue, *, breakages: Sequence[str]) -> Case:
    """A host with some of the packages, in some of the cases broken in one of these ways, and a request."""
    start = _consistent(dice, catalogue, {name: dice.one(_known(catalogue, name)) for name in dice.some(NAMES, 5)})
    if start and breakages and dice.happens(25):
        broken = dice.one(sorted(start))
        state = _possible(catalogue, broken, start[broken], state=dice.one(breakages))
        is_held = start[broken].is_held and state not in (MISSING, CONFIGURATION_ONLY)
        start[broken] = replace(start[broken], state=state, is_held=is_held)
    return Case(start, request(dice, catalogue, tuple(start)), is_interrupted=bool(start) and dice.happens(8))


def _possible(catalogue: Catalogue, name: str, placed: Placed, *, state: str) -> str:
    """What lies half on the disk is unpacked again as it was only where its version is still the one to be had."""
    newest = [package.version for package in catalogue.offered(name)][-1:]
    is_damaged = state == HALF_INSTALLED
    return WORKING if is_damaged and (placed.is_held or [placed.version] != newest) else state


def _known(catalogue: Catalogue, name: str) -> tuple[str, ...]:
    return tuple(package.version for package in catalogue.of(name))


def _consistent(dice: Dice, catalogue: Catalogue, wanted: Mapping[str, str]) -> dict[str, Placed]:
    """The wanted packages, one after the other, each with all that it needs, or not at all."""
    start: dict[str, str] = {}
    for name, version in wanted.items():
        start = _with(catalogue, start, name, version) or start
    held = {name for name in start if dice.happens(20)}
    return {
        name: Placed(start[name], is_held=name in held, is_automatic=name not in wanted or dice.happens(20))
        for name in sorted(start)
    }


def _with(catalogue: Catalogue, start: Mapping[str, str], name: str, version: str) -> dict[str, str] | None:
    """The host with this package and what it needs; None where that cannot be."""
    host = {**start, name: version}
    for dependency in catalogue.find(name, version).depends:
        if dependency.is_met_by(host.get(dependency.name)):
            continue
        fitting = [one.version for one in catalogue.of(dependency.name) if dependency.is_met_by(one.version)]
        grown = _with(catalogue, host, dependency.name, fitting[0]) if fitting else None
        if grown is None:
            return None
        host = grown
    return host if not troubles(catalogue, host) else None


def troubles(catalogue: Catalogue, host: Mapping[str, str]) -> list[str]:
    """What is wrong with these versions standing side by side: dependencies that are not met, and conflicts."""
    found = []
    for name, version in host.items():
        package = catalogue.find(name, version)
        found += [f"{name} needs {one.name}" for one in package.depends if not one.is_met_by(host.get(one.name))]
        found += [f"{name} conflicts with {other}" for other in package.conflicts if other in host]
    return found


def request(dice: Dice, catalogue: Catalogue, present: Sequence[str]) -> PackageRequest:
    """Most requests make sense; some ask for what is unknown, and some for what excludes one another."""
    state = dice.one(("present", "present", "present", "latest", "absent"))
    upgrade = dice.one(("none", "none", "none", "all", "security")) if state != "absent" else "none"
    likely = (*NAMES, *present, *present)
    names = list(_distinct(dice.some(likely, 4))) if upgrade == "none" or dice.happens(40) else []
    if state == "present":
        names = [_perhaps_with_version(dice, catalogue, name) for name in names]
    if dice.happens(8):
        names += dice.some(UNKNOWN, 2)
    return PackageRequest(
        names=tuple(names),
        state=State(state),
        upgrade=Upgrade(upgrade),
        hold=_distinct(dice.some((*present, *_bare(names), dice.one(NAMES)), 2)) if dice.happens(20) else (),
        unhold=_distinct(dice.some((*present, *present, *NAMES), 4)) if dice.happens(30) else (),
        autoremove=dice.happens(70) if state == "absent" or not (names or upgrade != "none") else dice.happens(2),
        allow_downgrade=dice.happens(60),
    )


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _bare(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(name.partition("=")[0] for name in names)


def _perhaps_with_version(dice: Dice, catalogue: Catalogue, name: str) -> str:
    if not dice.happens(45):
        return name
    versions = (*_known(catalogue, name), *_known(catalogue, name), UNKNOWN_VERSION)
    return f"{name}={dice.one(versions)}"
