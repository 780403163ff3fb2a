# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How pkg is called: never a question, names as they are spelled, and no catalogue fetched but when that is meant.

Sources in freebsd/pkg: the options of src/install.c, upgrade.c, delete.c, autoremove.c, lock.c and set.c; the keys that
`-o` sets in docs/pkg.conf.5; the exit codes in libpkg/pkg.h (EPKG_FATAL is 3, EPKG_LOCKED is 7).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# What /usr/sbin/pkg of the base system hands every call over to, once it is there.
PROGRAM = "/usr/local/sbin/pkg"
DATABASE = "/var/db/pkg"
CACHE = "/var/cache/pkg"
PREFIX = "/usr/local"
TRANSACTION_SECONDS = 3600.0
SIMULATION_SECONDS = 900.0
REFRESH_SECONDS = 900.0
QUESTION_SECONDS = 300.0
# A simulation ends with 1 where it would install, with 0 where it would upgrade or do nothing, and with 1, 3 or 7 where
# it finds no way: what it prints is what counts.
ANY_ANSWER = (0, 1, 3, 7)
# A query that finds nothing ends with 1.
FOUND_OR_NOT = (0, 1)
# `-U` leaves the catalogues as they are, `-C` takes a name as it is spelled.
FLAGS = {"install": ("-U", "-C"), "upgrade": ("-U", "-C"), "delete": ("-C",), "autoremove": ()}
BOOTSTRAP = ("pkg", "bootstrap")
BOOTSTRAP_ENVIRONMENT = {"ASSUME_ALWAYS_YES": "yes"}
FORCE = "-f"


def options(**values: str) -> tuple[str, ...]:
    """The settings for one call, which win over those of pkg.conf."""
    return tuple(word for key, value in values.items() for word in ("-o", f"{key}={value}"))


def patience(seconds: float) -> tuple[str, ...]:
    """The settings under which pkg waits that long for its lock; its own patience ends after six seconds."""
    return options(LOCK_WAIT="1", LOCK_RETRIES=f"{max(seconds, 1):.0f}")


def with_patience(argv: Sequence[str], seconds: float) -> tuple[str, ...]:
    """The same call with another patience, where it has one."""
    return tuple(patience(seconds)[-1] if word.startswith("LOCK_RETRIES=") else word for word in argv)


def simulate(settings: tuple[str, ...], command: tuple[str, ...]) -> tuple[str, ...]:
    """The call that foretells a transaction; it takes no lock and needs no answer."""
    verb, *words = command
    return ("pkg", *settings, verb, "-n", *FLAGS[verb], *map(specification, words))


def transact(settings: tuple[str, ...], command: tuple[str, ...]) -> tuple[str, ...]:
    """The call that carries a foretold transaction out."""
    verb, *words = command
    return ("pkg", *settings, verb, "-y", *FLAGS[verb], *map(specification, words))


def mark(settings: tuple[str, ...], verb: str, name: str) -> tuple[str, ...]:
    """The call that locks or unlocks one package: pkg takes one at a time (src/lock.c)."""
    return ("pkg", *settings, verb, "-y", "-C", name)


def set_automatic(settings: tuple[str, ...], names: Iterable[str]) -> tuple[str, ...]:
    """The call after which these count as having come along with others."""
    return ("pkg", *settings, "set", "-y", "-C", "-A", "1", *names)


def specification(word: str) -> str:
    """A package with a version as pkg spells it: `nginx-1.28.0,3` for `nginx=1.28.0,3`."""
    name, equals, version = word.partition("=")
    return word if word.startswith(("/", "-")) or not equals else f"{name}-{version}"
