"""How the dnf double finds a way: libsolv's rules as far as the planner leans on them, over a handful of packages.

Nothing that is installed is removed or made older unless it is named. Each dependency that is missing is tried at the
newest version first, and what stands in the way at newer versions of itself; the first target without trouble is it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.unit.module_utils._packages.package_world import SECURITY, VERSIONS, troubles

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from tests.unit.module_utils._packages.package_world import Catalogue

Versions = dict[str, str]


@dataclass(frozen=True)
class DnfSolver:
    """What is installed, what is offered, and what is hidden: by a lock all versions but one, by an exclude all."""

    catalogue: Catalogue
    there: Mapping[str, str]
    locked: Mapping[str, str] = field(default_factory=dict)
    excluded: Collection[str] = ()

    def offered(self, name: str) -> tuple[str, ...]:
        """The versions that may be taken, the newest first."""
        versions = (one.version for one in reversed(self.catalogue.offered(name)))
        allowed = (version for version in versions if self.locked.get(name, version) == version)
        return () if name in self.excluded else tuple(allowed)

    def install(self, pinned: Mapping[str, str]) -> Versions | None:
        """The versions afterwards with these among them; None where there is no way."""
        return self._mended({**self.there, **pinned}, frozenset(pinned))

    def upgrade(self, candidates: Mapping[str, Iterable[str]], pinned: Mapping[str, str]) -> Versions:
        """Each of these at its first version that can be, one after the other, beside what is pinned already."""
        accepted, best = dict(pinned), self.install(pinned)
        for name, versions in candidates.items():
            for version in versions:
                target = None if name in pinned else self.install({**accepted, name: version})
                if target is not None:
                    accepted[name], best = version, target
                    break
        return best or dict(self.there)

    def newer(self) -> dict[str, tuple[str, ...]]:
        """The versions that `upgrade` chooses from, for each package that is installed; the newest first."""
        return {name: self._newer(name) for name in sorted(self.there)}

    def named_by_advisories(self) -> dict[str, tuple[str, ...]]:
        """Those that `upgrade-minimal --security` chooses from: it compares by `eq` (dnf's upgrade.py)."""
        named = {(one.name, one.version) for one in self.catalogue.packages if one.archive == SECURITY}
        chosen = {name: tuple(one for one in newer if (name, one) in named) for name, newer in self.newer().items()}
        return {name: versions for name, versions in chosen.items() if versions}

    def beyond_advisories(self) -> dict[str, tuple[str, ...]]:
        """Those that `upgrade --security` chooses from: it compares by `gte`."""
        oldest = {name: versions[-1] for name, versions in self.named_by_advisories().items()}
        newer = self.newer()
        return {name: newer[name][: newer[name].index(version) + 1] for name, version in oldest.items()}

    def remove(self, names: Iterable[str]) -> Versions:
        """The versions without these and without all that needs them."""
        gone = set(names)
        while True:
            target = {name: version for name, version in self.there.items() if name not in gone}
            lost = {line.split()[0] for line in troubles(self.catalogue, target)} - self._broken
            if not lost:
                return target
            gone |= lost

    def needless(self, target: Mapping[str, str], automatic: Collection[str]) -> list[str]:
        """What came along with others, and nothing that anybody wanted needs any more."""
        needed: set[str] = set()
        new = {name for name in target if name not in automatic}
        while new:
            needed |= new
            depends = (one for name in new for one in self.catalogue.find(name, target[name]).depends)
            new = {one.name for one in depends if one.is_met_by(target.get(one.name))} - needed
        return sorted(set(target) - needed)

    @property
    def _broken(self) -> set[str]:
        return {line.split()[0] for line in troubles(self.catalogue, self.there)}

    def _newer(self, name: str) -> tuple[str, ...]:
        old = VERSIONS.index(self.there[name]) if name in self.there else -1
        return tuple(version for version in self.offered(name) if name in self.there and VERSIONS.index(version) > old)

    def _mended(self, target: Versions, fixed: frozenset[str]) -> Versions | None:
        """The target, changed until nothing new is wrong in it; what is fixed stays as it is."""
        wrong = [line for line in troubles(self.catalogue, target) if not self._was_so(line, target)]
        if not wrong:
            return target
        name, verb, *_with, other = wrong[0].split()
        for changed in self._ways(target, name, other, fixed, is_need=verb == "needs"):
            found = self._mended({**target, **changed}, fixed | set(changed))
            if found is not None:
                return found
        return None

    def _was_so(self, trouble: str, target: Mapping[str, str]) -> bool:
        """True for what was wrong before, with the same package in the same version."""
        name = trouble.split()[0]
        return trouble in troubles(self.catalogue, self.there) and target.get(name) == self.there.get(name)

    def _ways(
        self, target: Mapping[str, str], name: str, other: str, fixed: frozenset[str], *, is_need: bool
    ) -> Iterator[Versions]:
        if other not in fixed:
            candidates = self._newer(other) if other in self.there else self.offered(other) if is_need else ()
            yield from ({other: version} for version in candidates if version != target.get(other))
        if name not in fixed:
            yield from ({name: version} for version in self._newer(name) if version != target.get(name))
