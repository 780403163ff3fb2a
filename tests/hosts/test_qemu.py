"""What a virtual machine is started with."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hosts.command import HostError
from tests.hosts.vm import qemu


def test_the_processor_is_emulated_unless_something_else_is_asked_for() -> None:
    assert qemu.accelerator({}) == "tcg"
    assert qemu.accelerator({"HOST_ACCELERATION": ""}) == "tcg"
    assert qemu.accelerator({"HOST_ACCELERATION": "kvm"}) == "kvm"


def test_an_unknown_acceleration_is_refused_with_what_there_is() -> None:
    with pytest.raises(HostError, match="'xen', expected tcg, kvm, or nothing"):
        qemu.accelerator({"HOST_ACCELERATION": "xen"})


def test_a_machine_is_reached_from_here_alone_and_by_ssh_alone() -> None:
    folder = Path("/somewhere")
    hardware = qemu.Hardware(folder / "kernel", folder / "initrd", folder / "disk", 2200, folder / "console", "tcg")
    forwards = [part for part in qemu.command(hardware) if "hostfwd" in part]
    assert forwards == ["user,id=net,hostfwd=tcp:127.0.0.1:2200-:22"]
