# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Logical package names: one word for the same thing on every system."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import Native, State
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import lookup

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform

    Row = Mapping[str, tuple[Native, ...]]

IN_BASE: tuple[Native, ...] = ()


def _all(*names: str) -> tuple[Native, ...]:
    return tuple(Native(name) for name in names)


# The first package of an entry is the thing itself; those after it are what it needs here beyond its dependencies,
# and stay when it is removed. FreeBSD's packages for Python carry the interpreter's version in their names, so they
# are named by their origin. Its other names are from freebsd/freebsd-ports, too: devel/gmake, devel/pkgconf,
# security/ca_root_nss, security/sudo. What is IN_BASE there is so in freebsd/freebsd-src: sshd, pf, ntpd, cron.
LOGICAL: Mapping[str, Row] = {
    "automatic-updates": {
        "debian": _all("unattended-upgrades"),
        "redhat": _all("dnf-automatic"),
        "freebsd": IN_BASE,
    },
    "build-tools": {
        "debian": _all("build-essential", "pkg-config"),
        "redhat": _all("gcc", "gcc-c++", "make", "pkgconf-pkg-config"),
        "freebsd": _all("gmake", "pkgconf"),
    },
    "ca-certificates": {
        "*": _all("ca-certificates"),
        "freebsd": _all("ca_root_nss"),
    },
    # fail2ban only recommends python3-systemd, without which it cannot read the journal, and the tool that bans: its
    # default ban action is iptables up to Debian 12 and Ubuntu 22.04, nftables since.
    "fail2ban": {
        "debian": _all("fail2ban", "python3-systemd", "nftables"),
        "debian-12": _all("fail2ban", "python3-systemd", "iptables"),
        "ubuntu-20.04": _all("fail2ban", "python3-systemd", "iptables"),
        "ubuntu-22.04": _all("fail2ban", "python3-systemd", "iptables"),
        "redhat": _all("fail2ban", "fail2ban-systemd", "fail2ban-firewalld"),
        "freebsd": _all("security/py-fail2ban"),
    },
    "firewall": {
        "debian": _all("ufw"),
        "redhat": _all("firewalld"),
        "freebsd": IN_BASE,
    },
    "openssh-server": {
        "*": _all("openssh-server"),
        "freebsd": IN_BASE,
    },
    "python": {
        "*": _all("python3"),
        "redhat-8": _all("python3.12"),
    },
    "python-headers": {
        "debian": _all("python3-dev"),
        "redhat": _all("python3-devel"),
        "redhat-8": _all("python3.12-devel"),
        "freebsd": IN_BASE,
    },
    "python-pip": {
        "*": _all("python3-pip"),
        "redhat-8": _all("python3.12-pip"),
        "freebsd": _all("devel/py-pip"),
    },
    "python-venv": {
        "debian": _all("python3-venv"),
        "*": IN_BASE,
    },
    "selinux-tools": {
        "*": _all("policycoreutils-python-utils"),
        "freebsd": IN_BASE,
    },
    "sudo": {
        "*": _all("sudo"),
    },
    # Any clock daemon will do, and a second one would drive out the first: Debian's all provide `time-daemon`.
    "time-sync": {
        "debian": (Native("systemd-timesyncd", instead=("time-daemon",)),),
        "ubuntu-26.04": (Native("chrony", instead=("time-daemon",)),),
        "redhat": _all("chrony"),
        "freebsd": IN_BASE,
    },
}


def resolve(names: Iterable[str], platform: Platform, state: State = State.PRESENT) -> dict[str, tuple[Native, ...]]:
    """Each name with the native packages that it stands for here; a name that is not logical stands for itself.

    The version behind a logical name (`python=3.9.18-1`) is that of its first package, the thing itself.
    """
    return {name: _natives(name, platform, state) for name in names}


def first_natives(names: Iterable[str], platform: Platform) -> tuple[str, ...]:
    """The native name of the thing itself, for each of the names; nothing for one that the base system brings."""
    return tuple(
        natives[0].name for natives in resolve(dict.fromkeys(names), platform, State.ABSENT).values() if natives
    )


def split_version(name: str) -> tuple[str, str]:
    """`nginx` and `1.2-3` of `nginx=1.2-3`; the path of a package file has no version."""
    if name.startswith("/"):
        return name, ""
    bare, _equals, version = name.partition("=")
    return bare, version


def _natives(name: str, platform: Platform, state: State) -> tuple[Native, ...]:
    bare, version = split_version(name)
    row = LOGICAL.get(bare)
    if row is None:
        return (Native(bare, version=version),)
    natives = lookup(row, platform)
    first = tuple(replace(native, version=version) for native in natives[:1])
    return first if state is State.ABSENT else (*first, *natives[1:])
