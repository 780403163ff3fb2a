# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding out through which SSH login, if any, this run came to the host."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import Unreadable

if TYPE_CHECKING:
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

MOST_ANCESTORS = 64


@dataclass(frozen=True)
class Login:
    """The address that the login came from, and the port and address of this host that it reached.

    Empty and 0 without SSH.
    """

    address: str = ""
    port: int = 0
    server: str = ""


def current_login(host: HostReader, *, process: int | None = None) -> Login:
    """The SSH login that this process descends from.

    sudo drops SSH_CONNECTION from the environment, so it is read from the ancestors' environments, which root may
    read (Linux: /proc, proc(5); FreeBSD: ps(1)). Where neither tells, this process's own environment is what we have.
    """
    own = _parse(os.environ.get("SSH_CONNECTION", "")) if process is None else None
    if own:
        return own
    current = os.getpid() if process is None else process
    for _generation in range(MOST_ANCESTORS):
        login = _parse(_variable(host, current))
        if login:
            return login
        status = host.read_text(f"/proc/{current}/stat")
        if status is None:
            return _by_ps(host, current) if host.which("ps") else Login()
        current = _parent(status)
        if current <= 1:
            break
    return Login()


def _variable(host: HostReader, process: int) -> str:
    try:
        text = host.read_text(f"/proc/{process}/environ") or ""
    except Unreadable:
        return ""
    prefix = "SSH_CONNECTION="
    return next((entry[len(prefix) :] for entry in text.split("\0") if entry.startswith(prefix)), "")


def _parent(status: str) -> int:
    # The second field is the program's name in brackets and may hold anything, so count from the last bracket.
    fields = status.rpartition(")")[2].split()
    return int(fields[1]) if len(fields) > 1 else 0


def _by_ps(host: HostReader, process: int) -> Login:
    """FreeBSD's ps shows the environment before the command (-e), line breaks in both encoded (bin/ps/fmt.c)."""
    table = host.query(("ps", "-ax", "-o", "pid=", "-o", "ppid=")).stdout
    parents = {int(child): int(parent) for child, parent in re.findall(r"^\s*(\d+)\s+(\d+)\s*$", table, re.MULTILINE)}
    line = _ancestors(parents, process)
    shown = host.query(("ps", "-ww", "-e", "-o", "pid=", "-o", "command=", "-p", ",".join(map(str, line))), ok=(0, 1))
    found = re.findall(r"^\s*(\d+) (?:.* )?SSH_CONNECTION=(\S+ \d+ \S+ \d+)(?: |$)", shown.stdout, re.MULTILINE)
    logins = {int(number): _parse(connection) for number, connection in found}
    return next((login for login in map(logins.get, line) if login), Login())


def _ancestors(parents: dict[int, int], process: int) -> list[int]:
    """The process, its parent, and so on."""
    line = [process]
    while parents.get(line[-1], 0) > 1 and len(line) < MOST_ANCESTORS:
        line.append(parents[line[-1]])
    return line


def _parse(connection: str) -> Login | None:
    """`client-address client-port server-address server-port`, as sshd(8) documents SSH_CONNECTION."""
    words = connection.split()
    return Login(words[0], int(words[3]), words[2]) if len(words) == 4 and words[3].isdigit() else None
