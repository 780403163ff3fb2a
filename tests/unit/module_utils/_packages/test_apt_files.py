from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_files import (
    CONTENT_FORMAT,
    PackageFile,
    file_problem,
    read_file,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import InstalledPackages
from tests.unit.fakes import FakeHost

ASK = f"dpkg-deb --show --showformat {CONTENT_FORMAT}"
BROKEN = CommandResult((), 2, "", "dpkg-deb: error: '/bad.deb' is not a Debian format archive\n")


def host() -> FakeHost:
    answers = {f"{ASK} /good.deb": "demo\tall\t1.0\n", f"{ASK} /bad.deb": BROKEN}
    return FakeHost(answers=answers, files={"/good.deb": "", "/bad.deb": "", "/gone.deb": None})


def test_a_file_tells_what_it_holds():
    assert read_file(host(), "/good.deb") == PackageFile("demo", "all", "1.0")
    assert read_file(host(), "/bad.deb") is None


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/good.deb", ""),
        ("/bad.deb", "/bad.deb on the host is no Debian package"),
        ("/gone.deb", "there is no file /gone.deb on the host"),
    ],
)
def test_a_bad_file_is_explained(path, words):
    problem = file_problem(host(), path)
    assert words in problem if words else problem == ""


@pytest.mark.parametrize(("version", "verdict"), [("1.0", True), ("0.9", False), (None, False)])
def test_a_file_is_installed_when_its_very_version_is(version, verdict):
    versions = {} if version is None else {"demo:all": version}
    assert PackageFile("demo", "all", "1.0").is_in(InstalledPackages(versions)) is verdict
