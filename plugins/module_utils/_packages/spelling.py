# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The spelling of what a user may name, judged before a package tool sees it, and names that look like one another."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import State
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.names import LOGICAL, split_version

if TYPE_CHECKING:
    import re
    from collections.abc import Collection

MOST_NEAR_MATCHES = 3


@dataclass(frozen=True)
class Spelling:
    """How the packages of one tool are called, with the words in which its rules are told to a user.

    `has_origins`: a name may be that of a port, with a slash in it.
    """

    tool: str
    name: re.Pattern[str]
    name_words: str
    version: re.Pattern[str]
    version_words: str
    file_suffix: str
    has_origins: bool = False

    def problem(self, name: str, state: State) -> str:
        """Why the name cannot be meant, as a sentence; empty where it can be."""
        shown = f"name: {name!r}"
        if not name.strip():
            return f"{shown} is empty: remove the entry or give it a package name"
        if is_file(name):
            return self._file_problem(name, state)
        bare, version = split_version(name)
        if ("/" in name and not self.name.fullmatch(bare)) or name.endswith(self.file_suffix):
            path = f"/…/name{self.file_suffix}"
            words = f"{self.name_words}; or " if "/" in name and self.has_origins else ""
            return f"{shown} is no package name: {words}give a package file by its absolute path on the host ({path})"
        if version and not self.version.fullmatch(version):
            return f"{shown}: {version!r} cannot be a version: {self.version_words.format(name=bare)}"
        if not self.name.fullmatch(bare):
            return f"{shown} cannot be a package name: {self.name_words}"
        return ""

    def mark_problem(self, name: str) -> str:
        """Why the name cannot be one to hold or to let go, as a sentence; empty where it can be."""
        if self.name.fullmatch(name):
            return ""
        return f"hold, unhold: {name!r} is no package name: give the name alone, without version or path"

    def _file_problem(self, path: str, state: State) -> str:
        shown = f"name: {path!r}"
        if not path.endswith(self.file_suffix) or not path.isprintable():
            return f"{shown} is no package file: {self.tool} takes files whose name ends with {self.file_suffix}"
        if state is State.ABSENT:
            return f"{shown} is a file, which cannot be absent as a package: name the package that it holds"
        return ""


def is_file(name: str) -> bool:
    """True for the path of a package file: like apt, we tell it by its slash."""
    return name.startswith("/")


def near_matches(name: str, known: Collection[str]) -> tuple[str, ...]:
    """The known names that look most like this one."""
    likely = [other for other in known if other[:1].lower() == name[:1].lower() and abs(len(other) - len(name)) <= 3]
    candidates = [other for other in dict.fromkeys([*LOGICAL, *likely]) if other != name]
    return tuple(difflib.get_close_matches(name, candidates, n=MOST_NEAR_MATCHES, cutoff=0.7))
