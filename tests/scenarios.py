"""What differs between the scenarios: their hosts, and what each family's own tools say of the same state."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Callable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from testinfra.host import Host as Machine

TEST_PACKAGES = ("groundwork-demo", "groundwork-feature")
SECURITY_UPDATE, ORDINARY_UPDATE = TEST_PACKAGES


def dry_run_of_unattended_upgrades(machine: Machine) -> set[str]:
    """What unattended-upgrades would take; it says from which archive, too."""
    dry_run = machine.check_output("unattended-upgrade --dry-run --debug 2>&1")
    assert "Checking: groundwork-demo ([<Origin component:'main' archive:'jammy-security' origin:'Ubuntu'" in dry_run
    return set(re.findall(r"Packages that will be upgraded:(.*)", dry_run)[0].split())


def run_of_dnf_automatic(machine: Machine) -> set[str]:
    """What is upgraded when the service is started that the timer starts; taken back afterwards."""
    service = machine.check_output("systemctl show --value --property=Unit dnf-automatic.timer")
    before = versions(machine)
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


@dataclass(frozen=True)
class Family:
    """The words and ways of one family of systems.

    `methods` is what sshd lets a login try when no password is taken: a Kerberos ticket, which Enterprise Linux offers,
    is none. `taken` says of which host automatic updates take which of the test packages.
    """

    methods: str
    locked: str
    timers: tuple[str, ...]
    updates: Callable[[Machine], set[str]]
    taken: Mapping[str, set[str]]


@dataclass(frozen=True)
class Scenario:
    """The hosts of a scenario: those that are prepared, and one that nothing is ever applied to."""

    prepared: tuple[str, ...]
    intruder: str
    family: Family


DEBIAN = Family(
    methods="publickey",
    locked="L",
    timers=("apt-daily.timer", "apt-daily-upgrade.timer"),
    updates=dry_run_of_unattended_upgrades,
    taken={"ubuntu-lts": {SECURITY_UPDATE}},
)
REDHAT = Family(
    methods="publickey,gssapi-keyex,gssapi-with-mic",
    locked="L",
    timers=("dnf-automatic.timer",),
    updates=run_of_dnf_automatic,
    # CentOS Stream publishes no advisories, so nothing tells a security update from another.
    taken={"centos": {SECURITY_UPDATE, ORDINARY_UPDATE}, "rocky8": {SECURITY_UPDATE}},
)
SCENARIOS = {
    "ubuntu_lts": Scenario(("ubuntu-lts",), "ubuntu-intruder", DEBIAN),
    "centos": Scenario(("centos", "rocky8"), "centos-intruder", REDHAT),
}


def current() -> Scenario:
    """The scenario that Molecule runs."""
    return SCENARIOS[os.environ["MOLECULE_SCENARIO_NAME"]]
