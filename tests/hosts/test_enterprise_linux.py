"""A disposable host of Enterprise Linux is what a fresh cloud machine is. Starts real ones; HOST_IMAGES decides which.

What is asked of the stand-in's own repositories and packages holds for the stand-in alone.
"""

from __future__ import annotations

import os
import socket
import time
from typing import TYPE_CHECKING

import pytest

from tests.hosts import control, snapshot, state
from tests.hosts.command import HostError

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = f"test-el-{os.getpid()}"
OLD_NAME = f"test-el8-{os.getpid()}"
DEBIAN_TOOLS = "apt apt-get apt-cache apt-mark dpkg dpkg-query debconf ufw unattended-upgrade update-alternatives"


@pytest.fixture(scope="module")
def host() -> Iterator[state.Host]:
    yield control.up(NAME, image="centos", key_file=None)
    control.down(NAME)


@pytest.fixture(scope="module")
def old_host() -> Iterator[state.Host]:
    yield control.up(OLD_NAME, image="rocky8", key_file=None)
    control.down(OLD_NAME)


def execute(name: str, command: str) -> str:
    """Standard output; both streams are in the error of a command that fails."""
    return control.execute(name, ("bash", "-c", f"exec 2>&1; {command}"))


def wait_for(name: str, command: str, word: str) -> None:
    deadline = time.monotonic() + 30
    said = execute(name, f"{command}; exit 0")
    while word not in said:
        assert time.monotonic() < deadline, said
        time.sleep(0.2)
        said = execute(name, f"{command}; exit 0")


def greets(address: str, port: int) -> bool:
    try:
        with socket.create_connection((address, port), timeout=3):
            return True
    except OSError:
        return False


def test_it_boots_without_a_failed_unit(host: state.Host) -> None:
    assert execute(host.name, "systemctl is-system-running") == "running\n"
    active = execute(host.name, "systemctl is-active sshd crond rsyslog chronyd")
    assert set(active.split()) == {"active"}


def test_it_is_a_centos_stream_to_all_who_ask(host: state.Host) -> None:
    said = execute(host.name, '. /etc/os-release; echo "$ID $VERSION_ID"; cat /etc/redhat-release; rpm -E "%{rhel}"')
    assert said.splitlines() == ["centos 9", "CentOS Stream release 9", "9"]
    assert "CentOS Stream 9" in host.provenance
    found = execute(
        host.name,
        f"for tool in {DEBIAN_TOOLS}; do command -v $tool; done; ls /etc/debian_version /var/lib/dpkg; exit 0",
    )
    assert [line for line in found.splitlines() if "No such file" not in line] == []


def test_its_accounts_are_those_of_the_family(host: state.Host) -> None:
    groups = execute(host.name, "getent group wheel; getent group sudo uucp shadow; exit 0")
    assert groups == "wheel:x:10:\n"
    assert execute(host.name, "stat -c %a:%U:%G /etc/shadow /etc/sudoers") == "0:root:root\n440:root:root\n"
    strays = execute(host.name, "find / -xdev '(' -nouser -o -nogroup ')' -not -path '/proc/*'")
    assert strays == ""


def test_homes_are_closed_and_the_wheel_may_become_root(host: state.Host) -> None:
    execute(host.name, 'useradd --groups wheel --password "$(openssl passwd -6 secret)" resident')
    assert execute(host.name, "stat -c %a /home/resident") == "700\n"
    assert "uid=0(root)" in execute(host.name, "su - resident -c 'echo secret | sudo -S id'")
    wait_for(host.name, "cat /var/log/secure", "session opened for user root")
    execute(host.name, "userdel --remove resident")


def test_the_package_database_owns_the_base_system(host: state.Host) -> None:
    owners = execute(
        host.name, "rpm -qf --qf '%{NAME}\\n' /usr/sbin/sshd /usr/bin/sudo /usr/bin/python3 /etc/pam.d/sshd"
    )
    assert owners.split() == ["openssh-server", "sudo", "python3", "openssh-server"]
    assert execute(host.name, "rpm -V openssh-server openssh sudo systemd dnf python3 pam") == ""


def test_sshd_reads_the_drop_ins_in_their_order(host: state.Host) -> None:
    effective = execute(host.name, "sshd -T")
    assert "permitrootlogin yes" in effective
    assert "passwordauthentication yes" in effective
    assert "ciphers aes256-gcm@openssh.com,chacha20-poly1305@openssh.com,aes256-ctr" in effective
    execute(host.name, "echo 'PermitRootLogin no' > /etc/ssh/sshd_config.d/99-late.conf")
    assert "permitrootlogin yes" in execute(host.name, "sshd -T")
    execute(host.name, "mv /etc/ssh/sshd_config.d/99-late.conf /etc/ssh/sshd_config.d/00-early.conf")
    assert "permitrootlogin no" in execute(host.name, "sshd -T")
    execute(host.name, "rm /etc/ssh/sshd_config.d/00-early.conf")


def test_it_is_fresh(host: state.Host) -> None:
    assert execute(host.name, "ls -A /var/cache/dnf; rpm -qa gpg-pubkey") == ""
    repositories = execute(host.name, "dnf -q repolist --all")
    enabled = {line.split()[0]: line.split()[-1] for line in repositories.splitlines()[1:]}
    expected = {"baseos": "enabled", "appstream": "enabled", "extras-common": "enabled", "crb": "disabled"}
    assert enabled == expected
    assert execute(host.name, "dnf -q updateinfo list --all") == ""
    for name in ("fail2ban", "firewalld", "dnf-automatic", "epel-release", "python3.11", "nftables"):
        assert "is not installed" in execute(host.name, f"rpm -q {name}; exit 0")


