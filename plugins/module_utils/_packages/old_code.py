# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services that run code which an update has replaced: the old files are gone, yet mapped until a restart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import Unreadable

if TYPE_CHECKING:
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

PROCESSES = "/proc"
DELETED = " (deleted)"
# Where packages put programs and libraries. Elsewhere a deleted file that is mapped is a way of sharing memory.
CODE = ("/usr/", "/lib", "/bin/", "/sbin/", "/opt/")
# The second letter after the address range's rights is `x` for code.
EXECUTABLE = 2
# systemd itself lies in a scope, which `systemctl daemon-reexec` renews.
INIT_SCOPE = "init.scope"


def services_on_old_code(host: HostReader) -> tuple[str, ...]:
    """The systemd units, sorted, of whose processes one maps code from a file that is no longer there."""
    units = set()
    for process in host.listdir(PROCESSES) or ():
        unit = _unit(host, process) if process.isdigit() else ""
        if unit and unit not in units and maps_old_code(_read(host, process, "maps")):
            units.add(unit)
    return tuple(sorted(units))


def unit_of(cgroup: str) -> str:
    """The system unit in the text of /proc/PID/cgroup, of version 1 or 2; empty for a login and for the kernel."""
    for line in cgroup.splitlines():
        _number, controllers, path = line.split(":", 2)
        if controllers in ("", "name=systemd"):
            parts = path.split("/")
            unit = next((part for part in parts if part.endswith(".service") or part == INIT_SCOPE), "")
            if unit:
                return unit
    return ""


def maps_old_code(maps: str) -> bool:
    """True where the text of /proc/PID/maps shows code of a file that was deleted or replaced."""
    return any(_is_old_code(line) for line in maps.splitlines() if line.endswith(DELETED))


def _is_old_code(line: str) -> bool:
    fields = line.split(None, 5)
    return len(fields) == 6 and fields[1][EXECUTABLE] == "x" and fields[5].startswith(CODE)


def _unit(host: HostReader, process: str) -> str:
    return unit_of(_read(host, process, "cgroup"))


def _read(host: HostReader, process: str, name: str) -> str:
    """Empty where the process has ended meanwhile (which reads as ESRCH) or is not ours to look into."""
    try:
        return host.read_text(f"{PROCESSES}/{process}/{name}") or ""
    except Unreadable:
        return ""
