"""Hosts on which text and effect differ: the verdict of an audit, and after an apply the effect itself."""

from __future__ import annotations

import re
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Callable

import pytest

from tests.integration_hosts import deceptions_of_enterprise_linux, deceptions_of_freebsd, plays
from tests.integration_hosts.deceptions import HOSTS, Deception, Round

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.hosts.state import Host

CHECKLIST = plays.paths.ROOT / "tests/integration_hosts/security.yml"
OPTIONS = ("-o", "BatchMode=yes", "-o", "ConnectTimeout=5", "-o", "ControlPath=none")
# The hosts of each image, which are started, judged and removed together.
IMAGES = {
    "ubuntu_lts_prepared": HOSTS,
    "centos_prepared": deceptions_of_enterprise_linux.HOSTS,
    "freebsd": deceptions_of_freebsd.HOSTS,
}
ROUNDS = tuple(each for hosts in IMAGES.values() for rounds in hosts.values() for each in rounds)
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
    offered = re.findall(r"Permission denied \((.*)\)", answer)
    return "" if offered and "publickey" in offered[0] and not re.search("password|keyboard", offered[0]) else answer


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


def reached(host: Host, other: Host, port: int) -> str:
    """What the other host's try to connect ends with; empty when it gets through."""
    reach = f"import socket; socket.create_connection(('{host.address}', {port}), 2)"
    return plays.shell(other, f'python3 -c "{reach}" 2>&1 | tail -n 1')


def a_stranger_reaches_sshd_alone(host: Host, other: Host) -> str:
    """ufw and pf let other connections time out, firewalld answers that they are prohibited."""
    plays.shell(host, "nohup python3 -m http.server 8080 > /dev/null 2>&1 & sleep 1")
    answers = {port: reached(host, other, port) for port in (22, 8080)}
    plays.shell(host, "pkill -f '[h]ttp.server 8080'")
    return "" if not answers[22] and re.search("timed out|No route to host", answers[8080]) else str(answers)


def ssh_is_let_in_after_a_reload(host: Host, other: Host) -> str:
    plays.shell(host, "firewall-cmd -q --reload")
    return reached(host, other, 22)


def a_ban_holds_off_a_stranger(host: Host, other: Host) -> str:
    before = reached(host, other, 22)
    plays.shell(host, f"fail2ban-client set sshd banip {other.address} >/dev/null; sleep 1")
    banned = reached(host, other, 22)
    plays.shell(host, f"fail2ban-client unban {other.address} >/dev/null; sleep 1")
    return "" if not before and banned and not reached(host, other, 22) else f"{before!r}, banned: {banned!r}"


def the_timers_run_installs_the_update(host: Host, _other: Host) -> str:
    plays.shell(host, "systemctl start dnf-automatic.service")
    return (
        ""
        if "-1.1-" in plays.shell(host, "rpm -q groundwork-demo")
        else plays.shell(host, "journalctl -u dnf-automatic")
    )


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
    "SSH is let in after a reload": ssh_is_let_in_after_a_reload,
    "a ban holds off a stranger": a_ban_holds_off_a_stranger,
    "the timer's own run installs the update": the_timers_run_installs_the_update,
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
    return {name: found for image in IMAGES for name, found in judged_on(image, key).items()}


def judged_on(image: str, key: Path) -> dict[str, Judged | Refusal]:
    """All rounds of one image, its hosts side by side."""
    public = key.with_suffix(".pub").read_text().strip()

    def all_of(host: Host, other: Host, rounds: tuple[Round, ...]) -> dict[str, Judged | Refusal]:
        return {name: found for each in rounds for name, found in judge(host, other, each, key).items()}

    with plays.hosts(*IMAGES[image], image=image) as started, ThreadPoolExecutor(len(started)) as pool:
        for host in started:
            plays.shell(host, f"echo '{public}' > /tmp/admin.pub")
        halves = pool.map(all_of, started, reversed(started), IMAGES[image].values())
        return {name: found for half in halves for name, found in half.items()}


def deceptions(*, refused: bool | None = None) -> list[Any]:
    rounds = [each for each in ROUNDS if refused in (None, bool(each.refused))]
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


@pytest.mark.parametrize("name", [each.name for each in ROUNDS if each.refused])
def test_what_shuts_the_administrator_out_is_refused_with_its_place(judged, name):
    (words,) = [each.refused for each in ROUNDS if each.name == name]
    assert [word for word in words if word not in judged[name].message] == [], judged[name].message
    assert judged[name].changed == ()
