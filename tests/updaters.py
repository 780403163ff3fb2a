"""What automatic updates take of the test packages on each family of systems, by the updater's own word or deed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from testinfra.host import Host as Machine

TEST_PACKAGES = ("groundwork-demo", "groundwork-feature")
SECURITY_UPDATE, ORDINARY_UPDATE = TEST_PACKAGES


def dry_run_of_unattended_upgrades(machine: Machine) -> set[str]:
    """What unattended-upgrades would take; it says from which archive, too."""
    assert set(versions(machine).values()) == {"1.0"}
    dry_run = machine.check_output("unattended-upgrade --dry-run --debug 2>&1")
    assert "Checking: groundwork-demo ([<Origin component:'main' archive:'jammy-security' origin:'Ubuntu'" in dry_run
    return set(re.findall(r"Packages that will be upgraded:(.*)", dry_run)[0].split())


def run_of_dnf_automatic(machine: Machine) -> set[str]:
    """What is upgraded when the service is started that the timer starts; taken back afterwards."""
    service = machine.check_output("systemctl show --value --property=Unit dnf-automatic.timer")
    before = versions(machine)
    assert set(before.values()) == {"1.0"}
    machine.check_output(f"systemctl start {service}")
    after = versions(machine)
    taken = {name for name in TEST_PACKAGES if after[name] != before[name]}
    _put_back(machine, taken)
    return taken


def _put_back(machine: Machine, taken: Iterable[str]) -> None:
    older = " ".join(f"{name}-1.0" for name in sorted(taken))
    if older:
        machine.check_output(f"dnf -y -q downgrade {older}")


def versions(machine: Machine) -> dict[str, str]:
    return {name: machine.package(name).version for name in TEST_PACKAGES}


def run_of_cron(machine: Machine) -> set[str]:
    """What is newer after the program that our crontab names; without its part about the base system, which waits for
    up to an hour by itself (test_update_job_on_freebsd.py runs that, too). A real host has no test packages.
    """
    job = "/usr/local/libexec/groundwork-updates"
    assert f" {job}" in machine.check_output("cat /usr/local/etc/cron.d/groundwork-updates")
    machine.check_output(f"sed 's/^ *base >> .*/    :/' {job} | sh -s")
    installed = [package for package in map(machine.package, TEST_PACKAGES) if package.is_installed]
    return {package.name for package in installed if package.version != "1.0"}
