"""pkg.conf(5): keys from the command line, the environment, the file, and their defaults; and the repositories.

os_facts 2.3 [R]: every key works as an environment variable and as `-o KEY=VALUE`; giving both prints a warning.
"""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from ..places import release

_DEFAULTS = {
    "PKG_DBDIR": "/var/db/pkg",
    "PKG_CACHEDIR": "/var/cache/pkg",
    "ASSUME_ALWAYS_YES": "no",
    "LOCK_RETRIES": "5",
    "LOCK_WAIT": "1",
    "REPO_AUTOUPDATE": "yes",
    "IGNORE_OSVERSION": "no",
    "DEFAULT_ALWAYS_YES": "no",
    "VULNXML_SITE": "https://vuxml.freebsd.org/freebsd/vuln.xml.xz",
    "FETCH_TIMEOUT": "30",
    "FETCH_RETRY": "3",
    "AUTOCLEAN": "no",
    "HANDLE_RC_SCRIPTS": "no",
    "PKG_CREATE_VERBOSE": "no",
    "OSVERSION": "",
    "ABI": "",
    "REPOS_DIR": "/etc/pkg/, /usr/local/etc/pkg/repos/",
    "BACKUP_LIBRARIES": "no",
}
_TRUE = frozenset(("1", "yes", "true", "on"))
_BLOCK = re.compile(r'"?([\w.-]+)"?\s*:?\s*(?<!\$)\{((?:\$\{[^}]*\}|[^{}])*)\}')
_ENTRY = re.compile(r'"?([\w.-]+)"?\s*[:=]\s*("(?:[^"]*)"|[^,;\n]+)')


@dataclass(frozen=True)
class Repository:
    """An enabled or disabled repository, the parts of its files joined."""

    name: str
    url: str
    is_enabled: bool


class Settings:
    """Looks a key up where pkg looks for it."""

    def __init__(self, command_line: dict[str, str]) -> None:
        for key in command_line:
            if key in os.environ:
                print(f"pkg: {key} is set in the environment, too; the command line is taken", file=sys.stderr)
        conf = Path("/usr/local/etc/pkg.conf")
        in_file = dict(_entries(conf.read_text())) if conf.exists() else {}
        self._values = {**_DEFAULTS, "ABI": release().abi, **in_file}
        self._values |= {key: os.environ[key] for key in os.environ if key in self._values}
        self._values |= command_line

    @property
    def database_folder(self) -> Path:
        """freebsd/pkg:libpkg/pkg_config.c, pkgdb.c, pkg_repo_binary: the local database, the catalogues, vuln.xml."""
        return Path(self.text("PKG_DBDIR"))

    def text(self, key: str) -> str:
        return self._values.get(key, "")

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def number(self, key: str) -> int:
        return int(self._values.get(key) or 0)

    def is_on(self, key: str) -> bool:
        return self._values.get(key, "").lower() in _TRUE

    def keys(self) -> list[str]:
        return sorted(self._values)

    def repositories(self) -> list[Repository]:
        found: dict[str, dict[str, str]] = {}
        for folder in self.text("REPOS_DIR").split(","):
            for path in sorted(Path(folder.strip()).glob("*.conf")):
                for name, body in _BLOCK.findall(_without_comments(path.read_text())):
                    found.setdefault(name, {}).update(_entries(body))
        return [
            Repository(name, self._expanded(entries.get("url", "")), _is_enabled(entries))
            for name, entries in found.items()
        ]

    def enabled_repositories(self) -> list[Repository]:
        return [repository for repository in self.repositories() if repository.is_enabled]

    def _expanded(self, url: str) -> str:
        major, _dot, minor = release().version.partition(".")
        for name, value in (("ABI", release().abi), ("VERSION_MAJOR", major), ("VERSION_MINOR", minor)):
            url = url.replace(f"${{{name}}}", value)
        return url


def _is_enabled(entries: dict[str, str]) -> bool:
    return entries.get("enabled", "yes").lower() in _TRUE


def _without_comments(text: str) -> str:
    return re.sub(r"(?m)^\s*#.*$", "", text)


def _entries(text: str) -> list[tuple[str, str]]:
    return [(key, value.strip().strip('"')) for key, value in _ENTRY.findall(_without_comments(text))]
