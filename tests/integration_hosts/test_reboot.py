"""What only a machine with a kernel of its own can show: settings after a reboot, and the way back after a power cut.

One machine for all, in this order: after a power cut it is as it was, and the next test begins there.
"""

from __future__ import annotations

import json
import re
import time
from typing import TYPE_CHECKING

import pytest

from tests.hosts.vm.machine import Login, Machine, machine
from tests.integration_hosts import access_state, controller, plays

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tests.integration_hosts.access_state import State

HERE = plays.paths.ROOT / "tests/integration_hosts"
CHECKLIST, SECURITY = HERE / "checklist.yml", HERE / "security.yml"
DIRECTORY = "/var/lib/groundwork/python_host"
PENDING = f"{DIRECTORY}/pending.json"
REVERT = "groundwork-revert.service"
DROP_IN = "/etc/ssh/sshd_config.d/00-groundwork.conf"
NEVER_FLUSHED = "/var/tmp/never-flushed"
VARIABLES = {
    # Each costs an emulated processor seconds, and no test here is about it.
    "ansible_python_interpreter": "/usr/bin/python3",
    "python_host_identified": {"os": {"family": "debian"}},
    # Nothing answers the machine's questions for the time.
    "python_host_skip": ["TIME-001"],
}
# There is no SELinux; and what is vulnerable is told by what the updates come from.
NOT_HERE = dict.fromkeys(("MAC-001", "MAC-002", "UPD-003", "UPD-004"), "not_applicable")


@pytest.fixture(scope="module")
def vm(say) -> Iterator[Machine]:
    with machine("reboot") as made:
        say(f"{made.host.provenance}: first SSH after {made.power_on():.0f} s")
        yield made


@pytest.fixture(scope="module")
def say(request):
    """Print a line of measurements whatever becomes of the tests, past pytest's capture."""
    capture = request.config.pluginmanager.getplugin("capturemanager")

    def line(text: str) -> None:
        with capture.global_and_fixture_disabled():
            print(f"\n{text}", flush=True)

    return line


def state(vm: Machine) -> State:
    return json.loads(vm.execute(("python3", "-B", "-"), stdin=access_state.PROBE.read_bytes()))


def nobody_can_confirm(directory: Path) -> Mapping[str, object]:
    """All is proven on the host, and the controller has not got the private half of the administrator's key."""
    public = access_state.key_pair(directory / "foreign").with_suffix(".pub").read_text()
    own = {"python_host_admin_authorized_keys": [public], "python_host_confirm_timeout": 300}
    # Automatic updates are slow to judge, and nothing that could cut anybody off.
    return {**VARIABLES, **own, "python_host_skip": [*VARIABLES["python_host_skip"], "UPD-001", "UPD-002"]}


def wait_on_host(vm: Machine, condition: str) -> None:
    vm.shell(f"timeout 240 sh -c 'until {condition}; do sleep 0.5; done'")


def cut_power_and_boot(vm: Machine) -> float:
    """What is written just before is not on the disk yet: had the machine been shut down, it would be."""
    vm.shell(f"echo lost > {NEVER_FLUSHED}")
    vm.cut_power()
    seconds = vm.power_on()
    assert vm.gets_in(vm.root)
    assert vm.shell(f"cat {NEVER_FLUSHED} 2>/dev/null || true") == ""
    return seconds


def assert_taken_back_at_boot(vm: Machine, before: State) -> None:
    log = vm.shell(f"journalctl --boot --unit {REVERT} --output cat")
    assert access_state.differences(before, state(vm)) == [], log
    assert vm.shell(f"test -e {PENDING} && echo waits || true") == ""
    assert vm.shell("ufw status") == "Status: inactive"
    assert "Finished" in log, log
    assert '"reverted": true' in log, log


def moments(vm: Machine, unit: str) -> tuple[int, int]:
    """When systemd began to start a unit in this boot, and when it had started or, if it only runs once, had ended."""
    names = ("InactiveExitTimestampMonotonic", "ActiveEnterTimestampMonotonic", "InactiveEnterTimestampMonotonic")
    text = vm.shell(f"systemctl show {' '.join(f'--property={name}' for name in names)} {unit}")
    values = {name: int(value) for name, value in re.findall(r"^(\w+)=(\d+)$", text, re.MULTILINE)}
    began, active, ended = (values[name] for name in names)
    assert began, f"{unit} was not started in this boot"
    return began, active or ended


