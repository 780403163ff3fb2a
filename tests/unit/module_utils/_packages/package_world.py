"""Random package worlds: what repositories offer, and what a host has of it.

One generator serves the doubles and the real tools, and every package tool: names and versions are spelled and ordered
alike by dpkg and by rpm. Where it says "some", it is the given dice that say which.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from random import Random

# A dot and a plus mean something to tools that take names for patterns.
NAMES = ("gwapp", "gwbus.2", "gwclient++", "gwdata", "gwengine", "gwfont", "gwglue")
# Oldest first.
VERSIONS = ("1.0~rc1-1", "1.0-1", "1.0-2", "1.10-1", "1:0.5-1")
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


def troubles(catalogue: Catalogue, host: Mapping[str, str]) -> list[str]:
    """What is wrong with these versions standing side by side: dependencies that are not met, and conflicts."""
    found = []
    for name, version in host.items():
        package = catalogue.find(name, version)
        found += [f"{name} needs {one.name}" for one in package.depends if not one.is_met_by(host.get(one.name))]
        found += [f"{name} conflicts with {other}" for other in package.conflicts if other in host]
    return found
