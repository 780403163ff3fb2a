from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import Refused
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import FileStat
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.disk_space import (
    MEBI,
    FileSystem,
    parse_free,
    refuse_when_full,
)
from tests.unit.fakes import FakeHost

HEADING = "Filesystem     1024-blocks     Used Available Capacity Mounted on\n"
ROOT = "overlay          263174212 81838676 181335536      32% /\n"
BOOT = "/dev/sda1            10240     8192      2048      80% /boot\n"
DIRECTORY = FileStat("directory", 0o755, "root", "root")


def host(*rows: str, paths: str) -> FakeHost:
    stats = {"/usr": DIRECTORY, "/boot": DIRECTORY, "/var/cache": DIRECTORY, "/var/cache/apt": None}
    return FakeHost(answers={f"df -Pk {paths}": HEADING + "".join(rows)}, stats=stats)


def test_each_line_is_a_file_system_with_its_free_bytes():
    spaced = "tmpfs 100 50 50 50% /srv/my disk\n"
    assert parse_free(HEADING + BOOT + spaced) == (
        FileSystem("/boot", 2 * MEBI),
        FileSystem("/srv/my disk", 50 * 1024),
    )


def test_where_there_is_room_nothing_is_said():
    refuse_when_full(host(ROOT, BOOT, paths="/usr /boot"), {"/usr": 100 * MEBI, "/boot": 2 * MEBI})


def test_where_nothing_is_wanted_nothing_is_asked():
    refuse_when_full(FakeHost(), {"/usr": 0, "/boot": -5})


def test_a_full_file_system_is_named_with_what_is_missing():
    with pytest.raises(Refused) as caught:
        refuse_when_full(host(ROOT, BOOT, paths="/usr /boot"), {"/usr": 100 * MEBI, "/boot": 3 * MEBI})
    assert "/boot has 2.0 MiB free, and the transaction needs 3.0 MiB of it (for /boot)." in str(caught.value)
    assert "/usr" not in str(caught.value)
    assert str(caught.value).startswith("Nothing was changed")


def test_directories_of_one_file_system_share_its_room():
    with pytest.raises(Refused, match=r"needs 3\.0 MiB of it \(for /usr, /boot\)"):
        refuse_when_full(host(BOOT, BOOT, paths="/usr /boot"), {"/usr": 2 * MEBI, "/boot": MEBI})


def test_a_directory_that_is_not_there_yet_counts_for_the_one_above():
    asked = host(ROOT, paths="/var/cache")
    asked.stats["/var/cache/apt/archives"] = None
    refuse_when_full(asked, {"/var/cache/apt/archives": MEBI})
    assert asked.asked == ["df -Pk /var/cache"]
