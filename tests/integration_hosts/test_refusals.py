"""What a run refuses, and what it leaves open rather than lock somebody out: one host, from fresh to closed."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pytest

from tests.hosts import snapshot
from tests.integration_hosts.plays import SITE, hosts, play, shell

SECURITY = Path(__file__).with_name("security.yml")
OUR_SSHD_FILE = "/etc/ssh/sshd_config.d/00-groundwork.conf"
LISTENER = "import socket, time; s = socket.create_server(('0.0.0.0', 9999)); time.sleep(3600)"


@pytest.fixture(scope="module")
def host():
    with hosts("refusals") as (fresh,):
        yield fresh


@pytest.fixture(scope="module")
def key(host):
    """The administrator's own key, another one than root's."""
    path = host.folder / "admin_ed25519"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path], check=True)
    return {"python_host_admin_key_file": str(path)}


def logs_in(host, user):
    command = ["ssh", "-i", host.key_file, "-o", f"UserKnownHostsFile={host.known_hosts}", "-o", "BatchMode=yes"]
    return (
        subprocess.run([*command, f"{user}@{host.address}", "true"], capture_output=True, check=False).returncode == 0
    )


def secure(host, variables, **more):
    return play(SECURITY, [host.inventory], variables=variables, **more)


def set_release(host, old, new):
    shell(host, f"sed -i 's/{old}/{new}/' /usr/lib/os-release")


@pytest.mark.parametrize("variables", [{"ansible_connection": "winrm"}, {"ansible_shell_type": "powershell"}])
def test_windows_is_refused_before_any_module_runs(variables):
    run = play(SITE, ["windows.example,"], variables=variables)
    assert len(run.failures) == 1
    assert "windows.example is a Windows host" in run.failures[0]
    assert {result.action for result in run.results} <= {"ansible.builtin.include_tasks", "ansible.builtin.fail"}
    assert "Traceback" not in run.output


@pytest.mark.parametrize("name", ["ansible_user", "ansible_ssh_user"])
def test_an_extra_variable_that_pins_root_is_refused_before_anything_changes(host, key, name):
    before = snapshot.take(host.name)
    run = play(SITE, [host.inventory], variables={**key, name: "root", "python_host_packages": ["htop"]})
    assert len(run.failures) == 1, run.output
    assert f"{name}=root" in run.failures[0]
    assert "set it in the inventory" in run.failures[0]
    assert run.changed == ()
    assert snapshot.differences(before, snapshot.take(host.name)) == []


def test_sudo_with_a_password_that_the_play_does_not_have_is_refused_before_anything_changes(host, key):
    before = snapshot.take(host.name)
    password = {"python_host_admin_sudo": "password", "python_host_admin_password_hash": f"$6$salt$./{'a' * 84}"}
    run = secure(host, {**key, **password})
    assert len(run.failures) == 1, run.output
    assert "give ansible_become_password" in run.failures[0]
    assert snapshot.differences(before, snapshot.take(host.name)) == []


def test_a_release_that_has_ended_is_refused_by_one_message(host, key):
    set_release(host, "22.04", "20.04")
    before = snapshot.take(host.name)
    run = play(SITE, [host.inventory], variables=key)
    assert len(run.failures) == 1, run.output
    for words in ("Ubuntu 20.04", "2025-05-29", "python_host_allow_unsupported", "Nothing was changed"):
        assert words in run.failures[0]
    assert snapshot.differences(before, snapshot.take(host.name)) == []
    set_release(host, "20.04", "22.04")


def test_without_a_key_the_doors_stay_open_and_the_findings_say_why(host):
    run = secure(host, {})
    assert run.code == 0, run.output
    for name in ("SSH-001", "SSH-002"):
        finding = run.findings()[name]
        assert finding["status"] == "fail"
        assert "python_host_admin_authorized_keys" in finding["remedy"]
    assert run.statuses()["BAN-001"] == "fixed"
    assert "Doors were left open" in run.output
    assert logs_in(host, "root")


def test_sshd_that_names_who_may_log_in_is_not_closed_for_somebody_else(host, key):
    drop_in = "/etc/ssh/sshd_config.d/60-local.conf"
    shell(host, f"echo 'AllowUsers root' > {drop_in}; systemctl reload ssh")
    before = snapshot.take(host.name)
    run = secure(host, key)
    after = snapshot.take(host.name)
    is_root_in = logs_in(host, "root")
    shell(host, f"rm {drop_in}; systemctl reload ssh")
    assert len(run.failures) == 1, run.output
    assert "AllowUsers (root) leaves deploy out" in run.failures[0]
    assert "Nothing was changed" in run.failures[0]
    assert snapshot.differences(before, after) == []
    assert is_root_in


def test_an_sshd_configuration_that_is_broken_already_is_named_and_not_touched(host, key):
    drop_in = "/etc/ssh/sshd_config.d/90-broken.conf"
    shell(host, f"echo 'NoSuchKeyword yes' > {drop_in}")
    before = snapshot.take(host.name)
    run = secure(host, key)
    after = snapshot.take(host.name)
    is_root_in = logs_in(host, "root")
    shell(host, f"rm {drop_in}")
    assert len(run.failures) == 1, run.output
    assert "sshd refuses its own configuration" in run.failures[0]
    assert drop_in in run.failures[0]
    assert snapshot.differences(before, after) == []
    assert is_root_in


def test_a_daemon_that_refuses_its_new_file_gets_the_old_one_back(host, key):
    unit = "/etc/systemd/system/ssh.service.d/broken.conf"
    shell(host, f"mkdir -p $(dirname {unit}); printf '[Service]\\nExecReload=/bin/false\\n' > {unit}")
    shell(host, "systemctl daemon-reload")
    before = shell(host, f"cat {OUR_SSHD_FILE} || true")
    run = secure(host, key)
    assert len(run.failures) == 1, run.output
    assert f"{OUR_SSHD_FILE} was put back as it was" in run.failures[0]
    assert "Traceback" not in run.output
    assert shell(host, f"cat {OUR_SSHD_FILE} || true") == before
    assert logs_in(host, "root")
    shell(host, f"rm {unit}; systemctl daemon-reload")


def test_a_service_that_would_be_cut_off_is_named_and_the_firewall_left_alone(host, key):
    shell(host, "ufw --force disable")
    shell(host, f'systemd-run --unit=listener --quiet python3 -c "{LISTENER}"')
    time.sleep(0.5)
    run = secure(host, key)
    assert run.code == 0, run.output
    finding = run.findings()["FW-001"]
    assert finding["status"] == "fail"
    assert "9999/tcp (python3)" in finding["remedy"]
    assert "python_host_firewall_allow" in finding["remedy"]
    assert shell(host, "ufw status") == "Status: inactive"


def test_the_doors_were_closed_all_the_same(host):
    assert not logs_in(host, "root")


def test_once_the_service_is_listed_the_firewall_is_switched_on(host, key):
    run = secure(host, {**key, "python_host_firewall_allow": ["9999/tcp"]})
    assert run.code == 0, run.output
    assert run.statuses()["FW-001"] == "fixed"
    assert shell(host, "ufw status").startswith("Status: active")


def test_an_ordinary_user_is_told_to_set_become(host, key):
    run = play(SITE, [host.inventory], variables={**key, "ansible_become": False})
    assert len(run.failures) == 1, run.output
    assert "become: true" in run.failures[0]
    assert run.changed == ()


def test_an_ended_release_goes_on_where_the_operator_wants_it(host, key):
    set_release(host, "22.04", "20.04")
    run = secure(host, {**key, "python_host_allow_unsupported": True, "python_host_firewall_allow": ["9999/tcp"]})
    assert run.code == 0, run.output
    assert run.statuses()["OS-001"] == "fail"
    set_release(host, "20.04", "22.04")
