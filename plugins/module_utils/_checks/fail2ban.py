# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asking fail2ban's running server."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import NeedsRoot

if TYPE_CHECKING:
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

CLIENT = "fail2ban-client"
PROMPT = "fail2ban> "
JAIL = "sshd"


def is_installed(host: HostReader) -> bool:
    """The client is there."""
    return host.which(CLIENT) is not None


def status(host: HostReader) -> str:
    """`status sshd`; empty when the server does not run or has no such jail."""
    text = _jail(host)[0]
    # "Sorry but the jail 'sshd' does not exist" is printed where an answer would be.
    return text if text.startswith("Status for the jail") else ""


def actions(host: HostReader) -> tuple[str, ...]:
    """The names of the jail's actions, from a headline and a line of names with commas."""
    lines = _jail(host)[1].splitlines()[1:]
    return tuple(name.strip() for line in lines for name in line.split(",") if name.strip())


def ignored(host: HostReader) -> tuple[str, ...]:
    """What the jail never bans, drawn as a list with |- and `- before each address."""
    return tuple(re.findall(r"^[|`]-\s+(\S+)", _jail(host)[2], re.MULTILINE))


def blocked_ports(host: HostReader, action: str) -> str:
    """The ports that an action blocks, as it was told; empty for one that blocks all and knows no list."""
    return _ask(host, f"get {JAIL} action {action} port")[0].strip()


def _jail(host: HostReader) -> tuple[str, ...]:
    return _ask(host, f"status {JAIL}", f"get {JAIL} actions", f"get {JAIL} ignoreip")


def _ask(host: HostReader, *commands: str) -> tuple[str, ...]:
    """The answer to each command, all in one call of the client, because each call starts a Python of its own.

    An interactive client ends with 255 at the end of its input and prints errors elsewhere, so one to a command that
    failed is an empty answer.
    """
    if host.uid != 0:
        raise NeedsRoot("fail2ban's server")
    text = host.query((CLIENT, "-i"), ok=(0, 255), stdin="".join(f"{command}\n" for command in commands)).stdout
    answers = text.split(PROMPT)[1:]
    return tuple(answers[number] if number < len(answers) else "" for number in range(len(commands)))
