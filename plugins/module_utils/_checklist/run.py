# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The body of `security_checklist`: from parameters to result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.engine import Engine, Outcome, selected
from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Context
from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.options import parse_options
from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.score import score, summary
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import sshd
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.catalog import CHECKS
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import HostError, Refused
from ansible_collections.groundwork.python_host.plugins.module_utils._host.login import current_login
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.transaction import PackageSession
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.detect import detect
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery.journal import Journal
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery.recovery import Recovery, new_token
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery.scheduler import SCHEDULERS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Executor
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

# The families that this version can mend; the others it can audit.
APPLIES_TO = ("debian", "redhat", "freebsd")
SHOWN_KEYWORDS = (
    "port",
    "permitrootlogin",
    "pubkeyauthentication",
    "passwordauthentication",
    "kbdinteractiveauthentication",
    "permitemptypasswords",
)


def run_checklist(
    params: Mapping[str, Any], host: HostReader, executor: Executor, *, today: date, journal_in: str = ""
) -> dict[str, Any]:
    """Audit or apply, with a journal in that directory. Raises BadInput or Refused before anything was changed."""
    options = parse_options(params, [check.check_id for check in CHECKS])
    context = Context(detect(host), options, current_login(host), today)
    engine = Engine(host, context, selected(CHECKS, context), _recovery(params, context, journal_in))
    if params["mode"] == "audit":
        return _result(engine.audit(), context)
    if host.uid != 0:
        raise Refused("Only root can apply the checklist: set `become: true`. Nothing was changed.")
    if context.platform.family not in APPLIES_TO:
        raise Refused(f"This version can audit {context.platform.title}, not change it. Nothing was changed.")
    packages = PackageSession(context.platform, engine.host, executor, may_enable_repositories=params["epel"])
    return _applied(engine, executor, packages=packages)


def _applied(engine: Engine, executor: Executor, *, packages: PackageSession) -> dict[str, Any]:
    """The journal is closed however the run ends, so that one without an end is that of a run that was killed."""
    recovery, how = engine.recovery, "failed"
    notes = recovery.settle(executor, engine.host)
    try:
        outcome = engine.apply(executor, packages)
        result = _result(outcome, engine.context)
        result["warnings"].extend(notes)
        if outcome.is_unconfirmed:
            result["confirm"] = recovery.to_json()
        changes = [change.to_json() for change in executor.changes]
        recovery.keep(executor, {**result, "changed": bool(changes), "changes": changes})
        how = "finished"
    finally:
        recovery.end(how)
    return result


def _recovery(params: Mapping[str, Any], context: Context, journal_in: str) -> Recovery:
    """Only a run that came in over SSH has a login to confirm with, and only SCHEDULERS keep the promise."""
    service_manager = context.platform.service_manager
    is_possible = context.login.address and service_manager in SCHEDULERS
    seconds = params["confirm_timeout"] if is_possible else 0
    run = params["run"] or new_token()
    journal = Journal(journal_in, run=run, what="security_checklist") if journal_in else None
    return Recovery(seconds, run=run, journal=journal, service_manager=service_manager)


def _result(outcome: Outcome, context: Context) -> dict[str, Any]:
    """Shape: {findings, summary, score, plan, ssh: {user: {keyword: value}}, login: {address, port}, warnings}."""
    return {
        "findings": [finding.to_json() for finding in outcome.findings],
        "summary": summary(outcome.findings),
        "score": score(outcome.findings),
        "plan": outcome.packages.to_json(),
        "ssh": _ssh(outcome.seen, context),
        "login": {"address": context.login.address, "port": context.login.port},
        "warnings": [f"Doors were left open: {reason}" for reason in outcome.open_doors],
    }


def _ssh(host: HostReader, context: Context) -> dict[str, dict[str, str]]:
    """What sshd itself says is in force, for the administrator and root; empty where it cannot say."""
    try:
        views = [sshd.effective(host, sshd.viewpoint(context, user)) for user in (context.options.admin_name, "root")]
    except HostError:
        return {}
    return {view.seen_by.user: {keyword: " ".join(view.all(keyword)) for keyword in SHOWN_KEYWORDS} for view in views}
