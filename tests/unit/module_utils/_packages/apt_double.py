"""A Debian host over a random world: dpkg and apt answer as the real ones printed it, and change the world.

What they print follows the fixtures captured in fixtures/debian-12. A call that is not known is a failure of the test,
and so is one that would change the world and is called a query.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult
from ansible_collections.groundwork.python_host.plugins.module_utils._packages import apt_command
from tests.unit.fakes import FakeHost, UndeclaredQuery
from tests.unit.module_utils._packages import hosts
from tests.unit.module_utils._packages.apt_call import parse
from tests.unit.module_utils._packages.apt_get_double import AptGet
from tests.unit.module_utils._packages.apt_print import architecture
from tests.unit.module_utils._packages.package_promises import Seen
from tests.unit.module_utils._packages.package_world import (
    CONFIGURATION_ONLY,
    FAILED,
    HALF_INSTALLED,
    MISSING,
    NAMES,
    UNPACKED,
    WORKING,
    Placed,
    troubles,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.unit.module_utils._packages.package_world import Catalogue

BREAKAGES = (UNPACKED, FAILED, MISSING, CONFIGURATION_ONLY, HALF_INSTALLED)
STATUS = {
    WORKING: "ok installed",
    UNPACKED: "ok unpacked",
    FAILED: "ok half-configured",
    CONFIGURATION_ONLY: "ok config-files",
    HALF_INSTALLED: "reinstreq half-installed",
}
# dpkg itself tells which architecture is the host's own.
DPKG = {"Package": "dpkg", "Status": "install ok installed", "Architecture": "amd64", "Version": "1.21.22"}
JOURNAL = "/var/lib/dpkg/updates"
CAME_ALONG = "/var/lib/apt/extended_states"
STATUS_FILE = "/var/lib/dpkg/status"
PLENTY = "Filesystem 1024-blocks Used Available Capacity Mounted on\n"
FIELD = re.compile(r"\$\{([^}]+)\}")


@dataclass
class AptWorld:
    """What dpkg's database and apt's memory hold."""

    catalogue: Catalogue
    packages: dict[str, Placed] = field(default_factory=dict)
    is_interrupted: bool = False

    def listed(self) -> dict[str, Seen]:
        """What there is, as the promises see it."""
        return {
            name: Seen(placed.version, placed.is_held, is_half_way=not placed.is_working)
            for name, placed in self.packages.items()
            if placed.state != CONFIGURATION_ONLY
        }

    def records(self) -> list[Mapping[str, str]]:
        """dpkg's paragraphs as fields."""
        return [DPKG, *(_record(name, placed) for name, placed in sorted(self.packages.items()))]


