"""How the pkg double finds a way, over a handful of packages.

What is locked stays as it is. Where there is no way to have all that is told beside what is there, pkg proposes to
remove what stands in the way: that is what its planner has to refuse.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.unit.module_utils._packages.dnf_solver import DnfSolver
from tests.unit.module_utils._packages.package_world import VERSIONS, troubles

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from tests.unit.module_utils._packages.package_world import Catalogue

Versions = dict[str, str]


@dataclass(frozen=True)
class PkgSolver:
    """What is installed, what is offered, and what is locked."""

    catalogue: Catalogue
    there: Mapping[str, str]
    locked: Collection[str] = ()

    @property
    def _ways(self) -> DnfSolver:
        held = {name: self.there[name] for name in self.locked if name in self.there}
        return DnfSolver(self.catalogue, self.there, held)

    def newest(self, name: str) -> str:
        """The newest version that is offered; empty where there is none."""
        offered = [one.version for one in self.catalogue.offered(name)]
        return offered[-1] if offered else ""

    def is_newer(self, name: str, version: str) -> bool:
        """True for a version that takes the place of what is installed without being forced to."""
        old = self.there.get(name)
        return bool(version) and (old is None or VERSIONS.index(version) > VERSIONS.index(old))

    def reach(self, pinned: Mapping[str, str]) -> Versions | None:
        """The versions with these among them, if need be without others; None where there is no way."""
        if not pinned:
            return dict(self.there)
        if any(name in self.locked for name in pinned):
            return None
        return self._ways.install(pinned) or self._by_removal(pinned)

    def remove(self, names: Iterable[str]) -> Versions | None:
        """The versions without these and without all that needs them; None where a locked one is among those."""
        target = self._ways.remove(names)
        return None if any(name not in target for name in self.locked) else target

    def without_orphans(self, automatic: Collection[str]) -> Versions:
        """The versions without what came along and nothing needs; what is locked counts as needed."""
        orphans = self._ways.needless(self.there, [name for name in automatic if name not in self.locked])
        return {name: version for name, version in self.there.items() if name not in orphans}

    def _by_removal(self, pinned: Mapping[str, str]) -> Versions | None:
        target = {**self.there, **pinned}
        fixed = {*pinned, *self.locked}
        for _attempt in range(len(target) + len(self.there) + 8):
            wrong = [line.split() for line in troubles(self.catalogue, target)]
            wrong = [words for words in wrong if " ".join(words) not in troubles(self.catalogue, self.there)]
            if not wrong:
                return target
            name, verb, *_with, other = wrong[0]
            if verb == "needs" and name in pinned and other not in fixed and self.newest(other) != target.get(other):
                if not self.newest(other):
                    return None
                target[other] = self.newest(other)
            elif name not in fixed:
                del target[name]
            elif verb != "needs" and other not in fixed:
                del target[other]
            else:
                return None
        return None
