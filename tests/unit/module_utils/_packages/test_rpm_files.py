from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import InstalledPackages
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.rpm_files import (
    CONTENT_FORMAT,
    PackageFile,
    file_problem,
    read_file,
)
from tests.unit.fakes import FakeHost

PATH = "/root/agent.rpm"
QUERY = f"rpm -qp --qf {CONTENT_FORMAT} {PATH}"
NO_PACKAGE = CommandResult((), 3, "", "error: /root/agent.rpm: not an rpm package (or package manifest)\n")


def host(answer: object, content: str | None = "x") -> FakeHost:
    return FakeHost(answers={QUERY: answer}, files={PATH: content})


@pytest.mark.parametrize(("signature", "is_signed"), [("signed", True), ("unsigned", False)])
def test_a_file_tells_its_package_and_whether_it_is_signed(signature, is_signed):
    found = read_file(host(f"agent\t1:2.0-1.el9\tx86_64\t{signature}\n"), PATH)
    assert found == PackageFile("agent", "1:2.0-1.el9", "x86_64", is_signed)


def test_the_very_version_counts_as_installed():
    package = PackageFile("agent", "2.0-1", "x86_64", is_signed=True)
    assert package.is_in(InstalledPackages({"agent.x86_64": "2.0-1"}))
    assert not package.is_in(InstalledPackages({"agent.x86_64": "1.0-1"}))


def test_what_is_no_package_is_said():
    assert read_file(host(NO_PACKAGE), PATH) is None
    assert "is no RPM package" in file_problem(host(NO_PACKAGE), PATH)


def test_a_file_that_is_not_there_is_said():
    assert "there is no file" in file_problem(host("", content=None), PATH)


def test_a_good_file_is_fine():
    assert file_problem(host("agent\t0:2.0-1\tx86_64\tsigned\n"), PATH) == ""
