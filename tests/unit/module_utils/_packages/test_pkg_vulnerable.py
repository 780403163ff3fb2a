from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import HostError
from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Executor
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import Surroundings
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_vulnerable import vulnerable_names
from tests.unit.module_utils._packages.hosts import NOW, FakeClock
from tests.unit.module_utils._packages.pkg_double import FREEBSD, YOUNG
from tests.unit.module_utils._packages.pkg_hosts import answered, pkg_host

AUDIT = "pkg audit --raw=json-compact"
FETCHED = f"{AUDIT} -F -f /scratch/pkg/vuln.xml"
LIST = "/var/db/pkg/vuln.xml"


def names(host):
    return vulnerable_names(Surroundings(FREEBSD, host, Executor(host, None), clock=FakeClock().clock()))


def test_the_hosts_own_list_is_used_while_it_is_young():
    host = pkg_host(**{AUDIT: answered("audit.json", 1)})
    assert names(host) == {"tree", "python312"}
    assert host.asked == [AUDIT]


@pytest.mark.parametrize("stat", [None, YOUNG.__class__("file", 0o644, "root", "root", modified=NOW - 90000)])
def test_otherwise_one_is_fetched_for_this_run_alone(stat):
    said = f"Fetching vuln.xml.xz: done\n{answered('audit-clean.json').stdout}"
    host = pkg_host(**{FETCHED: said, "mkdir -p /scratch/pkg": ""})
    host.stats[LIST] = stat
    assert names(host) == frozenset()


def test_without_a_list_nothing_is_upgraded():
    host = pkg_host(**{FETCHED: answered("", 1, err="audit-no-list.err"), "mkdir -p /scratch/pkg": ""})
    host.stats[LIST] = None
    with pytest.raises(HostError, match=r"list of known vulnerabilities cannot be had.*does not exist"):
        names(host)


def test_the_audit_waits_for_another_pkg_like_every_question():
    late = CommandResult((), 1, "", "pkg: Cannot get a read lock on a database, it is locked by another process\n")
    answers = [late, answered("audit.json", 1)]
    assert names(pkg_host(**{AUDIT: lambda: answers.pop(0)})) == {"tree", "python312"}
