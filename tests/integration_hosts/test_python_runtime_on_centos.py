"""python_runtime on the Enterprise Linux family: parallel interpreters, and one of its own that stays untouched."""

from __future__ import annotations

import pytest

from tests.hosts import snapshot
from tests.integration_hosts.plays import hosts, shell
from tests.integration_hosts.remote_runtime import Remote, kinds

PLATFORM_PYTHON = "/usr/libexec/platform-python"
# Without a wheel it takes a compiler and the interpreter's own headers.
COMPILED = ["--no-binary psutil", "psutil==6.1.0"]


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    with hosts("runtime-el9", image="centos") as (el9,), hosts("runtime-el8", image="rocky8") as (el8,):
        results = tmp_path_factory.mktemp("results")
        yield Remote(el9, results, "/usr/bin/python3"), Remote(el8, results, PLATFORM_PYTHON)


@pytest.fixture(scope="module")
def el9(pair):
    return pair[0]


@pytest.fixture(scope="module")
def el8(pair):
    return pair[1]


def platform(remote):
    """The system's own Python: its files, links and packages."""
    packages = "rpm -q python3 python3-libs platform-python python3-dnf || true"
    return shell(
        remote.host,
        f"sha256sum $(readlink -f {PLATFORM_PYTHON}); ls -l /usr/bin/python3* {PLATFORM_PYTHON} || true; {packages}",
    )


def test_check_mode_foretells_the_first_run_and_leaves_the_host_alone(el9):
    before = snapshot.take(el9.host.name)
    foretold = el9.run("--check", requirements=["six==1.16.0"])
    assert snapshot.differences(before, snapshot.take(el9.host.name)) == []
    made = el9.run(requirements=["six==1.16.0"])
    assert (foretold["changes"], foretold["plan"]) == (made["changes"], made["plan"])
    assert (made["interpreter"], made["plan"]) == ("/usr/bin/python3", [])
    assert ("user", "app") in kinds(made)
    assert shell(el9.host, "getent passwd app").endswith(":/srv/app:/sbin/nologin")
    assert el9.imports("six") == "1.16.0"


def test_a_parallel_interpreter_comes_from_the_repositories_and_the_systems_own_stays_as_it_is(el9):
    before = platform(el9)
    foretold = el9.run("--check", version="3.11", requirements=["six==1.16.0"])
    made = el9.run(version="3.11", requirements=["six==1.16.0"])
    assert (foretold["changes"], foretold["plan"]) == (made["changes"], made["plan"])
    assert "python3.11" in {change["name"] for change in made["plan"]}
    assert made["interpreter"] == "/usr/bin/python3.11"
    assert [line for line in platform(el9).splitlines() if "/usr/bin/python3.11" not in line] == before.splitlines()
    assert el9.run(version="3.11", requirements=["six==1.16.0"])["changes"] == []


def test_headers_of_that_interpreter_make_compiling_possible(el9):
    made = el9.run(version="3.11", headers=True, requirements=COMPILED)
    assert {"name": "psutil", "version": "6.1.0"} in made["distributions"]
    assert {"python3.11-devel", "gcc"} <= {change["name"] for change in made["plan"]}


def test_a_version_that_no_repository_has_is_refused_with_those_that_exist(el9):
    answer = el9.run(version="3.30")
    assert "no repository of this host has Python 3.30; they have 3.11" in answer["msg"]
    assert answer["changes"] == []


def test_on_release_8_another_python_stands_in_for_the_systems_own(el8):
    before = platform(el8)
    foretold = el8.run("--check", requirements=["six==1.16.0"])
    made = el8.run(requirements=["six==1.16.0"])
    assert (foretold["changes"], foretold["plan"]) == (made["changes"], made["plan"])
    assert made["interpreter"] == "/usr/bin/python3.11"
    assert "python3.11" in {change["name"] for change in made["plan"]}
    assert [line for line in platform(el8).splitlines() if "/usr/bin/python3.11" not in line] == before.splitlines()
    assert el8.imports("six") == "1.16.0"


@pytest.mark.parametrize("interpreter", [PLATFORM_PYTHON, "/usr/bin/python3.11"])
def test_it_is_the_same_by_whichever_python_the_module_itself_runs(el8, interpreter):
    el8.interpreter = interpreter
    answer = el8.run(requirements=["six==1.16.0"])
    assert (answer["changed"], answer["changes"]) == (False, [])