def test_packages_are_checked_against_keys_that_are_taken_in_on_first_use(host: state.Host) -> None:
    with pytest.raises(HostError, match=r"groundwork-unsigned-1.0-1.el9.noarch.rpm is not signed"):
        execute(host.name, "dnf -y install groundwork-unsigned")
    with pytest.raises(HostError, match="Unable to find a match: fail2ban"):
        execute(host.name, "dnf -y install fail2ban")
    said = execute(host.name, "dnf -y install epel-release && dnf -y install fail2ban fail2ban-systemd")
    assert said.count("Key imported successfully") == 3
    assert execute(host.name, "systemctl is-enabled fail2ban firewalld; exit 0").split() == ["disabled", "enabled"]
    assert execute(host.name, "ls /etc/fail2ban/jail.d").split() == ["00-firewalld.conf", "00-systemd.conf"]


def test_a_wanted_package_may_need_the_repository_that_is_off(host: state.Host) -> None:
    with pytest.raises(HostError, match="nothing provides groundwork-in-crb needed by groundwork-needs-crb"):
        execute(host.name, "dnf -y install groundwork-needs-crb")
    assert "Complete!" in execute(host.name, "crb enable && dnf -y install groundwork-needs-crb")


def test_a_package_may_be_too_big(host: state.Host) -> None:
    with pytest.raises(HostError, match="more space needed on the / filesystem"):
        execute(host.name, "dnf -y install groundwork-big")


def test_firewalld_keeps_out_what_its_zone_does_not_name(host: state.Host) -> None:
    execute(host.name, "systemd-run --quiet --unit=listener /usr/libexec/platform-python -m http.server 8000")
    deadline = time.monotonic() + 20
    while not greets(host.address, 8000) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert greets(host.address, 8000)
    execute(host.name, "systemctl start firewalld")
    assert (
        execute(host.name, "firewall-cmd --state; firewall-cmd --list-services")
        == "running\ncockpit dhcpv6-client ssh\n"
    )
    assert not greets(host.address, 8000)
    assert greets(host.address, 22)
    execute(host.name, "systemctl stop listener firewalld")


def test_fail2ban_bans_through_firewalld(host: state.Host) -> None:
    execute(host.name, "printf '[sshd]\\nenabled = true\\n' > /etc/fail2ban/jail.d/zz-test.local")
    execute(host.name, "systemctl start firewalld fail2ban")
    wait_for(host.name, "fail2ban-client status", "sshd")
    execute(host.name, "fail2ban-client set sshd banip 203.0.113.9")
    wait_for(host.name, "firewall-cmd --list-rich-rules", 'source address="203.0.113.9"')
    execute(host.name, "systemctl stop fail2ban firewalld && rm /etc/fail2ban/jail.d/zz-test.local")


def test_a_service_keeps_its_old_library_until_it_is_restarted(host: state.Host) -> None:
    mapped = "cat /proc/$(systemctl show -P MainPID groundwork-service)/maps | grep groundwork-service"
    assert "(deleted)" not in execute(host.name, mapped)
    execute(host.name, "dnf -y -q upgrade groundwork-service")
    assert "library.so (deleted)" in execute(host.name, mapped)
    execute(host.name, "systemctl restart groundwork-service")
    wait_for(host.name, mapped, "library.so")
    assert "(deleted)" not in execute(host.name, mapped)


def test_a_second_python_comes_beside_the_platforms_own(host: state.Host) -> None:
    execute(host.name, "dnf -y -q install python3.11 python3.11-pip")
    assert execute(host.name, "python3.11 -m venv /tmp/made && /tmp/made/bin/pip --version").startswith("pip ")
    assert "No module named 'dnf'" in execute(host.name, "python3.11 -c 'import dnf'; exit 0")
    assert execute(host.name, "python3 -c 'import dnf'") == ""
    assert execute(host.name, "pip3.11 --version").startswith("pip ")


def test_a_snapshot_sees_a_change_and_nothing_else(host: state.Host) -> None:
    before = snapshot.take(host.name)
    execute(host.name, "touch /etc/groundwork-mark")
    changed = [line.split(" ")[1] for line in snapshot.differences(before, snapshot.take(host.name))]
    assert changed == ["/etc/groundwork-mark:"]
    execute(host.name, "rm /etc/groundwork-mark")


def test_release_8_has_one_file_for_sshd_and_no_python_on_the_path(old_host: state.Host) -> None:
    assert execute(old_host.name, "systemctl is-system-running") == "running\n"
    assert execute(old_host.name, "ls -d /etc/ssh/sshd_config.d; command -v python3 python; exit 0").endswith(
        "directory\n"
    )
    assert "Include" not in execute(old_host.name, "cat /etc/ssh/sshd_config")
    effective = execute(old_host.name, "sshd -T")
    assert "permitrootlogin yes" in effective
    assert "passwordauthentication yes" in effective
    assert "-oCiphers=" in execute(old_host.name, "ps -o args= -C sshd")
    assert execute(old_host.name, "/usr/libexec/platform-python -c 'import dnf'") == ""


def test_release_8_has_advisories(old_host: state.Host) -> None:
    listed = execute(old_host.name, "dnf -q updateinfo list --security").split()
    assert listed == ["RLSA-2026:0001", "Important/Sec.", "groundwork-demo-1.1-1.el8.noarch"]
    execute(old_host.name, "dnf -y -q upgrade --security")
    versions = execute(old_host.name, "cat /usr/share/groundwork-demo/version /usr/share/groundwork-feature/version")
    assert versions.split() == ["1.1", "1.0"]


def test_release_8_can_be_seen_by_a_snapshot(old_host: state.Host) -> None:
    assert "sshd.service" in snapshot.take(old_host.name)["units"]
