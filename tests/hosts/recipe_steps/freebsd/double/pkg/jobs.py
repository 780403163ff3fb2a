"""What an installation, an upgrade or a removal would do: one job per package, in order.

Rules: os_facts 2.3 [R]: an unknown name stops everything; locked packages stay; removal takes the packages along that
need what goes, unless forced (pkg-delete(8)). A package that was automatic and is installed at its version becomes
wanted silently; one that is replaced inherits the mark (freebsd/pkg:libpkg/pkg_jobs.c, pkg_jobs_propagate_automatic).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from .matching import matches
from .versions import compare

if TYPE_CHECKING:
    from ..options import Options
    from .package import Package


class Kind(Enum):
    """A section of the summary, by its heading, and how its number is announced."""

    REMOVE = "Installed packages to be REMOVED"
    INSTALL = "New packages to be INSTALLED"
    UPGRADE = "Installed packages to be UPGRADED"
    DOWNGRADE = "Installed packages to be DOWNGRADED"
    REINSTALL = "Installed packages to be REINSTALLED"

    @property
    def verb(self) -> str:
        return self.value.rpartition(" ")[2].lower()


@dataclass(frozen=True)
class Job:
    """`new` is what will be there, `old` what is there now."""

    kind: Kind
    new: Package
    old: Package | None = None
    reason: str = ""


class NotFound(Exception):
    """A word that no repository knows."""


class Planner:
    """Plans against the installed packages and what the repositories' copies know."""

    def __init__(self, installed: list[Package], known: list[Package]) -> None:
        self.installed = {package.name: package for package in installed}
        self.known = known
        self.jobs: dict[str, Job] = {}
        self.locked: list[str] = []

    def install(self, words: list[str], options: Options) -> None:
        for word in words:
            candidates = self._candidates(word, options)
            if not candidates and "M" not in options and word not in self.installed:
                raise NotFound(word)
            for candidate in candidates:
                self._want(candidate, is_automatic="A" in options, is_forced="f" in options)

    def install_files(self, packages: list[Package], *, is_forced: bool) -> None:
        self.known = [*packages, *self.known]
        for package in packages:
            self._want(package, is_automatic=False, is_forced=is_forced)

    def upgrade(self, names: list[str] | None, options: Options, repository: str = "") -> None:
        for name, old in sorted(self.installed.items()):
            if names is not None and name not in names:
                continue
            newest = self._newest(name, repository or old.repository) or self._newest(name, repository)
            is_newer = newest is not None and compare(newest.version, old.version) > 0
            if newest is not None and (is_newer or "f" in options):
                self._replace(old, newest)

    def remove(self, words: list[str], options: Options) -> tuple[int, int, list[Package]]:
        """(missing, locked or vital, those); with -f nothing is vital and no requirer goes along."""
        missing, kept = 0, []
        for word in words:
            found = [package for package in self.installed.values() if matches(package, word, options)]
            missing += not found
            for package in found:
                for each in [package, *([] if "f" in options and "R" not in options else self._requirers(package))]:
                    if each.is_locked or (each.is_vital and "f" not in options):
                        kept.append(each)
                    else:
                        self.jobs[each.name] = Job(Kind.REMOVE, each, each)
        if kept:
            kept_names = {each.name for each in kept}
            self.jobs = {name: job for name, job in self.jobs.items() if not kept_names & self._needed_by(job.new.name)}
        return missing, len(set(kept)), list(dict.fromkeys(kept))

    def orphans(self) -> None:
        needed = {
            name for package in self.installed.values() if not package.is_automatic for name in self._closure(package)
        }
        for name, package in sorted(self.installed.items()):
            if package.is_automatic and name not in needed and not package.is_locked and not package.is_vital:
                self.jobs[name] = Job(Kind.REMOVE, package, package)

    def _candidates(self, word: str, options: Options) -> list[Package]:
        found = [package for package in self.known if matches(package, word, options)]
        names = dict.fromkeys(package.name for package in found)
        return [newest for name in names if (newest := self._newest(name, "", found)) is not None]

    def _newest(self, name: str, repository: str, among: list[Package] | None = None) -> Package | None:
        best: Package | None = None
        for package in self.known if among is None else among:
            if package.name != name or (repository and package.repository != repository):
                continue
            if best is None or compare(package.version, best.version) > 0:
                best = package
        return best

    def _want(self, new: Package, *, is_automatic: bool, is_forced: bool = False) -> None:
        if new.name in self.jobs:
            return
        old = self.installed.get(new.name)
        if old is None:
            self._add_conflicts(new)
            self.jobs[new.name] = Job(Kind.INSTALL, replace(new, is_automatic=is_automatic))
        elif is_forced or compare(new.version, old.version) > 0 or (new.local_file and new.version != old.version):
            self._replace(old, new)
        self._add_dependencies(new)

    def _replace(self, old: Package, new: Package) -> None:
        if old.is_locked:
            self.locked.append(old.full_name)
            return
        order = compare(new.version, old.version)
        kind = Kind.UPGRADE if order > 0 else Kind.DOWNGRADE if order < 0 else Kind.REINSTALL
        kept = replace(new, is_automatic=old.is_automatic, is_locked=False)
        self.jobs[old.name] = Job(kind, kept, old)
        self._add_dependencies(new)

    def _add_dependencies(self, package: Package) -> None:
        """What is needed comes before what needs it."""
        own = self.jobs.pop(package.name, None)
        for name in package.depends:
            if name not in self.installed and name not in self.jobs:
                needed = self._newest(name, "")
                if needed is not None:
                    self._want(needed, is_automatic=True)
        if own is not None:
            self.jobs[package.name] = own

    def _add_conflicts(self, new: Package) -> None:
        for name in new.conflicts:
            other = self.installed.get(name)
            if other is not None:
                for each in [other, *self._requirers(other)]:
                    self.jobs[each.name] = Job(Kind.REMOVE, each, each)

    def _requirers(self, package: Package) -> list[Package]:
        found: dict[str, Package] = {}
        waiting = [package.name]
        while waiting:
            name = waiting.pop()
            for each in self.installed.values():
                if name in each.depends and each.name not in found:
                    found[each.name] = each
                    waiting.append(each.name)
        return list(found.values())

    def _needed_by(self, name: str) -> set[str]:
        """Itself and what would be without it."""
        return {name, *(each.name for each in self._requirers(self.installed[name]))}

    def _closure(self, package: Package) -> set[str]:
        found: set[str] = set()
        waiting = list(package.depends)
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += self.installed[name].depends if name in self.installed else ()
        return found
