"""The command lines of apt-get that the double knows; any other is a failure of the test."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.unit.fakes import UndeclaredQuery

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FLAGS = (
    *("-s", "-q", "-y", "--no-remove", "--with-new-pkgs"),
    *("--fix-broken", "--reinstall", "--allow-downgrades", "--auto-remove"),
)
VERBS = ("install", "upgrade", "remove", "autoremove")
# The settings that the double knows, with the value that it stands for; None where the value changes nothing here.
SETTINGS = {
    "APT::Cmd::Pattern-Only": "true",
    "APT::Install-Recommends": "false",
    "DPkg::Lock::Timeout": None,
    "Dpkg::Use-Pty": "0",
    "Dpkg::Options::": None,
    "Dir::Log::Planner": "/dev/null",
    "Dir::State::status": None,
    "Dir::State::extended_states": None,
    "Dir::Cache::pkgcache": "",
    "Dir::Cache::srcpkgcache": "",
}


@dataclass(frozen=True)
class Call:
    """The words of a command line."""

    verb: str
    words: tuple[str, ...] = ()
    flags: frozenset[str] = frozenset()
    suite: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)


def parse(argv: Sequence[str]) -> Call:
    """What the command line says. A word that is not known is a failure of the test."""
    rest, flags, settings, suite, words = list(argv[1:]), set(), {}, "", []
    while rest:
        word = rest.pop(0)
        if word == "-o":
            key, _equals, value = rest.pop(0).partition("=")
            if SETTINGS.get(key, "not known") not in (None, value):
                raise UndeclaredQuery(f"apt-get with {key}={value}")
            settings[key] = f"{settings.get(key, '')} {value}".strip() if key.endswith("::") else value
        elif word in ("-t", "-c"):
            suite = rest.pop(0) if word == "-t" else (rest.pop(0) and suite)
        elif word.startswith("-"):
            flags.add(word)
        else:
            words.append(word)
    if not words or words[0] not in VERBS or not flags <= set(FLAGS) or not {"-q", "-y"} <= flags:
        raise UndeclaredQuery(" ".join(argv))
    return Call(words[0], tuple(words[1:]), frozenset(flags), suite, settings)
