# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""dpkg's list of packages as it will be when apt's turn comes: its journal worked in, and marks set.

apt reads the list alone. What a killed dpkg has written down last stands in the journal, which dpkg works in when it
runs the next time.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import HostError
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import HOLD, UNHOLD

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import PackageChange

STATUS = "/var/lib/dpkg/status"
JOURNAL = "/var/lib/dpkg/updates"
# apt's own list of the packages that came along with others.
CAME_ALONG = "/var/lib/apt/extended_states"
# The word for what is wanted of a package.
WANTED = {HOLD: "hold", UNHOLD: "install"}
INSTALLED = "Status: install ok installed\n"
STATUS_LINE = re.compile(r"^Status: \S+ ", re.M)


def has_journal(host: HostReader) -> bool:
    """True where a dpkg was ended in the middle, or is at work."""
    return bool(host.listdir(JOURNAL))


def status_for_simulation(
    host: HostReader, marks: Iterable[PackageChange], *, brought: str = "", gone: Collection[str] = ()
) -> str:
    """The path of a list for apt to judge by; empty where dpkg's own will do.

    `brought` are paragraphs of the index (`apt-cache show`) about packages that will be installed by then, `gone` the
    names of those that will have been removed.
    """
    wanted = {mark.name: WANTED[mark.action] for mark in marks}
    journal = _journal(host)
    if not (wanted or journal or brought or gone):
        return ""
    text = host.read_text(STATUS)
    if text is None:
        raise HostError(f"{STATUS} is not there, so dpkg's list of packages is lost: restore it from {STATUS}-old")
    whole = with_entries(text, (*journal, _as_installed(brought)))
    return host.scratch_file("apt/status", mark_paragraphs(without(whole, gone), wanted))


def came_along_for_simulation(host: HostReader, names: Iterable[str]) -> str:
    """The path of a list of what came along with others, with these names, too, for apt to judge by."""
    paragraphs = "".join(f"Package: {name}\nAuto-Installed: 1\n\n" for name in names)
    return host.scratch_file("apt/extended_states", f"{host.read_text(CAME_ALONG) or ''}\n{paragraphs}")


def with_entries(text: str, entries: Iterable[str]) -> str:
    """The list with these entries, the oldest first, each in the place of the package's earlier one."""
    paragraphs = {_key(paragraph): paragraph for paragraph in _paragraphs(text)}
    paragraphs.update((_key(paragraph), paragraph) for entry in entries for paragraph in _paragraphs(entry))
    return "".join(f"{paragraph}\n\n" for paragraph in paragraphs.values())


def without(text: str, gone: Collection[str]) -> str:
    """The list without the packages of these names (`name` or `name:architecture`)."""
    return "".join(f"{one}\n\n" for one in _paragraphs(text) if not _names(_fields(one)) & set(gone))


def mark_paragraphs(text: str, wanted: Mapping[str, str]) -> str:
    """The list with those of the given names (`name` or `name:architecture`) marked so."""
    return "".join(f"{_marked(paragraph, wanted)}\n\n" for paragraph in _paragraphs(text))


def _journal(host: HostReader) -> tuple[str, ...]:
    """dpkg numbers the entries; what else lies there is not finished, and dpkg throws it away."""
    numbered = [name for name in host.listdir(JOURNAL) or () if name.isdigit()]
    return tuple(filter(None, (host.read_text(f"{JOURNAL}/{name}") for name in numbered)))


def _as_installed(paragraphs: str) -> str:
    lines = paragraphs.splitlines(keepends=True)
    return "".join(f"{line}{INSTALLED}" if line.startswith("Package: ") else line for line in lines)


def _paragraphs(text: str) -> list[str]:
    return [paragraph.strip("\n") for paragraph in text.split("\n\n") if paragraph.strip()]


def _key(paragraph: str) -> tuple[str, str]:
    """The name, and the architecture where another one may have the same package beside it."""
    fields = _fields(paragraph)
    several = fields.get("Multi-Arch", "") == "same"
    return fields.get("Package", ""), fields.get("Architecture", "") if several else ""


def _marked(paragraph: str, wanted: Mapping[str, str]) -> str:
    mark = next((wanted[name] for name in _names(_fields(paragraph)) if name in wanted), "")
    return STATUS_LINE.sub(f"Status: {mark} ", paragraph, count=1) if mark else paragraph


def _names(fields: Mapping[str, str]) -> set[str]:
    name = fields.get("Package", "")
    return {name, f"{name}:{fields.get('Architecture', '')}"}


def _fields(paragraph: str) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in paragraph.splitlines() if ": " in line and line[:1] != " ")
