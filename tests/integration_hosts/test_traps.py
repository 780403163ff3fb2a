"""Hosts with a trap: each is named before anything is written, or mended with the login proven; clean ones are not.

The table is traps.py. Several hosts share one play, because starting Ansible takes longer than what it does here.
"""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.hosts import snapshot
from tests.integration_hosts import access_state, plays
from tests.integration_hosts.traps import CLEAN, MENDED, NAMED, Trap
from tests.tools.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.hosts.state import Host

CHECKLIST = Path(__file__).with_name("checklist.yml")
TABLE = ROOT / "docs/traps.md"
AT_ONCE = 6
CONTROLLER = "ip route show default | cut -d' ' -f3"
# Slow, and not about access.
LEFT_OUT = ["UPD-001", "UPD-002", "BAN-001", "BAN-002", "FW-001"]
# A unit that systemd knows by now because somebody asked about it.
LOOKED_AT = "absent -> loaded inactive dead"
SUDO_WITH_PASSWORD = "echo a password | sudo -S -p '' id -un"


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    """The administrator's key, one for all hosts."""
    return access_state.key_pair(tmp_path_factory.mktemp("key") / "admin")


@pytest.fixture(scope="module")
def told(request, key):
    """What check mode answers for each trap, by its name: (the message of the failure, this run's own address)."""
    messages: dict[str, tuple[str, str]] = {}
    for wave in waves(request, "named"):
        with plays.hosts(*names(wave), image="ubuntu_lts_prepared") as hosts:
            build(wave, hosts, key)
            run = play(wave, hosts, key, options=["--check"])
            for trap, host in zip(wave, hosts):
                failures = "".join(line for line in run.failures if line.startswith(f"{host.name}:"))
                messages[trap.name] = failures, plays.shell(host, CONTROLLER)
    return messages


@pytest.fixture(scope="module")
def applied(request, key):
    """What became of each host that the run should mend or find clean: (trouble, logins), by the trap's name."""
    outcomes: dict[str, tuple[str, list[str]]] = {}
    for wave in waves(request, "open"):
        with plays.hosts(*names(wave), image="ubuntu_lts_prepared") as hosts:
            build(wave, hosts, key)
            run = play(wave, hosts, key)
            for trap, host in zip(wave, hosts):
                outcomes[trap.name] = (trouble(run, host), logins(trap, host, key))
    return outcomes


def waves(request, argument: str) -> list[list[Trap]]:
    """The traps of the tests that this session asks for, a few at a time."""
    items = [item for item in request.session.items if item.module is request.module and hasattr(item, "callspec")]
    wanted = [item.callspec.params[argument] for item in items if argument in item.callspec.params]
    return [wanted[start : start + AT_ONCE] for start in range(0, len(wanted), AT_ONCE)]


def names(wave: Sequence[Trap]) -> list[str]:
    return [f"trap-{number}" for number, _trap in enumerate(wave)]


def build(wave: Sequence[Trap], hosts: Sequence[Host], key: Path) -> None:
    public_key = key.with_suffix(".pub").read_text().strip()

    def run(trap: Trap, host: Host) -> None:
        controller = plays.shell(host, CONTROLLER)
        plays.shell(host, trap.build.format(key=public_key, controller=controller))

    with ThreadPoolExecutor(len(wave)) as pool:
        list(pool.map(run, wave, hosts))


def play(wave: Sequence[Trap], hosts: Sequence[Host], key: Path, *, options: Sequence[str] = ()) -> plays.Run:
    usual = {
        "python_host_admin_key_file": str(key),
        "python_host_skip": LEFT_OUT,
        "python_host_confirm_timeout": 30,
    }
    variables = {host.name: {**usual, **trap.variables} for trap, host in zip(wave, hosts)}
    inventory = key.with_name("inventory.json")
    inventory.write_text(json.dumps({"all": {"hosts": variables}}))
    inventories = [*[host.inventory for host in hosts], inventory]
    return plays.play(CHECKLIST, inventories, options=options, environment={"ANSIBLE_FORKS": str(AT_ONCE)})


def trouble(run: plays.Run, host: Host) -> str:
    """Why this host did not end with its doors closed; empty when it did."""
    failing = [f"{name}: {found['observed']}" for name, found in run.findings(host.name).items() if is_bad(found)]
    return "\n".join([*[line for line in run.failures if line.startswith(f"{host.name}:")], *failing])


def is_bad(finding) -> bool:
    return finding["status"] in ("fail", "unknown", "would_fix")


def logins(trap: Trap, host: Host, key: Path) -> list[str]:
    """Who gets in by a login of its own: the administrator with sudo, and root."""
    port = int(str(trap.variables.get("python_host_ssh_port", 22)))
    command = SUDO_WITH_PASSWORD if "ansible_become_password" in trap.variables else access_state.BECOME_ROOT
    is_in = {
        "the administrator": access_state.gets_in(host, "deploy", key, port=port, command=command),
        "root": access_state.gets_in(host, "root", host.key_file, port=port),
    }
    return [who for who, works in is_in.items() if works]


@pytest.mark.parametrize("named", NAMED, ids=lambda trap: trap.name)
def test_a_trap_is_named_before_anything_is_written(told, named):
    message, controller = told[named.name]
    assert "Refused" in message, message
    assert [word for word in named.words if word.format(controller=controller) not in message] == [], message


@pytest.mark.parametrize("open", [*MENDED, *CLEAN], ids=lambda trap: trap.name)
def test_a_trap_that_can_be_mended_and_a_clean_host_end_with_a_login_that_works(applied, open):  # noqa: A002
    found, logged_in = applied[open.name]
    assert (found, logged_in) == ("", ["the administrator"])


def test_a_run_that_is_refused_writes_nothing(key):
    trap = NAMED[-2]
    with plays.hosts("trap-applied", image="ubuntu_lts_prepared") as hosts:
        build([trap], hosts, key)
        before = snapshot.take(hosts[0].name)
        run = play([trap], hosts, key)
        after = snapshot.take(hosts[0].name)
    (message,) = run.failures
    assert "Refused" in message
    assert all(word in message for word in trap.words), message
    assert [line for line in snapshot.differences(before, after) if not line.endswith(LOOKED_AT)] == []
    assert run.changed == ()


@pytest.mark.parametrize(("traps", "outcome"), [(NAMED, "named"), (MENDED, "mended"), (CLEAN, "none")])
def test_the_documentation_has_a_line_for_each_trap(traps, outcome):
    lines = TABLE.read_text().splitlines()
    rows = {cells[1].strip(): cells[2].strip() for cells in (line.split("|") for line in lines) if len(cells) > 4}
    assert {trap.name: rows.get(trap.name) for trap in traps} == {trap.name: outcome for trap in traps}


def test_the_table_is_long_enough():
    assert len({trap.name for trap in (*NAMED, *MENDED)}) >= 30
    assert len({trap.name for trap in CLEAN}) >= 10
