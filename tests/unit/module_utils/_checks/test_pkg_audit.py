from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Status
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.pkg_audit import PROGRAM
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult, FileStat
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.vulnerabilities import (
    AUDIT,
    LIST,
    OSV_LIST,
)
from tests.unit.fakes import FakeHost
from tests.unit.module_utils._checks.worlds import CENTOS, FREEBSD, UBUNTU, check, context, look
from tests.unit.module_utils._platform.hosts import fixture

DAY = 86400
# The moment at which the day of the tests (2026-11-22) begins.
TODAY = 1795305600


def freebsd(answer, *, age=1.0, osv=None, program=True):
    program_stat = FileStat("file", 0o755, "root", "wheel") if program else None
    stats = {LIST: aged(age), OSV_LIST: aged(osv), PROGRAM: program_stat}
    return FakeHost(answers={" ".join(AUDIT): answer}, stats=stats)


def aged(days):
    return None if days is None else FileStat("file", 0o644, "root", "wheel", modified=TODAY - days * DAY)


def text(name):
    return fixture(f"freebsd-15.1/pkg/{name}")


VULNERABLE = CommandResult((), 1, text("audit.json"))
NO_LIST = CommandResult((), 1, "", text("audit-no-list.err"))


@pytest.mark.parametrize(
    ("host", "status", "words"),
    [
        (freebsd(text("audit-clean.json")), Status.PASS, "none is"),
        (freebsd(VULNERABLE), Status.FAIL, "tree 2.2.1 (CVE-2026-10001)"),
        (freebsd(VULNERABLE, age=7), Status.FAIL, "python312 3.12.11 (Python -- quadratic complexity), tree"),
        (freebsd(VULNERABLE, age=9), Status.UNKNOWN, "is 9 days old"),
        (freebsd(VULNERABLE, age=None, osv=1), Status.FAIL, "tree 2.2.1"),
        (freebsd(VULNERABLE, age=30, osv=1), Status.FAIL, "tree 2.2.1"),
        (freebsd(VULNERABLE, age=None), Status.UNKNOWN, "there is no list"),
        (freebsd(NO_LIST), Status.UNKNOWN, "ended with 1 and says: pkg: vulnxml file"),
        (freebsd(CommandResult((), 0, text("audit.json"))), Status.UNKNOWN, "ended with 0"),
        (freebsd("", program=False), Status.NOT_APPLICABLE, "pkg is not bootstrapped"),
    ],
)
def test_pkg_judges_by_a_list_that_is_there_and_young(host, status, words):
    found = look("UPD-003", host, context(platform=FREEBSD))
    assert found.status is status
    assert words in found.observed


def test_many_packages_are_counted_not_listed():
    packages = ", ".join(f'"p{number}": {{"version": "1"}}' for number in range(20))
    answer = CommandResult((), 1, f'{{"pkg_count": 20, "packages": {{{packages}}}}}')
    assert look("UPD-003", freebsd(answer), context(platform=FREEBSD)).observed.endswith(", and 8 more")


def test_it_is_told_how_and_never_done():
    asked = context(platform=FREEBSD)
    assert "python_host_upgrade: security" in look("UPD-003", freebsd(VULNERABLE), asked).remedy
    assert tuple(check("UPD-003").remedy(freebsd(VULNERABLE), asked)) == ()


@pytest.mark.parametrize("platform", [UBUNTU, CENTOS])
def test_other_families_have_archives_and_advisories_for_it(platform):
    assert look("UPD-003", FakeHost(), context(platform=platform)).status is Status.NOT_APPLICABLE
