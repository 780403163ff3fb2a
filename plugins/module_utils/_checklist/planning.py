# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Planning a run of the checklist against the host as it was found: what it does in which order, and whether it may."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Callable

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.files import SSHD, compose
from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import (
    Check,
    Context,
    Finding,
    Status,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import accounts
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.rehearsal import rehearsed
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.way_in import no_key, obstacles
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import Refused
from ansible_collections.groundwork.python_host.plugins.module_utils._host import blocks
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Remove, WriteBlock, WriteFile
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
    PackagePlan,
    PackageRequest,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.names import first_natives

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Action
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Executor
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.steps import Step
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.transaction import PackageSession
    from ansible_collections.groundwork.python_host.plugins.module_utils._recovery.recovery import Recovery

# The checks that together are the administrator's way in.
KEYS = "ACC-002"
WAY_IN = ("ACC-001", KEYS, "ACC-003")
# Only these contribute to our files; where the verdict is another, what stands in a file of ours stays.
JUDGED = (Status.PASS, Status.FAIL)


@dataclass(frozen=True)
class Plan:
    """All that an apply run will do, in the order of the fields.

    `tools` are what a way back needs. `way_in` makes the administrator's own login, `closing` is what could cut the
    operator off; both are dangerous. `shuts` says whether a door is closed, so that the way in must be proven before.
    `sshd` are the files that sshd will read (None: absent), and `ahead` is the host as sshd would judge it with them;
    `open_doors` says why doors are left open.
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
        """Mend what fails. Without a key of the administrator doors stay open. Raises Refused, with every obstacle in
        one message, where the way in would be shut.
        """
        status = {finding.check_id: finding.status for finding in findings}
        keyless = no_key(self.host, self.context)
        withheld = {check.check_id for check in self.checks if check.closes_door} if keyless else set()
        withheld.update(check_id for check_id, verdict in status.items() if verdict not in JUDGED)
        failing = [check for check in self.checks if status[check.check_id] is Status.FAIL]
        remedies = {
            check: tuple(check.remedy(self.host, self.context)) for check in failing if check.check_id not in withheld
        }
        in_force = [check for check in self.checks if status[check.check_id] is not Status.WAIVED]
        files = compose(self.host, self.context, in_force, withheld=withheld)
        sshd = _contents(self.host, files.get(SSHD, ()))
        ahead = rehearsed(self.host, sshd, accounts.newcomer(self.host, self.context))
        shuts = any(check.closes_door for check in remedies)
        # An sshd that does not even answer (a fault in its files) is told with what else is in the way.
        if shuts or any(check.closes_door and status[check.check_id] is Status.UNKNOWN for check in self.checks):
            self._refuse_where_shut(status, ahead)
        return self._arranged(remedies, files, sshd=sshd, ahead=ahead, shuts=shuts, open_doors=keyless)

    def _refuse_where_shut(self, status: Mapping[str, Status], ahead: HostReader) -> None:
        found = obstacles(ahead, self.context, account_planned=self._is_way_in_planned(status))
        if found:
            raise Refused(refusal(self.context, found))

    def _arranged(
        self,
        remedies: Mapping[Check, tuple[Action, ...]],
        files: Mapping[str, tuple[Action, ...]],
        *,
        sshd: Mapping[str, str | None],
        ahead: HostReader,
        shuts: bool,
        open_doors: tuple[str, ...],
    ) -> Plan:
        mended = {
            check for check, actions in remedies.items() if actions or any(check.settings(self.host, self.context))
        }
        # The firewall lets a new port in before sshd moves there.
        closing = [
            *_of(remedies, lambda check: check.may_cut_off),
            *files.get(SSHD, ()),
            *_of(remedies, lambda check: check.closes_door),
        ]
        plan = Plan(
            tools=(),
            packages=self._package_plan(mended),
            opening=self.executor.plan([*_others(files), *_of(remedies, _opens)]),
            way_in=self.executor.plan(_of(remedies, lambda check: check.check_id in WAY_IN)),
            closing=self.executor.plan(closing),
            mended=frozenset(check.check_id for check in mended),
            shuts=shuts,
            sshd=sshd,
            ahead=ahead,
            open_doors=open_doors,
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

    def _package_plan(self, mended: Iterable[Check]) -> PackagePlan:
        names = tuple(sorted({name for check in mended for name in check.needs(self.context)}))
        # What the base system brings everywhere needs no package tool.
        missing = self.packages.missing(names) if first_natives(names, self.context.platform) else ()
        return self.packages.plan(PackageRequest(missing)) if missing else PackagePlan()


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


def _contents(host: HostReader, actions: Iterable[Action]) -> dict[str, str | None]:
    """What sshd would read, by path; None for a file that goes."""
    contents: dict[str, str | None] = {}
    for action in actions:
        if isinstance(action, WriteBlock):
            old = host.read_text(action.path) or ""
            contents[action.path] = blocks.replaced(old, blocks.rendered(action.lines))
        elif isinstance(action, (WriteFile, Remove)):
            contents[action.path] = action.content if isinstance(action, WriteFile) else None
    return contents


def _others(files: Mapping[str, tuple[Action, ...]]) -> tuple[Action, ...]:
    return tuple(action for name, actions in files.items() if name != SSHD for action in actions)


def _of(remedies: Mapping[Check, tuple[Action, ...]], is_meant: Callable[[Check], bool]) -> tuple[Action, ...]:
    return tuple(action for check, actions in remedies.items() if is_meant(check) for action in actions)
