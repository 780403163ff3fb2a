from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import selinux
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import FileStat
from tests.unit.fakes import FakeHost


@pytest.mark.parametrize("stat", [None, FileStat("file", 0o644, "root", "root")])
def test_what_is_written_is_labelled_where_the_kernel_has_labels(stat):
    host = FakeHost(stats={selinux.ENFORCE: stat})
    assert selinux.is_enabled(host) is (stat is not None)
    commands = [" ".join(command.argv) for command in selinux.relabel(host, "/a", "/b")]
    assert commands == (["restorecon -RF /a /b"] if stat else [])


def test_a_file_system_without_labels_is_no_fault():
    (command,) = selinux.relabel(FakeHost(stats={selinux.ENFORCE: FileStat("file", 0o644, "root", "root")}), "/a")
    assert (command.ok, command.change) == ((0, 1, 255), None)
