"""Fake FreeBSD hosts whose pkg answers as its source prints it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult, FileStat
from ansible_collections.groundwork.python_host.plugins.module_utils._packages import pkg_command, pkg_words
from tests.unit.fakes import FakeHost
from tests.unit.module_utils._packages import hosts
from tests.unit.module_utils._packages.hosts import NOW
from tests.unit.module_utils._packages.pkg_double import DIRECTORIES, FREEBSD, STATS
from tests.unit.module_utils._platform.hosts import fixture

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import PackageRequest

QUERY = " ".join(pkg_words.QUERY)
PATIENT = pkg_command.patience(300)
PRIVATE = pkg_command.options(PKG_DBDIR="/scratch/pkg/db", PKG_CACHEDIR="/scratch/pkg/cache")
COPY = {"mkdir -p /scratch/pkg/db /scratch/pkg/cache": "", "cp -Rp /var/db/pkg/. /scratch/pkg/db": ""}
DISK = "Filesystem 1024-blocks Used Avail Capacity Mounted on\n/dev/ada0p2 20000000 5000000 {} 25% /\n"
OLD = FileStat("file", 0o644, "root", "root", modified=NOW - 9000, changed=NOW - 9000)
# The same version of a package in the catalogue of each repository.
CATALOGUE = {
    "pkg": ("2.8.0", "ports-mgmt/pkg"),
    "sudo": ("1.9.17p2", "security/sudo"),
    "tree": ("2.2.1_1", "sysutils/tree"),
    "python312": ("3.12.11", "lang/python312"),
    "py311-fail2ban": ("1.1.0_6", "security/py-fail2ban"),
    "py312-fail2ban": ("1.1.0_6", "security/py-fail2ban"),
    "nginx": ("1.28.0,3", "www/nginx"),
    "FreeBSD-runtime": ("15.1p2", "base/FreeBSD-runtime"),
}


def text(name: str) -> str:
    """What pkg prints."""
    return fixture(f"freebsd-15.1/pkg/{name}")


def answered(name: str, rc: int = 0, *, err: str = "") -> CommandResult:
    return CommandResult((), rc, text(name) if name else "", text(err) if err else "")


def simulation(*command: str, private: bool = False) -> str:
    return " ".join(pkg_command.simulate(PRIVATE if private else (), command))


def transaction(*command: str) -> str:
    return " ".join(pkg_command.transact(PATIENT, command))


def marked(verb: str, name: str, *, private: bool = False) -> str:
    return " ".join(pkg_command.mark(PRIVATE if private else PATIENT, verb, name))


def pkg_host(*, installed: str | None = None, room: int = 15000000, **answers: object) -> FakeHost:
    """A host whose catalogues were fetched a minute ago."""
    known = {QUERY: text("query.txt") if installed is None else installed, **COPY, **answers}
    return FakeHost(
        answers=known,
        stats=dict(STATS),
        directories=dict(DIRECTORIES),
        programs={"pkg": "/usr/sbin/pkg"},
        doubles={"pkg": _catalogue, "df -Pk": lambda _host, argv: _disk(argv, room)},
    )


def session(host: FakeHost, *, check_mode: bool = False, **options: object):
    return hosts.session(host, check_mode=check_mode, platform=FREEBSD, **options)


def plan(host: FakeHost, request: PackageRequest, **options: object):
    packages, _executor = session(host, **options)
    return packages.plan(request)


def _disk(argv: Sequence[str], room: int) -> str:
    head, line = DISK.format(room).splitlines(keepends=True)
    return head + line * len(argv[2:])


def _catalogue(_host: FakeHost, argv: Sequence[str]) -> str | CommandResult:
    """The questions to the catalogues, whichever copy they go to."""
    words = list(argv[1:])
    while words[:1] == ["-o"]:
        words = words[2:]
    if words[0] == "version":
        return _order(*words[2:])
    assert words[0] == "rquery", argv
    if "-a" in words:
        return "".join(f"{name}\n" for name in CATALOGUE)
    if words[3] == "%dn":
        return "python312\n"
    rows = [
        f"{name}\t{version}\t{origin}\tFreeBSD-ports\n"
        for name, (version, origin) in CATALOGUE.items()
        if {name, origin} & set(words[4:])
    ]
    return CommandResult((), 0 if rows else 1, "".join(rows))


def _order(one: str, other: str) -> str:
    """Good enough for the versions above: what is longer is newer."""
    return "<\n" if (len(one), one) < (len(other), other) else ">\n"
