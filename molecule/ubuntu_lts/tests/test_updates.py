"""Security updates install themselves and others do not, judged by unattended-upgrades on the host's own archive."""

from __future__ import annotations

import re


def test_a_dry_run_picks_the_security_update_and_leaves_the_other_one(machine):
    installed = {name: machine.package(name).version for name in ("groundwork-demo", "groundwork-feature")}
    assert installed == {"groundwork-demo": "1.0", "groundwork-feature": "1.0"}
    dry_run = machine.check_output("unattended-upgrade --dry-run --debug 2>&1")
    chosen = re.findall(r"Packages that will be upgraded:(.*)", dry_run)[0].split()
    assert "groundwork-demo" in chosen
    assert "groundwork-feature" not in chosen
    assert "Checking: groundwork-demo ([<Origin component:'main' archive:'jammy-security' origin:'Ubuntu'" in dry_run


def test_both_timers_are_on(machine):
    for name in ("apt-daily.timer", "apt-daily-upgrade.timer"):
        assert machine.service(name).is_enabled
        assert machine.service(name).is_running
