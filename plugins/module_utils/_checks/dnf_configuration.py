# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""dnf's own files, read as libdnf reads them: its configuration, its repositories, and what those have published."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

MAIN_FILE = "/etc/dnf/dnf.conf"
REPOSITORIES = "/etc/yum.repos.d"
CACHE = "/var/cache/dnf"
CACHED = re.compile(r"(.+)-[0-9a-f]{16}")
# Words that libdnf takes for no (libdnf/conf/OptionBool).
NO = ("0", "no", "false", "off")
YES = ("1", "yes", "true", "on")


def sections(host: HostReader, path: str) -> dict[str, dict[str, str]]:
    """The values by section and name; empty where there is no such file. Raises Unreadable for one that dnf cannot
    read.
    """
    try:
        return parse(host.read_text(path) or "")
    except ValueError as error:
        raise Unreadable(path, f"dnf does not understand it: {error}") from None


def parse(text: str) -> dict[str, dict[str, str]]:
    """A section may come again, and of a name that does the last value counts; an indented line goes on with the value.

    Raises ValueError, with the line, for what libdnf's IniParser refuses.
    """
    found: dict[str, dict[str, str]] = {}
    section, name = "", ""
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith(("#", ";")):
            continue
        if line.startswith("["):
            section, name = _headline(line, number), ""
            found.setdefault(section, {})
        elif line[0].isspace() and name:
            found[section][name] += f"\n{line.strip()}"
        elif "=" in line and section:
            name, _equals, value = (part.strip() for part in line.partition("="))
            found[section][name] = value
        else:
            raise ValueError(f"line {number} is neither a section nor name=value")
    return found


def _headline(line: str, number: int) -> str:
    if "]" not in line:
        raise ValueError(f"the ] of the section in line {number} is missing")
    return line[1 : line.index("]")]


def words(value: str) -> tuple[str, ...]:
    """A list's elements; dnf separates them by commas, blanks and line ends."""
    return tuple(word for word in re.split(r"[\s,]+", value) if word)


def is_yes(value: str, *, default: bool) -> bool:
    """A truth value; one that libdnf does not know leaves the default in force."""
    word = value.strip().lower()
    return word in YES if word in (*YES, *NO) else default


def enabled_repositories(host: HostReader) -> tuple[str, ...]:
    """The ids of the repositories that are switched on, in the order of their files. Raises Unreadable where dnf cannot
    read its own file.
    """
    names = [name for name in host.listdir(REPOSITORIES) or () if name.endswith(".repo")]
    found = [*(_understood(host, f"{REPOSITORIES}/{name}") for name in names), sections(host, MAIN_FILE)]
    return tuple(
        name
        for file in found
        for name, values in file.items()
        if name != "main" and is_yes(values.get("enabled", "1"), default=True)
    )


def _understood(host: HostReader, path: str) -> dict[str, dict[str, str]]:
    """dnf passes over a file of repositories that it does not understand, with a warning ("failed loading")."""
    try:
        return sections(host, path)
    except Unreadable:
        return {}


def publishing(host: HostReader) -> Mapping[str, bool]:
    """Whether an enabled repository publishes advisories, as far as dnf has cached what they publish.

    Advisories alone tell a security update from another one.
    """
    enabled = enabled_repositories(host)
    return {name: is_there for name, is_there in _cached(host) if name in enabled}


def _cached(host: HostReader) -> Iterator[tuple[str, bool]]:
    for directory in host.listdir(CACHE) or ():
        named = CACHED.fullmatch(directory)
        text = host.read_text(f"{CACHE}/{directory}/repodata/repomd.xml") if named else None
        if named and text:
            yield named.group(1), 'type="updateinfo"' in text
