"""Hosts on which text and effect differ: the verdict of an audit, and after an apply the effect itself."""

from __future__ import annotations

import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Callable

import pytest

from tests.integration_hosts import plays
from tests.integration_hosts.deceptions import HOSTS, Deception, Round

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.hosts.state import Host

CHECKLIST = plays.paths.ROOT / "tests/integration_hosts/security.yml"
OPTIONS = ("-o", "BatchMode=yes", "-o", "ConnectTimeout=5", "-o", "ControlPath=none")
STRANGER = "ssh -o BatchMode=yes -o ConnectTimeout=5 -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null"


@dataclass(frozen=True)
class Judged:
    """What one deception led to: both findings, and what its proof complained of."""

    audit: Mapping[str, Any]
    applied: Mapping[str, Any]
    complaint: str


@dataclass(frozen=True)
class Refusal:
    """What a refused run said, and what it changed nevertheless."""

    message: str
    changed: tuple[str, ...]


def login(host: Host, user: str, *options: str) -> subprocess.CompletedProcess[str]:
    """An ssh of our own to the host, with the key that its root has."""
    argv = ["ssh", *OPTIONS, "-o", f"UserKnownHostsFile={host.known_hosts}", "-i", str(host.key_file), *options]
    return subprocess.run([*argv, f"{user}@{host.address}", "true"], capture_output=True, text=True, check=False)


def only_keys_are_offered(host: Host, _other: Host) -> str:
    answer = login(host, "deploy", "-o", "PreferredAuthentications=none").stderr
    return "" if "Permission denied (publickey)" in answer else answer


def root_is_refused(host: Host, _other: Host) -> str:
    answer = login(host, "root")
    return "" if "root@" in answer.stderr and "Permission denied" in answer.stderr else "root got in"


def no_empty_passwords(host: Host, _other: Host) -> str:
    return plays.shell(host, "sshd -T | grep -i '^permitemptypasswords' | grep -v ' no' || true")


def a_failed_login_is_counted(host: Host, other: Host) -> str:
    plays.shell(other, f"{STRANGER} nobody-here@{host.address} true 2>/dev/null || true")
    for _attempt in range(20):
        answer = plays.shell(host, "fail2ban-client status sshd")
        if "Total failed:\t0" not in answer:
            return ""
        time.sleep(0.5)
    return answer


def a_ban_shuts_both_ports(host: Host, _other: Host) -> str:
    rules = plays.shell(
        host,
        "fail2ban-client set sshd banip 203.0.113.9 >/dev/null\n"
        "sleep 1; iptables -S INPUT; fail2ban-client unban 203.0.113.9 >/dev/null",
    )
    return "" if "--dports 22,2022 -j f2b-sshd" in rules else rules


def a_security_update_would_be_installed(host: Host, _other: Host) -> str:
    answer = plays.shell(host, "unattended-upgrade --dry-run --debug 2>&1")
    return "" if "Packages that will be upgraded: groundwork-demo" in answer else answer


def a_stranger_reaches_sshd_alone(host: Host, other: Host) -> str:
    plays.shell(host, "systemd-run -q --unit=listener python3 -m http.server 8080")
    reach = "import socket; socket.create_connection(('{}', {}), 2)"
    tries = {port: f'python3 -c "{reach.format(host.address, port)}" 2>&1 | tail -n 1' for port in (22, 8080)}
    answers = {port: plays.shell(other, command) for port, command in tries.items()}
    plays.shell(host, "systemctl stop listener")
    return "" if not answers[22] and "timed out" in answers[8080] else str(answers)


def asked(command: str) -> Callable[[Host, Host], str]:
    """A proof by a command on the host that prints nothing when all is well."""
    return lambda host, _other: plays.shell(host, f"({command}) >/dev/null 2>&1 || echo 'failed: {command}'")


