# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts the host into one state after the other and makes the same request of each: in check mode, really, and again.

Which states and which requests is the caller's affair; all of them go in one call, because each call costs a second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import PythonHostError
from ansible_collections.groundwork.python_host.plugins.module_utils._host.ansible_host import AnsibleHost
from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Executor
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
    PackageRequest,
    State,
    Upgrade,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.transaction import PackageSession
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.detect import detect

if TYPE_CHECKING:
    from collections.abc import Sequence

# The index was fetched when the packages were published, and stays as it is; there is nothing but what was published.
SETTINGS: dict[str, Any] = {"cache_valid_time": 10**9, "lock_timeout": 30, "may_enable_repositories": False}


class Trial:
    """One case on the host."""

    def __init__(self, module: AnsibleModule, case: dict[str, Any]) -> None:
        self._module = module
        self._case = case

    def outcome(self) -> dict[str, Any]:
        """Shape: {before, foretold, after_check, performed, after, again, after_again}; listings are texts."""
        for argv in self._case["prepare"]:
            self._run(argv)
        outcome: dict[str, Any] = {"before": self._listing()}
        outcome["foretold"] = self._call(is_check_mode=True)
        outcome["after_check"] = self._listing()
        outcome["performed"] = self._call(is_check_mode=False)
        outcome["after"] = self._listing()
        outcome["again"] = self._call(is_check_mode=False)
        outcome["after_again"] = self._listing()
        return outcome

    def _call(self, *, is_check_mode: bool) -> dict[str, Any]:
        """Shape: {plan, notes, targets, error, message}; `error` is the name of what was raised, or empty."""
        host = AnsibleHost(self._module)
        executor = Executor(host, None if is_check_mode else host)
        answer: dict[str, Any] = {"plan": [], "notes": [], "error": "", "message": ""}
        try:
            session = PackageSession(detect(host), host, executor, **SETTINGS)
            plan = session.plan(_request(self._case["request"]))
            answer.update(plan=plan.to_json(), notes=list(plan.notes))
            session.perform(plan)
        except PythonHostError as error:
            answer.update(error=type(error).__name__, message=str(error))
        answer["targets"] = [change.target for change in executor.changes]
        return answer

    def _listing(self) -> str:
        return "".join(self._run(argv) for argv in self._case["show"])

    def _run(self, argv: Sequence[str]) -> str:
        rc, stdout, stderr = self._module.run_command(list(argv))
        if rc:
            self._module.fail_json(msg=f"{argv} has ended with {rc}: {stdout}{stderr}", case=self._case)
        return str(stdout)


def _request(words: dict[str, Any]) -> PackageRequest:
    return PackageRequest(
        names=tuple(words["names"]),
        state=State(words["state"]),
        upgrade=Upgrade(words["upgrade"]),
        hold=tuple(words["hold"]),
        unhold=tuple(words["unhold"]),
        autoremove=words["autoremove"],
        allow_downgrade=words["allow_downgrade"],
    )


def main() -> None:
    """One outcome for each case, in order."""
    module = AnsibleModule(argument_spec={"cases": {"type": "list", "elements": "dict", "required": True}})
    module.exit_json(changed=True, outcomes=[Trial(module, case).outcome() for case in module.params["cases"]])


if __name__ == "__main__":
    main()
