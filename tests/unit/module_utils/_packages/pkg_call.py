"""The command lines of pkg that the double knows; any other is a failure of the test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.unit.fakes import UndeclaredQuery

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# How freebsd/pkg's own getopt strings read them (src/install.c, upgrade.c, delete.c, autoremove.c, lock.c, set.c,
# query.c, rquery.c, version.c, audit.c): an option stands before the first name.
FLAGS = {
    "install": "ACfFgiIlMnqRUxy",
    "upgrade": "CfFgiInqUxyv",
    "delete": "aCDfginqRxy",
    "autoremove": "nqy",
    "lock": "aCgilqxy",
    "unlock": "aCgilqxy",
    "set": "aCgixy",
    "query": "aCgix",
    "rquery": "aCgixU",
    "version": "t",
    "audit": "Fqr",
    "update": "fq",
}
WITH_VALUE = {"set": "A", "audit": "f", "query": "F"}
KEYS = {"PKG_DBDIR", "PKG_CACHEDIR", "LOCK_WAIT", "LOCK_RETRIES"}
RAW = "--raw=json-compact"


@dataclass(frozen=True)
class Call:
    """The words of a command line."""

    verb: str
    words: tuple[str, ...]
    flags: frozenset[str]
    settings: Mapping[str, str]

    @property
    def is_private(self) -> bool:
        """True where pkg works on a copy of its database."""
        return "PKG_DBDIR" in self.settings

    @property
    def is_simulation(self) -> bool:
        """True where pkg only tells what it would do."""
        return "n" in self.flags


def parse(argv: Sequence[str]) -> Call:
    """What the command line says. A word that is not known is a failure of the test."""
    rest, settings = list(argv[1:]), {}
    while rest[:1] == ["-o"]:
        key, _equals, value = rest[1].partition("=")
        settings[key] = value
        rest = rest[2:]
    verb, flags = rest.pop(0), set()
    while rest and rest[0].startswith("-"):
        option = rest.pop(0)
        if option == RAW:
            continue
        flags |= set(option[1:])
        if option[-1] in WITH_VALUE.get(verb, ""):
            rest.pop(0)
    known = set(FLAGS.get(verb, "")) | set(WITH_VALUE.get(verb, ""))
    if verb not in FLAGS or not flags <= known or not set(settings) <= KEYS:
        raise UndeclaredQuery(" ".join(argv))
    return Call(verb, tuple(rest), frozenset(flags), settings)
