# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operating systems that we know by name, and what each brings along."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class System:
    """An operating system: the ID of its os-release, its name for people, and its family."""

    name: str
    label: str
    family: str


SYSTEMS = {
    system.name: system
    for system in (
        System("ubuntu", "Ubuntu", "debian"),
        System("debian", "Debian", "debian"),
        System("centos", "CentOS Stream", "redhat"),
        System("rhel", "Red Hat Enterprise Linux", "redhat"),
        System("rocky", "Rocky Linux", "redhat"),
        System("almalinux", "AlmaLinux", "redhat"),
        System("fedora", "Fedora", "redhat"),
        System("freebsd", "FreeBSD", "freebsd"),
        System("macos", "macOS", "unknown"),
    )
}

PACKAGE_TOOLS = {"debian": "apt", "redhat": "dnf", "freebsd": "pkg"}

# `uname -s` names the kernel; only where there is no os-release does it have to name the system.
KERNELS = {"FreeBSD": "freebsd", "Darwin": "macos"}


def family_of(name: str, *, like: tuple[str, ...] = ()) -> str:
    """The family of a system, by its own name or else by the first name it says it is like (ID_LIKE)."""
    for candidate in (name, *like):
        if candidate in SYSTEMS:
            return SYSTEMS[candidate].family
    return "unknown"
