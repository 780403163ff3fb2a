"""A fleet of all families in one play, with one set of variables: the same checks, the same verdicts, the same end."""

from __future__ import annotations

import subprocess
from contextlib import ExitStack
from itertools import combinations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checks.catalog import CHECKS
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform
from tests.integration_hosts.plays import SITE, hosts, play, shell
from tests.integration_hosts.shell_functions import A_NIGHT_ON_FREEBSD
from tests.proofs import PROOFS

ROLES = {"debian": "ubuntu_lts", "redhat": "centos", "freebsd": "freebsd_base"}
# What a fresh host can only be told of later, and what that takes: here it is not waited for a night.
LATER = {"freebsd": {"TIME-001": "ntpd has to select a source", "UPD-003": "the nightly job fetches the list"}}
A_NIGHT = {"freebsd": A_NIGHT_ON_FREEBSD}


@pytest.fixture(scope="module")
def fleet():
    """A host of each family that the README's table has a column for."""
    with ExitStack() as stack:
        yield {
            family: stack.enter_context(hosts(f"fleet-{family}", image=proof.image))[0]
            for family, proof in PROOFS.items()
        }


@pytest.fixture(scope="module")
def variables(fleet):
    """Given once, for all."""
    key = fleet["debian"].folder / "admin_ed25519"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    return {
        "python_host_admin_key_file": str(key),
        "python_host_packages": ["ca-certificates", "bash"],
        # FreeBSD tells a package with a known hole by a check of its own.
        "python_host_upgrade": "security",
        "python_host_firewall_allow": ["8000/tcp"],
        "python_host_python_requirements": ["six==1.17.0"],
        "python_host_python_verify_imports": ["six"],
    }


@pytest.fixture(scope="module")
def first(fleet, variables):
    return play(SITE, [host.inventory for host in fleet.values()], variables=variables)


@pytest.fixture(scope="module")
def second(first, fleet, variables):
    for family, script in A_NIGHT.items():
        shell(fleet[family], script)
    return play(SITE, [host.inventory for host in fleet.values()], variables=variables)


def tasks(run, host):
    return [result.task for result in run.results if result.host == host.name]


def nothing_to_judge(family):
    """The checks that do not exist for a family of systems."""
    platform = Platform(PROOFS[family].system, family=family)
    return {check.check_id for check in CHECKS if check.reason_against(platform)}


def test_one_play_prepares_all_with_the_role_for_each(first, fleet):
    assert first.failures == (), first.output
    for family, host in fleet.items():
        assert any(task.startswith(f"groundwork.python_host.{ROLES[family]} :") for task in tasks(first, host))
        assert first.answer("security_checklist", host.name)["handover"]["user"] == "deploy"
        assert first.answer("security_checklist", host.name)["confirmed"]


def test_no_check_fails_on_any(first, second, fleet):
    for family, host in fleet.items():
        bad = {name for name, status in first.statuses(host.name).items() if status in ("fail", "unknown", "would_fix")}
        assert bad <= set(LATER.get(family, ()))
        assert second.answer("security_checklist", host.name)["score"] == 100


def test_the_findings_are_the_same_check_by_check(first, fleet):
    """As far as a check has something to judge on both of two families, and on such hosts; whether it was good before
    the run is a matter of what each system comes with.
    """
    for one, other in combinations(fleet, 2):
        found, others = (first.statuses(fleet[family].name) for family in (one, other))
        assert list(found) == list(others)
        judged = set(found) - {*nothing_to_judge(one), *nothing_to_judge(other)}
        judged -= {*PROOFS[one].unit_only, *PROOFS[other].unit_only}
        assert {found[name] for name in judged} | {others[name] for name in judged} <= {"pass", "fixed"}, (one, other)


def test_titles_and_severities_are_the_same(first, fleet):
    for one, other in combinations(fleet.values(), 2):
        found, others = first.findings(one.name), first.findings(other.name)
        for name in found:
            for key in ("title", "severity", "references"):
                assert found[name][key] == others[name][key], name


def test_the_answers_of_all_modules_have_the_same_shape(first, fleet):
    for module in ("os_support_info", "packages", "security_checklist", "python_runtime"):
        # Ansible adds warnings where there are some.
        shapes = {frozenset(first.answer(module, host.name)) - {"warnings"} for host in fleet.values()}
        assert len(shapes) == 1, module


def test_the_second_run_changes_nothing_on_any(second, fleet):
    assert (second.failures, second.changed) == ((), ()), second.output
    for host in fleet.values():
        assert set(second.statuses(host.name).values()) <= {"pass", "not_applicable"}


def test_the_readmes_table_says_what_was_proven_here_and_on_what(second, fleet):
    for family, host in fleet.items():
        unjudged = {name for name, status in second.statuses(host.name).items() if status == "not_applicable"}
        assert unjudged == nothing_to_judge(family) | set(PROOFS[family].unit_only), family
        # Where an image registry is reached, it is the system itself.
        assert PROOFS[family].kind in host.provenance or "the registry's image" in host.provenance


def test_the_same_runtime_is_in_use_on_all(second, fleet):
    for host in fleet.values():
        version = "/srv/app/current/bin/python -c 'import six; print(six.__version__)'"
        answer = shell(host, f"readlink -f /srv/app/current; sudo -u app {version}")
        assert answer.split() == [second.answer("python_runtime", host.name)["venv"], "1.17.0"]
