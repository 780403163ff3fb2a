"""Which interpreter is meant, and which packages it needs."""

from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import BadInput
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import FileStat
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform
from ansible_collections.groundwork.python_host.plugins.module_utils._python import (
    interpreters,
    layouts,
    native_libraries,
    scripts,
)
from tests.unit.fakes import FakeHost
from tests.unit.module_utils._python import worlds

CENTOS = Platform("centos", "9", family="redhat", package_tool="dnf")
ROCKY_8 = Platform("rocky", "8.10", family="redhat", package_tool="dnf")
FREEBSD = Platform("freebsd", "14.4", family="freebsd", package_tool="pkg")
EXECUTABLE = FileStat("file", 0o755, "root", "root")


def locate(host, packages, version="system", platform=worlds.DEBIAN):
    return interpreters.locate(host, layouts.layout_of(platform), version=version, repositories=packages)


@pytest.mark.parametrize("version", ["system", "3.11"])
def test_the_systems_own_python_is_found_by_its_link_and_asks_no_repository(version):
    found = locate(worlds.host(), worlds.FakePackages(), version)
    assert found == interpreters.Interpreter(worlds.PYTHON, "3.11", True, ("python3.11",))
    assert interpreters.full_version(worlds.host(), found) == "3.11.2"


def test_another_series_comes_from_the_repositories():
    host = worlds.host()
    host.stats["/usr/bin/python3.12"] = None
    found = locate(host, worlds.FakePackages(repository={"python3.12": "3.12.3-1ubuntu0.5"}), "3.12")
    assert (found.path, found.is_system) == ("/usr/bin/python3.12", False)
    assert interpreters.full_version(host, found) == "3.12.3"
    layout = layouts.layout_of(worlds.DEBIAN)
    assert interpreters.packages(layout, found, headers=True) == (
        *("python3.12", "python3.12-venv", "python3.12-dev"),
        *("build-essential", "pkg-config"),
    )


def test_a_series_that_no_repository_has_is_refused_with_those_that_exist():
    host = worlds.host()
    host.stats["/usr/bin/python3.99"] = None
    with pytest.raises(BadInput, match=r"no repository of this host has Python 3\.99; they have 3\.10, 3\.11"):
        locate(host, worlds.FakePackages(repository={"python3.10": "3.10.1-1", "python3.11": "3.11.2-6"}), "3.99")
    with pytest.raises(BadInput, match="they have no other either"):
        locate(host, worlds.FakePackages(), "3.99")


def test_a_host_without_python_takes_the_full_version_from_the_interpreters_own_package():
    host = FakeHost(stats={"/usr/bin/python3": None, "/usr/bin/python3.10": None})
    packages = worlds.FakePackages(repository={"python3": "3.10.6-1~22.04.1", "python3.10": "3.10.12-1~22.04.11"})
    found = locate(host, packages)
    assert found.candidate == "3.10.12-1~22.04.11"
    assert interpreters.full_version(host, found) == "3.10.12"


def test_a_host_without_python_and_without_a_repository_is_refused():
    with pytest.raises(BadInput, match="no repository of this host has the package python3"):
        locate(FakeHost(stats={"/usr/bin/python3": None}), worlds.FakePackages())


def test_enterprise_linux_names_its_own_python_without_its_series():
    host = FakeHost(links={"/usr/bin/python3": "python3.9"}, stats={"/usr/bin/python3.9": None})
    found = locate(host, worlds.FakePackages(repository={"python3": "3.9.21-2.el9"}), platform=CENTOS)
    assert (found.path, found.candidate) == ("/usr/bin/python3.9", "3.9.21-2.el9")
    assert interpreters.packages(layouts.layout_of(CENTOS), found, headers=True)[:2] == (
        "python3",
        "python3-devel",
    )


def test_a_link_that_goes_through_the_alternatives_is_followed():
    host = FakeHost(
        links={"/usr/bin/python3": "/etc/alternatives/python3", "/etc/alternatives/python3": "/usr/bin/python3.9"},
        stats={"/usr/bin/python3.9": EXECUTABLE},
    )
    assert locate(host, worlds.FakePackages(), platform=CENTOS).path == "/usr/bin/python3.9"


@pytest.mark.parametrize("links", [{}, {"/usr/bin/python3": "../libexec/platform-python"}])
def test_a_python_whose_name_does_not_tell_is_run_and_used_by_that_name(links):
    host = FakeHost(
        links=links,
        stats={"/usr/bin/python3": EXECUTABLE},
        answers={f"/usr/bin/python3 -I -c {scripts.VERSION}": "3.9.21\n"},
    )
    host.stats["/usr/libexec/platform-python"] = EXECUTABLE
    found = locate(host, worlds.FakePackages(), platform=CENTOS)
    assert (found.path, found.series, found.is_system) == ("/usr/bin/python3", "3.9", True)


