"""A FreeBSD host over a random world: pkg answers as its source prints it, and changes the world.

A call that is not known is a failure of the test, and so is one that would change the world and is called a query.
Versions are spelled as FreeBSD does; a world has them as dpkg and rpm do.
"""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult, FileStat
from ansible_collections.groundwork.python_host.plugins.module_utils._packages import pkg_words
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform
from tests.unit.fakes import FakeHost, UndeclaredQuery
from tests.unit.module_utils._packages.hosts import NOW
from tests.unit.module_utils._packages.package_promises import Seen
from tests.unit.module_utils._packages.package_world import MISSING, SECURITY, VERSIONS, Placed
from tests.unit.module_utils._packages.pkg_call import parse
from tests.unit.module_utils._packages.pkg_transaction import PkgTransaction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.unit.module_utils._packages.package_world import Catalogue
    from tests.unit.module_utils._packages.pkg_call import Call

FREEBSD = Platform("freebsd", "15.1", family="freebsd", package_tool="pkg", service_manager="rc")
BREAKAGES = (MISSING,)
# In the same order: a release candidate, a release, its revision, a later one, one with an epoch.
SPELLED = dict(zip(VERSIONS, ("1.0.rc1", "1.0", "1.0_1", "1.10", "0.5,1")))
ORDER = tuple(SPELLED.values())
OWN = "pkg\t2.8.0\t0\t0\t0\tports-mgmt/pkg\tFreeBSD-ports\n"
YOUNG = FileStat("file", 0o644, "root", "root", modified=NOW - 60, changed=NOW - 60)
STATS = {
    "/usr/local/sbin/pkg": YOUNG,
    "/var/db/pkg/repos/FreeBSD-ports/db": YOUNG,
    "/var/db/pkg/vuln.xml": YOUNG,
    "/var/db/pkg/freebsd-osv.json": None,
    "/etc/pkg": FileStat("directory", 0o755, "root", "root", modified=10),
    "/etc/pkg/FreeBSD.conf": FileStat("file", 0o644, "root", "root", modified=10),
    "/usr/local/etc/pkg/repos": None,
}
DIRECTORIES = {
    "/var/db/pkg/repos": ("FreeBSD-ports",),
    "/etc/pkg": ("FreeBSD.conf",),
    "/var/cache/pkg": (),
    "/usr/local": (),
}
PLENTY = "Filesystem 1024-blocks Used Avail Capacity Mounted on\n"


def spelled(version: str) -> str:
    """As FreeBSD spells it; one that no world has stays one."""
    return SPELLED.get(version, version.replace("-", "_"))


def unspelled(version: str | None) -> str | None:
    """As the world has it."""
    return next((one for one, other in SPELLED.items() if other == version), version)


@dataclass
class PkgWorld:
    """What pkg's database holds."""

    catalogue: Catalogue
    packages: dict[str, Placed] = field(default_factory=dict)

    @classmethod
    def of(cls, catalogue: Catalogue, start: dict[str, Placed]) -> PkgWorld:
        """A host with these packages, but for those that are missing."""
        return cls(catalogue, {name: placed for name, placed in start.items() if placed.state != MISSING})

    def listed(self) -> dict[str, Seen]:
        """What there is, as the promises see it."""
        return {name: Seen(placed.version, placed.is_held) for name, placed in self.packages.items()}


