"""A disposable host is what a fresh cloud machine is. Starts a real one; HOST_IMAGES decides which."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest
import testinfra

from tests.hosts import control, snapshot, state
from tests.hosts.command import HostError, run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from testinfra.host import Host as Machine

# Another run in the same checkout must not meet this one.
NAME = f"test-hosts-{os.getpid()}"


@pytest.fixture(scope="module")
def host() -> Iterator[state.Host]:
    yield control.up(NAME, image="ubuntu_lts", key_file=None)
    control.down(NAME)


@pytest.fixture(scope="module")
def machine(host: state.Host) -> Machine:
    return testinfra.get_host(f"ansible://{NAME}?ansible_inventory={host.inventory}&force_ansible=False")


def execute(command: str) -> str:
    return control.execute(NAME, ("bash", "-c", command))


def test_a_host_boots_without_a_failed_unit(machine: Machine) -> None:
    assert machine.check_output("systemctl is-system-running") == "running"
    assert machine.check_output("systemctl --failed --no-legend") == ""


def test_it_is_an_ubuntu_lts_to_all_who_ask(host: state.Host, machine: Machine) -> None:
    assert machine.system_info.distribution == "ubuntu"
    assert machine.check_output("lsb_release --id --short") == "Ubuntu"
    assert "LTS" in machine.check_output("lsb_release --description --short")
    assert "Ubuntu" in host.provenance


def test_root_logs_in_over_ssh_and_cloud_init_lets_passwords_in(machine: Machine) -> None:
    assert machine.backend.get_connection_type() == "ansible"
    effective = machine.check_output("sshd -T")
    assert "passwordauthentication yes" in effective
    assert "permitrootlogin without-password" in effective


def test_a_host_with_other_keys_is_refused(host: state.Host, tmp_path: Path) -> None:
    login = ["ssh", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes", "-o", "GlobalKnownHostsFile=/dev/null"]
    login += ["-i", host.key_file, f"root@{host.address}"]
    assert run([*login[:1], "-o", f"UserKnownHostsFile={host.known_hosts}", *login[1:], "id", "-un"]) == "root\n"
    stranger = tmp_path / "key"
    run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(stranger)])
    key = stranger.with_suffix(".pub").read_text()
    (tmp_path / "known_hosts").write_text(f"{host.address} {key}")
    refused = [*login[:1], "-o", f"UserKnownHostsFile={tmp_path / 'known_hosts'}", *login[1:], "true"]
    assert subprocess.run(refused, capture_output=True, check=False).returncode == 255


def test_it_is_fresh(machine: Machine) -> None:
    assert machine.check_output("find /var/lib/apt/lists -type f") == ""
    for name in ("fail2ban", "ufw", "unattended-upgrades", "python3-venv", "nftables"):
        assert not machine.package(name).is_installed, name


def test_its_kernel_settings_can_be_written(machine: Machine) -> None:
    machine.check_output("sysctl -w net.ipv4.conf.all.log_martians=1")
    assert machine.sysctl("net.ipv4.conf.all.log_martians") == 1


def test_homes_are_closed_to_other_users(machine: Machine) -> None:
    machine.check_output("useradd --create-home resident")
    assert machine.file("/home/resident").mode == 0o750
    machine.check_output("userdel --remove resident")


def test_a_snapshot_sees_a_change_and_nothing_else(host: state.Host) -> None:
    before = snapshot.take(host.name)
    assert snapshot.differences(before, snapshot.take(host.name)) == []
    execute("touch /etc/groundwork-mark && systemctl stop cron.service")
    changed = [line.split(" ")[1] for line in snapshot.differences(before, snapshot.take(host.name))]
    assert changed == ["/etc/groundwork-mark:", "cron.service:"]
    execute("rm /etc/groundwork-mark && systemctl start cron.service")
    assert snapshot.differences(before, snapshot.take(host.name)) == []


def test_security_updates_arrive_and_others_wait(host: state.Host) -> None:
    execute("apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q install -y unattended-upgrades")
    dry_run = execute("unattended-upgrade --dry-run --debug 2>&1")
    assert "Packages that will be upgraded: groundwork-demo\n" in dry_run, host.provenance
    execute("unattended-upgrade")
    versions = execute("cat /usr/share/groundwork-demo/version /usr/share/groundwork-feature/version")
    assert versions.split() == ["1.1", "1.0"]


def test_a_second_host_of_the_same_name_is_refused(host: state.Host) -> None:
    with pytest.raises(HostError, match="already there"):
        control.up(host.name, image="ubuntu_lts", key_file=None)
    assert host.name in {each.name for each in control.running()}
