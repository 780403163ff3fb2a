# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The text of sshd's configuration: to know whom to ask sshd about, where a value stands, and which files it reads.

sshd alone says what is in force. Nothing here is ever a verdict.
"""

from __future__ import annotations

import os.path
import shlex
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

MAIN_FILE = "/etc/ssh/sshd_config"
# Ours, where sshd reads a directory.
OWN_FILE = "/etc/ssh/sshd_config.d/00-groundwork.conf"
DEEPEST = 16
# Older names that sshd still takes for a keyword.
ALIASES = {
    "challengeresponseauthentication": "kbdinteractiveauthentication",
    "skeyauthentication": "kbdinteractiveauthentication",
}


@dataclass(frozen=True)
class Line:
    """One line with its words; `condition` is the Match line that it stands under, if any."""

    path: str
    number: int
    words: tuple[str, ...]
    condition: str = ""

    @property
    def keyword(self) -> str:
        """The keyword as `sshd -T` prints it."""
        name = self.words[0].lower()
        return ALIASES.get(name, name)

    @property
    def place(self) -> str:
        """Where a reader finds it."""
        return f"{self.path} line {self.number}" + (f", below {self.condition}" if self.condition else "")


def lines(host: HostReader) -> tuple[Line, ...]:
    """Every line that says something, those of included files in their place."""
    return tuple(_lines(host, MAIN_FILE, condition="", depth=0))


def places(host: HostReader, keyword: str, *, allowed: Collection[str]) -> tuple[str, ...]:
    """The lines that give the keyword another value: of those outside every Match block only the first one counts."""
    found = [line for line in lines(host) if line.keyword == keyword.lower() and len(line.words) > 1]
    decisive = [*[line for line in found if not line.condition][:1], *[line for line in found if line.condition]]
    return tuple(line.place for line in decisive if line.words[1].lower() not in allowed)


def sources(host: HostReader) -> tuple[str, ...]:
    """The files that make up the configuration, and the directories whose files are included by a pattern."""
    included = [pattern for line in lines(host) if line.keyword == "include" for pattern in line.words[1:]]
    directories = [os.path.dirname(_full(pattern)) for pattern in included if _is_pattern(os.path.basename(pattern))]
    files = [name for pattern in included for name in matching(host, pattern)]
    return tuple(dict.fromkeys((MAIN_FILE, *directories, *files)))


def includes(host: HostReader, path: str) -> bool:
    """sshd reads this file for every login, if it is there: an Include outside of every Match block names it."""
    patterns = [pattern for line in lines(host) if _is_unconditional_include(line) for pattern in line.words[1:]]
    return any(_fits(path, _full(pattern)) for pattern in patterns)


def _is_unconditional_include(line: Line) -> bool:
    return line.keyword == "include" and not line.condition


def _fits(path: str, pattern: str) -> bool:
    """A wildcard stands for no slash (glob(7))."""
    parts, wanted = path.split("/"), pattern.split("/")
    return len(parts) == len(wanted) and all(fnmatchcase(part, like) for part, like in zip(parts, wanted))


def _lines(host: HostReader, path: str, *, condition: str, depth: int) -> Iterator[Line]:
    """A Match block ends with its file, and an Include below one is under its condition."""
    for number, text in enumerate((host.read_text(path) or "").splitlines(), 1):
        found = words(text)
        if not found:
            continue
        line = Line(path, number, tuple(found), condition)
        if line.keyword == "match":
            condition = " ".join(found)
        yield line
        if line.keyword == "include" and depth < DEEPEST:
            for included in (name for pattern in found[1:] for name in matching(host, pattern)):
                yield from _lines(host, included, condition=condition, depth=depth + 1)


def words(line: str) -> list[str]:
    """A keyword may be followed by an equals sign, and a value may be quoted (sshd_config(5))."""
    try:
        return shlex.split(line.replace("=", " ", 1), comments=True)
    except ValueError:
        return []


def _full(pattern: str) -> str:
    """A relative name is below /etc/ssh."""
    return os.path.join("/etc/ssh", pattern)


def _is_pattern(name: str) -> bool:
    return any(sign in name for sign in "*?[")


def matching(host: HostReader, pattern: str) -> list[str]:
    """The files that an Include names, sorted as glob(3) does; a wildcard fits no hidden name."""
    found = ["/"]
    for part in _full(pattern).strip("/").split("/"):
        found = [os.path.join(parent, name) for parent in found for name in _names(host, parent, part)]
    return found


def _names(host: HostReader, parent: str, part: str) -> list[str]:
    if not _is_pattern(part):
        return [part]
    entries = host.listdir(parent) or ()
    return [name for name in entries if fnmatchcase(name, part) and (part[0] == "." or name[0] != ".")]
