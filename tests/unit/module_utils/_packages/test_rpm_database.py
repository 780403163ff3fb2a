from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import CommandFailed, HostError
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.rpm_database import installed_now
from tests.unit.fakes import FakeHost
from tests.unit.module_utils._packages.dnf_hosts import QUERY, text

# The lines of rpm 4.14 as rpm-software-management/rpm's FAQ and reports about Enterprise Linux 8 have them.
DIED = """error: rpmdb: BDB0113 Thread/process 2191/140213921998656 failed: BDB1507 Thread died in Berkeley DB library
error: db5 error(-30973) from dbenv->failchk: BDB0087 DB_RUNRECOVERY: Fatal error, run database recovery
error: cannot open Packages index using db5 -  (-30973)
error: cannot open Packages database in /var/lib/rpm
"""
WAY_OUT = ("`rm -f /var/lib/rpm/__db*; rpm --rebuilddb`", "BDB1507", "rpm.org", "Reboot")


def host(stdout: str, stderr: str = "", *, rc: int = 0) -> FakeHost:
    return FakeHost(answers={QUERY: CommandResult((), rc, stdout, stderr)})


def test_all_packages_are_read():
    assert "rpm" in [package.name for package in installed_now(host(text("rpm-qa.txt")))]


@pytest.mark.parametrize("rc", [0, 1])
@pytest.mark.parametrize("stdout", ["", text("rpm-qa.txt")])
def test_a_database_that_was_not_closed_in_order_names_the_commands_for_a_person(rc, stdout):
    with pytest.raises(HostError) as caught:
        installed_now(host(stdout, DIED, rc=rc))
    assert [words for words in WAY_OUT if words not in str(caught.value)] == []


@pytest.mark.parametrize("stdout", ["", "demo\t0:1-1\tnoarch\tdemo \n"])
def test_a_database_without_rpm_itself_is_no_empty_host(stdout):
    with pytest.raises(HostError, match="rpm --rebuilddb"):
        installed_now(host(stdout))


def test_another_error_is_passed_on():
    with pytest.raises(CommandFailed, match="permission denied"):
        installed_now(host("", "error: permission denied\n", rc=1))
