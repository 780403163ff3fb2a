"""An Enterprise Linux host over a random world: rpm and dnf answer as the real ones printed it, and change the world.

A call that is not known is a failure of the test, and so is one that would change the world and is called a query.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult
from ansible_collections.groundwork.python_host.plugins.module_utils._packages import rpm_private, rpm_words
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_history import HISTORY
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform
from tests.unit.fakes import FakeHost, UndeclaredQuery
from tests.unit.module_utils._packages.dnf_call import parse
from tests.unit.module_utils._packages.dnf_hosts import COPY_OF_DATABASE, DATABASE, ENDED, RPM
from tests.unit.module_utils._packages.dnf_transaction import DnfTransaction
from tests.unit.module_utils._packages.package_promises import Seen
from tests.unit.module_utils._packages.package_world import DOUBLED, MISSING, VERSIONS, Placed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.unit.module_utils._packages.package_world import Catalogue

CENTOS = Platform("centos", "9", family="redhat", package_tool="dnf", service_manager="systemd")
BREAKAGES = (MISSING, DOUBLED)
LOCKS = "/etc/dnf/plugins/versionlock.list"
PLUGIN = "python3-dnf-plugin-versionlock\t0:4.3.1-1.el9\tnoarch\tdnf-command(versionlock) \n"
FILES = {
    "/etc/dnf/dnf.conf": "[main]\ngpgcheck=1\nbest=True\n",
    "/etc/yum.repos.d/planner.repo": "[planner]\nname=Random worlds\ngpgcheck=1\n",
    "/etc/dnf/plugins/versionlock.conf": f"[main]\nenabled = 1\nlocklist = {LOCKS}\n",
    "/var/lib/dnf/rpmdb_lock.pid": None,
    "/var/cache/dnf/metadata_lock.pid": None,
    "/var/cache/dnf/download_lock.pid": None,
}
CACHED = "planner-0123456789abcdef"
REPOMD = f"{CACHED}/repodata/repomd.xml"
PRIVATE_HOME = "/scratch/rpm"
PRIVATE_MACROS = f"%_dbpath {COPY_OF_DATABASE}\n"
DIRECTORIES = {
    DATABASE: (".rpm.lock", "rpmdb.sqlite"),
    "/etc/yum.repos.d": ("planner.repo",),
    "/etc/dnf/plugins": ("versionlock.conf", "versionlock.list"),
    "/var/cache/dnf": (CACHED,),
    f"/var/cache/dnf/{CACHED}": ("repodata",),
    "/scratch/dnf/var/cache/dnf": (CACHED,),
    "/var/lib/dnf": ("history.sqlite",),
    "/usr": (),
}
PLENTY = "Filesystem 1024-blocks Used Available Capacity Mounted on\n"


@dataclass
class RpmWorld:
    """What rpm's database and dnf's memory hold; `older` are versions that a cut-off upgrade has not taken away."""

    catalogue: Catalogue
    packages: dict[str, Placed] = field(default_factory=dict)
    older: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, catalogue: Catalogue, start: dict[str, Placed]) -> RpmWorld:
        """A package of which there is no older version cannot be there twice."""
        older = {}
        for name, placed in start.items():
            before = [one.version for one in catalogue.of(name) if _rank(one.version) < _rank(placed.version)]
            if placed.state == DOUBLED and before:
                older[name] = before[0]
        there = {name: replace(placed, state="working") for name, placed in start.items() if placed.state != MISSING}
        return cls(catalogue, there, older)

    def listed(self) -> dict[str, Seen]:
        """What there is, as the promises see it."""
        return {
            name: Seen(self.older.get(name, placed.version), placed.is_held, is_half_way=name in self.older)
            for name, placed in self.packages.items()
        }


class RpmHost(FakeHost):
    """Programs that answer about the world; each write goes into it."""

    def __init__(self, world: RpmWorld) -> None:
        super().__init__(
            files=dict(FILES),
            directories=dict(DIRECTORIES),
            databases={HISTORY: ENDED},
            programs={"dnf": "/usr/bin/dnf"},
        )
        self.links["/usr/bin/dnf"] = "dnf-3"
        self.world = world
        self._may_write = False
        self._home = ""
        self._forgotten: dict[str, str] = {}
        has_advisories = any(one.archive == "security" for one in world.catalogue.packages)
        for cache in ("/var/cache/dnf", "/scratch/dnf/var/cache/dnf"):
            self.files[f"{cache}/{REPOMD}"] = '<data type="updateinfo">' if has_advisories else "<data/>"
        self._tell()

    def query(self, argv, *, ok=(0,), timeout=60.0, env=None, stdin=None, runtime_directory=None) -> CommandResult:
        self._home = (env or {}).get("HOME", "")
        result = super().query(argv, ok=ok, timeout=timeout, stdin=stdin)
        self._home = ""
        return result

    def run(self, argv, *, ok=(0,), timeout=60.0, env=None, stdin=None) -> CommandResult:
        self.performed.append("run " + " ".join(argv))
        self._may_write = True
        result = self._answer(argv, ok)
        self._may_write = False
        self._tell()
        return result

    def _tell(self) -> None:
        held = {name: placed for name, placed in self.world.packages.items() if placed.is_held}
        self.files[LOCKS] = "".join(f"{name}-{_full(placed.version)}.*\n" for name, placed in held.items())

    def _double(self, argv: Sequence[str]) -> str | CommandResult:
        if argv[0] == "dnf":
            return self._dnf(argv)
        answers = {
            "rpm": lambda: self._rpm(argv),
            "df": lambda: PLENTY + "".join("/dev/vda 9000000 0 9000000 0% /\n" for _path in argv[2:]),
            "mkdir": lambda: "",
            "cp": lambda: "",
        }
        if argv[0] not in answers:
            raise UndeclaredQuery(" ".join(argv))
        return answers[argv[0]]()

    def _rpm(self, argv: Sequence[str]) -> str:
        if tuple(argv) == rpm_private.WHERE:
            return f"{DATABASE}\n"
        forget = ("rpm", "--dbpath", COPY_OF_DATABASE, *rpm_private.FORGET)
        if tuple(argv[: len(forget)]) == forget:
            return self._forget(argv[len(forget) :])
        if tuple(argv) != rpm_words.QUERY:
            raise UndeclaredQuery(" ".join(argv))
        several = [(name, placed.version) for name, placed in self.world.packages.items()]
        rows = [
            f"{name}\t{_full(version)}\tnoarch\t{name} \n" for name, version in (*several, *self.world.older.items())
        ]
        return "".join([RPM, PLUGIN, *rows])

    def _forget(self, labels: Sequence[str]) -> str:
        """Taken out of the copy of rpm's database, which is as old as this call."""
        copy = f"cp --archive {DATABASE}/rpmdb.sqlite {COPY_OF_DATABASE}"
        older = {_label(name, version): name for name, version in self.world.older.items()}
        if copy not in self.asked or not labels or not set(labels) <= set(older):
            raise UndeclaredQuery(f"rpm -e {labels}")
        self._forgotten = {older[label]: self.world.older[older[label]] for label in labels}
        return ""

    def _judged(self) -> RpmWorld:
        """The world as dnf sees it: by rpm's own database, or by the copy where its caller's macros say so."""
        if not self._home:
            return self.world
        if self._home != PRIVATE_HOME or self.files.get(f"{PRIVATE_HOME}/.rpmmacros") != PRIVATE_MACROS:
            raise UndeclaredQuery(f"HOME={self._home}")
        return replace(self.world, older={k: v for k, v in self.world.older.items() if self._forgotten.get(k) != v})

    def _dnf(self, argv: Sequence[str]) -> CommandResult:
        call = parse(argv)
        if call.verb == "repoquery":
            offered = (one for one in self.world.catalogue.packages if one.archive != "gone")
            return CommandResult((), 0, "".join(f"{one.name} {one.version}\n" for one in offered))
        if not call.is_simulation and not self._may_write:
            raise UndeclaredQuery(" ".join(argv))
        if call.verb == "versionlock":
            return self._versionlock(*call.words)
        return DnfTransaction(self._judged(), call, self._commands(call), locked=self._locked(call)).answer()

    def _commands(self, call) -> list[list[str]]:
        """The command, or those in a script for dnf's shell."""
        if call.verb != "shell":
            return [[call.verb, *call.words]]
        return [line.split() for line in str(self.read_text(call.words[0])).splitlines()]

    def _locked(self, call) -> dict[str, str]:
        """The version that each locked package is held at, by the list that the call is told to heed."""
        directory = call.settings.get("pluginconfpath", "/etc/dnf/plugins")
        path = str(self.read_text(f"{directory}/versionlock.conf")).rpartition("locklist = ")[2].strip()
        entries = {line[: -len(".*")] for line in str(self.read_text(path)).splitlines() if line.strip()}
        packages = self.world.catalogue.packages
        return {one.name: one.version for one in packages if f"{one.name}-{_full(one.version)}" in entries}

    def _versionlock(self, action: str, *names: str) -> CommandResult:
        if action not in ("add", "delete") or not set(names) <= set(self.world.packages):
            raise UndeclaredQuery(f"versionlock {action} {names}")
        for name in names:
            self.world.packages[name] = replace(self.world.packages[name], is_held=action == "add")
        return CommandResult((), 0, "")


def _full(version: str) -> str:
    return version if ":" in version else f"0:{version}"


def _label(name: str, version: str) -> str:
    """As rpm takes it: without the epoch."""
    return f"{name}-{version.rpartition(':')[2]}.noarch"


def _rank(version: str) -> int:
    return VERSIONS.index(version)
