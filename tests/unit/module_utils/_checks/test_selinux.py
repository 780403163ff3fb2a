from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import selinux
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import WriteFile
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import FileStat
from tests.unit.fakes import FakeHost
from tests.unit.module_utils._checks.worlds import (
    AUTHORIZED_KEYS,
    HOME,
    NO_SUDO,
    SUDOERS_FILE,
    check,
    context,
    file,
    prepared,
    put,
)


@pytest.mark.parametrize("stat", [None, FileStat("file", 0o644, "root", "root")])
def test_what_is_written_is_labelled_where_the_kernel_has_labels(stat):
    host = FakeHost(stats={selinux.ENFORCE: stat})
    assert selinux.is_enabled(host) is (stat is not None)
    commands = [" ".join(command.argv) for command in selinux.relabel(host, "/a", "/b")]
    assert commands == (["restorecon -iRF /a /b"] if stat else [])


def test_a_file_system_without_labels_is_no_fault():
    (command,) = selinux.relabel(FakeHost(stats={selinux.ENFORCE: FileStat("file", 0o644, "root", "root")}), "/a")
    assert (command.ok, command.change) == ((0, 1, 255), None)


LABELS = {selinux.ENFORCE: file()}


@pytest.mark.parametrize(
    ("check_id", "host", "labelled"),
    [
        ("ACC-002", put(prepared(), files={AUTHORIZED_KEYS: None}), f"{HOME}/.ssh"),
        ("ACC-003", put(prepared(), **NO_SUDO), SUDOERS_FILE),
    ],
)
def test_a_file_of_the_administrators_is_labelled_when_it_is_written(check_id, host, labelled):
    def commands():
        writes = [action for action in check(check_id).remedy(host, context()) if isinstance(action, WriteFile)]
        return [" ".join(command.argv) for write in writes for command in write.then]

    assert commands() == []
    put(host, stats=LABELS)
    assert commands() == [f"restorecon -iRF {labelled}"]


def test_a_home_that_is_made_anew_is_labelled():
    host = put(prepared(), stats={HOME: None, **LABELS})
    *_others, last = check("ACC-001").remedy(host, context())
    assert " ".join(last.argv) == f"restorecon -iRF {HOME}"
