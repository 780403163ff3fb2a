from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_space import (
    ARCHIVES,
    BOOT,
    DATABASE,
    DATABASE_BYTES,
    PROGRAMS,
    bytes_wanted,
    parse_sizes,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import PackageChange
from tests.unit.fakes import FakeHost
from tests.unit.module_utils._packages.hosts import cache
from tests.unit.module_utils._platform.hosts import fixture

KIBI = 1024


def paragraph(name: str, version: str, *, fetched: int, installed: int) -> str:
    return (
        f"Package: {name}\nVersion: {version}\nArchitecture: amd64\nInstalled-Size: {installed}\nSize: {fetched}\n"
        "Description-en: one\n Size: 9999999999\n\n"
    )


def wanted(*changes: PackageChange, shown: str, here: tuple[str, ...] = (), **known: object) -> dict[str, int]:
    asked = [f"{one.name}={version}" for one in changes for version in (one.after, one.before) if version]
    host = FakeHost(answers={cache("show", *asked): shown, **known}, directories={ARCHIVES: here})
    host.directories[BOOT] = ("config-6.1", "initrd.img-6.1.0-1", "initrd.img-6.1.0-2")
    return dict(bytes_wanted(host, changes, configuration=""))


def test_sizes_are_those_of_the_index_in_bytes():
    sizes = parse_sizes(fixture("debian-12/apt-show.txt"))
    assert sizes[("demoa", "3.0")].fetched == 724
    assert sizes[("demoa", "3.0")].installed == 4 * KIBI
    assert sizes[("sudo", "1.9.13p3-1+deb12u4")].installed == 6055 * KIBI
    assert sizes[("sudo", "1.9.13p3-1+deb12u4")].file == "sudo_1.9.13p3-1+deb12u4_amd64.deb"


def test_new_packages_want_their_size():
    shown = paragraph("a", "1:2", fetched=100, installed=7) + paragraph("b", "1", fetched=50, installed=3)
    changes = (PackageChange("a", "install", None, "1:2"), PackageChange("b", "install", None, "1"))
    assert wanted(*changes, shown=shown) == {ARCHIVES: 150, PROGRAMS: 10 * KIBI, DATABASE: DATABASE_BYTES, BOOT: 0}
    assert wanted(*changes, shown=shown, here=("a_1%3a2_amd64.deb",))[ARCHIVES] == 50


def test_an_update_wants_the_difference_and_room_to_lie_beside_the_old():
    shown = paragraph("a", "2", fetched=100, installed=30) + paragraph("a", "1", fetched=90, installed=20)
    assert wanted(PackageChange("a", "upgrade", "1", "2"), shown=shown)[PROGRAMS] == (10 + 30) * KIBI


def test_a_new_kernel_wants_a_ram_disk_as_large_as_the_largest():
    kernel = PackageChange("linux-image-6.1.0-3-amd64", "install", None, "6.1")
    newest = PackageChange("linux-image-amd64", "upgrade", "6.0", "6.1")
    disks = {f"du -k {BOOT}/initrd.img-6.1.0-1 {BOOT}/initrd.img-6.1.0-2": "300\t/boot/x\n400\t/boot/y\n"}
    assert wanted(kernel, newest, shown="", **disks)[BOOT] == 400 * KIBI


@pytest.mark.parametrize(
    "changes", [(), (PackageChange("a", "remove", "1", None),), (PackageChange("a", "hold", "1", "1"),)]
)
def test_what_brings_nothing_wants_nothing(changes):
    assert bytes_wanted(FakeHost(), changes, configuration="") == {}


def test_a_package_file_is_in_no_index():
    shown = "N: Unable to locate package demo\nE: No packages found\n"
    assert wanted(PackageChange("demo", "install", None, "1"), shown=shown)[ARCHIVES] == 0
