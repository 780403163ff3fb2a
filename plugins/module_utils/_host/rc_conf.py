# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How sysrc(8) reads and writes rc.conf, for the module and for the program that takes changes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

# sysrc makes the new rc.conf by mktemp(1) and moves it there (f_sysrc_set of usr.sbin/bsdconfig/share/sysrc.subr in
# freebsd/freebsd-src). From a /tmp that is another file system mv(1) removes the old one first and copies then, and a
# host whose power fails in between boots without a network.
BESIDE = {"TMPDIR": "/etc"}


def value(host: HostReader, variable: str) -> str:
    """What rc.conf and its defaults give a variable; empty where nothing does."""
    return host.query(("sysrc", "-i", "-n", variable), ok=(0, 1)).stdout.strip()
