# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Installed packages that have a known vulnerability, for an upgrade of those alone.

`pkg upgrade --vulnerable` is not used: it fetches the list over the host's own even in a simulation, and where no
package is vulnerable it upgrades all of them (add_vulnerable_upgrades in src/upgrade.c adds no pattern then, and
jobs_solve_install_upgrade in libpkg/pkg_jobs.c of freebsd/pkg takes no pattern for every package). `-F` fetches a list,
`-f` says which file it is (docs/pkg-audit.8).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import HostError
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_command import REFRESH_SECONDS
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_errors import own_words
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_locks import query_when_free
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.vulnerabilities import (
    AUDIT,
    AUDITED,
    newest_list,
    parse_audit,
)

if TYPE_CHECKING:
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import Surroundings

DAY = 86400.0


def vulnerable_names(surroundings: Surroundings) -> frozenset[str]:
    """The names, by a list of vulnerabilities that is younger than a day: the host's, or one fetched for this run."""
    host = surroundings.host
    stat = newest_list(host)
    is_young = stat is not None and surroundings.clock.now() - stat.modified < DAY
    argv: tuple[str, ...] = AUDIT
    if not is_young:
        directory = f"{host.scratch}/pkg"
        host.query(("mkdir", "-p", directory))
        argv = (*AUDIT, "-F", "-f", f"{directory}/vuln.xml")
    result = query_when_free(surroundings, argv, ok=AUDITED, timeout=REFRESH_SECONDS)
    found = parse_audit(result.stdout)
    if found is None:
        raise HostError(
            "Nothing was changed: the list of known vulnerabilities cannot be had, so there is no telling which "
            f"updates are security updates. pkg says: {own_words(result.stderr or result.stdout)}"
        )
    return frozenset(package.name for package in found)
