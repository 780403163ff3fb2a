"""python_runtime on the double of FreeBSD: the interpreter of the day, and what its packages split off.

Nothing is compiled there, because the double's compiler only stands for one.
"""

from __future__ import annotations

import pytest

from tests.integration_hosts.plays import hosts, shell
from tests.integration_hosts.remote_runtime import Remote, kinds

# As a bootstrap leaves it: the interpreter that python3 depends on, and not python3 itself.
FIRST_PYTHON = (
    "export ASSUME_ALWAYS_YES=yes; pkg bootstrap; pkg update\n"
    "pkg install -y $(pkg rquery -U -e '%o = lang/python3' %dn)\n"
)
SIX = ["six==1.16.0"]


@pytest.fixture(scope="module", params=["freebsd", "freebsd15"])
def remote(request, tmp_path_factory):
    with hosts(f"runtime-{request.param}", image=request.param) as (host,):
        shell(host, f"( {FIRST_PYTHON} ) > /var/log/first-python.log 2>&1")
        interpreter = shell(host, "ls /usr/local/bin/python3.[0-9]*[0-9]")
        yield Remote(host, tmp_path_factory.mktemp("results"), interpreter)


def test_check_mode_foretells_the_first_run(remote):
    wish = {"requirements": SIX, "verify_imports": ["six", "sqlite3"]}
    foretold = remote.run("--check", **wish)
    assert shell(remote.host, "{ ls -d /srv/app; getent passwd app; } 2>/dev/null || true") == ""
    made = remote.run(**wish)
    assert (foretold["changes"], foretold["plan"]) == (made["changes"], made["plan"])
    assert (made["interpreter"], made["compiled"]) == (remote.interpreter, [])
    assert {"python3"} < {change["name"] for change in made["plan"]}
    assert ("user", "app") in kinds(made)
    assert shell(remote.host, "getent passwd app").endswith(":/srv/app:/usr/sbin/nologin")


def test_the_second_run_changes_nothing(remote):
    answer = remote.run(requirements=SIX, verify_imports=["six", "sqlite3"])
    assert (answer["changed"], answer["changes"], answer["plan"]) == (False, [], [])


def test_the_release_is_the_owners_and_what_is_above_it_is_roots(remote):
    owners = shell(
        remote.host, "ls -ld /srv /srv/app /srv/app/current/ /srv/app/current/bin | tr -s ' ' | cut -d' ' -f3,4"
    )
    assert owners.splitlines() == ["root wheel", "app app", "app app", "app app"]


def test_build_tools_come_from_packages_and_the_compiler_does_not(remote):
    answer = remote.run(headers=True, requirements=SIX)
    assert {"gmake", "pkgconf"} <= {change["name"] for change in answer["plan"]}
    assert [kind for kind, _target in kinds(answer)] == ["packages"]


def test_without_the_base_systems_compiler_nothing_is_begun(remote):
    shell(remote.host, "mv /usr/bin/cc /usr/bin/cc.away")
    answer = remote.run(headers=True, requirements=SIX)
    shell(remote.host, "mv /usr/bin/cc.away /usr/bin/cc")
    assert "there is no compiler /usr/bin/cc on this host" in answer["msg"]
    assert answer["changes"] == []


def test_a_version_that_no_repository_has_is_refused_with_those_that_exist(remote):
    answer = remote.run(version="3.30")
    assert "no repository of this host has Python 3.30; they have 3." in answer["msg"]


def test_a_failed_installation_leaves_the_release_in_use_as_it_is(remote):
    before = remote.current()
    answer = remote.run(requirements=["no-such-package-groundwork==1.0"])
    assert "installing its requirements failed" in answer["msg"]
    assert remote.current() == before
