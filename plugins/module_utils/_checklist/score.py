# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The checklist's totals: how many of each status, and the score."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Finding, Severity, Status

if TYPE_CHECKING:
    from collections.abc import Iterable

WEIGHT = {Severity.INFO: 0, Severity.LOW: 1, Severity.MEDIUM: 3, Severity.HIGH: 9}
GOOD = (Status.PASS, Status.FIXED)
COUNTED = (*GOOD, Status.WOULD_FIX, Status.FAIL)


def summary(findings: Iterable[Finding]) -> dict[str, int]:
    """Shape: {pass: n, fixed: n, …}, every status named."""
    statuses = [finding.status for finding in findings]
    return {status.value: statuses.count(status) for status in Status}


def score(findings: Iterable[Finding]) -> float | None:
    """100 × the weight of what is good ÷ the weight of what counts, one decimal; None when nothing counts."""
    counted = [finding for finding in findings if finding.status in COUNTED]
    total = sum(WEIGHT[finding.severity] for finding in counted)
    good = sum(WEIGHT[finding.severity] for finding in counted if finding.status in GOOD)
    return round(100 * good / total, 1) if total else None
