"""pkg.conf(5): keys from the command line, the environment, the file, and their defaults; and the repositories.

os_facts 2.3 [R]: every key works as an environment variable and as `-o KEY=VALUE`; giving both prints a warning.
How each is read, what is refused, and what is said then: freebsd/pkg:libpkg/pkg_config.c (pkg_ini), src/main.c.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from ..places import release
from . import repositories, ucl
from .defaults import defaults
from .repositories import Repository

__all__ = ["Repository", "Settings"]

_FILE = "/usr/local/etc/pkg.conf"
_SYSTEM = ("ABI", "ALTABI", "OSVERSION")
_KINDS = {bool: "boolean", int: "integer", str: "string", list: "array", dict: "object"}


class Settings:
    """Looks a key up where pkg looks for it."""

    def __init__(self, command_line: dict[str, str], *, file: str = _FILE, repos_dir: str | None = None) -> None:
        environment = dict(os.environ)
        for key, value in command_line.items():
            if key in environment:
                words = f"option {key} is defined in the environment to '{environment[key]}' but command line option"
                print(f"pkg: {words} redefines it", file=sys.stderr)
            environment[key] = value
        text = Path(file).read_text() if Path(file).exists() else ""
        system = _system(_read(text, {}), environment)
        self._variables = _variables(system)
        self._values = defaults()
        self._take_file(_read(text, self._variables))
        self._take_environment(environment)
        self._values |= system
        self._repos_dir = repos_dir

    def _take_file(self, found: dict[str, ucl.Value]) -> None:
        for name, value in found.items():
            key = name.upper()
            if key not in self._values:
                continue
            kind, wanted = _KINDS[type(value)], _KINDS[type(self._values[key])]
            if kind == wanted:
                self._values[key] = value
            else:
                print(f"pkg: Malformed key {name}, got '{kind}' expecting '{wanted}', ignoring", file=sys.stderr)

    def _take_environment(self, environment: dict[str, str]) -> None:
        for key, default in self._values.items():
            if key not in environment:
                continue
            value = _like(default, environment[key])
            if value is None:
                words = f"got {environment[key]}, while expecting a{'n' if _KINDS[type(default)][0] == 'i' else ''}"
                words = f"{key}, {words} {_KINDS[type(default)]}"
                print(f"pkg: Invalid type for environment variable {words}", file=sys.stderr)
            else:
                self._values[key] = value

    def value(self, key: str) -> ucl.Value:
        return self._values[key]

    @property
    def database_folder(self) -> Path:
        """freebsd/pkg:libpkg/pkg_config.c, pkgdb.c, pkg_repo_binary: the local database, the catalogues, vuln.xml."""
        return Path(self.text("PKG_DBDIR"))

    def text(self, key: str) -> str:
        """As `pkg config` prints it (src/config.c)."""
        value = self._values.get(key, "")
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, dict):
            return "\n".join(f"{name}: {each}" for name, each in value.items())
        return "\n".join(map(str, value)) if isinstance(value, list) else str(value)

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def number(self, key: str) -> int:
        return int(self.text(key) or 0)

    def is_on(self, key: str) -> bool:
        return self._values.get(key) is True

    def keys(self) -> list[str]:
        return sorted(self._values)

    def printed(self) -> str:
        return ucl.printed(self._values)

    def alias(self, word: str) -> str:
        aliases = self._values["ALIAS"]
        return str(aliases.get(word, "")) if isinstance(aliases, dict) else ""

    def repositories(self) -> list[Repository]:
        folders = [self._repos_dir] if self._repos_dir else self.text("REPOS_DIR").splitlines()
        found = repositories.load(folders, self._variables)
        more = self._values["REPOSITORIES"]
        for name, value in more.items() if isinstance(more, dict) else ():
            if isinstance(value, dict):
                repositories.add(found, name, value)
        return list(found.values())

    def check(self) -> None:
        """Raises `repositories.Unusable`."""
        repositories.check(self.repositories(), self.text("VALID_URL_SCHEME").splitlines())

    def enabled_repositories(self) -> list[Repository]:
        return [repository for repository in self.repositories() if repository.is_enabled]


def _read(text: str, variables: dict[str, str]) -> dict[str, ucl.Value]:
    try:
        return ucl.read(text, variables)
    except ucl.Malformed as error:
        print(f"pkg: Invalid configuration file: {error}", file=sys.stderr)
        return {}


def _system(in_file: dict[str, ucl.Value], environment: dict[str, str]) -> dict[str, ucl.Value]:
    """ABI as it is, or as given, with a version guessed from it; a version alone is not listened to."""
    given = {name.upper(): str(value) for name, value in in_file.items() if name.upper() in _SYSTEM}
    given |= {key: environment[key] for key in _SYSTEM if key in environment}
    abi, version = given.get("ABI"), given.get("OSVERSION")
    if abi is None:
        abi, version = release().abi, str(release().osversion)
    elif version is None:
        version = f"{abi.split(':')[1]}00000" if abi.count(":") > 1 else str(release().osversion)
        print(f"pkg: Setting ABI requires setting OSVERSION, guessing the OSVERSION as: {version}", file=sys.stderr)
    names = {"amd64": "x86:64", "aarch64": "aarch64:64", "i386": "x86:32"}
    system, _colon, processor = abi.lower().rpartition(":")
    return {"ABI": abi, "ALTABI": f"{system}:{names.get(processor, processor)}", "OSVERSION": version}


def _variables(system: dict[str, ucl.Value]) -> dict[str, str]:
    """What files may say as `${NAME}`."""
    found = {key: str(value) for key, value in system.items()}
    number = int(found["OSVERSION"])
    major, minor = number // 100000, number % 100000 // 1000
    found |= {"OSNAME": "FreeBSD", "RELEASE": str(major), "ARCH": found["ABI"].rpartition(":")[2]}
    return found | {"VERSION_MAJOR": str(major), "VERSION_MINOR": str(minor)}


def _like(default: ucl.Value, text: str) -> ucl.Value | None:
    """The text as a value of the default's type, or nothing: `1` is no truth value."""
    if isinstance(default, bool):
        return ucl.boolean(text)
    if isinstance(default, int):
        return int(text) if text.removeprefix("-").isdigit() else None
    if isinstance(default, list):
        return [word.strip() for word in text.split(",")]
    if isinstance(default, dict):
        return {name: value for name, _equals, value in (word.partition("=") for word in text.split(","))}
    return text.strip()