def test_a_power_cut_while_a_change_waits_for_its_confirmation_brings_the_old_settings_back(vm, tmp_path, say):
    before, began = state(vm), time.monotonic()
    with controller.running(CHECKLIST, vm.host.inventory, nobody_can_confirm(tmp_path)):
        wait_on_host(vm, f"test -e {PENDING} && flock --nonblock {DIRECTORY}/lock true")
        waits = time.monotonic() - began
    assert not vm.gets_in(vm.root), "the change is in force"
    assert "22/tcp" in vm.shell("ufw status")
    seconds = cut_power_and_boot(vm)
    assert_taken_back_at_boot(vm, before)
    say(f"power cut while a change waited ({waits:.0f} s after its run began): root was back in after {seconds:.0f} s")


def test_the_way_back_comes_before_the_daemons_and_in_no_circle(vm):
    """In the boot after that power cut, in which it had something to do."""
    vm.shell("systemctl is-system-running --wait || true")
    _began, ended = moments(vm, REVERT)
    for unit in ("ufw.service", "ssh.service", "basic.target"):
        assert ended <= moments(vm, unit)[0], unit
    assert "ordering cycle" not in vm.shell("journalctl --boot --output cat")
    assert vm.shell(f"systemd-analyze verify {REVERT} 2>&1 | grep -i -e groundwork -e cycle || true") == ""
    assert vm.shell("systemctl --failed --no-legend") == ""


def test_a_power_cut_in_the_middle_of_a_change_brings_the_old_settings_back(vm, tmp_path, say):
    before = state(vm)
    # sshd never finishes to load what was written: a run stands still there until the power is cut.
    vm.shell(
        "mkdir -p /run/systemd/system/ssh.service.d && "
        "printf '[Service]\\nExecReload=\\nExecReload=/bin/sleep 600\\n' > /run/systemd/system/ssh.service.d/slow.conf"
        " && systemctl daemon-reload"
    )
    with controller.running(CHECKLIST, vm.host.inventory, nobody_can_confirm(tmp_path)):
        wait_on_host(vm, '[ "$(systemctl show --property=ActiveState --value ssh.service)" = reloading ]')
    assert vm.shell(f"test -e {PENDING} && cat {DROP_IN}")
    assert access_state.differences(before, state(vm))
    seconds = cut_power_and_boot(vm)
    assert_taken_back_at_boot(vm, before)
    say(f"power cut in the middle of a change: root was back in after {seconds:.0f} s")


def test_what_was_applied_is_in_force_after_a_reboot(vm, tmp_path, say):
    admin = Login("deploy", access_state.key_pair(tmp_path / "admin"))
    variables = {**VARIABLES, "python_host_admin_key_file": str(admin.key_file)}
    began = time.monotonic()
    first = plays.play(SECURITY, [vm.host.inventory], variables=variables)
    say(f"apply took {time.monotonic() - began:.0f} s")
    assert first.code == 0, first.output
    assert {name: status for name, status in first.statuses().items() if status not in ("pass", "fixed")} == NOT_HERE

    say(f"reboot took {vm.reboot(admin, admin):.0f} s")
    assert vm.shell("systemctl is-system-running --wait", login=admin) == "running"
    refusal = vm.answer_to(vm.root)
    assert refusal.returncode == 255
    # In brackets sshd names every way that it would still take: no password is among them.
    assert refusal.stderr.strip().endswith("Permission denied (publickey).")
    assert vm.shell("id -un", login=admin) == "root"
    assert "-P INPUT DROP" in vm.shell("iptables -S INPUT", login=admin)
    assert "--dport 22 " in vm.shell("iptables -S ufw-user-input", login=admin)
    assert "Status for the jail: sshd" in vm.shell("fail2ban-client status sshd", login=admin)

    began = time.monotonic()
    again = plays.play(SECURITY, [vm.host.inventory], variables=variables)
    say(f"the next run took {time.monotonic() - began:.0f} s")
    assert (again.code, again.changed) == (0, ()), again.output
    assert again.statuses() == {**dict.fromkeys(first.statuses(), "pass"), **NOT_HERE}
