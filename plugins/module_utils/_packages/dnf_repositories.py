# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The repositories that dnf's configuration files name: read without asking dnf, and enabled as config-manager does."""

from __future__ import annotations

import configparser
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

CONFIGURATION = "/etc/dnf/dnf.conf"
DIRECTORY = "/etc/yum.repos.d"
# subscription-manager writes this file anew from what the subscription holds.
SUBSCRIPTION = f"{DIRECTORY}/redhat.repo"
TRUE = ("1", "yes", "true", "on")
# As the parser takes it: what stands behind the bracket does not count.
SECTION = re.compile(r"^\[(?P<id>[^\]]+)\]")
ENABLED = re.compile(r"^enabled\s*=.*$")


@dataclass(frozen=True)
class Repository:
    """A repository as its file describes it."""

    name: str
    path: str
    is_enabled: bool
    is_checked: bool

    @property
    def is_of_subscription(self) -> bool:
        """True where subscription-manager alone may enable it."""
        return self.path == SUBSCRIPTION


def configured(host: HostReader, directory: str = DIRECTORY) -> tuple[Repository, ...]:
    """All repositories of a directory, enabled or not."""
    is_checked = _main_setting(host.read_text(CONFIGURATION) or "")
    found: list[Repository] = []
    for name in host.listdir(directory) or ():
        if name.endswith(".repo"):
            path = f"{directory}/{name}"
            found.extend(parse_repositories(host.read_text(path) or "", path, is_checked=is_checked))
    return tuple(found)


def parse_repositories(text: str, path: str, *, is_checked: bool) -> tuple[Repository, ...]:
    """The repositories of one file; of a broken one there are none, for dnf neither.

    `is_checked` is what dnf.conf says of signatures, for a repository that does not say it itself.
    """
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        return ()
    return tuple(
        Repository(
            name,
            path,
            is_enabled=_is_true(parser.get(name, "enabled", fallback="1")),
            is_checked=_is_true(parser.get(name, "gpgcheck", fallback=str(is_checked))),
        )
        for name in parser.sections()
        if name != "main"
    )


def enabled(text: str, name: str) -> str:
    """The file's text with this repository enabled and all else as it was."""
    lines = text.splitlines()
    start = next(index for index, line in enumerate(lines) if _section(line) == name) + 1
    end = next((index for index in range(start, len(lines)) if _section(lines[index])), len(lines))
    found = [index for index in range(start, end) if ENABLED.match(lines[index])]
    for index in found:
        lines[index] = "enabled=1"
    if not found:
        lines.insert(start, "enabled=1")
    return "\n".join(lines) + "\n"


def _section(line: str) -> str:
    match = SECTION.match(line)
    return match["id"] if match else ""


def _main_setting(text: str) -> bool:
    """dnf's own default is not to check; Enterprise Linux ships a dnf.conf that does."""
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        return False
    return _is_true(parser.get("main", "gpgcheck", fallback="0"))


def _is_true(value: str) -> bool:
    return value.strip().lower() in TRUE
