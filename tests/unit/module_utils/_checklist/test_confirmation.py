"""When the engine arms the way back, and what it then does in which order."""

from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.engine import Engine, selected
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.catalog import CHECKS
from ansible_collections.groundwork.python_host.plugins.module_utils._confirm import program
from ansible_collections.groundwork.python_host.plugins.module_utils._confirm.confirmation import Confirmation
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import ActionFailed
from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Executor
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.transaction import PackageSession
from tests.unit.module_utils._checklist.runs import fresh_with_effects
from tests.unit.module_utils._checks.worlds import KEY, SSHD_FILE, context, failed

CONFIRMATION = Confirmation(60, token="abc", python="/usr/bin/python3")
ARMED = f"write {program.PENDING} 0600 root:root"


def apply(host, *, confirmation=CONFIRMATION, check_mode=False):
    asked = context(admin_keys=(KEY,))
    executor = Executor(host, None if check_mode else host)
    engine = Engine(host, asked, selected(CHECKS, asked), confirmation, sleep=lambda seconds: None)
    return engine.apply(executor, PackageSession(asked.platform, host, executor)), executor


def test_the_way_back_is_armed_after_what_opens_and_before_what_could_cut_off():
    host = fresh_with_effects()
    outcome, _executor = apply(host)
    order = [line for line in host.performed if line.startswith(("write ", "run ufw", "run passwd", "run useradd"))]
    armed = order.index(ARMED)
    assert outcome.is_unconfirmed
    assert any("useradd" in line for line in order[:armed])
    assert all("ufw" in line or "sshd_config.d" in line or "passwd" in line for line in order[armed + 1 :])
    assert order[armed + 1 :]


@pytest.mark.parametrize(("confirmation", "check_mode"), [(Confirmation(), False), (CONFIRMATION, True)])
def test_nothing_is_armed_without_anybody_to_confirm_or_in_check_mode(confirmation, check_mode):
    host = fresh_with_effects()
    outcome, _executor = apply(host, confirmation=confirmation, check_mode=check_mode)
    assert not outcome.is_unconfirmed
    assert ARMED not in host.performed


def test_a_second_run_arms_nothing():
    host = fresh_with_effects()
    apply(host)
    outcome, executor = apply(host)
    assert (outcome.is_unconfirmed, executor.changes, host.performed.count(ARMED)) == (False, (), 1)


def test_check_mode_foretells_the_installation_too():
    _outcome, foretold = apply(fresh_with_effects(), check_mode=True)
    _outcome, real = apply(fresh_with_effects())
    assert foretold.changes == real.changes
    assert program.UNIT in [change.target for change in real.changes]


def test_a_step_that_fails_takes_everything_dangerous_back():
    host = fresh_with_effects()
    del host.effects[SSHD_FILE]
    host.answers["sshd -t"] = failed(255, stderr="bad configuration")
    with pytest.raises(ActionFailed):
        apply(host)
    assert host.performed[-1] == f"run /usr/bin/python3 -I {program.PATH} now"
