from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import CommandMissing, Unreadable
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import FileStat
from ansible_collections.groundwork.python_host.plugins.module_utils._platform import reboot
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform
from tests.unit.fakes import FakeHost

UBUNTU = Platform("ubuntu", "22.04", family="debian")
CENTOS = Platform("centos", "9", family="redhat")
FREEBSD = Platform("freebsd", "14.5", family="freebsd")
ASKED = " ".join(reboot.INSTALLED)
OLD, RUNNING = "5.14.0-500.el9.x86_64", "5.14.0-522.el9.x86_64"
BOOTED = 1795380316 + 25166


@pytest.mark.parametrize(
    ("files", "reasons"),
    [
        ({reboot.FLAG: None}, ()),
        ({reboot.FLAG: "x\n", f"{reboot.FLAG}.pkgs": "libc6\nlinux-base\nlibc6\n"}, ("libc6", "linux-base")),
        ({reboot.FLAG: "x\n", f"{reboot.FLAG}.pkgs": None}, ("unknown packages",)),
    ],
)
def test_debians_family_has_a_flag(files, reasons):
    assert reboot.reboot_pending(FakeHost(files=files), UBUNTU) == reasons


def booted(*rows: str, kernel: str = RUNNING) -> FakeHost:
    return FakeHost(
        answers={ASKED: "".join(f"{row}\n" for row in rows)},
        files={
            "/proc/stat": "cpu  1 2\nbtime 1795380316\nprocesses 9\n",
            # As /proc/1/stat of a container that was started 25166.02 seconds after its host.
            "/proc/1/stat": f"1 (system) d)) S 0 1 1 0 -1 4194560 {'7 ' * 12}2516602 21 9\n",
            "/proc/sys/kernel/osrelease": f"{kernel}\n",
        },
    )


@pytest.mark.parametrize(
    ("rows", "kernel", "reasons"),
    [
        ([f"1700000000 kernel-core {RUNNING}", "1700000000 glibc 2.34-100.el9.x86_64"], RUNNING, ()),
        ([], RUNNING, ()),
        ([f"{BOOTED - 1} glibc 2.34-100.el9.x86_64"], RUNNING, ()),
        ([f"{BOOTED + 1} glibc 2.34-100.el9.x86_64"], RUNNING, ("glibc",)),
        (
            [
                f"{BOOTED + 9} systemd 252-1.x86_64",
                f"{BOOTED + 1} glibc 2.34-1.x86_64",
                f"{BOOTED + 1} glibc 2.34-1.i686",
            ],
            RUNNING,
            ("glibc", "systemd"),
        ),
        ([f"1600000000 kernel-core {OLD}", f"{BOOTED + 1} kernel-core {RUNNING}"], OLD, ("kernel-core",)),
        (
            [f"1600000000 kernel-core {OLD}", f"1700000000 kernel-core {RUNNING}"],
            OLD,
            (f"kernel-core ({RUNNING} is installed, {OLD} runs)",),
        ),
        ([f"1700000000 kernel-rt-core {RUNNING}"], f"{RUNNING}+rt", ()),
        (
            [f"1600000000 kernel-rt-core {OLD}", f"1700000000 kernel-rt-core {RUNNING}"],
            f"{OLD}+rt",
            (f"kernel-rt-core ({RUNNING} is installed, {OLD} runs)",),
        ),
        ([f"1600000000 kernel-core {OLD}", f"1700000000 kernel-core {RUNNING}"], RUNNING, ()),
    ],
)
def test_enterprise_linux_compares_what_was_installed_with_the_boot(rows, kernel, reasons):
    assert reboot.reboot_pending(booted(*rows, kernel=kernel), CENTOS) == reasons


def test_a_container_has_its_hosts_kernel():
    host = booted(f"1700000000 kernel-core {RUNNING}", kernel="6.1.0-microvm")
    assert reboot.reboot_pending(host, replace(CENTOS, container="docker")) == ()


def test_a_host_that_does_not_tell_when_it_was_booted_is_not_called_up_to_date():
    host = booted("1700000000 glibc 2.34-100.el9.x86_64")
    host.files["/proc/stat"] = None
    assert reboot.reboot_pending(host, CENTOS) == ("glibc",)


def test_a_host_without_rpm_cannot_say():
    host = booted()
    host.answers[ASKED] = CommandMissing("rpm")
    with pytest.raises(CommandMissing):
        reboot.reboot_pending(host, CENTOS)


BSD_BOOTED = 1795380316


def freebsd(kernel="14.5-RELEASE-p1", *, running="14.5-RELEASE-p1", updated=BSD_BOOTED - 100, booted=None):
    """`-kru` prints kernel, running kernel and userland; kern.boottime is a struct timeval (sbin/sysctl/sysctl.c)."""
    stamp = f"{{ sec = {BSD_BOOTED}, usec = 929665 }} Wed Nov 18 02:14:59 2026\n" if booted is None else booted
    return FakeHost(
        answers={
            "freebsd-version -kru": f"{kernel}\n{running}\n14.5-RELEASE-p2\n",
            "sysctl -n kern.boottime": stamp,
        },
        stats={reboot.USERLAND: FileStat("file", 0o555, "root", "wheel", changed=updated)},
    )


@pytest.mark.parametrize(
    ("host", "reasons"),
    [
        # The patch levels of kernel and userland may differ: not every fix is about both.
        (freebsd(), ()),
        (freebsd("14.5-RELEASE-p2"), ("the kernel (14.5-RELEASE-p2 is installed, 14.5-RELEASE-p1 runs)",)),
        (
            freebsd(updated=BSD_BOOTED + 100),
            ("the userland (14.5-RELEASE-p2 was installed after the boot)",),
        ),
        (freebsd(booted="\n"), ("the userland (14.5-RELEASE-p2 was installed after the boot)",)),
    ],
)
def test_freebsd_compares_what_is_installed_with_what_was_booted(host, reasons):
    assert reboot.reboot_pending(host, FREEBSD) == reasons


def test_a_jail_has_its_hosts_kernel_and_cannot_tell_when_it_was_started():
    assert reboot.reboot_pending(FakeHost(), replace(FREEBSD, container="jail")) == ()


def test_freebsd_with_a_kernel_that_has_no_version_cannot_say():
    host = freebsd()
    host.answers["freebsd-version -kru"] = "14.5-RELEASE-p1\n14.5-RELEASE-p2\n"
    with pytest.raises(Unreadable, match="/boot/kernel/kernel"):
        reboot.reboot_pending(host, FREEBSD)
