"""One transaction of dnf over a random world: its table, and what it then does."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult
from tests.unit.module_utils._packages.dnf_print import ABORTED, AGE, NOTHING, Row, no_way, table, unmatched
from tests.unit.module_utils._packages.dnf_solver import DnfSolver
from tests.unit.module_utils._packages.package_world import NAMES, VERSIONS, Placed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.unit.module_utils._packages.dnf_call import Call
    from tests.unit.module_utils._packages.dnf_double import RpmWorld

UPGRADES = ("upgrade", "upgrade-minimal")
SKIPPED = "Skipping packages with broken dependencies"


class DnfTransaction:
    """The commands of one call, which dnf carries out as one."""

    def __init__(
        self, world: RpmWorld, call: Call, commands: Sequence[Sequence[str]], *, locked: Mapping[str, str]
    ) -> None:
        self._world = world
        self._call = call
        self._commands = commands
        self._there = {name: placed.version for name, placed in world.packages.items()}
        self._solver = DnfSolver(world.catalogue, self._there, locked, call.excluded)
        self._is_best = call.settings.get("best", "True") == "True"
        self._pinned: dict[str, str] = {}
        self._exact: set[str] = set()
        self._removed: list[str] = []

    def answer(self) -> CommandResult:
        """What dnf prints; without --assumeno it has changed the world, too."""
        if "--duplicates" in self._call.flags:
            return self._without_duplicates()
        failed = self._read_names()
        target = None if failed else self._target()
        if target is None:
            return failed or no_way(self._pinned)
        text = table(self._sections(target))
        if not text:
            return CommandResult((), 0, NOTHING)
        if self._call.is_simulation:
            return CommandResult((), 1, AGE + text, ABORTED)
        self._perform(target)
        return CommandResult((), 0, f"{AGE}{text}Complete!\n")

    def _read_names(self) -> CommandResult | None:
        unknown, filtered = [], []
        for verb, *words in self._commands:
            for word in words:
                name, version = _split(word)
                if verb in ("remove", "autoremove"):
                    self._removed.append(name)
                    continue
                offered = [one for one in self._solver.offered(name) if version in ("", one)]
                exists = [one for one in self._world.catalogue.offered(name) if version in ("", one.version)]
                is_there = name in self._there and version in ("", self._there[name], self._world.older.get(name))
                if offered and not self._is_left(name, version):
                    self._pin(name, offered, version)
                elif not is_there:
                    unknown.append(word)
                    filtered += [word] if exists else []
        return unmatched(unknown, filtered) if unknown else None

    def _is_left(self, name: str, version: str) -> bool:
        """True for the older one of two versions: it is installed, and so dnf has nothing to do about it."""
        return bool(version) and self._world.older.get(name) == version

    def _pin(self, name: str, offered: Sequence[str], version: str) -> None:
        """A name alone never makes what is installed older."""
        old = self._there.get(name)
        if version or old is None or VERSIONS.index(offered[0]) > VERSIONS.index(old):
            self._pinned[name] = offered[0]
            self._exact |= {name} if version else set()

    def _target(self) -> dict[str, str] | None:
        """The versions afterwards; None where there is no way."""
        verbs = {verb for verb, *_words in self._commands}
        if verbs & {"remove", "autoremove"}:
            target = self._solver.remove(name for name in self._removed if name in self._there)
            return self._without_unused(target) if "autoremove" in verbs else target
        target = self._installed()
        if verbs & set(UPGRADES) and target is not None:
            candidates = self._candidates(is_minimal="upgrade-minimal" in verbs)
            target = self._solver.upgrade(candidates, self._pinned)
            if self._is_best and any(target[name] not in self._newest(name) for name in candidates):
                return None
        return target

    def _candidates(self, *, is_minimal: bool) -> Mapping[str, Sequence[str]]:
        """What an upgrade may bring: minimal, or of security alone, or all of it."""
        is_security = "--security" in self._call.flags or any("--security" in one for one in self._commands)
        if is_minimal:
            return self._solver.named_by_advisories()
        return self._solver.beyond_advisories() if is_security else self._solver.newer()

    def _installed(self) -> dict[str, str] | None:
        """With what is named; where the best is not asked for, a name alone is content with less than the newest."""
        free = [] if self._is_best else [name for name in self._pinned if name not in self._exact]
        for versions in itertools.product(*map(self._good_enough, free)):
            pinned = {**self._pinned, **dict(zip(free, versions))}
            target = self._solver.install(pinned)
            if target is not None:
                self._pinned = pinned
                return target
        return None

    def _good_enough(self, name: str) -> list[str]:
        """What a name alone may come to, the newest first; never what is older than the version that is there."""
        there = self._there.get(name, "")
        newer = [one for one in self._solver.offered(name) if VERSIONS.index(one) > _rank(there)]
        return [*newer, there] if there else newer

    def _newest(self, name: str) -> tuple[str, ...]:
        """What satisfies `best`: the newest version that is offered, or one that is newer."""
        offered = self._solver.offered(name)
        return VERSIONS[VERSIONS.index(offered[0]) :] if offered else VERSIONS

    def _without_unused(self, target: Mapping[str, str]) -> dict[str, str]:
        automatic = [name for name in target if self._world.packages[name].is_automatic]
        unused = self._solver.needless(target, automatic)
        return {name: version for name, version in target.items() if name not in unused}

    def _sections(self, target: Mapping[str, str]) -> list[tuple[str, list[Row]]]:
        there, asked = self._there, set(self._pinned)
        new = [Row(name, version) for name, version in target.items() if name not in there]
        changed = [Row(name, version) for name, version in target.items() if there.get(name, version) != version]
        gone = [Row(name, version, "@System") for name, version in there.items() if name not in target]
        unused = [row for row in gone if row.name not in self._removed and self._world.packages[row.name].is_automatic]
        dependent = [row for row in gone if row.name not in self._removed and row not in unused]
        never_needed = [row for row in unused if row.name in self._needless_so_far()]
        is_newer = {row.name: VERSIONS.index(row.version) > VERSIONS.index(there[row.name]) for row in changed}
        return [
            ("Installing", [row for row in new if row.name in asked]),
            ("Upgrading", [row for row in changed if is_newer[row.name]]),
            ("Installing dependencies", [row for row in new if row.name not in asked]),
            ("Removing", [row for row in gone if row.name in self._removed or row in never_needed]),
            ("Removing dependent packages", dependent),
            ("Removing unused dependencies", [row for row in unused if row not in never_needed]),
            ("Downgrading", [row for row in changed if not is_newer[row.name]]),
            (SKIPPED, self._skipped(target)),
        ]

    def _needless_so_far(self) -> list[str]:
        """What `autoremove` without a name takes by itself."""
        automatic = [name for name, placed in self._world.packages.items() if placed.is_automatic]
        is_asked = any(list(command) == ["autoremove"] for command in self._commands)
        return self._solver.needless(self._there, automatic) if is_asked else []

    def _skipped(self, target: Mapping[str, str]) -> list[Row]:
        """What an upgrade leaves because it lacks something."""
        if self._is_best or not any(verb in UPGRADES for verb, *_words in self._commands):
            return []
        left = [name for name in self._there if target[name] not in self._newest(name)]
        return [Row(name, self._solver.offered(name)[0]) for name in left]

    def _perform(self, target: Mapping[str, str]) -> None:
        packages = self._world.packages
        for name in [name for name in packages if name not in target]:
            del packages[name]
            self._world.older.pop(name, None)
        for name, version in target.items():
            old = packages.get(name)
            is_automatic = name not in self._pinned and (old is None or old.is_automatic)
            if name in self._there and self._there[name] != version:
                self._world.older.pop(name, None)
            packages[name] = Placed(version, is_held=old is not None and old.is_held, is_automatic=is_automatic)

    def _without_duplicates(self) -> CommandResult:
        packages, older = self._world.packages, self._world.older
        rows = [Row(name, packages[name].version, replaced=version) for name, version in older.items()]
        offered = [row for row in rows if row.version in self._solver.offered(row.name)]
        others = [Row(row.name, row.replaced, "@System") for row in rows if row not in offered]
        text = table([("Reinstalling", offered), ("Removing", others)])
        if self._call.is_simulation:
            return CommandResult((), 1 if text else 0, AGE + (text or NOTHING), ABORTED if text else "")
        older.clear()
        return CommandResult((), 0, f"{AGE}{text}Complete!\n")


def _rank(version: str) -> int:
    return VERSIONS.index(version) if version else -1


def _split(word: str) -> tuple[str, str]:
    """Name and version of `gwapp-1.0-2`, as dnf matches it: a name that is known first."""
    if word in NAMES:
        return word, ""
    name = next((name for name in NAMES if word.startswith(f"{name}-")), word)
    return name, word[len(name) + 1 :]
