# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The spelling of what a user may name to dnf, judged before dnf sees it, and names that look like one another."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import State
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.names import LOGICAL, split_version

if TYPE_CHECKING:
    from collections.abc import Collection

# What Enterprise Linux's packages are called; a wildcard, a group (@core) or a capability is none.
NATIVE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+-]*[A-Za-z0-9_+]")
VERSION = re.compile(r"(\d+:)?[A-Za-z0-9._+~^]+(-[A-Za-z0-9._+~^]+)?")
MOST_NEAR_MATCHES = 3


def is_file(name: str) -> bool:
    """True for the path of a package file: we tell it by its slash."""
    return name.startswith("/")


def spelling_problem(name: str, state: State) -> str:
    """Why the name cannot be meant, as a sentence; empty where it can be."""
    shown = f"name: {name!r}"
    if not name.strip():
        return f"{shown} is empty: remove the entry or give it a package name"
    if is_file(name):
        return _file_problem(name, state)
    if "/" in name or name.endswith(".rpm"):
        return f"{shown} is no package name: give a package file by its absolute path on the host (/…/name.rpm)"
    bare, version = split_version(name)
    if version and not VERSION.fullmatch(version):
        return f"{shown}: {version!r} cannot be a version: write [EPOCH:]VERSION-RELEASE, or VERSION alone"
    if not NATIVE_NAME.fullmatch(bare):
        return (
            f"{shown} cannot be a package name: that is two or more letters, digits, '_', '+', '.' and '-', a letter "
            "or digit first and last (groups, module streams and wildcards are not taken)"
        )
    return ""


def mark_problem(name: str) -> str:
    """Why the name cannot be one to hold or to let go, as a sentence; empty where it can be."""
    if NATIVE_NAME.fullmatch(name):
        return ""
    return f"hold, unhold: {name!r} is no package name: give the name alone, without version or path"


def near_matches(name: str, known: Collection[str]) -> tuple[str, ...]:
    """The known names that look most like this one."""
    likely = [other for other in known if other[:1].lower() == name[:1].lower() and abs(len(other) - len(name)) <= 3]
    candidates = [other for other in dict.fromkeys([*LOGICAL, *likely]) if other != name]
    return tuple(difflib.get_close_matches(name, candidates, n=MOST_NEAR_MATCHES, cutoff=0.7))


def _file_problem(path: str, state: State) -> str:
    if not path.endswith(".rpm") or not path.isprintable():
        return f"name: {path!r} is no package file: dnf takes files whose name ends with .rpm"
    if state is State.ABSENT:
        return f"name: {path!r} is a file, which cannot be absent as a package: name the package that it holds"
    return ""
