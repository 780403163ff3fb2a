# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A copy of rpm's database as a repair will leave it, for rpm and dnf to judge by: never the host's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

WHERE = ("rpm", "--eval", "%_dbpath")
# Only the entry goes: no script of the package runs, no plugin writes an audit record, and nobody is asked whether
# something needs it.
FORGET = ("-e", "--justdb", "--nodeps", "--noscripts", "--notriggers", "--noplugins")
# rpm's lock, and what the older kind of database shares between the programs that have it open.
NOT_COPIED = (".", "__db.")
COPY_SECONDS = 300.0


def environment_without(host: HostReader, packages: Iterable[str]) -> Mapping[str, str]:
    """The environment under which all programs see the installed packages without these (name-version-release.arch).

    dnf has no option for it, but rpm's library reads the macros of whoever calls it, and there is where its database
    lies.
    """
    own = host.query(WHERE).stdout.strip()
    home = f"{host.scratch}/rpm"
    database = f"{home}/database"
    copied = [f"{own}/{name}" for name in host.listdir(own) or () if not name.startswith(NOT_COPIED)]
    host.query(["mkdir", "-p", database])
    host.query(["cp", "--archive", *copied, database], timeout=COPY_SECONDS)
    host.query(["rpm", "--dbpath", database, *FORGET, *packages])
    host.scratch_file("rpm/.rpmmacros", f"%_dbpath {database}\n")
    return {"HOME": home}
