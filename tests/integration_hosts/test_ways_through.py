"""The confirmation goes the way that the play goes: through a jump host, with sudo's password, as another user."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.integration_hosts import access_state, plays

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.hosts.state import Host

CHECKLIST = Path(__file__).with_name("checklist.yml")
TIMEOUT = 8
# Slow, and not about access.
LEFT_OUT = ("UPD-001", "UPD-002", "BAN-001", "BAN-002")
PASSWORD = "correct horse"
HASH = "$6$groundwork$gT6hu/7LKSi7KVqgd2ev0xFvexFJuMb1sZT10KbSuxj.KvpynhhnEecMXWP9H9eAhIHGbAz5sVtM3ieqiQPQE/"
SSH_CONFIGURATION = """\
Host jump
    HostName {address}
    User root
    IdentityFile {key_file}
    IdentitiesOnly yes
    UserKnownHostsFile {known_hosts}
    GlobalKnownHostsFile /dev/null
"""
# A cloud image's user, who is root's equal by sudo.
OTHER_USER = """\
useradd -m -s /bin/bash -p '{hash}' -U ubuntu
install -d -m 0700 -o ubuntu -g ubuntu /home/ubuntu/.ssh
install -m 0600 -o ubuntu -g ubuntu /root/.ssh/authorized_keys /home/ubuntu/.ssh/authorized_keys
printf 'ubuntu ALL=(ALL:ALL) {tag}ALL\\n' > /etc/sudoers.d/ubuntu
chmod 0440 /etc/sudoers.d/ubuntu
"""


@dataclass(frozen=True)
class Site:
    """A host, how its inventory differs from the one that it was handed over with, and the administrator's key."""

    host: Host
    key: Path
    connection: Mapping[str, str]

    def play(self, *options: str, **variables: object) -> plays.Run:
        own = self.host.folder / "own.json"
        own.write_text(json.dumps({"all": {"hosts": {self.host.name: self.connection}}}))
        return plays.play(
            CHECKLIST,
            [self.host.inventory, own],
            variables={
                "python_host_admin_key_file": str(self.key),
                "python_host_confirm_timeout": TIMEOUT,
                "python_host_skip": LEFT_OUT,
                **variables,
            },
            options=options,
        )

    def as_administrator(self) -> Site:
        """The next run's login, as playbooks/site.yml finds it by itself."""
        new = {"ansible_user": "deploy", "ansible_ssh_private_key_file": str(self.key)}
        return Site(self.host, self.key, {**self.connection, **new})


def logins(host: Host) -> int:
    return int(plays.shell(host, "journalctl -q -o cat _COMM=sshd | grep -c '^Accepted ' || true"))


@pytest.fixture(scope="module")
def started():
    """All at once; each test has one to itself."""
    names = ("jump", "behind-command", "behind-jump", "asked", "other-user", "other-asked", "counted")
    with plays.hosts(*names, image="ubuntu_lts_prepared") as hosts:
        yield dict(zip(names, hosts))


def key_of(host: Host) -> Path:
    return access_state.key_pair(host.folder / "admin_ed25519")


def through_a_proxy_command(jump: Host) -> dict[str, str]:
    proxy = (
        f"ssh -F none -i {jump.key_file} -o IdentitiesOnly=yes -o UserKnownHostsFile={jump.known_hosts}"
        f" -W %h:%p root@{jump.address}"
    )
    return {"ansible_ssh_common_args": f'-o ProxyCommand="{proxy}"'}


def through_a_jump_host(jump: Host) -> dict[str, str]:
    configuration = jump.folder / "ssh_config"
    configuration.write_text(
        SSH_CONFIGURATION.format(address=jump.address, key_file=jump.key_file, known_hosts=jump.known_hosts)
    )
    return {"ansible_ssh_extra_args": f"-F {configuration} -o ProxyJump=jump"}


