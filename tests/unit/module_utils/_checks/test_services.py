from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import services
from tests.unit.module_utils._checks.worlds import SHOW_UNITS, prepared, put, raw, units


def test_systemd_answers_for_all_units_in_the_order_asked_for():
    states = services.parse(raw("prepared/systemctl-show.txt"))
    assert set(states) == set(services.UNITS)
    assert states["fail2ban.service"] == services.Unit(is_enabled=True, is_active=True)
    assert states["ssh.socket"] == services.Unit(is_enabled=False, is_active=False)


def test_a_unit_that_systemd_does_not_know_is_neither():
    states = services.parse(raw("fresh/systemctl-show.txt"))
    assert states["fail2ban.service"] == services.Unit(is_enabled=False, is_active=False)
    assert states["apt-daily.timer"] == services.Unit(is_enabled=True, is_active=True)


@pytest.mark.parametrize(
    ("state", "before"),
    [
        ("enabled active", None),
        ("static active", None),
        ("enabled inactive", "enabled, inactive"),
        ("disabled active", "disabled, active"),
        ("disabled failed", "disabled, inactive"),
        ("masked failed", None),
        ("masked-runtime inactive", None),
        (" inactive", "disabled, inactive"),
    ],
)
def test_one_command_mends_both(state, before):
    host = put(prepared(), answers=units(fail2ban_service=state))
    found = [command.change.before for command in services.enable_and_start(host, "fail2ban.service")]
    assert found == ([before] if before else [])
    assert host.asked == [SHOW_UNITS]
