"""Check mode tells the truth: site.yml foretold on a fresh host, run, and run again, each on what the last has left."""

from __future__ import annotations

import json

import pytest

from tests.hosts import snapshot
from tests.integration_hosts.plays import SITE, hosts, play, shell

MODULES = ("packages", "security_checklist", "python_runtime")


@pytest.fixture(scope="module")
def host():
    with hosts("check-mode") as (fresh,):
        assert shell(fresh, "find /var/lib/apt/lists -type f") == ""
        yield fresh


@pytest.fixture(scope="module")
def runs(host):
    """The same command four times: foretold, for real, again for real, foretold again."""
    key_file = host.folder / "admin_ed25519"
    variables = {
        "python_host_admin_key_file": str(key_file),
        "python_host_firewall_allow": ["8000/tcp"],
        "python_host_packages": ["htop"],
        "python_host_ssh_port": 2222,
        "python_host_python_requirements": ["six==1.17.0"],
    }
    before = snapshot.take(host.name)
    foretold = play(SITE, [host.inventory], variables=variables, options=["--check", "--diff"])
    left = snapshot.differences(before, snapshot.take(host.name))
    assert not key_file.exists()
    first = play(SITE, [host.inventory], variables=variables, options=["--diff"])
    again = play(SITE, [host.inventory], variables=variables, options=["--diff"])
    foretold_again = play(SITE, [host.inventory], variables=variables, options=["--check", "--diff"])
    return {"foretold": foretold, "left": left, "first": first, "again": again, "foretold again": foretold_again}


@pytest.mark.parametrize("name", ["foretold", "first", "again", "foretold again"])
def test_every_run_succeeds(runs, name):
    assert runs[name].failures == (), runs[name].output
    assert runs[name].code == 0, runs[name].output


def test_check_mode_leaves_every_file_account_and_unit_as_it_was(runs):
    assert runs["left"] == []


def test_check_mode_would_fix_what_the_run_then_fixes(runs):
    would_fix = {name for name, status in runs["foretold"].statuses().items() if status == "would_fix"}
    fixed = {name for name, status in runs["first"].statuses().items() if status == "fixed"}
    assert would_fix == fixed
    assert {"ACC-001", "UPD-002", "BAN-001", "FW-001", "SSH-001", "SSH-002", "SSH-006"} <= fixed


def test_the_other_checks_keep_their_status(runs):
    foretold, first = runs["foretold"].statuses(), runs["first"].statuses()
    assert list(foretold) == list(first)
    unlike = {name: (foretold[name], first[name]) for name in foretold if foretold[name] != first[name]}
    assert set(unlike.values()) == {("would_fix", "fixed")}


@pytest.mark.parametrize("module", MODULES)
def test_the_package_plan_and_the_changes_are_those_that_the_run_then_makes(runs, module):
    foretold, first = runs["foretold"].answer(module), runs["first"].answer(module)
    assert foretold["plan"] == first["plan"]
    assert foretold["plan"]
    assert foretold["changes"] == first["changes"]


@pytest.mark.parametrize("module", MODULES)
def test_the_diff_is_the_same_but_for_the_key_that_was_not_made_yet(runs, module):
    foretold, first = (
        [entry for entry in runs[name].answer(module)["diff"] if "authorized_keys" not in entry["before_header"]]
        for name in ("foretold", "first")
    )
    assert foretold == first


@pytest.mark.parametrize("name", ["again", "foretold again"])
def test_a_run_with_nothing_to_do_changes_nothing(runs, name):
    assert runs[name].changed == ()
    assert runs[name].changes() == []
    assert set(runs[name].statuses().values()) == {"pass", "not_applicable"}


def test_neither_keys_nor_hashes_are_in_what_ansible_printed(runs, host):
    public_key = (host.folder / "admin_ed25519.pub").read_text().split()[1]
    for name in ("foretold", "first"):
        assert public_key not in runs[name].output
        assert "$y$" not in json.dumps(runs[name].changes())
