from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import Unreadable
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.old_code import (
    maps_old_code,
    services_on_old_code,
    unit_of,
)
from tests.unit.fakes import FakeHost

CURRENT = "7f1c2a000000-7f1c2a028000 r-xp 00000000 00:35 1234   /usr/lib/x86_64-linux-gnu/libssl.so.3\n"
OLD = CURRENT.rstrip() + " (deleted)\n"


@pytest.mark.parametrize(
    ("maps", "is_old"),
    [
        (CURRENT, False),
        (CURRENT + OLD, True),
        (OLD.replace("/usr/lib/", "/lib64/"), True),
        (OLD.replace("r-xp", "r--p"), False),
        (OLD.replace("/usr/lib/x86_64-linux-gnu/libssl.so.3", "/memfd:jit"), False),
        (OLD.replace("/usr/lib/x86_64-linux-gnu/libssl.so.3", "/tmp/ffi1234"), False),
        ("7ffd2f5f8000-7ffd2f5fa000 r-xp 00000000 00:00 0   [vdso]\n", False),
        ("", False),
    ],
)
def test_code_of_a_file_that_is_gone_is_old(maps, is_old):
    assert maps_old_code(maps) is is_old


@pytest.mark.parametrize(
    ("cgroup", "unit"),
    [
        ("0::/system.slice/ssh.service\n", "ssh.service"),
        ("0::/system.slice/system-postgresql.slice/postgresql@15-main.service\n", "postgresql@15-main.service"),
        (
            "12:cpu,cpuacct:/\n1:name=systemd:/system.slice/cron.service\n0::/system.slice/cron.service\n",
            "cron.service",
        ),
        ("12:cpu,cpuacct:/docker/1234\n1:name=systemd:/init.scope\n", "init.scope"),
        ("0::/user.slice/user-1000.slice/session-3.scope\n", ""),
        ("0::/user.slice/user-1000.slice/user@1000.service/app.slice/app.service\n", "user@1000.service"),
        ("0::/\n", ""),
        ("", ""),
    ],
)
def test_a_process_belongs_to_the_unit_of_its_group(cgroup, unit):
    assert unit_of(cgroup) == unit


def test_each_unit_is_named_once_and_what_cannot_be_read_is_passed_over():
    ssh = "0::/system.slice/ssh.service\n"
    host = FakeHost(
        directories={"/proc": ("1", "10", "11", "12", "13", "cpuinfo")},
        files={
            "/proc/1/cgroup": "0::/init.scope\n",
            "/proc/1/maps": CURRENT,
            "/proc/10/cgroup": ssh,
            "/proc/10/maps": OLD,
            # A second process of a unit that is known to run old code: its maps are not even read.
            "/proc/11/cgroup": ssh,
            "/proc/12/cgroup": "0::/system.slice/cron.service\n",
            "/proc/12/maps": Unreadable("/proc/12/maps", "No such process"),
            "/proc/13/cgroup": None,
        },
    )
    assert services_on_old_code(host) == ("ssh.service",)
