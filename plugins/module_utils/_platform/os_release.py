# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The os-release file format (freedesktop.org): lines of NAME=value in the quoting of a shell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_ASSIGNMENT = re.compile(r"(?P<name>[A-Za-z0-9_]+)=(?P<quote>[\"']?)(?P<value>.*)(?P=quote)$")
_ESCAPE = re.compile(r"\\([\\$\"'`])")


def parse_os_release(text: str) -> Mapping[str, str]:
    """All assignments of the file; comments and lines that are none are left out."""
    pairs = (_assignment(line) for line in text.splitlines())
    return dict(pair for pair in pairs if pair)


def codename(release: Mapping[str, str]) -> str:
    """The release's code name; Enterprise Linux has it only in VERSION, in parentheses."""
    if "VERSION_CODENAME" in release:
        return release["VERSION_CODENAME"]
    _before, _bracket, inside = release.get("VERSION", "").partition("(")
    return inside.rstrip(") ")


def is_lts(release: Mapping[str, str]) -> bool:
    """True where the release calls itself LTS, as Ubuntu's do: `24.04.5 LTS (Noble Numbat)`."""
    return "LTS" in f"{release.get('VERSION', '')} {release.get('PRETTY_NAME', '')}".split()


def _assignment(line: str) -> tuple[str, str] | None:
    match = _ASSIGNMENT.match(line.strip())
    return (match["name"], _ESCAPE.sub(r"\1", match["value"])) if match else None
