"""When the engine arms the way back, and what it then does in which order."""

from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.engine import Engine, selected
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.catalog import CHECKS
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import ActionFailed
from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Executor
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.transaction import PackageSession
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery import installation
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery.recovery import Recovery
from tests.unit.module_utils._checklist.runs import fresh_with_effects
from tests.unit.module_utils._checks.worlds import KEY, SSHD_FILE, context, failed
from tests.unit.module_utils._recovery.fake_journal import FakeJournal

ARMED = f"write {installation.PENDING} 0600 root:root"
TAKEN_BACK = f"run sh {installation.COMMAND} now"


def apply(host, *, seconds=60, check_mode=False):
    asked = context(admin_keys=(KEY,))
    executor = Executor(host, None if check_mode else host)
    recovery = Recovery(seconds, run="abc", python="/usr/bin/python3", journal=FakeJournal(host.performed))
    engine = Engine(host, asked, selected(CHECKS, asked), recovery, sleep=lambda seconds: None)
    return engine.apply(executor, PackageSession(asked.platform, host, executor)), executor


def test_the_way_back_is_armed_before_what_is_dangerous_and_after_all_else():
    host = fresh_with_effects()
    outcome, _executor = apply(host)
    armed = host.performed.index(ARMED)
    recorded = [line.partition(":")[0] for line in host.performed if line.startswith("journal ")]
    assert outcome.is_unconfirmed
    assert recorded == sorted(recorded, key=["journal opened", "journal step", "journal way_in", "journal door"].index)
    assert all("journal step" not in line for line in host.performed[armed:])
    assert all("journal way_in" not in line and "journal door" not in line for line in host.performed[:armed])


def test_the_administrators_login_is_made_before_any_door_is_closed():
    host = fresh_with_effects()
    apply(host)
    order = [line for line in host.performed if line.startswith(("run useradd", "run ufw", f"write {SSHD_FILE}"))]
    assert order[0].startswith("run useradd")
    assert order[-1].startswith(f"write {SSHD_FILE}")


def test_the_tools_stand_before_the_first_change_and_are_not_in_the_journal():
    host = fresh_with_effects()
    apply(host)
    opened = host.performed.index("journal opened")
    assert host.performed[opened + 1].startswith(f"write {installation.PROGRAM}")
    assert not any(installation.DIRECTORY in line for line in host.performed if line.startswith("journal step"))


def test_with_nobody_to_confirm_it_is_settled_at_the_end():
    host = fresh_with_effects()
    outcome, _executor = apply(host, seconds=0)
    assert not outcome.is_unconfirmed
    assert f"run rm -f {installation.PENDING}" in host.performed
    assert not any("systemd-run" in line for line in host.performed)


def test_nothing_is_armed_in_check_mode():
    host = fresh_with_effects()
    outcome, _executor = apply(host, check_mode=True)
    assert not outcome.is_unconfirmed
    assert host.performed == []


def test_a_second_run_arms_nothing():
    host = fresh_with_effects()
    apply(host)
    before = list(host.performed)
    outcome, executor = apply(host)
    assert (outcome.is_unconfirmed, executor.changes, host.performed) == (False, (), before)


def test_check_mode_foretells_the_installation_too():
    _outcome, foretold = apply(fresh_with_effects(), check_mode=True)
    _outcome, real = apply(fresh_with_effects())
    assert foretold.changes == real.changes
    assert installation.UNIT in [change.target for change in real.changes]


def test_what_fails_half_way_is_taken_back_at_once():
    host = fresh_with_effects()
    host.answers["systemctl reload-or-restart ssh.service"] = failed("systemctl reload-or-restart ssh.service")
    with pytest.raises(ActionFailed):
        apply(host)
    assert host.performed[-1] == f"{TAKEN_BACK} abc"
