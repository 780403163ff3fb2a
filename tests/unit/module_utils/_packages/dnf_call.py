"""The command lines of dnf that the double knows; any other is a failure of the test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.unit.fakes import UndeclaredQuery

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FLAGS = ("-y", "-q", "--assumeno", "--security", "--duplicates", "--showduplicates", "--refresh")
VERBS = (
    "install",
    "upgrade",
    "upgrade-minimal",
    "remove",
    "autoremove",
    "reinstall",
    "repoquery",
    "versionlock",
    "shell",
)
# The settings that the double knows, with the values that it stands for; None where the value changes nothing here.
SETTINGS = {
    "exit_on_lock": ("True",),
    "clean_requirements_on_remove": ("False",),
    "strict": ("True",),
    "color": ("never",),
    "debuglevel": ("2",),
    "install_weak_deps": ("False",),
    "*.metadata_expire": None,
    "best": ("True", "False"),
    "pluginconfpath": None,
    "cachedir": None,
    "persistdir": None,
    "logdir": None,
}


@dataclass(frozen=True)
class Call:
    """The words of a command line."""

    verb: str
    words: tuple[str, ...]
    flags: frozenset[str]
    settings: Mapping[str, str]
    excluded: tuple[str, ...]

    @property
    def is_simulation(self) -> bool:
        """True where dnf says no to its own last question."""
        return "--assumeno" in self.flags


def parse(argv: Sequence[str]) -> Call:
    """What the command line says. A word that is not known is a failure of the test."""
    flags, settings, excluded, words = set(), {}, [], []
    rest = list(argv[1:])
    while rest:
        word = rest.pop(0)
        option, _equals, value = word.partition("=")
        if option == "--setopt":
            key, _equals, chosen = value.partition("=")
            settings[key] = chosen
        elif option == "--exclude":
            excluded.append(value)
        elif word == "--qf":
            words.append(rest.pop(0))
        elif word.startswith("-") and option != "--disableplugin":
            flags.add(word)
        elif not word.startswith("-"):
            words.append(word)
    unknown = [
        key
        for key, value in settings.items()
        if SETTINGS.get(key, ()) is not None and value not in SETTINGS.get(key, ())
    ]
    if unknown or not words or words[0] not in VERBS or not flags <= set(FLAGS) or "exit_on_lock" not in settings:
        raise UndeclaredQuery(" ".join(argv))
    return Call(words[0], tuple(words[1:]), frozenset(flags), settings, tuple(excluded))
