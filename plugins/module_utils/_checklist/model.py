# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The words of a checklist: what a check is, what it finds, and what it is told about this run."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import lookup

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.options import Options
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Action
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.login import Login
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform


class Severity(Enum):
    """How much a finding counts; the value is its name in results."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Status(Enum):
    """The verdict on one check."""

    PASS = "pass"
    FIXED = "fixed"
    WOULD_FIX = "would_fix"
    FAIL = "fail"
    WAIVED = "waived"
    NOT_APPLICABLE = "not_applicable"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Finding:
    """One verdict, with what a reader needs to believe and to mend it."""

    check_id: str
    title: str
    severity: Severity
    status: Status
    expected: str = ""
    observed: str = ""
    evidence: str = ""
    remedy: str = ""
    references: tuple[str, ...] = ()
    before: Status | None = None

    def to_json(self) -> dict[str, Any]:
        """Shape: {id, title, severity, status, before, expected, observed, evidence, remedy, references}."""
        result = asdict(self)
        result["id"] = result.pop("check_id")
        result.update(
            severity=self.severity.value,
            status=self.status.value,
            before=(self.before or self.status).value,
            references=list(self.references),
        )
        return result


@dataclass(frozen=True)
class Setting:
    """One line or block that a check contributes to a configuration file of ours; `key` orders and names it."""

    file: str
    key: str
    value: str


@dataclass(frozen=True)
class Context:
    """What a check is told besides the host: who asks, for what, on which release, and when."""

    platform: Platform
    options: Options
    login: Login
    today: date


@dataclass(frozen=True)
class Check:
    """One row of the catalog.

    `packages` are logical names that the fix needs. `closes_door` marks a fix that takes a way in away: it is only made
    after the administrator's own way in is proven. `may_cut_off` marks one that could end this very login all the same
    (the firewall). Both have to be confirmed by a fresh login. `is_rehearsed` marks one that sshd itself judges: it can
    be asked before. `not_here` says, by keys of `lookup`, where there is nothing to judge, and why: the finding and the
    README say it in these words.
    """

    check_id: str
    title: str
    severity: Severity
    references: tuple[str, ...] = field(default=(), repr=False)
    packages: tuple[str, ...] = ()
    closes_door: bool = False
    may_cut_off: bool = False
    is_rehearsed: bool = False
    not_here: Mapping[str, str] = field(default_factory=dict, repr=False, hash=False)

    def reason_against(self, platform: Platform) -> str:
        """Why there is nothing to judge on this system; empty where there is."""
        return lookup({"*": "", **self.not_here}, platform)

    def needs(self, context: Context) -> tuple[str, ...]:
        """The logical names of the packages that the fix needs on this host."""
        return self.packages

    def inspect(self, host: HostReader, context: Context) -> Finding:
        """Judge the state that is in force. Raises HostError where it cannot be read."""
        raise NotImplementedError

    def remedy(self, host: HostReader, context: Context) -> Iterable[Action]:
        """The actions that mend a failing host, planned against the host as it is; none means a person must."""
        return ()

    def settings(self, host: HostReader, context: Context) -> Iterable[Setting]:
        """What this check contributes to configuration files of ours while it is in force."""
        return ()

    def found(
        self, status: Status, *, expected: str = "", observed: str = "", evidence: str = "", remedy: str = ""
    ) -> Finding:
        """A finding of this check."""
        return Finding(
            self.check_id,
            self.title,
            self.severity,
            status,
            expected=expected,
            observed=observed,
            evidence=evidence,
            remedy=remedy,
            references=self.references,
        )

    def verdict(self, is_good: bool, *, expected: str, observed: str, evidence: str, remedy: str) -> Finding:
        """`pass` or `fail`."""
        status = Status.PASS if is_good else Status.FAIL
        return self.found(status, expected=expected, observed=observed, evidence=evidence, remedy=remedy)
