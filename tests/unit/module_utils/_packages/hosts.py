"""Fake Debian hosts whose apt answers as the real one did."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Executor
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult, FileStat
from ansible_collections.groundwork.python_host.plugins.module_utils._packages import apt_command, apt_words
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import Clock
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.transaction import PackageSession
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform
from tests.unit.fakes import FakeHost
from tests.unit.module_utils._platform.hosts import fixture

if TYPE_CHECKING:
    from collections.abc import Sequence

DEBIAN = Platform("debian", "12", "bookworm", "debian", "apt", service_manager="systemd")
UBUNTU = Platform("ubuntu", "22.04", "jammy", "debian", "apt", lts=True, service_manager="systemd")
NOW = 1_000_000.0
PRIVATE = "/scratch/apt/apt.conf"
QUERY = f"dpkg-query -W -f {apt_words.INSTALLED_FORMAT}"
MAKE_DIRECTORIES = "mkdir -p /scratch/apt/lists/partial /scratch/apt/cache/archives/partial"
REFRESH = " ".join(apt_command.refresh(lock_timeout=300, configuration=""))
PRIVATE_REFRESH = " ".join(apt_command.refresh(lock_timeout=0, configuration=PRIVATE))
REPAIR = "dpkg --force-confdef --force-confold --configure -a"
LISTS = ("auxfiles", "deb.debian.org_debian_dists_bookworm_InRelease", "lock", "partial")


@dataclass
class FakeClock:
    """A clock that goes on only while somebody waits."""

    time: float = 0.0
    naps: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.time += seconds

    def clock(self) -> Clock:
        return Clock(now=lambda: NOW, elapsed=lambda: self.time, sleep=self.sleep)


def simulation(*command: str, configuration: str = "") -> str:
    return " ".join(apt_command.simulate(_options(configuration), command))


def transaction(*command: str) -> str:
    return " ".join(apt_command.transact(_options(""), command))


def cache(*command: str, configuration: str = "") -> str:
    return " ".join(apt_command.cache(configuration, *command))


def refused(stem: str) -> CommandResult:
    """What apt-get printed when it ended with 100."""
    return CommandResult((), 100, fixture(f"debian-12/{stem}.txt"), fixture(f"debian-12/{stem}.err"))


def apt_host(*, installed: str | None = None, fetched: float = NOW - 60, **answers: object) -> FakeHost:
    """A host whose index was fetched a minute ago and whose sources are old."""
    text = fixture("debian-12/apt-dpkg-query.txt") if installed is None else installed
    return FakeHost(
        answers={QUERY: text, MAKE_DIRECTORIES: "", **answers},
        directories={
            "/var/lib/apt/lists": LISTS,
            "/etc/apt/sources.list.d": ("debian.sources",),
            "/var/lib/dpkg/updates": (),
            "/var/lib/dpkg": (),
            "/var/cache/apt/archives": ("lock", "partial"),
        },
        doubles={cache("show"): no_sizes, cache("show", configuration=PRIVATE): no_sizes, "df -Pk": much_room},
        stats={
            apt_command.UPDATE_STAMP: None,
            "/var/lib/apt/lists": FileStat("directory", 0o755, "root", "root", modified=fetched),
            "/etc/apt/sources.list": None,
            "/etc/apt/sources.list.d": FileStat("directory", 0o755, "root", "root", modified=10),
            "/etc/apt/sources.list.d/debian.sources": FileStat("file", 0o644, "root", "root", modified=20),
        },
    )


def no_sizes(_host: FakeHost, _argv: object) -> str:
    """apt-cache knows no sizes, so that room for dpkg's own lists is all that a transaction needs."""
    return ""


def much_room(_host: FakeHost, argv: Sequence[str]) -> str:
    line = "overlay 263174212 81838676 181335536 32% /\n"
    return "Filesystem 1024-blocks Used Available Capacity Mounted on\n" + line * (len(argv) - 2)


def without_room(asked: Sequence[str]) -> list[str]:
    """What was asked, but for the two questions about room on the disk."""
    rest = [one for one in asked if not one.startswith("df -Pk ") and " show " not in one]
    assert len(asked) - len(rest) in (0, 2)
    return rest


def session(host: FakeHost, *, check_mode: bool = False, platform: Platform = DEBIAN, **options: object):
    """A session with a clock that stands still, and the executor that it writes through."""
    executor = Executor(host, None if check_mode else host)
    options.setdefault("clock", FakeClock().clock())
    return PackageSession(platform, host, executor, **options), executor


def _options(configuration: str) -> tuple[str, ...]:
    return apt_command.options(lock_timeout=300, install_recommends=False, configuration=configuration)