PROOFS: dict[str, Callable[[Host, Host], str]] = {
    "": lambda _host, _other: "",
    "only keys are offered": only_keys_are_offered,
    "root is refused": root_is_refused,
    "sshd says no to empty passwords": no_empty_passwords,
    "a stranger's failed login is counted": a_failed_login_is_counted,
    "a ban shuts both ports": a_ban_shuts_both_ports,
    "a security update would be installed": a_security_update_would_be_installed,
    "a stranger reaches sshd and nothing else": a_stranger_reaches_sshd_alone,
    "the daily run is switched on": asked("apt-config dump APT::Periodic::Enable | tail -n 1 | grep 1"),
    "ufw loads at boot": asked("systemctl is-enabled ufw && grep ENABLED=yes /etc/ufw/ufw.conf"),
    "sshd has read its files": asked("test /run/sshd.pid -nt /etc/ssh/sshd_config"),
}


def run(host: Host, asked_for: Round, key: Path, mode: str) -> plays.Run:
    variables = {"python_host_admin_key_file": str(key), "python_host_mode": mode}
    if asked_for.ssh_port:
        variables["python_host_ssh_port"] = str(asked_for.ssh_port)
    return plays.play(CHECKLIST, [host.inventory], variables=variables)


def judge(host: Host, other: Host, asked_for: Round, key: Path) -> dict[str, Judged | Refusal]:
    """Build the round's deceptions, look, apply, and prove."""
    plays.shell(host, "\n".join((asked_for.first, *(each.make for each in asked_for.deceptions), asked_for.last)))
    looked = run(host, asked_for, key, "audit")
    assert looked.code == 0, looked.output
    applied = run(host, asked_for, key, "apply")
    if asked_for.refused:
        refusal = Refusal("\n".join(applied.failures), applied.changed)
        audits = {each.name: Judged(looked.findings()[each.check], {}, "") for each in asked_for.deceptions}
        return {asked_for.name: refusal, **audits}
    assert applied.code == 0, applied.output
    return {
        each.name: Judged(
            looked.findings()[each.check], applied.findings()[each.check], PROOFS[each.proof](host, other)
        )
        for each in asked_for.deceptions
    }


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """Everything that was found, by the name of the deception or of the refused round."""
    key = tmp_path_factory.mktemp("keys") / "admin"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    with plays.hosts(*HOSTS, image="ubuntu_lts_prepared") as started:
        public = key.with_suffix(".pub").read_text().strip()
        for host in started:
            plays.shell(host, f"echo '{public}' > /tmp/admin.pub")

        def all_of(host: Host, other: Host, rounds: tuple[Round, ...]) -> dict[str, Judged | Refusal]:
            return {name: found for each in rounds for name, found in judge(host, other, each, key).items()}

        with ThreadPoolExecutor(len(HOSTS)) as pool:
            halves = pool.map(all_of, started, reversed(started), HOSTS.values())
            yield {name: found for half in halves for name, found in half.items()}


def deceptions(*, refused: bool | None = None) -> list[Any]:
    rounds = [each for rounds in HOSTS.values() for each in rounds if refused in (None, bool(each.refused))]
    return [pytest.param(each, id=each.name) for one in rounds for each in one.deceptions]


def missing(words: tuple[str, ...], finding: Mapping[str, Any]) -> list[str]:
    return [word for word in words if word not in finding["observed"]]


@pytest.mark.parametrize("deception", deceptions())
def test_an_audit_sees_the_effect(judged, deception: Deception):
    finding = judged[deception.name].audit
    assert (finding["status"], missing(deception.audit, finding)) == ("fail", []), finding


@pytest.mark.parametrize("deception", deceptions(refused=False))
def test_an_apply_mends_the_effect_or_names_the_place(judged, deception: Deception):
    found = judged[deception.name]
    assert (found.applied["status"], missing(deception.words, found.applied)) == (deception.status, []), found.applied
    assert found.complaint == ""


@pytest.mark.parametrize("name", [each.name for rounds in HOSTS.values() for each in rounds if each.refused])
def test_what_shuts_the_administrator_out_is_refused_with_its_place(judged, name):
    (words,) = [each.refused for rounds in HOSTS.values() for each in rounds if each.name == name]
    assert [word for word in words if word not in judged[name].message] == [], judged[name].message
    assert judged[name].changed == ()