@pytest.mark.parametrize(
    ("name", "through"), [("behind-command", through_a_proxy_command), ("behind-jump", through_a_jump_host)]
)
def test_through_a_jump_host(started, name, through, tmp_path):
    host, jump = started[name], started["jump"]
    known = json.loads(host.inventory.read_text())["all"]["hosts"][host.name]["ansible_ssh_common_args"]
    connection = {"ansible_ssh_common_args": known}
    for variable, value in through(jump).items():
        connection[variable] = f"{connection.get(variable, '')} {value}".strip()
    site = Site(host, key_of(host), connection)
    controller = plays.shell(host, "ip route show default | cut -d' ' -f3")
    plays.shell(host, f"iptables -I INPUT -p tcp -s {controller} -j REJECT --reject-with tcp-reset")
    assert not access_state.root_gets_in(host)
    before = access_state.state(host)

    foreign = access_state.key_pair(tmp_path / "foreign").with_suffix(".pub").read_text()
    refused = Site(host, site.key, connection).play(
        python_host_admin_key_file=None, python_host_admin_authorized_keys=[foreign]
    )
    assert any("A fresh login as deploy" in message for message in refused.failures), refused.output
    assert access_state.differences(before, access_state.state(host)) == []

    run = site.play()
    assert run.failures == (), run.output
    assert run.answer("security_checklist")["confirmed"] == "as deploy on port 22"
    assert run.answer("security_checklist")["login"]["address"] == jump.address
    again = site.as_administrator().play()
    assert (again.failures, again.changed) == ((), ()), again.output
    from_elsewhere = f"journalctl -q -o cat _COMM=sshd | grep '^Accepted ' | grep -vc 'from {jump.address} ' || true"
    assert plays.shell(host, from_elsewhere) == "0"


def test_sudo_asks_for_a_password_that_the_operator_types(started, tmp_path):
    host = started["asked"]
    site = Site(host, key_of(host), {})
    wanted = {"python_host_admin_sudo": "password", "python_host_admin_password_hash": HASH}
    typed = tmp_path / "typed"
    before = access_state.state(host)

    typed.write_text("wrong")
    refused = site.play(f"--become-password-file={typed}", **wanted)
    assert any("A fresh login as deploy" in message for message in refused.failures), refused.output
    assert access_state.differences(before, access_state.state(host)) == []
    assert access_state.root_gets_in(host)

    typed.write_text(PASSWORD)
    run = site.play(f"--become-password-file={typed}", **wanted)
    assert run.failures == (), run.output
    assert run.answer("security_checklist")["confirmed"] == "as deploy on port 22"
    assert PASSWORD not in run.output
    again = site.as_administrator().play(f"--become-password-file={typed}", **wanted)
    assert (again.failures, again.changed) == ((), ()), again.output


@pytest.mark.parametrize(
    ("name", "tag", "password"),
    [("other-user", "NOPASSWD: ", {}), ("other-asked", "", {"ansible_become_password": PASSWORD})],
)
def test_a_play_that_comes_in_as_another_user_goes_on_as_that_user(started, name, tag, password):
    host = started[name]
    plays.shell(host, OTHER_USER.format(hash=HASH, tag=tag))
    site = Site(host, key_of(host), {"ansible_user": "ubuntu", **password})
    run = site.play()
    assert run.failures == (), run.output
    assert run.answer("security_checklist")["confirmed"] == "as ubuntu on port 22"
    assert run.answer("security_checklist")["handover"] == {}
    assert not access_state.root_gets_in(host)
    assert access_state.admin_gets_in(host, site.key)
    again = site.play()
    assert (again.failures, again.changed) == ((), ()), again.output


def test_a_dangerous_run_costs_one_login_more_and_a_run_without_changes_none(started):
    host = started["counted"]
    site = Site(host, key_of(host), {})
    assert logins(host) == 0
    run = site.play()
    assert run.failures == (), run.output
    assert run.answer("security_checklist")["confirmed"]
    # The play's own, and the one that confirms.
    assert logins(host) == 2
    again = site.as_administrator().play()
    assert (again.failures, again.changed) == ((), ()), again.output
    assert logins(host) == 3
