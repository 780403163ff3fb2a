"""apt-get over a random world: what it prints, and what it then does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult
from tests.unit.fakes import UndeclaredQuery
from tests.unit.module_utils._packages import apt_print
from tests.unit.module_utils._packages.apt_solver import NoWay, Solver
from tests.unit.module_utils._packages.package_world import (
    CONFIGURATION_ONLY,
    FAILED,
    HALF_INSTALLED,
    NAMES,
    UNPACKED,
    VERSIONS,
    Placed,
    troubles,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tests.unit.module_utils._packages.apt_call import Call
    from tests.unit.module_utils._packages.apt_double import AptWorld


class Failed(Exception):
    """The call ends with 100; the arguments are what it prints to its two outputs."""


class AptGet:
    """One call."""

    def __init__(self, world: AptWorld, call: Call, *, listed: Mapping[str, Placed]) -> None:
        """`listed` is what the list of packages says that apt is told to judge by."""
        self._world = world
        self._call = call
        self._listed = listed
        self._there = {name: placed.version for name, placed in listed.items() if placed.state != CONFIGURATION_ONLY}
        held = frozenset(name for name, placed in listed.items() if placed.is_held)
        self._solver = Solver(
            world.catalogue, self._there, held, is_security_preferred=call.suite == "bookworm-security"
        )
        self._named: dict[str, str] = {}
        self._unwanted: tuple[str, ...] = ()

    def answer(self, *, may_write: bool) -> CommandResult:
        """What it prints; without -s it has changed the world, too."""
        is_simulation = "-s" in self._call.flags
        if not is_simulation and not may_write:
            raise UndeclaredQuery("apt-get without -s, as a query")
        try:
            if not is_simulation and self._world.is_interrupted:
                raise Failed("", apt_print.INTERRUPTED)
            self._read_words()
            self._see_to_damaged()
            target = self._target()
            text = self._paragraphs(target)
        except Failed as failed:
            stdout, stderr = failed.args
            return CommandResult((), 100, apt_print.BEGINNING + stdout, stderr)
        lines = self._lines(target) if is_simulation else ""
        if is_simulation:
            return CommandResult((), 0, apt_print.BEGINNING + text + lines)
        stuck = [name for name in self._damaged() if name not in target]
        if stuck and apt_print.FORCED not in self._call.settings["Dpkg::Options::"].split():
            return CommandResult((), 100, text, "".join(apt_print.INCONSISTENT.format(name=name) for name in stuck))
        self._perform(target)
        return CommandResult((), 0, apt_print.BEGINNING + text)

    def _read_words(self) -> None:
        stderr, is_removal, unwanted = "", self._call.verb in ("remove", "autoremove"), []
        for word in self._call.words:
            bare = word[:-1] if is_removal and word.endswith("+") and word not in NAMES else word
            name, _equals, version = bare.partition("=")
            there = [self._there[name]] if name in self._there else []
            known = [one.version for one in self._world.catalogue.offered(name)] + there
            if not known:
                stderr += f"E: Unable to locate package {name}\n"
            elif is_removal and bare == word:
                unwanted.append(name)
            elif version and version not in known:
                stderr += f"E: Version '{version}' for '{name}' was not found\n"
            else:
                self._named[name] = version or str(self._solver.candidate(name))
        self._unwanted = tuple(unwanted)
        if stderr:
            raise Failed("", stderr)

    def _see_to_damaged(self) -> None:
        """What lies half on the disk in a version that nobody has any more is upgraded, or nothing goes on."""
        for name in self._damaged():
            offered = [one.version for one in self._world.catalogue.offered(name)]
            candidate = str(self._solver.candidate(name))
            if name in self._unwanted or self._there[name] in offered:
                continue
            if candidate not in offered:
                raise Failed("", apt_print.NO_ARCHIVE.format(name=name))
            self._named.setdefault(name, candidate)

    def _damaged(self) -> list[str]:
        return [name for name, placed in self._listed.items() if placed.state == HALF_INSTALLED]

    def _is_reinstalled(self, name: str) -> bool:
        """True for what is unpacked again in the version that is there, which takes an archive."""
        version = self._there.get(name, "")
        offered = [one.version for one in self._world.catalogue.offered(name)]
        return "--reinstall" in self._call.flags and self._named.get(name) == version and version in offered

    def _target(self) -> dict[str, str]:
        """The versions afterwards."""
        broken = troubles(self._world.catalogue, self._there)
        if broken and "--fix-broken" not in self._call.flags and not self._mends(broken):
            raise Failed(apt_print.unmet(broken), apt_print.UNMET)
        try:
            if self._call.verb == "upgrade":
                return self._solver.upgrade(self._named)
            target = self._solver.install(self._named, removed=self._unwanted)
        except NoWay as error:
            words = f"{error}\n"
            raise Failed(
                apt_print.unmet([words.strip()]), "E: Unable to correct problems, you have held broken packages.\n"
            ) from error
        if self._call.verb == "autoremove" or "--auto-remove" in self._call.flags:
            needless = self._solver.needless(target, [name for name in target if self._is_automatic(name)])
            return {name: version for name, version in target.items() if name not in needless}
        return target

    def _mends(self, broken: Iterable[str]) -> bool:
        """True where what is named happens to mend what is broken."""
        there = {name: one for name, one in {**self._there, **self._named}.items() if name not in self._unwanted}
        return not set(broken) & set(troubles(self._world.catalogue, there))

    def _paragraphs(self, target: Mapping[str, str]) -> str:
        """The lists of names before the transaction. Raises Failed where an option forbids it."""
        held, flags = self._solver.held, self._call.flags
        removed = [name for name in self._there if name not in target]
        changed = [name for name, old in self._there.items() if target.get(name, old) != old]
        older = [name for name in changed if VERSIONS.index(target[name]) < VERSIONS.index(self._there[name])]
        newer = [name for name in changed if name not in older]
        kept = [name for name in self._there if name in target and self._is_kept(name, target[name])]
        text = apt_print.listed("The following packages will be REMOVED:", removed)
        new = [name for name in target if name not in self._there]
        text += apt_print.listed("The following NEW packages will be installed:", new)
        if self._call.verb == "upgrade":
            text += apt_print.listed("The following packages have been kept back:", kept)
        text += apt_print.listed("The following packages will be upgraded:", newer)
        text += apt_print.listed("The following packages will be DOWNGRADED:", older)
        touched = [name for name in (*removed, *changed) if name in held]
        text += apt_print.listed("The following held packages will be changed:", touched)
        counted = f"{len(newer)} upgraded, {len(new)} newly installed, "
        text += f"{counted}{len(removed)} to remove and {len(kept)} not upgraded.\n"
        for is_forbidden, error in (
            (removed and "--no-remove" in flags, apt_print.DISABLED),
            (touched, apt_print.HELD),
            (older and "--allow-downgrades" not in flags, apt_print.DOWNGRADED),
        ):
            if is_forbidden:
                raise Failed(text, error)
        return text

    def _is_kept(self, name: str, version: str) -> bool:
        return name not in self._named and self._solver.candidate(name) not in (None, version)

    def _lines(self, target: Mapping[str, str]) -> str:
        """What `-s` prints."""
        lines = [f"Remv {name} [{old}]" for name, old in self._there.items() if name not in target]
        for name, version in target.items():
            old = self._there.get(name)
            if old != version or self._is_reinstalled(name):
                lines.append(f"Inst {name} {f'[{old}] ' if old else ''}{self._described(name, version)}")
        for name, version in target.items():
            if self._there.get(name) != version or self._is_reinstalled(name):
                lines.append(f"Conf {name} {self._described(name, version)}")
            elif self._listed[name].state in (UNPACKED, FAILED):
                lines.append(f"Conf {name} {self._described(name, str(self._solver.candidate(name)))}")
        return "".join(f"{line}\n" for line in lines)

    def _described(self, name: str, version: str) -> str:
        package = self._world.catalogue.find(name, version)
        return f"({version}{apt_print.ORIGINS[package.archive]} [{apt_print.architecture(name)}])"

    def _is_automatic(self, name: str) -> bool:
        """True for what came along with others; to install it again does not make it wanted."""
        is_new = name not in self._there
        known = self._listed.get(name, Placed(""))
        is_wanted = name in self._named and not self._is_reinstalled(name)
        return not is_wanted and (is_new or known.is_automatic)

    def _perform(self, target: Mapping[str, str]) -> None:
        packages = self._world.packages
        for name in self._there:
            if name not in target:
                leaves_configuration = NAMES.index(name) % 2
                packages[name] = replace(packages[name], state=CONFIGURATION_ONLY)
                if not leaves_configuration:
                    del packages[name]
        for name, version in target.items():
            old = packages.get(name, Placed(""))
            if old.state == HALF_INSTALLED and old.version == version and not self._is_reinstalled(name):
                continue
            packages[name] = Placed(version, is_held=old.is_held, is_automatic=self._is_automatic(name))
