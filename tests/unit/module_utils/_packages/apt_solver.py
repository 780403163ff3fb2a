"""How the apt double finds a way: apt's rules as far as the planner leans on them, over a handful of packages.

What is named is installed at the version named, or else at its candidate, with all that it needs at their candidates.
What stands in the way is upgraded, or removed with all that needs it; what is held is not, and then there is no way.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.unit.module_utils._packages.package_world import SECURITY, VERSIONS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from tests.unit.module_utils._packages.package_world import Catalogue


class NoWay(Exception):
    """Dependencies that cannot be met; the argument is apt's paragraph about them."""


@dataclass(frozen=True)
class Solver:
    """Candidates by the archives, and by the versions that are there."""

    catalogue: Catalogue
    there: Mapping[str, str]
    held: frozenset[str] = frozenset()
    is_security_preferred: bool = False

    def candidate(self, name: str) -> str | None:
        """The version that apt would install: never older than the one that is there."""
        offered = self.catalogue.offered(name)
        if self.is_security_preferred:
            offered = [one for one in offered if one.archive == SECURITY] or offered
        there = [self.there[name]] if name in self.there else []
        versions = [one.version for one in offered] + there
        return max(versions, key=VERSIONS.index, default=None)

    def install(self, wanted: Mapping[str, str], *, removed: Collection[str] = ()) -> dict[str, str]:
        """The versions afterwards. Raises NoWay."""
        kept = {name: version for name, version in self.there.items() if name not in removed}
        attempt = _Attempt(self, {**kept, **wanted}, set(wanted), may_upgrade=not removed)
        attempt.names_removed.update(removed)
        for name, version in wanted.items():
            attempt.put(name, version)
        attempt.mend()
        return attempt.target

    def upgrade(self, wanted: Mapping[str, str]) -> dict[str, str]:
        """Every package at its candidate, new ones as they are needed; what would need a removal stays as it is."""
        target, before = self.install(wanted), None
        while target != before:
            before = dict(target)
            for name in sorted(self.there):
                target = target if name in wanted else self._with_newest(name, target, wanted) or target
        return target

    def needless(self, target: Mapping[str, str], automatic: Iterable[str]) -> list[str]:
        """What came along with others, and nothing that anybody wanted needs any more."""
        automatic = set(automatic)
        needed, new = set(), {name for name in target if name not in automatic or name in self.held}
        while new:
            needed |= new
            depends = (one for name in new for one in self.catalogue.find(name, target[name]).depends)
            new = {one.name for one in depends if one.name in target} - needed
        return sorted(set(target) - needed)

    def _with_newest(self, name: str, target: Mapping[str, str], wanted: Mapping[str, str]) -> dict[str, str] | None:
        """The target with this package at its candidate, too; None where that takes a removal, or a hold forbids it."""
        candidate = self.candidate(name)
        if candidate in (None, target.get(name)) or name in self.held:
            return None
        changed = {one: version for one, version in target.items() if version != self.there.get(one)}
        if name in changed:
            return None
        goal = {**wanted, **changed, name: str(candidate)}
        try:
            target = self.install(goal)
        except NoWay:
            return None
        return target if set(self.there) <= set(target) else None


@dataclass
class _Attempt:
    """A target that grows until nothing in it is wrong."""

    solver: Solver
    target: dict[str, str]
    wanted: set[str]
    may_upgrade: bool = True
    needed: set[str] = field(default_factory=set)
    names_removed: set[str] = field(default_factory=set)

    def put(self, name: str, version: str) -> None:
        """The package, and its dependencies as far as they are not met."""
        if name in self.names_removed:
            raise NoWay(f" {name} : is to be removed")
        if name in self.solver.held and name not in self.wanted and version != self.target.get(name):
            raise NoWay(f" {name} is held")
        self.target[name] = version
        self.needed.add(name)
        for one in self.solver.catalogue.find(name, version).depends:
            if one.is_met_by(self.target.get(one.name)):
                continue
            candidate = self.solver.candidate(one.name)
            if candidate is None or not one.is_met_by(candidate) or one.name in self.wanted:
                raise NoWay(f" {name} : Depends: {one.name} (>= {one.at_least}) but it is not going to be installed")
            self.put(one.name, candidate)

    def mend(self) -> None:
        """Upgrade, or else take away, whatever does not fit any more."""
        while True:
            name = self._unfit()
            if name is None:
                return
            if not (self._completed(name) or self._upgraded(name)):
                self._drop(name)

    def _unfit(self) -> str | None:
        """A package that is not needed before one that is."""
        unfit: list[str] = []
        for name, version in self.target.items():
            package = self.solver.catalogue.find(name, version)
            if any(not one.is_met_by(self.target.get(one.name)) for one in package.depends):
                unfit.append(name)
            unfit += [one for other in package.conflicts if other in self.target for one in (other, name)]
        return min(unfit, key=lambda name: (name in self.needed, name), default=None)

    def _completed(self, name: str) -> bool:
        """True where nothing was wrong but a missing dependency, which is there now."""
        return self._tried(name, self.target[name])

    def _upgraded(self, name: str) -> bool:
        candidate = self.solver.candidate(name)
        is_fixed = name in self.needed or name in self.solver.held or not self.may_upgrade
        if is_fixed or candidate in (None, self.target[name]):
            return False
        return self._tried(name, str(candidate))

    def _tried(self, name: str, version: str) -> bool:
        before, needed = dict(self.target), set(self.needed)
        try:
            self.put(name, version)
        except NoWay:
            self.target = before
            self.needed = needed
            return False
        self.needed = needed
        return self.target != before

    def _drop(self, name: str) -> None:
        if name in self.needed or name in self.solver.held:
            raise NoWay(f" {name} : does not go together with what was asked for")
        del self.target[name]
        self.names_removed.add(name)
