from __future__ import annotations

from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import InstalledPackages
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_files import (
    FORMAT,
    file_problem,
    read_file,
)
from tests.unit.fakes import FakeHost

ASKED = f"pkg query -F /root/tree.pkg {FORMAT}"


def test_a_file_tells_its_package():
    file = read_file(FakeHost(answers={ASKED: "tree\t2.2.1\n"}), "/root/tree.pkg")
    assert (file.name, file.version) == ("tree", "2.2.1")
    assert file.is_in(InstalledPackages({"tree": "2.2.1"}))
    assert not file.is_in(InstalledPackages({"tree": "2.2"}))


def test_what_is_wrong_with_a_file_is_said():
    host = FakeHost(files={"/root/tree.pkg": "x"}, answers={ASKED: CommandResult((), 1, "", "pkg: Unrecognized")})
    assert "is no package of FreeBSD's" in file_problem(host, "/root/tree.pkg")
    host.answers[ASKED] = "tree\t2.2.1\n"
    assert file_problem(host, "/root/tree.pkg") == ""
    assert "there is no file" in file_problem(FakeHost(files={"/root/tree.pkg": None}), "/root/tree.pkg")
