"""One transaction of pkg over a random world: its summary, and what it then does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult
from tests.unit.module_utils._packages.package_world import NAMES, Placed
from tests.unit.module_utils._packages.pkg_print import (
    AFFECTED,
    GOING,
    LOCKED,
    NOTHING,
    UP_TO_DATE,
    no_way,
    summary,
    unknown,
)
from tests.unit.module_utils._packages.pkg_solver import PkgSolver

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.unit.module_utils._packages.pkg_call import Call
    from tests.unit.module_utils._packages.pkg_double import PkgWorld


class PkgTransaction:
    """A call of install, upgrade, delete or autoremove."""

    def __init__(
        self,
        world: PkgWorld,
        call: Call,
        *,
        spelled: Callable[[str], str],
        unspelled: Callable[[str | None], str | None],
        order: Sequence[str],
    ) -> None:
        self._world = world
        self._call = call
        self._spelled = spelled
        self._unspelled = unspelled
        self._order = order
        self._there = {name: placed.version for name, placed in world.packages.items()}
        locked = [name for name, placed in world.packages.items() if placed.is_held]
        self._solver = PkgSolver(world.catalogue, self._there, locked)
        self._pinned: dict[str, str] = {}

    def answer(self) -> CommandResult:
        """What pkg prints; without -n it has changed the world, too."""
        verb = self._call.verb
        if verb == "delete":
            return self._deleted()
        if verb == "autoremove":
            automatic = [name for name, placed in self._world.packages.items() if placed.is_automatic]
            return self._told(self._solver.without_orphans(automatic), head=GOING) or self._result("Nothing to do.\n")
        failed = self._read_names()
        if failed:
            return failed
        target = self._solver.reach(self._pinned)
        if target is None:
            return no_way()
        nothing = NOTHING if verb == "install" else UP_TO_DATE
        # A simulation of install ends with 1 where it would change something, one of upgrade never does.
        rc = 1 if verb == "install" and self._call.is_simulation else 0
        return self._told(target, rc=rc) or self._result(self._unmarked(nothing))

    def _read_names(self) -> CommandResult | None:
        missing = []
        for word in self._call.words:
            name, version = self._split(word)
            offered = [one.version for one in self._world.catalogue.offered(name)]
            wanted = version or self._solver.newest(name)
            if name in self._there and not version and not offered:
                continue
            if wanted not in offered or (self._call.verb == "upgrade" and name not in self._there):
                missing.append(word)
            elif name in self._solver.locked:
                return CommandResult((), 1, f"{name} is locked and may not be modified\n")
            elif "f" in self._call.flags or self._solver.is_newer(name, wanted):
                self._pinned[name] = wanted
        return unknown(missing, self._call.verb) if missing else None

    def _split(self, word: str) -> tuple[str, str]:
        """A name that is known first, as in `gwapp-1.0_1`."""
        if word in NAMES:
            return word, ""
        name, _hyphen, version = word.rpartition("-")
        return (name, self._unspelled(version) or "") if name in NAMES else (word, "")

    def _deleted(self) -> CommandResult:
        names = [name for name in self._call.words if name in self._there]
        locked = [name for name in names if name in self._solver.locked]
        if locked:
            return CommandResult((), 7, LOCKED.format(locked[0]))
        target = self._solver.remove(names)
        if target is None:
            return CommandResult((), 3, "", "pkg: something is locked, cannot delete it\n")
        if not names:
            return CommandResult((), 1, "1 packages requested for removal: 0 locked, 1 missing\n")
        return self._told(target, head=GOING) or self._result("")

    def _told(self, target: dict[str, str], *, head: str = AFFECTED, rc: int = 0) -> CommandResult | None:
        there = {name: self._spelled(version) for name, version in self._there.items()}
        after = {name: self._spelled(version) for name, version in target.items()}
        text = summary(there, after, order=self._order, head=head)
        if not text:
            return None
        if not self._call.is_simulation:
            self._perform(target)
        return CommandResult((), rc, text)

    def _unmarked(self, text: str) -> str:
        """What is named and there already has been asked for from now on (pkg 2.7 and newer)."""
        if self._call.verb == "install" and not self._call.is_simulation:
            for word in self._call.words:
                placed = self._world.packages.get(word)
                if placed:
                    self._world.packages[word] = Placed(placed.version, is_held=placed.is_held)
        return text

    def _perform(self, target: dict[str, str]) -> None:
        packages = self._world.packages
        for name in [name for name in packages if name not in target]:
            del packages[name]
        named = {self._split(word)[0] for word in self._call.words}
        for name, version in target.items():
            old = packages.get(name)
            is_automatic = old.is_automatic if old else name not in named
            packages[name] = Placed(version, is_held=old is not None and old.is_held, is_automatic=is_automatic)

    def _result(self, text: str) -> CommandResult:
        return CommandResult((), 0, text)