def test_a_parallel_python_is_not_the_systems_own_of_the_same_series():
    host = FakeHost(
        stats={"/usr/bin/python3": EXECUTABLE, "/usr/bin/python3.11": EXECUTABLE},
        answers={f"/usr/bin/python3 -I -c {scripts.VERSION}": "3.11.2\n"},
    )
    found = locate(host, worlds.FakePackages(), "3.11", CENTOS)
    assert (found.path, found.is_system, found.carriers) == ("/usr/bin/python3.11", False, ("python3.11",))
    assert interpreters.packages(layouts.layout_of(CENTOS), found, headers=True)[:2] == (
        *("python3.11", "python3.11-devel"),
    )


def test_a_python_of_the_systems_own_that_is_too_old_is_refused():
    host = FakeHost(
        stats={"/usr/bin/python3": EXECUTABLE}, answers={f"/usr/bin/python3 -I -c {scripts.VERSION}": "3.6.8\n"}
    )
    with pytest.raises(BadInput, match=r"own Python is 3\.6, older than 3\.8"):
        locate(host, worlds.FakePackages(), platform=CENTOS)


def stand_in_host(*installed):
    """An Enterprise Linux 8, whose own Python nobody is to look at."""
    paths = {f"/usr/bin/python{series}": None for series in ("3.9", "3.11", "3.12")}
    return FakeHost(stats={**paths, **{f"/usr/bin/python{series}": EXECUTABLE for series in installed}})


@pytest.mark.parametrize(
    ("installed", "offered", "series"),
    [
        ((), {"python3.11": "3.11.9-7.el8_10", "python3.12": "3.12.8-1.el8_10"}, "3.12"),
        ((), {"python3.11": "3.11.9-7.el8_10"}, "3.11"),
        (("3.11",), {"python3.12": "3.12.8-1.el8_10"}, "3.11"),
        (("3.11", "3.12"), {}, "3.12"),
    ],
)
def test_enterprise_linux_8_has_another_python_stand_in_for_its_own(installed, offered, series):
    found = locate(stand_in_host(*installed), worlds.FakePackages(repository=offered), platform=ROCKY_8)
    assert (found.path, found.is_system) == (f"/usr/bin/python{series}", False)
    assert found.candidate == ("" if installed else offered[f"python{series}"])
    assert interpreters.packages(layouts.layout_of(ROCKY_8), found, headers=True)[:2] == (
        *(f"python{series}", f"python{series}-devel"),
    )


def test_enterprise_linux_8_without_any_of_them_says_which_it_wants():
    with pytest.raises(
        BadInput, match=r"too old for applications, and no repository .* python3\.12, python3\.11: look"
    ):
        locate(stand_in_host(), worlds.FakePackages(), platform=ROCKY_8)


def test_enterprise_linux_8_names_its_older_series_without_a_dot():
    found = locate(stand_in_host(), worlds.FakePackages(repository={"python39": "3.9.20-1"}), "3.9", ROCKY_8)
    assert (found.path, found.candidate) == ("/usr/bin/python3.9", "3.9.20-1")
    assert interpreters.packages(layouts.layout_of(ROCKY_8), found, headers=True)[:2] == ("python39", "python39-devel")


def test_freebsds_packages_have_no_dot():
    host = FakeHost(links={"/usr/local/bin/python3": "python3.11"}, stats={"/usr/local/bin/python3.12": EXECUTABLE})
    found = locate(host, worlds.FakePackages(), "3.12", FREEBSD)
    assert found.path == "/usr/local/bin/python3.12"
    assert interpreters.packages(layouts.layout_of(FREEBSD), found, headers=True) == (
        *("python312", "py312-sqlite3"),
        *("gmake", "pkgconf"),
    )


RQUERY = "pkg rquery -U -e %o = lang/python3 %dn"
# As its index has them: the package for 3 has that version, and a link to the default of the day.
FREEBSD_INDEX = {"python3": "3_4", "python311": "3.11.14", "python312": "3.12.12_1", "python314": "3.14.2"}


def bare_freebsd(**given):
    """One whose Python, if any, was installed by its series."""
    nothing = dict.fromkeys(f"/usr/local/bin/python{series}" for series in ("3", "3.11", "3.12", "3.14"))
    return FakeHost(stats={**nothing, **given.pop("stats", {})}, **given)


