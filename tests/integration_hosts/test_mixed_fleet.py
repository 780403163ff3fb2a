"""A fleet of two families in one play, with one set of variables: the same checks, the same verdicts, the same end."""

from __future__ import annotations

import subprocess

import pytest

from tests.integration_hosts.plays import SITE, hosts, play, shell


@pytest.fixture(scope="module")
def fleet():
    with hosts("fleet-ubuntu") as (ubuntu,), hosts("fleet-centos", image="centos") as (centos,):
        yield {"ubuntu_lts": ubuntu, "centos": centos}


@pytest.fixture(scope="module")
def variables(fleet):
    """Given once, for both."""
    key = fleet["ubuntu_lts"].folder / "admin_ed25519"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    return {
        "python_host_admin_key_file": str(key),
        "python_host_packages": ["ca-certificates", "unzip"],
        "python_host_firewall_allow": ["8000/tcp"],
        "python_host_python_requirements": ["six==1.17.0"],
        "python_host_python_verify_imports": ["six"],
    }


@pytest.fixture(scope="module")
def first(fleet, variables):
    return play(SITE, [host.inventory for host in fleet.values()], variables=variables)


@pytest.fixture(scope="module")
def second(first, fleet, variables):
    return play(SITE, [host.inventory for host in fleet.values()], variables=variables)


def tasks(run, host):
    return [result.task for result in run.results if result.host == host.name]


def test_one_play_prepares_both_with_the_role_for_each(first, fleet):
    assert first.failures == (), first.output
    for role, host in fleet.items():
        assert any(task.startswith(f"groundwork.python_host.{role} :") for task in tasks(first, host))
        assert first.answer("security_checklist", host.name)["handover"]["user"] == "deploy"
        assert first.answer("security_checklist", host.name)["confirmed"]


def test_no_check_fails_on_either(first, fleet):
    for host in fleet.values():
        statuses = first.statuses(host.name)
        assert {name for name, status in statuses.items() if status in ("fail", "unknown", "would_fix")} == set()
        assert first.answer("security_checklist", host.name)["score"] == 100


def test_the_findings_are_the_same_check_by_check(first, fleet):
    ubuntu, centos = (first.statuses(host.name) for host in fleet.values())
    assert ubuntu == centos


def test_titles_and_severities_are_the_same(first, fleet):
    ubuntu, centos = (first.findings(host.name) for host in fleet.values())
    for name in ubuntu:
        for key in ("title", "severity", "references"):
            assert ubuntu[name][key] == centos[name][key], name


def test_the_answers_of_all_modules_have_the_same_shape(first, fleet):
    for module in ("os_support_info", "packages", "security_checklist", "python_runtime"):
        ubuntu, centos = (set(first.answer(module, host.name)) for host in fleet.values())
        assert ubuntu == centos, module


def test_the_second_run_changes_nothing_on_either(second, fleet):
    assert (second.failures, second.changed) == ((), ()), second.output
    for host in fleet.values():
        assert set(second.statuses(host.name).values()) <= {"pass", "not_applicable"}


def test_the_same_runtime_is_in_use_on_both(second, fleet):
    for host in fleet.values():
        version = "/srv/app/current/bin/python -c 'import six; print(six.__version__)'"
        answer = shell(host, f"readlink -f /srv/app/current; runuser -u app -- {version}")
        assert answer.split() == [second.answer("python_runtime", host.name)["venv"], "1.17.0"]
