# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Planning a run of the checklist against the host as it was found: what it does in which order, and whether it may."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Callable

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.drafting import (
    JUDGED,
    KEYS,
    WAY_IN,
    Draft,
    Drafter,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.files import SSHD
from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import (
    Check,
    Context,
    Finding,
    Status,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.package_needs import (
    PackageNeeds,
    package_needs,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.way_in import obstacles
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Action
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Executor
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.steps import Step
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import PackagePlan
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.transaction import PackageSession
    from ansible_collections.groundwork.python_host.plugins.module_utils._recovery.recovery import Recovery


@dataclass(frozen=True)
class Plan:
    """All that an apply run will do, in the order of the fields.

    `tools` are what a way back needs. `way_in` makes the administrator's own login, `closing` is what could cut the
    operator off; both are dangerous. `shuts` says whether a door is closed, so that the way in must be proven before.
    `sshd` are the files that sshd will read (None: absent), and `ahead` is the host as sshd would judge it with them;
    `open_doors` says why doors are left open, and `lacking` by check id why packages that its fix needs cannot be had.
    """

    tools: tuple[Step, ...]
    packages: PackagePlan
    opening: tuple[Step, ...]
    way_in: tuple[Step, ...]
    closing: tuple[Step, ...]
    mended: frozenset[str]
    shuts: bool
    sshd: Mapping[str, str | None]
    ahead: HostReader
    open_doors: tuple[str, ...] = ()
    lacking: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_dangerous(self) -> bool:
        """Some step must be confirmed by a fresh login."""
        return bool(self.way_in or self.closing)

    @property
    def is_empty(self) -> bool:
        """Nothing would be changed."""
        return not (self.packages.changes or self.opening or self.is_dangerous)


@dataclass(frozen=True)
class Planner:
    """What it takes to plan."""

    host: HostReader
    context: Context
    checks: tuple[Check, ...]
    executor: Executor
    packages: PackageSession
    recovery: Recovery

    def plan(self, findings: tuple[Finding, ...]) -> Plan:
        """Mend what fails. Doors stay open without a key of the administrator, and checks as they are without their
        packages. Raises Refused, with every obstacle in one message, where the way in would be shut.
        """
        drafter = Drafter(self.host, self.context, self.checks)
        status = {finding.check_id: finding.status for finding in findings}
        draft = drafter.draft(status, {})
        # An sshd that does not even answer (a fault in its files) is told with what else is in the way.
        if draft.shuts or any(check.closes_door and status[check.check_id] is Status.UNKNOWN for check in self.checks):
            self._refuse_where_shut(status, draft.ahead)
        needs = package_needs(self.packages, self.context, draft.mended)
        return self._arranged(drafter.draft(status, needs.lacking) if needs.lacking else draft, needs)

    def _refuse_where_shut(self, status: Mapping[str, Status], ahead: HostReader) -> None:
        found = obstacles(ahead, self.context, account_planned=self._is_way_in_planned(status))
        if found:
            raise Refused(refusal(self.context, found))

    def _arranged(self, draft: Draft, needs: PackageNeeds) -> Plan:
        # The firewall lets a new port in before sshd moves there.
        closing = [
            *_of(draft.remedies, lambda check: check.may_cut_off),
            *draft.files.get(SSHD, ()),
            *_of(draft.remedies, lambda check: check.closes_door),
        ]
        plan = Plan(
            tools=(),
            packages=needs.plan,
            opening=self.executor.plan([*_others(draft.files), *_of(draft.remedies, _opens)]),
            way_in=self.executor.plan(_of(draft.remedies, lambda check: check.check_id in WAY_IN)),
            closing=self.executor.plan(closing),
            mended=frozenset(check.check_id for check in draft.mended),
            shuts=draft.shuts,
            sshd=draft.sshd,
            ahead=draft.ahead,
            open_doors=draft.open_doors,
            lacking=needs.lacking,
        )
        return plan if plan.is_empty else replace(plan, tools=self.executor.plan(self.recovery.installation(self.host)))

    def _is_way_in_planned(self, status: Mapping[str, Status]) -> bool:
        """Some part of the way in is missing, and each missing part is one that this run is about to make.

        A key that is not given leaves the doors open.
        """
        if not all(status.get(check_id) in JUDGED for check_id in WAY_IN):
            return False
        missing = [check for check in self.checks if check.check_id in WAY_IN and status[check.check_id] is Status.FAIL]
        return bool(missing) and all(
            check.check_id == KEYS or any(True for _action in check.remedy(self.host, self.context))
            for check in missing
        )


def _opens(check: Check) -> bool:
    return not (check.closes_door or check.may_cut_off or check.check_id in WAY_IN)


def refusal(context: Context, found: tuple[str, ...]) -> str:
    """One message with every obstacle."""
    listed = "".join(f"\n  - {obstacle}" for obstacle in found)
    return (
        f"Refused: with SSH closed as asked, {context.options.admin_name} could not log in and become root:{listed}\n"
        "Mend each of these and run again; or leave the doors as they are with python_host_skip "
        "(SSH-001, SSH-002, SSH-003, ACC-004). Nothing was changed."
    )


def _others(files: Mapping[str, tuple[Action, ...]]) -> tuple[Action, ...]:
    return tuple(action for name, actions in files.items() if name != SSHD for action in actions)


def _of(remedies: Mapping[Check, tuple[Action, ...]], is_meant: Callable[[Check], bool]) -> tuple[Action, ...]:
    return tuple(action for check, actions in remedies.items() if is_meant(check) for action in actions)
