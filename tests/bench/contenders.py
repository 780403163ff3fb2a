"""The four ways whose no-change runs are compared, and how one run of each is timed."""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.hosts import control, state
from tests.tools import paths
from tests.tools.steps import PLAIN, tool_environment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.hosts.state import Host

HERE = Path(__file__).parent
ROLE = HERE / "role.yml"
BUILTIN = HERE / "builtin_tasks.yml"
PYINFRA = HERE / "pyinfra_deploy.py"
VENV_BENCH = paths.ROOT / ".venv-bench"
ADMIN = "deploy"
# The nanoseconds that all processes of a container have used, where the first or the second control groups keep them.
HOST_USAGE = (
    "if [ -e /sys/fs/cgroup/cpuacct/cpuacct.usage ]; then cat /sys/fs/cgroup/cpuacct/cpuacct.usage; "
    "else awk '/^usage_usec/ {print $2 \"000\"}' /sys/fs/cgroup/cpu.stat; fi"
)


# What differs between the hosts; Ansible gets it as extra variables, because the names of files and roles come of it.
DIFFERENCES = {
    "ubuntu_lts": {"family": "debian", "os_role": "ubuntu_lts", "sshd_unit": "ssh"},
    "centos": {"family": "redhat", "os_role": "centos", "sshd_unit": "sshd"},
}
DIFFERENCES_FILE = "differences.json"


class BenchError(Exception):
    """A run that is no measurement: it failed, or changed something."""


@dataclass(frozen=True)
class Timed:
    """One run of a tool."""

    seconds: float
    processor_seconds: float
    output: str

    @property
    def recap(self) -> dict[str, int]:
        """Ansible's closing counts: ok, changed, skipped, …"""
        line = self.output.partition("PLAY RECAP")[2]
        return {name: int(count) for name, count in re.findall(r"(\w+)=(\d+)", line)}


def public_key(host: Host) -> str:
    return state.public_key_file(Path(host.key_file)).read_text().strip()


def write_differences(image: str, directory: Path) -> None:
    (directory / DIFFERENCES_FILE).write_text(json.dumps(DIFFERENCES[image]))


def write_inventory(host: Host, directory: Path, *, user: str) -> Path:
    """The host's own inventory with another login; JSON is YAML."""
    inventory = json.loads(host.inventory.read_text())
    inventory["all"]["hosts"][host.name].update(ansible_user=user, bench_public_key=public_key(host))
    path = directory / f"as_{user}.yml"
    path.write_text(json.dumps(inventory))
    return path


def write_pings(count: int, directory: Path) -> Path:
    """A play of as many `ping` tasks."""
    pings = [{"name": f"Ping {number}", "ansible.builtin.ping": {}} for number in range(1, count + 1)]
    path = directory / "pings.yml"
    path.write_text(
        json.dumps([{"name": "Ping", "hosts": "all", "gather_facts": False, "become": True, "tasks": pings}])
    )
    return path


def write_pyinfra_inventory(host: Host, directory: Path) -> Path:
    data = {
        "ssh_user": ADMIN,
        "ssh_key": host.key_file,
        "ssh_known_hosts_file": str(host.known_hosts),
        "_sudo": True,
        "bench_public_key": public_key(host),
        **json.loads((directory / DIFFERENCES_FILE).read_text()),
    }
    path = directory / "pyinfra_inventory.py"
    path.write_text(f"hosts = [({host.address!r}, {data!r})]\n")
    return path


def run_ansible(host: Host, playbook: Path, inventory: Path, *arguments: str) -> Timed:
    differences = f"@{inventory.with_name(DIFFERENCES_FILE)}"
    return _run(host, [paths.VENV / "bin/ansible-playbook", "-i", inventory, playbook, "-e", differences, *arguments])


def run_pyinfra(host: Host, inventory: Path) -> Timed:
    return _run(host, [VENV_BENCH / "bin/pyinfra", "-y", inventory, PYINFRA])


def ansible_without_change(host: Host, playbook: Path, inventory: Path, *arguments: str) -> Timed:
    timed = run_ansible(host, playbook, inventory, *arguments)
    if timed.recap.get("changed") != 0:
        raise BenchError(f"{playbook.name} has changed something, so this is no no-change run:\n{timed.output}")
    return timed


def pyinfra_without_change(host: Host, inventory: Path) -> Timed:
    timed = run_pyinfra(host, inventory)
    if "] Success" in timed.output:
        raise BenchError(f"{PYINFRA.name} has changed something, so this is no no-change run:\n{timed.output}")
    return timed


def pyinfra_operations(output: str) -> int:
    return output.count("--> Starting operation")


def _run(host: Host, argv: Sequence[str | Path]) -> Timed:
    """Every run opens an SSH connection of its own: one left open would favour whoever comes second."""
    sockets = tempfile.mkdtemp(prefix="bench")
    environment = {**tool_environment(), **PLAIN, "ANSIBLE_PIPELINING": "1", "ANSIBLE_SSH_CONTROL_PATH_DIR": sockets}
    before = _processor_seconds(host)
    started = time.monotonic()
    done = subprocess.run(
        [str(part) for part in argv],
        cwd=paths.ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    seconds = time.monotonic() - started
    processor_seconds = _processor_seconds(host) - before
    _close_connections(Path(sockets))
    if done.returncode:
        raise BenchError(f"`{' '.join(str(part) for part in argv)}` ended with {done.returncode}:\n{done.stdout}")
    return Timed(seconds, processor_seconds, done.stdout)


def _processor_seconds(host: Host) -> float:
    """What our children and the host have used so far; unlike the time of day it hardly depends on the neighbours."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    usage = control.execute(host.name, ("sh", "-c", HOST_USAGE))
    return children.ru_utime + children.ru_stime + int(usage) / 1e9


def _close_connections(sockets: Path) -> None:
    for socket in sockets.iterdir():
        command = ["ssh", "-o", f"ControlPath={socket}", "-O", "exit", "bench"]
        subprocess.run(command, capture_output=True, check=False)
    shutil.rmtree(sockets, ignore_errors=True)


def load_average() -> float:
    return os.getloadavg()[0]
