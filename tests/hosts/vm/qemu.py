"""Starts the processor, memory, disk and network of a virtual machine."""

from __future__ import annotations

import platform
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.hosts.command import HostError, run
from tests.hosts.engine import exclusive, install_packages, require_root_and_apt
from tests.hosts.state import CACHE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_EMULATOR = "qemu-system-x86_64"
# A device for hardware virtualization that is there need not work, as in a machine that is itself a guest. Emulation
# works everywhere, so what is faster is asked for and never guessed; a plain processor is emulated fastest.
_ACCELERATORS = {"tcg": ("-accel", "tcg,thread=multi", "-cpu", "qemu64"), "kvm": ("-accel", "kvm", "-cpu", "max")}
_MEMORY = "1024"
# The kernel writes to the disk what a program asks it to flush, and the rest half a minute later if at all: a power cut
# then always finds the same on the disk, the least that there can be.
_NO_WRITING_BY_ITSELF = "sysctl.vm.dirty_writeback_centisecs=0"


@dataclass(frozen=True)
class Hardware:
    """What one machine is made of; it stays the same when the machine is switched off and on again."""

    kernel: Path
    initrd: Path
    disk: Path
    ssh_port: int
    console: Path
    accelerator: str


def ensure_qemu() -> None:
    """As root on Debian and Ubuntu it is installed when it is missing."""
    if platform.machine() not in ("x86_64", "AMD64"):
        raise HostError(f"Virtual machines are made for x86_64 processors only; this one is {platform.machine()}.")
    with exclusive(CACHE / "qemu.lock"):
        if not (shutil.which(_EMULATOR) and shutil.which("qemu-img")):
            require_root_and_apt(
                f"A virtual machine needs {_EMULATOR} and qemu-img, which are not on the PATH:"
                " install qemu-system-x86 and qemu-utils"
            )
            install_packages("qemu-system-x86", "qemu-utils")


def accelerator(environment: Mapping[str, str]) -> str:
    """What HOST_ACCELERATION asks for: tcg, which emulates the processor and is the default, or kvm."""
    choice = environment.get("HOST_ACCELERATION") or "tcg"
    if choice not in _ACCELERATORS:
        raise HostError(f"HOST_ACCELERATION is {choice!r}, expected tcg, kvm, or nothing for tcg")
    return choice


def make_overlay(disk: Path, overlay: Path) -> None:
    """A disk that keeps its own changes beside those of another, which stays as it is."""
    run(["qemu-img", "create", "-q", "-f", "qcow2", "-b", str(disk), "-F", "raw", str(overlay)])


def start(hardware: Hardware, log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as stream:
        return subprocess.Popen(command(hardware), stdin=subprocess.DEVNULL, stdout=stream, stderr=subprocess.STDOUT)


def command(hardware: Hardware) -> list[str]:
    """The emulator with its arguments; the kernel is given to it, so the disk needs no boot loader."""
    argv = [_EMULATOR, *_ACCELERATORS[hardware.accelerator], "-smp", "2", "-m", _MEMORY]
    argv += ["-nodefaults", "-display", "none"]
    argv += ["-chardev", f"file,id=console,path={hardware.console},append=on", "-serial", "chardev:console"]
    argv += ["-kernel", str(hardware.kernel), "-initrd", str(hardware.initrd)]
    argv += ["-append", f"root=/dev/vda ro console=ttyS0 net.ifnames=0 {_NO_WRITING_BY_ITSELF}"]
    # With a write-back cache only what the machine has flushed is sure to be on the disk: the tables of the overlay
    # are in the emulator's own memory until then, and die with it.
    argv += ["-drive", f"file={hardware.disk},format=qcow2,if=virtio,cache=writeback"]
    argv += ["-netdev", f"user,id=net,hostfwd=tcp:127.0.0.1:{hardware.ssh_port}-:22"]
    argv += ["-device", "virtio-net-pci,netdev=net"]
    # Without a source of randomness a first boot waits for one.
    argv += ["-object", "rng-random,id=random,filename=/dev/urandom", "-device", "virtio-rng-pci,rng=random"]
    return argv
