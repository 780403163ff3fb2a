from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import HostError
from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Executor
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import Surroundings
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_catalogue import Catalogue, is_fresh
from tests.unit.module_utils._packages.hosts import NOW, FakeClock
from tests.unit.module_utils._packages.pkg_double import FREEBSD, YOUNG
from tests.unit.module_utils._packages.pkg_hosts import OLD, PATIENT, PRIVATE, answered, pkg_host

DB = "/var/db/pkg/repos/FreeBSD-ports/db"
UPDATE = " ".join(("pkg", *PATIENT, "update"))
PRIVATE_UPDATE = " ".join(("pkg", *PRIVATE, "update"))


def catalogue(host, *, check_mode=False):
    executor = Executor(host, None if check_mode else host)
    return Catalogue(Surroundings(FREEBSD, host, executor, clock=FakeClock().clock()))


def test_a_young_catalogue_is_used_as_it_is():
    host = pkg_host()
    catalogue(host).settle()
    assert (host.asked, host.performed) == ([], [])


@pytest.mark.parametrize(
    ("changes", "is_young"),
    [
        ({}, True),
        ({DB: OLD}, False),
        ({DB: None}, False),
        ({"/etc/pkg/FreeBSD.conf": YOUNG.__class__("file", 0o644, "root", "root", modified=NOW - 10)}, False),
    ],
)
def test_age_and_configuration_decide(changes, is_young):
    host = pkg_host()
    host.stats.update(changes)
    assert is_fresh(host, valid_time=3600, now=NOW) is is_young


def test_a_repository_of_ones_own_counts_and_no_catalogue_is_old():
    host = pkg_host()
    host.directories["/usr/local/etc/pkg/repos"] = ("own.conf",)
    host.stats["/usr/local/etc/pkg/repos"] = OLD
    host.stats["/usr/local/etc/pkg/repos/own.conf"] = OLD
    assert is_fresh(host, valid_time=3600, now=NOW)
    host.directories["/var/db/pkg/repos"] = ()
    assert not is_fresh(host, valid_time=3600, now=NOW)


def test_an_old_catalogue_is_fetched_once():
    host = pkg_host()
    host.stats[DB] = OLD
    host.answers[UPDATE] = "FreeBSD-ports repository update completed.\n"
    found = catalogue(host)
    found.settle()
    found.settle()
    assert host.performed == [f"run {UPDATE}"]
    assert found.settings == ()


def test_check_mode_fetches_into_a_copy_and_asks_that_one():
    host = pkg_host(**{PRIVATE_UPDATE: ""})
    host.stats[DB] = OLD
    found = catalogue(host, check_mode=True)
    found.settle()
    assert host.performed == []
    assert found.settings == PRIVATE
    assert [offer.version for offer in found.offers(["tree"])] == ["2.2.1_1"]
    assert host.asked[-1].startswith("pkg -o PKG_DBDIR=/scratch/pkg/db")


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize(
    ("result", "words"),
    [
        (
            answered("unreachable.txt", 1, err="unreachable.err"),
            "the repository FreeBSD-ports of this host cannot be used",
        ),
        (answered("", 1, err="signature.err"), "is not signed as its configuration demands"),
        (CommandResult((), 1, "", "pkg: wrong ABI: FreeBSD:14:amd64\n"), "is made for another version of FreeBSD"),
    ],
)
def test_a_repository_that_cannot_be_used_is_one_clear_message(check_mode, result, words):
    host = pkg_host(**{PRIVATE_UPDATE: result, UPDATE: result})
    host.stats[DB] = OLD
    with pytest.raises(HostError, match=words) as error:
        catalogue(host, check_mode=check_mode).settle()
    assert "secret" not in str(error.value)
    assert str(error.value).startswith("Nothing was changed")


def test_offers_names_order_and_the_default_python():
    found = catalogue(pkg_host())
    assert found.offers([]) == ()
    assert found.offers(["nosuch"]) == ()
    assert "nginx" in found.names()
    assert found.python_prefix() == "py312-"
    assert (found.order("1", "1"), found.order("1.0", "1.0_1")) == ("=", "<")
    assert found.newest(["1.0_1", "1.0", "1.0_12"]) == "1.0_12"


def test_a_host_without_a_default_python_has_no_prefix():
    host = pkg_host(**{"pkg rquery -U -C %dn python3": CommandResult((), 1, "")})
    assert catalogue(host).python_prefix() == ""


def test_an_error_is_no_empty_answer():
    said = CommandResult((), 3, "", "pkg: No active remote repositories configured.\n")
    host = pkg_host(**{"pkg rquery -U -a %n": said})
    with pytest.raises(HostError, match="No active remote repositories"):
        catalogue(host).names()
