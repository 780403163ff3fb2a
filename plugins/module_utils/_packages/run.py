# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one call of the module `packages` does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
    PackageRequest,
    State,
    Upgrade,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.old_code import services_on_old_code
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.transaction import PackageSession
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.detect import detect
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.reboot import reboot_pending
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery.journal import Journal
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery.recovery import new_token

if TYPE_CHECKING:
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Executor
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform


def run(params: dict[str, Any], host: HostReader, executor: Executor, *, journal_in: str = "") -> dict[str, Any]:
    """Bring the packages into the state asked for; a journal in that directory remembers what was installed by name.

    Shape: {backend, plan: [{name, action, from, to}], resolved: {name: [native name]}, repositories, notes,
    reboot_required, reboot_reasons, services_on_old_code, warnings}.
    """
    platform = detect(host)
    request = _request(params)
    session = _session(params, platform, host, executor)
    plan = session.plan(request)
    journal = Journal(journal_in, run=new_token(), what="packages", is_alone=False)
    if not plan.is_empty and journal_in and not executor.is_check_mode:
        journal.open()
        executor.record_with(journal)
    try:
        session.perform(plan)
    finally:
        journal.close("finished")
    reasons = reboot_pending(host, platform)
    return {
        "backend": platform.package_tool,
        "plan": plan.to_json(),
        "resolved": session.resolved(request.names, request.state),
        "repositories": list(plan.repositories),
        "notes": list(plan.notes),
        "warnings": list(plan.notes),
        "reboot_required": bool(reasons),
        "reboot_reasons": list(reasons),
        "services_on_old_code": list(services_on_old_code(host)),
    }


def _request(params: dict[str, Any]) -> PackageRequest:
    return PackageRequest(
        tuple(params["name"]),
        State(params["state"]),
        Upgrade(params["upgrade"]),
        hold=tuple(params["hold"]),
        unhold=tuple(params["unhold"]),
        autoremove=params["autoremove"],
        allow_downgrade=params["allow_downgrade"],
    )


def _session(params: dict[str, Any], platform: Platform, host: HostReader, executor: Executor) -> PackageSession:
    return PackageSession(
        platform,
        host,
        executor,
        lock_timeout=params["lock_timeout"],
        cache_valid_time=params["cache_valid_time"],
        install_recommends=params["install_recommends"],
        may_enable_repositories=params["epel"],
    )