class PkgHost(FakeHost):
    """Programs that answer about the world, or about a copy of it; each write goes into it."""

    def __init__(self, world: PkgWorld) -> None:
        super().__init__(stats=dict(STATS), directories=dict(DIRECTORIES), programs={"pkg": "/usr/sbin/pkg"})
        self.world = world
        self._copy: PkgWorld | None = None
        self._may_write = False

    def run(self, argv, *, ok=(0,), timeout=60.0, env=None, stdin=None) -> CommandResult:
        self.performed.append("run " + " ".join(argv))
        self._may_write = True
        result = self._answer(argv, ok)
        self._may_write = False
        return result

    def _double(self, argv: Sequence[str]) -> str | CommandResult:
        answers = {
            "pkg": lambda: self._pkg(argv),
            "df": lambda: PLENTY + "".join("/dev/ada0p2 9000000 0 9000000 0% /\n" for _path in argv[2:]),
            "mkdir": lambda: "",
            "cp": self._copied,
        }
        if argv[0] not in answers:
            raise UndeclaredQuery(" ".join(argv))
        return answers[argv[0]]()

    def _copied(self) -> str:
        self._copy = copy.deepcopy(self.world)
        return ""

    def _pkg(self, argv: Sequence[str]) -> str | CommandResult:
        call = parse(argv)
        world = self._copy if call.is_private else self.world
        is_writing = call.verb in ("lock", "unlock", "set") or (call.words and "y" in call.flags) or "y" in call.flags
        if world is None or (is_writing and not (call.is_private or self._may_write)):
            raise UndeclaredQuery(" ".join(argv))
        if self._may_write and "LOCK_RETRIES" not in call.settings:
            raise UndeclaredQuery(" ".join(argv))
        answers = {
            "query": lambda: self._query(argv),
            "rquery": lambda: self._rquery(call, world),
            "version": lambda: self._order(*call.words),
            "audit": lambda: self._audit(world),
            "lock": lambda: self._mark(world, call),
            "unlock": lambda: self._mark(world, call),
            "set": lambda: self._set(world, call),
        }
        if call.verb in answers:
            return answers[call.verb]()
        return PkgTransaction(world, call, spelled=spelled, unspelled=unspelled, order=ORDER).answer()

    def _query(self, argv: Sequence[str]) -> str:
        if tuple(argv) != pkg_words.QUERY:
            raise UndeclaredQuery(" ".join(argv))
        rows = [
            "\t".join(
                (name, spelled(one.version), str(int(one.is_automatic)), str(int(one.is_held)), "0", f"x/{name}", "r")
            )
            for name, one in sorted(self.world.packages.items())
        ]
        return OWN + "".join(f"{row}\n" for row in rows)

    def _rquery(self, call: Call, world: PkgWorld) -> CommandResult:
        offered = [one for one in world.catalogue.packages if one.archive != "gone"]
        if "a" in call.flags:
            return CommandResult((), 0, "".join(f"{one.name}\n" for one in offered))
        asked = call.words[1:]
        rows = [f"{one.name}\t{spelled(one.version)}\tx/{one.name}\tr\n" for one in offered if one.name in asked]
        return CommandResult((), 0 if rows else 1, "".join(rows))

    def _order(self, one: str, other: str) -> str:
        return "<\n" if ORDER.index(one) < ORDER.index(other) else ">\n" if one != other else "=\n"

    def _audit(self, world: PkgWorld) -> CommandResult:
        fixed = {one.name: one.version for one in world.catalogue.packages if one.archive == SECURITY}
        bad = [
            name
            for name, placed in world.packages.items()
            if VERSIONS.index(fixed.get(name, VERSIONS[0])) > VERSIONS.index(placed.version)
        ]
        packages = {name: {"version": world.packages[name].version, "issues": []} for name in bad}
        return CommandResult((), int(bool(bad)), json.dumps({"pkg_count": len(bad), "packages": packages}))

    def _mark(self, world: PkgWorld, call: Call) -> CommandResult:
        """Before 2.8, what is locked already ends with another code than 0."""
        (name,) = call.words
        is_held = call.verb == "lock"
        if name not in world.packages or world.packages[name].is_held is is_held:
            raise UndeclaredQuery(f"{call.verb} {name}")
        world.packages[name] = replace(world.packages[name], is_held=is_held)
        return CommandResult((), 0, "")

    def _set(self, world: PkgWorld, call: Call) -> CommandResult:
        for name in call.words:
            world.packages[name] = replace(world.packages[name], is_automatic=True)
        return CommandResult((), 0, "")
