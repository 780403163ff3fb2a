# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads requirements as pip does, without pip: what would they install, and is each line well-formed?

The text itself goes to pip as the user wrote it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

COMMENT = re.compile(r"(^|\s+)#.*$")
CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+@")
PASSWORD = re.compile(r"https?://(?:[^/@:\s]*:)?([^/@:\s]+)@")
# Anything shorter would also hide harmless words of the output.
SHORTEST_SECRET = 4

OTHER_FILES = ("-r", "--requirement", "-c", "--constraint")
EDITABLE = ("-e", "--editable")
SEARCH_OPTIONS = ("-f", "--find-links")
OPTIONS = (
    *("-i", "--index-url", "--extra-index-url", "--no-index", "--no-binary", "--only-binary", "--prefer-binary"),
    *("--require-hashes", "--pre", "--trusted-host", "--use-feature", *SEARCH_OPTIONS),
)

_CLAUSE = r"(?:===|==|~=|!=|<=|>=|<|>)\s*[A-Za-z0-9._*+!-]+"
_VARIABLE = r"(?:os_name|sys_platform|platform_\w+|python_version|python_full_version|implementation_\w+|extra)"
_OPERAND = rf"(?:{_VARIABLE}|'[^']*'|\"[^\"]*\")"
REQUIREMENT = re.compile(
    r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
    r"\s*(?:\[[A-Za-z0-9._,\s-]*\])?"
    rf"\s*(?:@\s*\S+|\(?\s*{_CLAUSE}(?:\s*,\s*{_CLAUSE})*\s*\)?)?"
    rf"\s*(?:;[\s(]*{_OPERAND}\s*(?:===?|~=|!=|<=|>=|<|>|in\b|not\s+in\b)\s*{_OPERAND}[\s()\w'\".<>=!~*,+-]*)?"
)
RELATIVE_PATH = re.compile(r"\.\S*|[^\s@/]+/[^\s@]*")
DIRECT_URL = re.compile(r"[a-z][a-z0-9+.-]*://\S+(?:\s*;.*)?")


@dataclass(frozen=True)
class Line:
    """A logical line: continuation lines joined, comments gone. `number` is that of its first line."""

    number: int
    text: str

    @property
    def is_option(self) -> bool:
        """True for a line that says how to install, rather than what."""
        return self.text.startswith("-")

    @property
    def requirement(self) -> str:
        """The line without its own options, such as `--hash`."""
        return self.text if self.is_option else re.split(r"\s+--", self.text, maxsplit=1)[0]


def parse(text: str) -> tuple[Line, ...]:
    """The logical lines that say something, by pip's own rules for continuations and comments."""
    lines = []
    start = 0
    parts: list[str] = []
    for number, raw in enumerate(text.splitlines(), start=1):
        start = start if parts else number
        continues = raw.endswith("\\") and not COMMENT.match(raw)
        # A comment ends a continuation and must not grow together with what stands before it.
        parts.append(raw[:-1] if continues else f" {raw}" if COMMENT.match(raw) else raw)
        if not continues:
            lines.append(Line(start, _clean(parts)))
            parts = []
    lines.append(Line(start, _clean(parts)))
    return tuple(line for line in lines if line.text)


def normalised(text: str) -> str:
    """What makes two texts install the same: no comments, no blank lines, single spaces."""
    return "\n".join(line.text for line in parse(text))


def shown(text: str) -> tuple[str, ...]:
    """The lines for people: without hashes, without credentials."""
    return tuple(mask(line.requirement) for line in parse(text))


def mask(text: str) -> str:
    """The text with the credentials of every address in it replaced."""
    return CREDENTIALS.sub("***@", text)


def secrets(text: str) -> tuple[str, ...]:
    """The passwords and tokens in the text's addresses, for Ansible to hide in all that it prints."""
    return tuple(found for found in PASSWORD.findall(text) if len(found) >= SHORTEST_SECRET)


def problems(text: str, *, where: str) -> list[str]:
    """One sentence for each line that cannot be meant, or that would make the installation depend on more."""
    if "PRIVATE KEY" in text:
        return [f"{where} holds a private key: name the requirements instead, and replace this key pair"]
    found = ((line, _problem(line)) for line in parse(text))
    return [f"{where} line {line.number}, {mask(line.text)!r}: {problem}" for line, problem in found if problem]


def _clean(parts: list[str]) -> str:
    return " ".join(COMMENT.sub("", "".join(parts)).split())


def _problem(line: Line) -> str:
    if line.is_option:
        return _option_problem(line.text)
    text = line.requirement
    if DIRECT_URL.fullmatch(text) or text.startswith("/"):
        return ""
    if RELATIVE_PATH.fullmatch(text.partition(";")[0].strip()):
        return "a path must be absolute, because the host has no directory that it could be relative to"
    if not REQUIREMENT.fullmatch(text):
        return (
            'this is no requirement: write it like "name", "name==1.2" or "name[extra]>=1; python_version < \'3.12\'"'
        )
    return ""


def _option_problem(text: str) -> str:
    long_name = re.split(r"[\s=]", text, maxsplit=1)[0]
    name = long_name if text.startswith("--") else text[:2]
    if name in OTHER_FILES:
        return "other files are not read, since a change in them would go unnoticed: put all lines into one"
    if name in EDITABLE:
        return "an editable installation cannot be part of a release that never changes: name the package instead"
    if name not in OPTIONS:
        return f"{name} is no option that pip takes here: known are {', '.join(OPTIONS)}"
    value = text[len(name) :].lstrip("= ")
    if name in SEARCH_OPTIONS and "://" not in value and not value.startswith("/"):
        return "the directory must be an absolute path on the host or an address"
    return ""
