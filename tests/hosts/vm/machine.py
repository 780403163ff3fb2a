"""Virtual machines: hosts with a kernel of their own, that can be rebooted and whose power can be cut."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
import uuid
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tests.hosts import state
from tests.hosts.command import HostError, run
from tests.hosts.vm import qemu
from tests.hosts.vm.disk import ensure_disk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_ADDRESS = "127.0.0.1"
# An emulated processor takes half a minute when it has a real one to itself.
_BOOT_TIMEOUT = 300.0
_BOOT_ID = "cat /proc/sys/kernel/random/boot_id"


@dataclass(frozen=True)
class Login:
    """Who logs in, and with which key."""

    user: str
    key_file: Path


class Machine:
    """One machine: its hardware, what is known of the host on it, and the process that runs it."""

    def __init__(self, host: state.Host, hardware: qemu.Hardware, sockets: Path) -> None:
        self.host = host
        self.root = Login("root", Path(host.key_file))
        self._hardware = hardware
        self._sockets = sockets
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def console(self) -> Path:
        """What kernel and systemd have written."""
        return self._hardware.console

    def power_on(self) -> float:
        """Boot, and return the seconds until the SSH server greets."""
        started = time.monotonic()
        self._process = qemu.start(self._hardware, self.host.folder / "qemu.log")
        self._name_connections()
        self._wait_for_ssh()
        return time.monotonic() - started

    def cut_power(self) -> None:
        """End the machine between two instructions: what it has not flushed to its disk is gone."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def reboot(self, before: Login, after: Login) -> float:
        """Reboot in an orderly way, and return the seconds until the second login gets in."""
        started = time.monotonic()
        earlier = self.answer_to(before, _BOOT_ID).stdout
        self.shell("systemctl --no-block reboot", login=before)
        self._name_connections()
        while time.monotonic() < started + _BOOT_TIMEOUT:
            self._wait_for_ssh()
            # On its way down the machine may greet, and then end the connection.
            if self.answer_to(after, _BOOT_ID).stdout not in ("", earlier):
                return time.monotonic() - started
            time.sleep(1)
        raise HostError(f"machine {self.host.name}: no new boot after {_BOOT_TIMEOUT:.0f} s: see {self.console}")

    def shell(self, text: str, *, login: Login | None = None) -> str:
        """What a shell with root's rights prints. Its connection lasts until the next boot, whatever sshd is told."""
        return self.execute(("sh", "-es"), stdin=text.encode(), login=login).strip()

    def execute(self, argv: Sequence[str], *, stdin: bytes = b"", login: Login | None = None) -> str:
        """Standard output of a program that runs with root's rights; the words are taken literally by a shell."""
        who = login or self.root
        rights = () if who.user == "root" else ("sudo", "-n")
        lasting = (
            "-o",
            "ControlMaster=auto",
            "-o",
            "ControlPersist=600",
            "-o",
            f"ControlPath={self._sockets}/{self.host.container[:10]}-%r",
        )
        return run([*self._ssh(who, *lasting), *rights, *argv], stdin=stdin, timeout=300)

    def gets_in(self, login: Login) -> bool:
        """Whether a fresh login works."""
        return self.answer_to(login).returncode == 0

    def answer_to(self, login: Login, command: str = "true") -> subprocess.CompletedProcess[str]:
        """How a fresh login is answered, with the login's own rights."""
        argv = [*self._ssh(login, "-o", "ControlPath=none"), command]
        return subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False)

    def _ssh(self, login: Login, *options: str) -> list[str]:
        common = ["BatchMode=yes", "ConnectTimeout=15", "StrictHostKeyChecking=yes", "IdentitiesOnly=yes"]
        common += [f"UserKnownHostsFile={self.host.known_hosts}", "GlobalKnownHostsFile=/dev/null"]
        settings = [part for option in common for part in ("-o", option)]
        target = ["-p", str(self.host.port), "-i", str(login.key_file), f"{login.user}@{self.host.address}"]
        return ["ssh", "-F", "none", *options, *settings, *target]

    def _name_connections(self) -> None:
        """Shared connections, Ansible's too, lead into the boot before: those of the next have other names."""
        self.host = replace(self.host, container=uuid.uuid4().hex)
        state.save_host(self.host)

    def _wait_for_ssh(self) -> None:
        deadline = time.monotonic() + _BOOT_TIMEOUT
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                raise HostError(f"machine {self.host.name} is not running: see {self.host.folder / 'qemu.log'}")
            if self._greets():
                return
            time.sleep(0.5)
        raise HostError(f"machine {self.host.name}: no SSH after {_BOOT_TIMEOUT:.0f} s: see {self.console}")

    def _greets(self) -> bool:
        """The emulator takes a connection before the machine does, so only an answer counts."""
        try:
            with socket.create_connection((self.host.address, self.host.port), timeout=5) as connection:
                return connection.recv(4) == b"SSH-"
        except OSError:
            return False


@contextmanager
def machine(name: str) -> Iterator[Machine]:
    """A machine that is still switched off; it is gone with its disk afterwards."""
    qemu.ensure_qemu()
    disk = ensure_disk()
    own = f"{name}-{os.getpid()}"
    folder = state.host_folder(own)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(disk.folder / "identity", folder / "identity")
    folder.chmod(0o700)
    hardware = qemu.Hardware(
        kernel=disk.kernel,
        initrd=disk.initrd,
        disk=folder / "overlay",
        ssh_port=_free_port(),
        console=folder / "console.log",
        accelerator=qemu.accelerator(os.environ),
    )
    provenance = f"{disk.image.provenance}, on a virtual machine ({hardware.accelerator})"
    host = state.Host(own, "", _ADDRESS, disk.image.reference, provenance, str(disk.key_file), hardware.ssh_port)
    # A path below the checkout may be longer than a socket's name can be.
    with tempfile.TemporaryDirectory() as sockets:
        made = Machine(host, hardware, Path(sockets))
        try:
            qemu.make_overlay(disk.content, hardware.disk)
            yield made
        finally:
            made.cut_power()
            state.forget_host(own)


def _free_port() -> int:
    with socket.create_server((_ADDRESS, 0)) as server:
        return int(server.getsockname()[1])
