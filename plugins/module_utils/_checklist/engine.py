# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Running a checklist: look, plan once, open the ways in, prove them, close the doors, look again."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Callable

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.files import SSHD, compose
from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import (
    Check,
    Context,
    Finding,
    Status,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.way_in import no_key, obstacles
from ansible_collections.groundwork.python_host.plugins.module_utils._confirm.confirmation import Confirmation
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import HostError
from ansible_collections.groundwork.python_host.plugins.module_utils._host.remembering import RememberingHost
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
    PackagePlan,
    PackageRequest,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Action
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Executor, Step
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.transaction import PackageSession

# The checks that together are the administrator's way in.
KEYS = "ACC-002"
WAY_IN = ("ACC-001", KEYS, "ACC-003")
# Only these contribute to our files; where the verdict is another, what stands in a file of ours stays.
JUDGED = (Status.PASS, Status.FAIL)
# How often, and after how many seconds each time, a check that should have been mended is looked at again.
SETTLING_ATTEMPTS = 5
SETTLING_PAUSE = 0.5


@dataclass(frozen=True)
class Outcome:
    """What a run of the checklist found and did; `refusals` say why doors were left open.

    `is_unconfirmed`: the host takes the dangerous part back unless somebody confirms it in time.
    `seen` still knows all that the last look asked the host.
    """

    findings: tuple[Finding, ...]
    seen: HostReader
    packages: PackagePlan = PackagePlan()
    refusals: tuple[str, ...] = ()
    is_unconfirmed: bool = False


@dataclass(frozen=True)
class _Plan:
    """All that an apply run will do, planned against the host as it was found."""

    packages: PackagePlan
    opening: tuple[Step, ...]
    guarded: tuple[Step, ...]
    closing: tuple[Step, ...]
    mended: frozenset[str]
    refusals: tuple[str, ...]

    def dangerous(self, refusals: tuple[str, ...]) -> tuple[Step, ...]:
        """The steps that could cut the operator off; closing ones only if the proof found nothing new."""
        return (*self.guarded, *(self.closing if refusals == self.refusals else ()))

    @property
    def is_empty(self) -> bool:
        return not (self.packages.changes or self.opening or self.guarded or self.closing)


@dataclass(frozen=True)
class Engine:
    """One run of some checks over one host."""

    host: HostReader
    context: Context
    checks: tuple[Check, ...]
    confirmation: Confirmation = Confirmation()
    sleep: Callable[[float], None] = time.sleep

    def audit(self) -> Outcome:
        """Inspect and report; nothing is planned and nothing is changed."""
        seen = RememberingHost(self.host)
        return Outcome(self._inspect(seen), seen)

    def apply(self, executor: Executor, packages: PackageSession) -> Outcome:
        """Mend what fails. In check mode the plan is made and told, and not performed."""
        seen: HostReader = RememberingHost(self.host)
        before = self._inspect(seen)
        plan = self._plan(before, seen, executor=executor, packages=packages)
        refusals = plan.refusals
        if not plan.is_empty:
            refusals = self._perform(plan, executor, packages)
        is_unconfirmed = self.confirmation.is_wanted and not executor.is_check_mode and bool(plan.dangerous(refusals))
        if plan.is_empty or executor.is_check_mode:
            after = tuple(_predicted(finding, plan) for finding in before)
        else:
            after, seen = self._second_look(plan)
        findings = tuple(_compared(old, new) for old, new in zip(before, after))
        return Outcome(self._with_refusals(findings, refusals), seen, plan.packages, refusals, is_unconfirmed)

    def _second_look(self, plan: _Plan) -> tuple[tuple[Finding, ...], HostReader]:
        """Some daemons need a moment until what they were told is in force (sshd binds its port after a reload)."""
        for attempts_left in reversed(range(SETTLING_ATTEMPTS)):
            seen = RememberingHost(self.host)
            findings = self._inspect(seen)
            failing = {finding.check_id for finding in findings if finding.status is Status.FAIL}
            if not failing & plan.mended or not attempts_left:
                break
            self.sleep(SETTLING_PAUSE)
        return findings, seen

    def _inspect(self, host: HostReader) -> tuple[Finding, ...]:
        return tuple(self._waived(self._look(check, host)) for check in self.checks)

    def _look(self, check: Check, host: HostReader) -> Finding:
        if self.context.platform.family not in check.families:
            return check.found(
                Status.NOT_APPLICABLE, observed=f"{self.context.platform.title} does this in another way"
            )
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

    def _plan(
        self, findings: tuple[Finding, ...], host: HostReader, *, executor: Executor, packages: PackageSession
    ) -> _Plan:
        status = {finding.check_id: finding.status for finding in findings}
        is_planned = self._is_way_in_planned(status, host)
        refusals = (*no_key(host, self.context), *obstacles(host, self.context, account_planned=is_planned))
        withheld = {check.check_id for check in self.checks if check.closes_door} if refusals else set()
        withheld.update(check_id for check_id, verdict in status.items() if verdict not in JUDGED)
        remedies = {
            check: tuple(check.remedy(host, self.context))
            for check in self.checks
            if status[check.check_id] is Status.FAIL and check.check_id not in withheld
        }
        mended = {check for check, actions in remedies.items() if actions or any(check.settings(host, self.context))}
        in_force = [check for check in self.checks if status[check.check_id] is not Status.WAIVED]
        files = compose(host, self.context, in_force, withheld=withheld)
        closing = executor.plan([*files.get(SSHD, ()), *_of(remedies, lambda check: check.closes_door)])
        guarded = executor.plan(_of(remedies, lambda check: check.may_cut_off))
        opening = [*_others(files), *_of(remedies, lambda check: not (check.closes_door or check.may_cut_off))]
        if guarded or closing:
            opening.extend(self.confirmation.installation(host))
        return _Plan(
            packages=_package_plan(mended, packages),
            opening=executor.plan(opening),
            guarded=guarded,
            closing=closing,
            mended=frozenset(check.check_id for check in mended),
            refusals=refusals,
        )

    def _is_way_in_planned(self, status: Mapping[str, Status], host: HostReader) -> bool:
        """Some part of the way in is missing, and each missing part is one that this run is about to make.

        A key that is not given is an obstacle of its own.
        """
        if not all(status.get(check_id) in JUDGED for check_id in WAY_IN):
            return False
        missing = [check for check in self.checks if check.check_id in WAY_IN and status[check.check_id] is Status.FAIL]
        return bool(missing) and all(
            check.check_id == KEYS or any(True for _action in check.remedy(host, self.context)) for check in missing
        )

    def _perform(self, plan: _Plan, executor: Executor, packages: PackageSession) -> tuple[str, ...]:
        """Doors are closed only after the way in that was just made has been proven; returns why they were not.

        What could cut the operator off is done last, after the host was told to take it back if nobody confirms it.
        """
        packages.perform(plan.packages)
        executor.perform(plan.opening)
        refusals = plan.refusals
        if plan.closing and not (refusals or executor.is_check_mode):
            seen = RememberingHost(self.host)
            refusals = (*no_key(seen, self.context), *obstacles(seen, self.context, account_planned=False))
        dangerous = plan.dangerous(refusals)
        if not dangerous or not self.confirmation.is_wanted:
            executor.perform(dangerous)
            return refusals
        self.confirmation.guard(executor, self.host, dangerous)
        return refusals

    def _with_refusals(self, findings: tuple[Finding, ...], refusals: tuple[str, ...]) -> tuple[Finding, ...]:
        closing = {check.check_id for check in self.checks if check.closes_door}
        why = f"left open, because the administrator's own way in is not proven: {'; '.join(refusals)}"
        return tuple(
            replace(finding, remedy=why)
            if refusals and finding.check_id in closing and finding.status is Status.FAIL
            else finding
            for finding in findings
        )


def selected(checks: Iterable[Check], context: Context) -> tuple[Check, ...]:
    """The checks that the user did not skip."""
    return tuple(check for check in checks if check.check_id not in context.options.skip)


def _package_plan(mended: Iterable[Check], packages: PackageSession) -> PackagePlan:
    names = tuple(sorted({name for check in mended for name in check.packages}))
    missing = packages.missing(names) if names else ()
    return packages.plan(PackageRequest(missing)) if missing else PackagePlan()


def _others(files: Mapping[str, tuple[Action, ...]]) -> tuple[Action, ...]:
    return tuple(action for name, actions in files.items() if name != SSHD for action in actions)


def _of(remedies: Mapping[Check, tuple[Action, ...]], is_meant: Callable[[Check], bool]) -> tuple[Action, ...]:
    return tuple(action for check, actions in remedies.items() if is_meant(check) for action in actions)


def _predicted(finding: Finding, plan: _Plan) -> Finding:
    is_mended = finding.status is Status.FAIL and finding.check_id in plan.mended and not plan.is_empty
    return replace(finding, status=Status.WOULD_FIX) if is_mended else finding


def _compared(before: Finding, after: Finding) -> Finding:
    """Only the second look may say `fixed`, and only of what failed at the first."""
    is_fixed = before.status is Status.FAIL and after.status is Status.PASS
    return replace(after, status=Status.FIXED if is_fixed else after.status, before=before.status)
