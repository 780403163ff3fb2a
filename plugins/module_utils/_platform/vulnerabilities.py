# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What FreeBSD's pkg knows about vulnerabilities of the packages that are installed.

Sources in freebsd/pkg: src/audit.c (exit codes, the JSON's keys), docs/pkg-audit.8, and tests/frontend/audit.sh. The
age of the list is told by its time of modification, as in scripts/periodic/410.pkg-audit.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timezone
from datetime import datetime as moment
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import FileStat, HostReader

# What `pkg audit -F` fetches; periodic(8) has that done each day, once this file is two days old (410.pkg-audit). It is
# VuXML's, and OSV's in versions of pkg that ask OSVF_SITE (pkg_audit_fetch in libpkg/pkg_audit.c).
LIST, OSV_LIST = "/var/db/pkg/vuln.xml", "/var/db/pkg/freebsd-osv.json"
FETCH = ("pkg", "audit", "-F", "-q")
# What is known is published nearly every day, and periodic(8) needs up to three days to notice.
OLDEST_DAYS = 7
AUDIT = ("pkg", "audit", "--raw=json-compact")
# It ends with 1 where it finds a vulnerability, and where there is no list.
AUDITED = (0, 1)


@dataclass(frozen=True)
class Vulnerable:
    """An installed package with the CVEs, or else the descriptions, of what is known about it."""

    name: str
    version: str
    issues: tuple[str, ...] = ()

    def __str__(self) -> str:
        return (
            f"{self.name} {self.version} ({', '.join(self.issues)})" if self.issues else f"{self.name} {self.version}"
        )


def newest_list(host: HostReader) -> FileStat | None:
    """The list that was changed last: one that a pkg before this one has left is no longer renewed."""
    found = [stat for stat in (host.stat(path) for path in (LIST, OSV_LIST)) if stat]
    return max(found, key=lambda stat: stat.modified, default=None)


def list_problem(host: HostReader, today: date) -> str:
    """Why nothing can be told by the list on this host; empty where something can."""
    stat = newest_list(host)
    if stat is None:
        return f"there is no list of known vulnerabilities ({LIST})"
    days = (today - moment.fromtimestamp(stat.modified, tz=timezone.utc).date()).days
    return f"the list of known vulnerabilities is {days} days old" if days > OLDEST_DAYS else ""


def parse_audit(text: str) -> tuple[Vulnerable, ...] | None:
    """The packages in the answer to `pkg audit --raw=json-compact`; None where that is no answer.

    What pkg says while it fetches the list stands before it.
    """
    try:
        report = json.loads(text[max(text.find("{"), 0) :])
        packages = report.get("packages") or {}
        return tuple(
            Vulnerable(name, str(one.get("version", "")), _issues(one.get("issues") or []))
            for name, one in sorted(packages.items())
        )
    except (ValueError, AttributeError):
        return None


def _issues(issues: list[dict[str, object]]) -> tuple[str, ...]:
    words: list[str] = []
    for issue in issues:
        cves = issue.get("cve")
        words += [str(cve) for cve in cves] if isinstance(cves, list) else [str(issue.get("description", "")).strip()]
    return tuple(dict.fromkeys(word for word in words if word))
