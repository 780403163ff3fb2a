"""Check mode tells the truth: site.yml foretold on a fresh host, run, and run again, each on what the last has left."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest

from tests.hosts import snapshot
from tests.integration_hosts.plays import SITE, hosts, play, shell
from tests.integration_hosts.shell_functions import A_NIGHT_ON_FREEBSD
from tests.tools.paths import ROOT

MODULES = ("packages", "security_checklist", "python_runtime")
BOOTSTRAP = ROOT / "playbooks/bootstrap.yml"


@dataclass(frozen=True)
class Beginning:
    """A system by its image, and how its host is before anything is foretold.

    `is_bootstrapped` is for one without a Python, of which check mode can say nothing before. `fixed` are checks that
    fail there at first, and `package` one that is not there, and that brings nothing which a later module would have to
    install: each foretells its own part alone. `installs` are the modules that install something there. `a_night` lets
    happen what the host does by itself after a run, and what a check waits for.
    """

    image: str
    package: str
    fixed: frozenset[str]
    installs: tuple[str, ...] = MODULES
    skip: tuple[str, ...] = ()
    is_bootstrapped: bool = False
    is_fresh: str = "true"
    a_night: str = "true"


BEGINNINGS = (
    Beginning(
        "ubuntu_lts",
        "htop",
        frozenset({"ACC-001", "UPD-002", "BAN-001", "FW-001", "SSH-001", "SSH-002", "SSH-006"}),
        is_fresh="find /var/lib/apt/lists -type f",
    ),
    Beginning(
        "centos",
        "unzip",
        frozenset({"ACC-001", "UPD-002", "BAN-001", "FW-001", "SSH-001", "SSH-002", "SSH-006"}),
        installs=("packages", "security_checklist"),
    ),
    Beginning(
        "freebsd",
        "pkgconf",
        frozenset({"ACC-001", "UPD-001", "BAN-001", "FW-001", "SSH-001", "SSH-003", "SSH-006"}),
        # Python has a known hole there, and the list that says so comes with a real run only.
        skip=("UPD-003",),
        is_bootstrapped=True,
        a_night=A_NIGHT_ON_FREEBSD,
    ),
)


@pytest.fixture(scope="module", params=BEGINNINGS, ids=lambda beginning: beginning.image)
def beginning(request):
    return request.param


@pytest.fixture(scope="module")
def host(beginning):
    with hosts(f"check-mode-{beginning.image}", image=beginning.image) as (fresh,):
        assert shell(fresh, beginning.is_fresh) == ""
        if beginning.is_bootstrapped:
            bootstrapped = play(BOOTSTRAP, [fresh.inventory])
            assert bootstrapped.code == 0, bootstrapped.output
        yield fresh


@pytest.fixture(scope="module")
def runs(beginning, host):
    """The same command four times: foretold, for real, again for real, foretold again."""
    key_file = host.folder / "admin_ed25519"
    variables = {
        "python_host_admin_key_file": str(key_file),
        "python_host_firewall_allow": ["8000/tcp"],
        "python_host_packages": [beginning.package],
        "python_host_ssh_port": 2222,
        "python_host_skip": list(beginning.skip),
        "python_host_python_requirements": ["six==1.17.0"],
    }
    before = snapshot.take(host.name)
    foretold = play(SITE, [host.inventory], variables=variables, options=["--check", "--diff"])
    left = snapshot.differences(before, snapshot.take(host.name))
    assert not key_file.exists()
    first = play(SITE, [host.inventory], variables=variables, options=["--diff"])
    shell(host, beginning.a_night)
    again = play(SITE, [host.inventory], variables=variables, options=["--diff"])
    foretold_again = play(SITE, [host.inventory], variables=variables, options=["--check", "--diff"])
    return {"foretold": foretold, "left": left, "first": first, "again": again, "foretold again": foretold_again}


@pytest.mark.parametrize("name", ["foretold", "first", "again", "foretold again"])
def test_every_run_succeeds(runs, name):
    assert runs[name].failures == (), runs[name].output
    assert runs[name].code == 0, runs[name].output


def test_check_mode_leaves_every_file_account_and_unit_as_it_was(runs):
    assert runs["left"] == []


def test_check_mode_would_fix_what_the_run_then_fixes(runs, beginning):
    would_fix = {name for name, status in runs["foretold"].statuses().items() if status == "would_fix"}
    fixed = {name for name, status in runs["first"].statuses().items() if status == "fixed"}
    assert would_fix == fixed
    assert beginning.fixed <= fixed


def test_the_other_checks_keep_their_status(runs):
    foretold, first = runs["foretold"].statuses(), runs["first"].statuses()
    assert list(foretold) == list(first)
    unlike = {name: (foretold[name], first[name]) for name in foretold if foretold[name] != first[name]}
    assert set(unlike.values()) == {("would_fix", "fixed")}


@pytest.mark.parametrize("module", MODULES)
def test_the_package_plan_and_the_changes_are_those_that_the_run_then_makes(runs, beginning, module):
    foretold, first = runs["foretold"].answer(module), runs["first"].answer(module)
    assert foretold["plan"] == first["plan"]
    assert bool(foretold["plan"]) is (module in beginning.installs)
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
