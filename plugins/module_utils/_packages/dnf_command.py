# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How dnf is called: never a question, signatures always checked, nothing removed that nobody named."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

TRANSACTION_SECONDS = 3600.0
# Fetching the metadata of all repositories over a slow line is part of a simulation.
SIMULATION_SECONDS = 900.0
QUESTION_SECONDS = 900.0
NOTHING_TO_DO = 0
PENDING_OR_FAILED = 1
LOCKED = 200
# Between two commands that dnf shall carry out as one transaction.
THEN = ";"
NEVER_EXPIRES = -1
# As dnf talks unless its configuration says otherwise; it would keep the table of a transaction to itself below that.
TALKATIVE = "--setopt=debuglevel=2"
# The architectures whose packages Enterprise Linux carries; a name may end in one, as in `glibc.i686`.
ARCHITECTURES = ("aarch64", "i686", "noarch", "ppc64le", "s390x", "x86_64")


@dataclass(frozen=True)
class Settings:
    """What a simulation and its transaction have in common.

    `valid_time` is how old, in seconds, metadata may be; `more` are further options (private directories, repositories
    to look into).
    """

    valid_time: float = NEVER_EXPIRES
    install_recommends: bool = False
    more: tuple[str, ...] = ()


def options(settings: Settings) -> tuple[str, ...]:
    """The options of every call.

    dnf would wait without limit for another one, and would remove what came along with a package that goes. Where the
    host's dnf.conf says so it would leave out names that it cannot install, without an error, and colour its table.
    """
    chosen = (
        "exit_on_lock=True",
        "clean_requirements_on_remove=False",
        "strict=True",
        "color=never",
        f"install_weak_deps={settings.install_recommends}",
        f"*.metadata_expire={settings.valid_time:.0f}",
    )
    refresh = ("--refresh",) if settings.valid_time == 0 else ()
    return ("-y", *(f"--setopt={setting}" for setting in chosen), *refresh, *settings.more)


def simulate(settings: Settings, command: tuple[str, ...], *, path: str = "") -> tuple[str, ...]:
    """The call that foretells a transaction: all is answered with yes but the last question.

    The yes is for the key of a repository whose metadata is signed: it goes into dnf's cache, not into rpm's database.
    """
    return ("dnf", *options(settings), TALKATIVE, "--assumeno", *_words(command, path))


def transact(settings: Settings, command: tuple[str, ...], *, path: str = "") -> tuple[str, ...]:
    """The call that carries a foretold transaction out, by the very metadata that it was foretold by."""
    return ("dnf", *options(replace(settings, valid_time=NEVER_EXPIRES)), *_words(command, path))


def ask(settings: Settings, *command: str) -> tuple[str, ...]:
    """A question to dnf about its repositories; with -q it prints the answer and nothing else."""
    return ("dnf", "-q", *options(settings), *command)


def with_options(chosen: Iterable[str], command: tuple[str, ...]) -> tuple[str, ...]:
    """A command, or several, with options in front that hold for all of it."""
    return (*chosen, *command) if command else ()


def verb(command: tuple[str, ...]) -> str:
    """The first word that is no option: `install`."""
    return next(word for word in command if not word.startswith("-"))


def is_several(command: tuple[str, ...]) -> bool:
    """True for commands that only `dnf shell` makes one transaction of."""
    return THEN in command


def script(command: tuple[str, ...]) -> str:
    """The commands as `dnf shell` reads them; at the end of its script it carries out what they add up to."""
    _options, words = _split(command)
    lines = " ".join(map(specification, words)).split(f" {THEN} ")
    return "".join(f"{line}\n" for line in lines)


def joined(commands: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Commands as one, with the mark between them."""
    words: tuple[str, ...] = ()
    for command in commands:
        words = (*words, THEN, *command) if words else command
    return words


def before(first: tuple[str, ...], command: tuple[str, ...]) -> tuple[str, ...]:
    """A command that becomes one transaction with others, behind the options that hold for all."""
    chosen, words = _split(command)
    return with_options(chosen, joined([first, words]))


def specification(word: str) -> str:
    """A package with a version as dnf spells it: `nginx-1.22.1-9` for `nginx=1.22.1-9`, the architecture behind it."""
    name, equals, version = word.partition("=")
    if word.startswith(("/", "-")) or not equals:
        return word
    bare, architecture = by_architecture(name)
    return f"{bare}-{version}{'.' if architecture else ''}{architecture}"


def by_architecture(name: str) -> tuple[str, str]:
    """`glibc` and `i686` of `glibc.i686`; `python3.12` names none."""
    bare, _dot, architecture = name.rpartition(".")
    return (bare, architecture) if bare and architecture in ARCHITECTURES else (name, "")


def _split(command: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    start = command.index(verb(command))
    return command[:start], command[start:]


def _words(command: tuple[str, ...], path: str) -> tuple[str, ...]:
    chosen, words = _split(command)
    return (*chosen, "shell", path) if is_several(command) else (*chosen, *map(specification, words))
