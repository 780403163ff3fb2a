"""Root's own group is called root on Linux and wheel on FreeBSD; plan and writer name it as the host does."""

from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import (
    EnsureDirectory,
    SetAttributes,
    WriteBlock,
    WriteFile,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Executor
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import FileStat
from tests.unit.fakes import FakeHost

PATH = "/usr/local/etc/x"
ACTIONS = {
    "file": WriteFile(PATH, "text\n", mode=0o640),
    "directory": EnsureDirectory(PATH, mode=0o640),
    "attributes": SetAttributes(PATH, 0o640, "root", "root"),
}


def host(kind, group, *, own="wheel"):
    return FakeHost(
        files={PATH: "text\n"} if kind == "file" else {},
        stats={PATH: FileStat(kind, 0o640, "root", group)},
        root_group=own,
    )


@pytest.mark.parametrize("name", ACTIONS)
@pytest.mark.parametrize("own", ["root", "wheel"])
def test_what_belongs_to_roots_own_group_is_as_it_shall_be(name, own):
    kind = "directory" if name == "directory" else "file"
    assert Executor(host(kind, own, own=own)).plan([ACTIONS[name]]) == ()


@pytest.mark.parametrize("name", ACTIONS)
def test_what_belongs_to_another_group_is_given_to_it_under_its_name(name):
    found = host("directory" if name == "directory" else "file", "staff")
    executor = Executor(found, found)
    executor.run([ACTIONS[name]])
    assert [(change.before, change.after) for change in executor.changes] == [("0640 root:staff", "0640 root:wheel")]
    assert found.performed[0].endswith(f"{PATH} 0640 root:wheel")


def test_somebodys_file_that_was_not_there_belongs_to_it():
    found = FakeHost(files={PATH: None}, root_group="wheel")
    Executor(found, found).run([WriteBlock(PATH, "line\n")])
    assert found.performed == [f"write {PATH} 0600 root:wheel"]


def test_any_other_group_is_meant_by_its_name():
    found = FakeHost(files={PATH: None}, root_group="wheel")
    Executor(found, found).run([WriteFile(PATH, "x\n", group="www")])
    assert found.performed == [f"write {PATH} 0644 root:www"]
