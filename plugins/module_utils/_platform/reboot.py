# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether an update waits for a reboot, as each family of systems tells it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Callable

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import Unreadable
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import lookup

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform

# Left by hooks of packages (update-notifier-common, unattended-upgrades).
FLAG = "/run/reboot-required"
# What everything runs on, so that nothing short of a reboot puts a new one in force: the list of `dnf needs-restarting
# -r` with the libraries that nearly every service has loaded.
CORE_PACKAGES = (
    *("kernel", "kernel-core", "kernel-rt", "kernel-rt-core", "linux-firmware", "microcode_ctl"),
    *("glibc", "openssl-libs", "gnutls", "systemd", "systemd-udev", "dbus", "dbus-broker", "dbus-daemon"),
)
KERNELS = ("kernel-core", "kernel-rt-core")
INSTALLED = ("rpm", "-qa", "--qf", "%{INSTALLTIME} %{NAME} %{VERSION}-%{RELEASE}.%{ARCH}\\n", *CORE_PACKAGES)
KERNEL_RUNNING, BOOT, FIRST_PROCESS = "/proc/sys/kernel/osrelease", "/proc/stat", "/proc/1/stat"
# Kernel installed, kernel running, userland installed, in this order (bin/freebsd-version/freebsd-version.sh.in).
VERSIONS = ("freebsd-version", "-kru")
# `{ sec = 1795860000, usec = 0 } …` (S_timeval in sbin/sysctl/sysctl.c of freebsd/freebsd-src).
BOOT_TIME = ("sysctl", "-n", "kern.boottime")
# It has the userland's version in it, so every update brings a new one, of distribution sets and of packages alike.
USERLAND = "/bin/freebsd-version"
# Linux counts in hundredths of a second wherever it tells of them (USER_HZ).
TICKS = 100


def reboot_pending(host: HostReader, platform: Platform) -> tuple[str, ...]:
    """What waits for a reboot, in words; empty when nothing does. Raises HostError where the host cannot say."""
    return lookup(_WAYS, platform)(host, platform)


def _by_flag(host: HostReader, _platform: Platform) -> tuple[str, ...]:
    if host.stat(FLAG) is None:
        return ()
    names = sorted(set((host.read_text(f"{FLAG}.pkgs") or "").split()))
    return tuple(names) or ("unknown packages",)


def _by_install_time(host: HostReader, platform: Platform) -> tuple[str, ...]:
    """Whatever of the core was installed after the boot; and a kernel that runs although a later one was installed.

    A container runs its host's kernel, and is booted when its first process starts.
    """
    found = sorted((int(time), name, version) for time, name, version in _rows(host.query(INSTALLED).stdout))
    booted = boot_time(host)
    late = [name for time, name, _version in found if time > booted]
    kernels = [(name, version) for _time, name, version in found if name in KERNELS]
    # A kernel of another build is named behind a plus sign (`5.14.0-427.el9.x86_64+rt`), which its package has not.
    running = (host.read_text(KERNEL_RUNNING) or "").strip().partition("+")[0]
    if not platform.container and kernels and running and running != kernels[-1][1] and kernels[-1][0] not in late:
        late.append(f"{kernels[-1][0]} ({kernels[-1][1]} is installed, {running} runs)")
    return tuple(dict.fromkeys(late))


def _rows(text: str) -> list[tuple[str, str, str]]:
    return re.findall(r"^(\d+) (\S+) (\S+)$", text, re.MULTILINE)


def boot_time(host: HostReader) -> float:
    """Seconds since 1970 at which the first process started: proc(5)'s `btime`, and field 22 of its `stat`.

    0 where that cannot be told, so that everything counts as late rather than nothing.
    """
    booted = re.search(r"^btime (\d+)$", host.read_text(BOOT) or "", re.MULTILINE)
    # The second field is the program's name in brackets and may hold anything, so count from the last bracket.
    fields = (host.read_text(FIRST_PROCESS) or "").rpartition(")")[2].split()
    if booted is None or len(fields) < 20:
        return 0.0
    return int(booted.group(1)) + int(fields[19]) / TICKS


def _by_versions(host: HostReader, platform: Platform) -> tuple[str, ...]:
    """A kernel that was not booted yet, and a userland that was changed under the running daemons.

    A jail runs its host's kernel, and nobody can tell from inside when it was started.
    """
    if platform.container:
        return ()
    versions = host.query(VERSIONS).lines()
    if len(versions) != 3:
        raise Unreadable("/boot/kernel/kernel", "freebsd-version finds no version in it")
    installed, running, userland = versions
    booted, changed = _bsd_boot_time(host), host.stat(USERLAND)
    waiting = []
    if installed != running:
        waiting.append(f"the kernel ({installed} is installed, {running} runs)")
    if changed and changed.changed > booted:
        waiting.append(f"the userland ({userland} was installed after the boot)")
    return tuple(waiting)


def _bsd_boot_time(host: HostReader) -> float:
    """sysctl(8) shows a struct timeval: `{ sec = 1795380316, usec = 929665 } Wed Nov 18 02:14:59 2026`."""
    booted = re.search(r"sec = (\d+)", host.query(BOOT_TIME).stdout)
    return int(booted.group(1)) if booted else 0.0


_WAYS: Mapping[str, Callable[[HostReader, Platform], tuple[str, ...]]] = {
    "*": _by_flag,
    "redhat": _by_install_time,
    "freebsd": _by_versions,
}
