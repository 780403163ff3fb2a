# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Running a checklist: look, plan once, open the ways in, prove them, close the doors, look again."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Callable

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import (
    Check,
    Context,
    Finding,
    Status,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.planning import Plan, Planner
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.rehearsal import rehearsed
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.way_in import obstacles
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import ActionFailed, HostError
from ansible_collections.groundwork.python_host.plugins.module_utils._host.remembering import RememberingHost
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import PackagePlan
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery.recovery import Recovery

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Executor
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.transaction import PackageSession

# How often, and after how many seconds each time, a check that should have been mended is looked at again.
SETTLING_ATTEMPTS = 5
SETTLING_PAUSE = 0.5


@dataclass(frozen=True)
class Outcome:
    """What a run of the checklist found and did; `open_doors` say why doors were left open.

    `is_unconfirmed`: the host takes the dangerous part back unless somebody confirms it in time.
    `seen` still knows all that the last look asked the host.
    """

    findings: tuple[Finding, ...]
    seen: HostReader
    packages: PackagePlan = PackagePlan()
    open_doors: tuple[str, ...] = ()
    is_unconfirmed: bool = False


@dataclass(frozen=True)
class Engine:
    """One run of some checks over one host."""

    host: HostReader
    context: Context
    checks: tuple[Check, ...]
    recovery: Recovery = field(default_factory=Recovery)
    sleep: Callable[[float], None] = time.sleep

    def audit(self) -> Outcome:
        """Inspect and report; nothing is planned and nothing is changed."""
        seen = RememberingHost(self.host)
        return Outcome(self._inspect(seen), seen)

    def apply(self, executor: Executor, packages: PackageSession) -> Outcome:
        """Mend what fails. In check mode the plan is made and told, and not performed. Raises Refused before anything
        was changed, and ActionFailed after what is dangerous was taken back.
        """
        seen: HostReader = RememberingHost(self.host)
        before = self._inspect(seen)
        plan = Planner(seen, self.context, self.checks, executor, packages, self.recovery).plan(before)
        if not plan.is_empty:
            self._perform(plan, executor, packages)
        if plan.is_empty or executor.is_check_mode:
            after = tuple(self._predicted(finding, plan) for finding in before)
        else:
            after, seen = self._second_look(plan, before)
        findings = tuple(_compared(old, new) for old, new in zip(before, after))
        is_unconfirmed = self.recovery.is_wanted and plan.is_dangerous and not executor.is_check_mode
        return Outcome(self._explained(findings, plan), seen, plan.packages, plan.open_doors, is_unconfirmed)

    def _second_look(self, plan: Plan, before: tuple[Finding, ...]) -> tuple[tuple[Finding, ...], HostReader]:
        """Some daemons need a moment until what they were told is in force (sshd binds its port after a reload), and
        until then what was in force before may not be.
        """
        expected = {finding.check_id for finding in before if finding.status is Status.PASS} | plan.mended
        for attempts_left in reversed(range(SETTLING_ATTEMPTS)):
            seen = RememberingHost(self.host)
            findings = self._inspect(seen)
            failing = {finding.check_id for finding in findings if finding.status is Status.FAIL}
            if not failing & expected or not attempts_left:
                break
            self.sleep(SETTLING_PAUSE)
        return findings, seen

    def _inspect(self, host: HostReader) -> tuple[Finding, ...]:
        return tuple(self._waived(self._look(check, host)) for check in self.checks)

    def _look(self, check: Check, host: HostReader) -> Finding:
        reason = check.reason_against(self.context.platform)
        if reason:
            return check.found(Status.NOT_APPLICABLE, observed=reason)
        try:
            return check.inspect(host, self.context)
        except HostError as error:
            hint = "" if host.uid == 0 else " (this run is not root's: set `become: true` to see it)"
            return check.found(Status.UNKNOWN, observed=f"{error}{hint}")

    def _waived(self, finding: Finding) -> Finding:
        """A failing check that somebody has accepted for now; an outdated waiver has no effect."""
        for waiver in self.context.options.waivers:
            is_in_force = waiver.check_id == finding.check_id and waiver.until >= self.context.today
            if is_in_force and finding.status is Status.FAIL:
                return replace(finding, status=Status.WAIVED, remedy=f"waived until {waiver.until}: {waiver.reason}")
        return finding

    def _perform(self, plan: Plan, executor: Executor, packages: PackageSession) -> None:
        """Doors are closed only after the way in that was just made has been proven."""
        if not executor.is_check_mode:
            self.recovery.begin()
        executor.perform(plan.tools)
        self.recovery.record(executor)
        packages.perform(plan.packages)
        executor.perform(plan.opening)
        if plan.is_dangerous:
            with self.recovery.guarded(executor):
                executor.perform(plan.way_in, danger="way_in")
                if plan.shuts and not executor.is_check_mode:
                    self._prove(plan)
                executor.perform(plan.closing, danger="door")

    def _prove(self, plan: Plan) -> None:
        """With what was just made, and with sshd as it will be."""
        ahead = rehearsed(RememberingHost(self.host), plan.sshd)
        found = obstacles(ahead, self.context, account_planned=False)
        if found:
            raise ActionFailed(
                f"No door was closed, and what was made for {self.context.options.admin_name} was taken back, because "
                f"the new login does not work: {'; '.join(found)}"
            )

    def _predicted(self, finding: Finding, plan: Plan) -> Finding:
        """What an apply would mend; what sshd would still read from another place stays a failure."""
        if finding.status is not Status.FAIL or finding.check_id not in plan.mended or plan.is_empty:
            return finding
        check = next(check for check in self.checks if check.check_id == finding.check_id)
        if check.is_rehearsed:
            ahead = self._look(check, plan.ahead)
            if ahead.status is Status.FAIL:
                return ahead
        return replace(finding, status=Status.WOULD_FIX)

    def _explained(self, findings: tuple[Finding, ...], plan: Plan) -> tuple[Finding, ...]:
        """What fails still, with the reason why this run could not mend it."""
        why = dict(plan.lacking)
        if plan.open_doors:
            words = f"left open, because the administrator's own way in is not proven: {'; '.join(plan.open_doors)}"
            why.update({check.check_id: words for check in self.checks if check.closes_door})
        return tuple(
            replace(finding, remedy=why[finding.check_id])
            if finding.status is Status.FAIL and finding.check_id in why
            else finding
            for finding in findings
        )


def selected(checks: Iterable[Check], context: Context) -> tuple[Check, ...]:
    """The checks that the user did not skip."""
    return tuple(check for check in checks if check.check_id not in context.options.skip)


def _compared(before: Finding, after: Finding) -> Finding:
    """Only the second look may say `fixed`, and only of what failed at the first."""
    is_fixed = before.status is Status.FAIL and after.status is Status.PASS
    return replace(after, status=Status.FIXED if is_fixed else after.status, before=before.status)
