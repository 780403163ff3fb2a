from __future__ import annotations

from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult, FileStat
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import InstalledPackages
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_files import (
    FORMAT,
    file_problem,
    read_file,
)
from tests.unit.fakes import FakeHost

PKG = {"/usr/local/sbin/pkg": FileStat("file", 0o755, "root", "wheel")}
ASKED = f"pkg query -F /root/tree.pkg {FORMAT}"


def test_a_file_tells_its_package():
    file = read_file(FakeHost(answers={ASKED: "tree\t2.2.1\n"}, stats=PKG), "/root/tree.pkg")
    assert (file.name, file.version) == ("tree", "2.2.1")
    assert file.is_in(InstalledPackages({"tree": "2.2.1"}))
    assert not file.is_in(InstalledPackages({"tree": "2.2"}))


def test_what_is_wrong_with_a_file_is_said():
    refused = CommandResult((), 1, "", "pkg: Unrecognized")
    host = FakeHost(files={"/root/tree.pkg": "x"}, answers={ASKED: refused}, stats=dict(PKG))
    assert "is no package of FreeBSD's" in file_problem(host, "/root/tree.pkg")
    host.answers[ASKED] = "tree\t2.2.1\n"
    assert file_problem(host, "/root/tree.pkg") == ""
    assert "there is no file" in file_problem(FakeHost(files={"/root/tree.pkg": None}), "/root/tree.pkg")


def test_without_pkg_nothing_bad_is_said_of_a_file_that_nobody_can_read():
    host = FakeHost(files={"/root/tree.pkg": "x"}, stats={"/usr/local/sbin/pkg": None})
    assert file_problem(host, "/root/tree.pkg") == ""
    assert read_file(host, "/root/tree.pkg") is None
