# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What FreeBSD's pkg knows about vulnerabilities of the packages that are installed.

Sources in freebsd/pkg: src/audit.c (exit codes, the JSON's keys), docs/pkg-audit.8, and tests/frontend/audit.sh.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

# What `pkg audit -F` fetches; periodic(8) has that done each day, once this file is two days old (410.pkg-audit).
LIST = "/var/db/pkg/vuln.xml"
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
