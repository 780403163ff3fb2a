# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a configuration file of ours is, and the ways in which such files are written and read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Callable

from ansible_collections.groundwork.python_host.plugins.module_utils._host.blocks import block_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Setting
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Command
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform

COMMENT = "Written by groundwork.python_host; a change here is lost at its next run."


@dataclass(frozen=True)
class ConfigurationFile:
    """A file of ours: where it is, how it is written and read, which command judges it, which commands load it.

    `is_block`: only a marked block at the top of the file is ours, because this system has no place for a whole one.
    `is_last`: that block stands at the end, because the last value that is read counts.
    `has_own_directory`: the directory is made where an administrator has removed it, though a line still includes it.
    """

    path: str
    render: Callable[[Sequence[Setting]], str]
    read: Callable[[str, str], str]
    validate: tuple[str, ...]
    load: Callable[[HostReader, Platform, Sequence[Setting]], tuple[Command, ...]]
    is_block: bool = False
    has_own_directory: bool = False
    is_last: bool = False
    mode: int = 0o644
    family: str = ""


def render_ini(settings: Sequence[Setting]) -> str:
    """Keys are `section/name`."""
    return f"# {COMMENT}\n\n" + render_sections(settings).replace("\n[", "\n\n[")


def render_sections(settings: Sequence[Setting]) -> str:
    """The same without a word about whose it is, for a block that says so by itself."""
    return _in_sections(settings, " = ")


def render_rules(settings: Sequence[Setting]) -> str:
    """Keys are `section/beginning of the line`; the line goes on with the value."""
    return _in_sections(settings, " ")


def _in_sections(settings: Sequence[Setting], sign: str) -> str:
    lines, section = [], ""
    for setting in settings:
        name, _slash, key = setting.key.partition("/")
        if name != section:
            lines.append(f"[{name}]")
            section = name
        lines.append(f"{key}{sign}{setting.value}")
    return "\n".join([*lines, ""])


def read_ini(text: str, key: str) -> str:
    """The value that such a file gives to `section/name`; empty when it gives none."""
    section, _slash, name = key.partition("/")
    lines = first(rf"^\[{re.escape(section)}\]\n((?:[^\[\n].*\n)*)", text)
    return first(rf"^{re.escape(name)} = (.*)$", lines)


def read_sections(text: str, key: str) -> str:
    """The value in our block, whatever others say in the same file."""
    return read_ini(block_in(text), key)


def read_rules(text: str, key: str) -> str:
    """How the line goes on that begins so, in this section of our block; a line may begin with a bracket, too."""
    section, _slash, name = key.partition("/")
    current = ""
    for line in block_in(text).splitlines():
        current = line if re.fullmatch(r"\[[a-z]+\]", line) else current
        if current == f"[{section}]" and line.startswith(f"{name} "):
            return line[len(name) + 1 :]
    return ""


def render_apt(settings: Sequence[Setting]) -> str:
    """Values are whole statements, which may be blocks."""
    return "\n".join([f"// {COMMENT}", *(setting.value for setting in settings), ""])


def read_apt(text: str, key: str) -> str:
    """The statement for this key; empty when there is none."""
    return first(rf'^({re.escape(key)} (?:".*";|{{\n(?: .*\n)*}};))$', text)


def render_crontab(settings: Sequence[Setting]) -> str:
    """What its commands print is mailed to MAILTO, or to the user who runs them (crontab(5))."""
    return "\n".join([f"# {COMMENT}", "SHELL=/bin/sh", *(setting.value for setting in settings), ""])


def read_crontab(text: str, key: str) -> str:
    """The line that sets this variable of the environment, or for another key the one command; empty without one."""
    return first(rf"^({re.escape(key)}=.*)$" if key.isupper() else r"^([0-9*@].*)$", text)


def first(pattern: str, text: str) -> str:
    """The first group of the first match; empty without one."""
    found = re.search(pattern, text, re.MULTILINE)
    return found.group(1) if found else ""