class AptHost(FakeHost):
    """Programs that answer about the world; each write goes into it."""

    def __init__(self, world: AptWorld) -> None:
        plain = hosts.apt_host()
        super().__init__(directories=plain.directories, stats=plain.stats)
        self.directories["/var/lib/apt/lists"] += ("archive_dists_bookworm-security_InRelease",)
        self.directories.update(dict.fromkeys(("/var/cache/apt/archives", "/boot", "/usr", "/var/lib/dpkg"), ()))
        self.world = world
        self._may_write = False
        self._tell()

    def run(self, argv, *, ok=(0,), timeout=60.0, env=None, stdin=None) -> CommandResult:
        self.performed.append("run " + " ".join(argv))
        self._may_write = True
        result = self._answer(argv, ok)
        self._may_write = False
        self._tell()
        return result

    def _tell(self) -> None:
        self.directories[JOURNAL] = ("0001",) if self.world.is_interrupted else ()
        self.files[f"{JOURNAL}/0001"] = "" if self.world.is_interrupted else None
        paragraphs = ("".join(f"{key}: {value}\n" for key, value in one.items()) for one in self.world.records())
        self.files[STATUS_FILE] = "\n".join(paragraphs)
        automatic = [name for name, placed in self.world.packages.items() if placed.is_automatic]
        self.files[CAME_ALONG] = "".join(f"Package: {name}\nAuto-Installed: 1\n\n" for name in automatic)

    def _double(self, argv: Sequence[str]) -> str | CommandResult:
        if argv[0] in ("apt-mark", "dpkg") and not self._may_write:
            raise UndeclaredQuery(" ".join(argv))
        programs = {
            "apt-get": self._apt_get,
            "apt-mark": self._apt_mark,
            "apt-cache": self._apt_cache,
            "dpkg": self._dpkg,
            "dpkg-query": self._dpkg_query,
            "df": lambda argv: PLENTY + "".join("/dev/vda 9000000 0 9000000 0% /\n" for _path in argv[2:]),
            "mkdir": lambda argv: "",
        }
        if argv[0] not in programs:
            raise UndeclaredQuery(" ".join(argv))
        return programs[argv[0]](argv)

    def _apt_get(self, argv: Sequence[str]) -> CommandResult:
        call = parse(argv)
        text = str(self.read_text(call.settings.get("Dir::State::status", STATUS_FILE)))
        automatic = str(self.read_text(call.settings.get("Dir::State::extended_states", CAME_ALONG)))
        listed = _listed(text, automatic=re.findall(r"^Package: (\S+)$", automatic, re.M))
        return AptGet(self.world, call, listed=listed).answer(may_write=self._may_write)

    def _apt_mark(self, argv: Sequence[str]) -> CommandResult:
        marks = {"hold": {"is_held": True}, "unhold": {"is_held": False}, "auto": {"is_automatic": True}}
        _program, quiet, action, *names = argv
        if quiet != "-q" or action not in marks or not set(names) <= set(self.world.packages):
            raise UndeclaredQuery(" ".join(argv))
        for name in names:
            self.world.packages[name] = replace(self.world.packages[name], **marks[action])
        return CommandResult((), 0, "")

    def _dpkg(self, argv: Sequence[str]) -> CommandResult:
        """What is not configured is, as far as its dependencies are there."""
        if tuple(argv) != apt_command.repair():
            raise UndeclaredQuery(" ".join(argv))
        there = {name: one.version for name, one in self.world.packages.items() if one.state != CONFIGURATION_ONLY}
        unfit = {line.split()[0] for line in troubles(self.world.catalogue, there)}
        self.world.is_interrupted = False
        for name in there:
            if name not in unfit and self.world.packages[name].state != HALF_INSTALLED:
                self.world.packages[name] = replace(self.world.packages[name], state=WORKING)
        stuck = sorted(name for name in unfit if self.world.packages[name].state in (UNPACKED, FAILED))
        words = "".join(f"dpkg: error processing package {name} (--configure):\n" for name in stuck)
        return CommandResult((), 1 if stuck else 0, "", words)

    def _dpkg_query(self, argv: Sequence[str]) -> CommandResult:
        if list(argv[1:3]) != ["-W", "-f"] or len(argv) != 4:
            raise UndeclaredQuery(" ".join(argv))
        pattern = argv[3].replace("\\t", "\t").replace("\\n", "\n")
        rows = ({"Provides": "", **record} for record in self.world.records())
        return CommandResult((), 0, "".join(FIELD.sub(lambda match, row=row: row[match[1]], pattern) for row in rows))

    def _apt_cache(self, argv: Sequence[str]) -> CommandResult:
        words = [word for word in argv[1:] if word not in ("-o", "-c", "APT::Cmd::Pattern-Only=true", hosts.PRIVATE)]
        if words[0] == "pkgnames":
            known = [name for name in NAMES if self.world.catalogue.offered(name) or name in self.world.packages]
            return CommandResult((), 0, "".join(f"{name}\n" for name in ("dpkg", *known)))
        if words[0] == "show":
            shown = [self._show(*word.partition("=")[::2]) for word in words[1:]]
            return CommandResult((), 0 if all(shown) else 100, "\n".join(filter(None, shown)))
        if words[0] == "policy":
            return CommandResult((), 0, "".join(self._policy(name) for name in words[1:]))
        raise UndeclaredQuery(" ".join(argv))

    def _show(self, name: str, version: str) -> str:
        offered = [one for one in self.world.catalogue.offered(name) if one.version == version]
        placed = self.world.packages.get(name)
        if not offered and (placed is None or placed.version != version):
            return ""
        size = "Size: 900\n" if offered else ""
        words = f"Version: {version}\nArchitecture: {architecture(name)}\nInstalled-Size: 12\n{size}"
        return f"Package: {name}\n{words}"

    def _policy(self, name: str) -> str:
        there = self.world.packages.get(name)
        offered = [one.version for one in reversed(self.world.catalogue.offered(name))]
        if not offered and not there:
            return ""
        table = "".join(f"     {version} 500\n        500 http://deb bookworm/main\n" for version in offered)
        installed = there.version if there and there.state != CONFIGURATION_ONLY else "(none)"
        candidate = offered[0] if offered else installed
        return f"{name}:\n  Installed: {installed}\n  Candidate: {candidate}\n  Version table:\n{table}"


def _listed(text: str, *, automatic: Sequence[str]) -> dict[str, Placed]:
    """What a list of dpkg's says of the packages of a random world, beside apt's list of what came along."""
    listed = {}
    for paragraph in filter(None, text.split("\n\n")):
        fields = dict(line.split(": ", 1) for line in paragraph.splitlines() if ": " in line)
        want, _space, status = fields["Status"].partition(" ")
        state = next(state for state, words in STATUS.items() if words == status)
        if fields["Package"] in NAMES:
            is_automatic = fields["Package"] in automatic
            listed[fields["Package"]] = Placed(fields["Version"], state, want == "hold", is_automatic)
    return listed


def _record(name: str, placed: Placed) -> Mapping[str, str]:
    want = "hold" if placed.is_held else "deinstall" if placed.state == CONFIGURATION_ONLY else "install"
    return {
        "Package": name,
        "Status": f"{want} {STATUS[placed.state]}",
        "Architecture": architecture(name),
        "Version": placed.version,
    }
