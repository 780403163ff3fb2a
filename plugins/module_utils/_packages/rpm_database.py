# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asking rpm for all that is installed; an answer that cannot be right is an error and no empty host."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import CommandFailed, HostError
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.rpm_words import (
    QUERY,
    parse_packages,
)

if TYPE_CHECKING:
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.rpm_words import RpmPackage

# Berkeley DB's words where a process was killed while it had the database open (Enterprise Linux 8; later ones have
# SQLite): DB_RUNRECOVERY, BDB1507 "Thread died in Berkeley DB library", BDB0113 "Thread/process … failed".
UNCLEAN = re.compile(r"DB_RUNRECOVERY|run database recovery|BDB1507|BDB0113|died in Berkeley DB library", re.I)
# It has rpm's own package in it, or it is not this host's database.
OWN = "rpm"
MOST_WORDS = 500


def installed_now(host: HostReader) -> tuple[RpmPackage, ...]:
    """All packages in rpm's database. Raises HostError that names the way out where the database cannot be read."""
    result = host.query(QUERY, ok=(0, 1))
    packages = parse_packages(result.stdout)
    said = " ".join(result.stderr.split())[:MOST_WORDS]
    if UNCLEAN.search(result.stderr):
        raise HostError(
            "rpm's database was not closed in order, most likely because a package tool was killed, and rpm does not "
            f"read it like that. It says: {said} (Reboot, or see that no rpm and no dnf is at work any more, save a "
            "copy of /var/lib/rpm, and run `rm -f /var/lib/rpm/__db*; rpm --rebuilddb`, as rpm's own FAQ at "
            "https://rpm.org/user_doc/faq.html has it. Then run again.)"
        )
    if result.rc:
        raise CommandFailed(QUERY, rc=result.rc, stdout=result.stdout, stderr=result.stderr)
    if not any(package.name == OWN for package in packages):
        raise HostError(
            f"rpm's database does not even list rpm itself, so it cannot be trusted. rpm says: {said or 'nothing'} "
            "(Save a copy of the directory that `rpm --eval %_dbpath` names, and run `rpm --rebuilddb`.)"
        )
    return packages
