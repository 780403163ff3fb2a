"""Hosts with a trap: each is named before anything is written, or mended with the login proven; clean ones are not.

The table is traps.py. Several hosts share one play, because starting Ansible takes longer than what it does here. Every
trap is tried on Ubuntu and on FreeBSD, and on Enterprise Linux those in which it differs; with GROUNDWORK_EVERY_TRAP
set, all.
"""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.hosts import snapshot
from tests.integration_hosts import access_state, plays
from tests.integration_hosts.systems import CENTOS, ROCKY_8, SYSTEMS, System, tried
from tests.integration_hosts.traps import CLEAN, MENDED, NAMED, Trap
from tests.tools.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.hosts.state import Host

CHECKLIST = Path(__file__).with_name("checklist.yml")
TABLE = ROOT / "docs/traps.md"
AT_ONCE = 6
# Slow, and not about access.
LEFT_OUT = ["UPD-001", "UPD-002", "UPD-003", "UPD-004", "BAN-001", "BAN-002", "FW-001"]
# A unit that systemd knows by now because somebody asked about it.
LOOKED_AT = "absent -> loaded inactive dead"
SUDO_WITH_PASSWORD = "echo a password | sudo -S -p '' id -un"
# What the others do in their own way: PAM, sudoers, services, groups, and where sshd's lines stand.
CHOSEN = {
    CENTOS: (
        "AllowUsers names others",
        "AllowGroups without a group of the account that is there",
        "a Match tail without keys",
        "keys in another place",
        "a kind of key that is not taken",
        "a rule about the new port",
        "a configuration that sshd refuses",
        "a locked account without PAM",
        "an account that has expired",
        "a password that is too old",
        "a list of PAM's of who may come in",
        "logins are switched off",
        "a later rule that takes all away",
        "sudoers without its directory",
        "the password of somebody else",
        "a port that another program has",
        "a socket that listens where its own unit says",
        "another firewall that keeps the new port shut",
        "a rule against this address that firewalld has in store",
        "a list of users, a forgotten expiry and a later rule",
        "a shell that ends every login",
        "a firewall that the next boot would start, without SSH",
        "a home of root's alone",
        "sudo that wants a terminal",
        "an account with a password, and with sudo by its group",
        "sudo with a password",
        "a new port",
    ),
    ROCKY_8: (
        "AllowUsers names others",
        "a Match tail without keys",
        "keys that only a command reads",
        "a port inside ListenAddress",
        "a socket that listens where its own unit says",
        "a cage, another place for keys and no port",
        "keys switched off for all",
        "a home that everybody may write",
        "Match blocks for others",
        "keys in two places",
        "a command that lets every command through",
        "a new port",
    ),
}


def cases(traps: Sequence[Trap]) -> list[object]:
    """Each trap on each system that it is tried on."""
    return [pytest.param((system, trap), id=f"{system.name}: {trap.name}") for system, trap in tried(traps, CHOSEN)]


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    """The administrator's key, one for all hosts."""
    return access_state.key_pair(tmp_path_factory.mktemp("key") / "admin")


@pytest.fixture(scope="module")
def told(request, key):
    """What check mode answers for each case: (the message of the failure, this run's own address)."""
    messages: dict[tuple[str, str], tuple[str, str]] = {}
    for system, wave in waves(request, "named"):
        with plays.hosts(*names(wave), image=system.prepared) as hosts:
            build(system, wave, hosts, key)
            run = play(system, wave, hosts, key, options=["--check"])
            for trap, host in zip(wave, hosts):
                failures = "".join(line for line in run.failures if line.startswith(f"{host.name}:"))
                messages[system.name, trap.name] = failures, plays.shell(host, system.controller)
    return messages


@pytest.fixture(scope="module")
def applied(request, key):
    """What became of each host that the run should mend or find clean: (trouble, logins), by system and trap."""
    outcomes: dict[tuple[str, str], tuple[str, list[str]]] = {}
    for system, wave in waves(request, "open"):
        with plays.hosts(*names(wave), image=system.prepared) as hosts:
            build(system, wave, hosts, key)
            run = play(system, wave, hosts, key)
            for trap, host in zip(wave, hosts):
                outcomes[system.name, trap.name] = (trouble(run, host), logins(trap, host, key))
    return outcomes


def waves(request, argument: str) -> Iterator[tuple[System, list[Trap]]]:
    """The traps of the tests that this session asks for, a few of a system at a time."""
    items = [item for item in request.session.items if item.module is request.module and hasattr(item, "callspec")]
    wanted = [item.callspec.params[argument] for item in items if argument in item.callspec.params]
    for system in SYSTEMS.values():
        own = [trap for place, trap in wanted if place is system]
        yield from ((system, own[start : start + AT_ONCE]) for start in range(0, len(own), AT_ONCE))


def names(wave: Sequence[Trap]) -> list[str]:
    return [f"trap-{number}" for number, _trap in enumerate(wave)]


def build(system: System, wave: Sequence[Trap], hosts: Sequence[Host], key: Path) -> None:
    public_key = key.with_suffix(".pub").read_text().strip()

    def run(trap: Trap, host: Host) -> None:
        controller = plays.shell(host, system.controller)
        script = trap.build.format(key=public_key, controller=controller, **system.words)
        plays.shell(host, system.functions + script)

    with ThreadPoolExecutor(len(wave)) as pool:
        list(pool.map(run, wave, hosts))


def play(
    system: System, wave: Sequence[Trap], hosts: Sequence[Host], key: Path, *, options: Sequence[str] = ()
) -> plays.Run:
    usual = {
        "ansible_python_interpreter": system.python,
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


@pytest.mark.parametrize("named", cases(NAMED))
def test_a_trap_is_named_before_anything_is_written(told, named):
    system, trap = named
    message, controller = told[system.name, trap.name]
    assert "Refused" in message, message
    words = [word.format(controller=controller, **system.words) for word in trap.words]
    assert [word for word in words if word not in message] == [], message


@pytest.mark.parametrize("open", cases([*MENDED, *CLEAN]))
def test_a_trap_that_can_be_mended_and_a_clean_host_end_with_a_login_that_works(applied, open):  # noqa: A002
    system, trap = open
    found, logged_in = applied[system.name, trap.name]
    assert (found, logged_in) == ("", ["the administrator"])


@pytest.mark.parametrize("system", SYSTEMS.values(), ids=lambda system: system.name)
def test_a_run_that_is_refused_writes_nothing(key, system):
    trap = NAMED[-2]
    with plays.hosts("trap-applied", image=system.prepared) as hosts:
        build(system, [trap], hosts, key)
        before = snapshot.take(hosts[0].name)
        run = play(system, [trap], hosts, key)
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


def test_what_is_chosen_for_a_system_is_in_the_table():
    known = {trap.name for trap in (*NAMED, *MENDED, *CLEAN)}
    assert {name for chosen in CHOSEN.values() for name in chosen} <= known


def test_the_table_is_long_enough():
    assert len({trap.name for trap in (*NAMED, *MENDED)}) >= 30
    assert len({trap.name for trap in CLEAN}) >= 10
