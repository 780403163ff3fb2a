from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import HostError
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_status import (
    STATUS,
    came_along_for_simulation,
    has_journal,
    mark_paragraphs,
    status_for_simulation,
    with_entries,
    without,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import PackageChange
from tests.unit.fakes import FakeHost

SUDO = "Package: sudo\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\nDescription: x\n Status: y\n"
TREE = "Package: tree\nStatus: hold ok installed\nArchitecture: amd64\nVersion: 2\n"
HALF_WAY = "Package: sudo\nStatus: install ok half-configured\nArchitecture: amd64\nVersion: 3\n"
NATIVE = "Package: libc6\nStatus: install ok installed\nMulti-Arch: same\nArchitecture: amd64\nVersion: 1\n"
FOREIGN = NATIVE.replace("amd64", "i386")
LIST = f"{SUDO}\n{TREE}\n"
JOURNAL = "/var/lib/dpkg/updates"


def host(*journal: str, status: str | None = LIST) -> FakeHost:
    names = tuple(f"{number:04}" for number in range(len(journal)))
    files = {f"{JOURNAL}/{name}": text for name, text in zip(names, journal)}
    return FakeHost(directories={JOURNAL: (*names, "tmp.i")[: len(names) * 2]}, files={STATUS: status, **files})


def hold(name: str) -> PackageChange:
    return PackageChange(name, "hold", "1", "1")


def test_where_the_list_is_whole_dpkg_s_own_will_do():
    assert status_for_simulation(host(), ()) == ""


def test_a_mark_is_set_in_a_copy():
    asked = host()
    path = status_for_simulation(asked, (hold("sudo"), PackageChange("tree", "unhold", "2", "2")))
    assert asked.files[path] == LIST.replace("install ok", "HOLD").replace("hold ok", "install ok").replace(
        "HOLD", "hold ok"
    )
    assert asked.files[STATUS] == LIST


def test_the_journal_s_last_word_counts_and_what_is_not_finished_does_not():
    asked = host("", HALF_WAY.replace("half-configured", "unpacked"), HALF_WAY)
    assert asked.files[status_for_simulation(asked, ())] == f"{HALF_WAY}\n{TREE}\n"
    assert has_journal(asked)


def test_what_is_brought_is_installed_and_what_is_gone_is_absent():
    asked = host()
    brought = "Package: new\nVersion: 7\nArchitecture: all\nFilename: pool/new.deb\n\n"
    text = asked.files[status_for_simulation(asked, (), brought=brought, gone=("tree",))]
    assert "Package: new\nStatus: install ok installed\nVersion: 7\n" in text
    assert "tree" not in text


def test_packages_of_two_architectures_stand_side_by_side():
    text = f"{NATIVE}\n{FOREIGN}\n"
    changed = FOREIGN.replace("Version: 1", "Version: 2")
    assert with_entries(text, [changed]) == f"{NATIVE}\n{changed}\n"
    assert mark_paragraphs(text, {"libc6:i386": "hold"}).count("hold ok") == 1
    assert without(text, ("libc6:i386",)) == f"{NATIVE}\n"


def test_a_lost_list_is_told():
    with pytest.raises(HostError, match="status-old"):
        status_for_simulation(host(status=None), (hold("sudo"),))


def test_what_is_brought_along_is_added_to_apt_s_own_list():
    debian = FakeHost(files={"/var/lib/apt/extended_states": "Package: liba\nAuto-Installed: 1\n"})
    path = came_along_for_simulation(debian, ["libb"])
    assert debian.files[path].split("\n\n") == [
        "Package: liba\nAuto-Installed: 1",
        "Package: libb\nAuto-Installed: 1",
        "",
    ]


def test_apt_may_have_no_such_list_yet():
    debian = FakeHost(files={"/var/lib/apt/extended_states": None})
    assert debian.files[came_along_for_simulation(debian, [])] == "\n"