def test_freebsds_own_python_is_what_the_package_for_3_depends_on():
    host = bare_freebsd(answers={RQUERY: "python312\n"})
    found = locate(host, worlds.FakePackages(repository=FREEBSD_INDEX), platform=FREEBSD)
    assert (found.path, found.is_system, found.candidate) == ("/usr/local/bin/python3.12", True, "3.12.12_1")
    assert interpreters.full_version(host, found) == "3.12.12"
    assert interpreters.packages(layouts.layout_of(FREEBSD), found, headers=False) == ("python3", "py312-sqlite3")


def test_the_interpreter_that_ansible_runs_on_is_freebsds_own_if_it_is_the_default():
    host = bare_freebsd(answers={RQUERY: "python312\n"}, stats={"/usr/local/bin/python3.12": EXECUTABLE})
    found = locate(host, worlds.FakePackages(repository=FREEBSD_INDEX), platform=FREEBSD)
    assert (found.path, found.is_system, found.candidate) == ("/usr/local/bin/python3.12", True, "")


def test_an_installed_link_asks_no_repository():
    host = FakeHost(links={"/usr/local/bin/python3": "python3.11"}, stats={"/usr/local/bin/python3.11": EXECUTABLE})
    found = locate(host, worlds.FakePackages(), platform=FREEBSD)
    assert (found.path, found.is_system, host.asked) == ("/usr/local/bin/python3.11", True, [])


def test_another_series_on_freebsd_asks_for_no_default():
    host = bare_freebsd()
    found = locate(host, worlds.FakePackages(repository=FREEBSD_INDEX), "3.14", FREEBSD)
    assert (found.path, found.is_system, found.candidate) == ("/usr/local/bin/python3.14", False, "3.14.2")
    assert host.asked == []
    assert interpreters.packages(layouts.layout_of(FREEBSD), found, headers=False) == ("python314", "py314-sqlite3")


@pytest.mark.parametrize("answer", ["", "zlib\n", worlds.result(RQUERY, rc=1)])
def test_a_package_for_3_that_depends_on_no_interpreter_is_refused(answer):
    host = bare_freebsd(answers={RQUERY: answer})
    with pytest.raises(BadInput, match="no repository of this host has the package python3"):
        locate(host, worlds.FakePackages(repository=FREEBSD_INDEX), platform=FREEBSD)


@pytest.mark.parametrize(
    ("package", "series"),
    [("python312", "3.12"), ("python39", "3.9"), ("python3", ""), ("py312-pip", ""), ("python312-x", "")],
)
def test_the_series_of_an_interpreters_package(package, series):
    assert layouts.layout_of(FREEBSD).series_of(package) == series


def test_the_base_systems_compiler_is_missed():
    layout = layouts.layout_of(FREEBSD)
    assert interpreters.compiler_problems(FakeHost(stats={"/usr/bin/cc": EXECUTABLE}), layout) == []
    (problem,) = interpreters.compiler_problems(FakeHost(stats={"/usr/bin/cc": None}), layout)
    assert "FreeBSD-set-devel" in problem
    assert interpreters.compiler_problems(FakeHost(), layouts.layout_of(worlds.DEBIAN)) == []


def test_a_system_of_no_known_family_is_refused():
    with pytest.raises(BadInput, match="An unknown system is of no family"):
        layouts.layout_of(Platform("unknown"))


@pytest.mark.parametrize(
    ("package", "upstream"),
    [
        ("3.11.2-6+deb12u6", "3.11.2"),
        ("3.14.0~rc3-1", "3.14.0"),
        ("1:3.12.1-1.el9", "3.12.1"),
        ("0:3.9.21-2.el9", "3.9.21"),
        ("3.12.11_1", "3.12.11"),
        ("3.12-1", "3.12"),
        ("nonsense", "nonsense"),
    ],
)
def test_the_upstream_version_of_a_package(package, upstream):
    assert interpreters.upstream_version(package) == upstream


def test_native_libraries_become_packages_each_once():
    names = ("cffi", "cryptography", "postgresql")
    assert native_libraries.packages(names, worlds.DEBIAN) == ("libffi-dev", "libssl-dev", "libpq-dev")
    assert native_libraries.packages(names, CENTOS) == ("libffi-devel", "openssl-devel", "libpq-devel")


def test_every_native_library_has_a_row_for_every_family():
    for families in native_libraries.NATIVE_LIBRARIES.values():
        assert {"debian", "redhat", "freebsd"} <= set(families)


def test_a_library_whose_package_has_another_name_in_one_release_has_a_row_for_it():
    centos_10 = Platform("centos", "10", family="redhat", package_tool="dnf")
    assert "zlib-devel" in native_libraries.packages(["pillow"], CENTOS)
    assert "zlib-ng-compat-devel" in native_libraries.packages(["pillow"], centos_10)
