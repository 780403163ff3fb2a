# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The row about known vulnerabilities of installed packages, as FreeBSD's pkg tells them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import (
    Check,
    Context,
    Finding,
    Status,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.vulnerabilities import (
    AUDIT,
    AUDITED,
    LIST,
    Vulnerable,
    list_problem,
    parse_audit,
)

if TYPE_CHECKING:
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

# /usr/sbin/pkg of the base system offers to fetch this program where it is not there.
PROGRAM = "/usr/local/sbin/pkg"
MOST_SHOWN = 12
EXPECTED = "no installed package is on the list of known vulnerabilities"
REFRESH = "fetch the list: `pkg audit -F`, and let periodic(8) do so each day (security_status_pkgaudit_enable)"
UPGRADE = (
    "python_host_upgrade: security (the module `packages` with `upgrade: security`) upgrades those that a repository "
    "has a mended version of; for the rest `pkg audit` shows what is wrong, and removing them is for a person to decide"
)


@dataclass(frozen=True)
class NoVulnerablePackage(Check):
    """No package stands on the list. Only told: which upgrades may be made now is for the operator to say."""

    def inspect(self, host: HostReader, context: Context) -> Finding:
        """pkg compares what is installed with the list that lies on the host; it is not fetched for that."""
        if host.stat(PROGRAM) is None:
            return self.found(Status.NOT_APPLICABLE, observed="no package was ever installed: pkg is not bootstrapped")
        problem = list_problem(host, context.today)
        if problem:
            return self._unknown(problem)
        result = host.query(AUDIT, ok=AUDITED, timeout=300.0)
        found = parse_audit(result.stdout)
        if found is None or bool(found) is not bool(result.rc):
            return self._unknown(f"`pkg audit` ended with {result.rc} and says: {_said(result.stderr, result.stdout)}")
        return self.verdict(
            not found, expected=EXPECTED, observed=_observed(found), evidence=" ".join(AUDIT), remedy=UPGRADE
        )

    def _unknown(self, why: str) -> Finding:
        evidence = f"{LIST}; {' '.join(AUDIT)}"
        return self.found(Status.UNKNOWN, expected=EXPECTED, observed=why, evidence=evidence, remedy=REFRESH)


def _observed(found: tuple[Vulnerable, ...]) -> str:
    shown = ", ".join(map(str, found[:MOST_SHOWN]))
    more = f", and {len(found) - MOST_SHOWN} more" if len(found) > MOST_SHOWN else ""
    return f"{shown}{more}" if found else "none is"


def _said(*texts: str) -> str:
    return " ".join(" ".join(texts).split())[:500] or "nothing"
