"""Hosts whose repositories lack fail2ban: its checks fail and say what to do, and all else is hardened all the same."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration_hosts.plays import SITE, Run, hosts, play, shell

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.hosts.state import Host

BANS = {"BAN-001", "BAN-002"}
NOT_THERE = "'fail2ban' is not in the package repositories of this host"
# apt has no installation candidate for what is pinned like that, as for what is in a component that is switched off.
PINNED = "printf 'Package: fail2ban\\nPin: release *\\nPin-Priority: -1\\n' > /etc/apt/preferences.d/no-fail2ban"


@dataclass(frozen=True)
class Case:
    """How a host of this image comes to lack fail2ban, and what the findings advise."""

    image: str
    variables: Mapping[str, Any]
    words: str
    script: str = "true"


CASES = (
    Case("centos", {"centos_epel": False}, "`epel` (in the role: centos_epel) is false"),
    # As on RHEL, whose repositories have no package that brings EPEL.
    Case(
        "centos",
        {},
        "run `dnf install https://dl.fedoraproject.org/pub/epel/epel-release-latest-9.noarch.rpm`",
        "sed -i 's/^enabled=1/enabled=0/' /etc/yum.repos.d/centos-addons.repo",
    ),
    Case("ubuntu_lts", {}, NOT_THERE, PINNED),
)


@dataclass(frozen=True)
class Runs:
    """The same command three times: foretold, for real, and again."""

    case: Case
    host: Host
    foretold: Run
    first: Run
    again: Run


@pytest.fixture(scope="module", params=CASES, ids=("centos_epel is false", "no epel-release", "ubuntu_lts"))
def runs(request: pytest.FixtureRequest) -> Iterator[Runs]:
    case = request.param
    with hosts("lacking", image=case.image) as (host,):
        key = host.folder / "admin_ed25519"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
        shell(host, case.script)
        variables = {**case.variables, "python_host_admin_key_file": str(key)}
        runs = [play(SITE, [host.inventory], variables=variables, options=options) for options in (["--check"], [], [])]
        yield Runs(case, host, *runs)


def failing(run: Run) -> set[str]:
    return {check_id for check_id, status in run.statuses().items() if status == "fail"}


def test_no_run_is_broken_off(runs: Runs) -> None:
    for run in (runs.foretold, runs.first, runs.again):
        assert (run.code, run.failures) == (0, ()), run.output


def test_the_bans_alone_fail_in_each_run_with_what_to_do(runs: Runs) -> None:
    for run in (runs.foretold, runs.first, runs.again):
        assert failing(run) == BANS
        for check_id in BANS:
            assert NOT_THERE in run.findings()[check_id]["remedy"]
            assert runs.case.words in run.findings()[check_id]["remedy"]


def test_accounts_updates_firewall_and_sshd_are_hardened_as_foretold(runs: Runs) -> None:
    fixed = {check_id for check_id, status in runs.first.statuses().items() if status == "fixed"}
    assert {"ACC-001", "ACC-002", "ACC-003", "UPD-001", "FW-001", "SSH-001"} <= fixed
    assert {name for name, status in runs.foretold.statuses().items() if status == "would_fix"} == fixed
    assert "permitrootlogin no" in shell(runs.host, "sshd -T")


def test_nothing_of_fail2ban_is_left_on_the_host(runs: Runs) -> None:
    assert shell(runs.host, "ls -d /etc/fail2ban 2>/dev/null || true") == ""


def test_a_second_run_changes_nothing(runs: Runs) -> None:
    assert (runs.again.changed, runs.again.changes()) == ((), [])
