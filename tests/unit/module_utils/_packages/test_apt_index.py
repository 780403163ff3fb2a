from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import CommandFailed, HostError
from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Executor
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import FileStat
from ansible_collections.groundwork.python_host.plugins.module_utils._packages import apt_command
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_index import Index, is_fresh
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import Surroundings
from tests.unit.fakes import FakeHost
from tests.unit.module_utils._packages.hosts import (
    DEBIAN,
    MAKE_DIRECTORIES,
    NOW,
    PRIVATE,
    PRIVATE_REFRESH,
    REFRESH,
    FakeClock,
    apt_host,
)
from tests.unit.module_utils._platform.hosts import fixture


def index(host: FakeHost, *, check_mode: bool = False) -> Index:
    executor = Executor(host, None if check_mode else host)
    return Index(Surroundings(DEBIAN, host, executor, clock=FakeClock().clock()))


def touched(host: FakeHost, path: str, when: float) -> FakeHost:
    host.stats[path] = FileStat("file", 0o644, "root", "root", modified=when)
    return host


@pytest.mark.parametrize(
    ("host", "verdict"),
    [
        (apt_host(fetched=NOW - 60), True),
        (apt_host(fetched=NOW), True),
        (apt_host(fetched=NOW - 3600), False),
        (apt_host(fetched=NOW + 600), False),
        (touched(apt_host(fetched=NOW - 9999), apt_command.UPDATE_STAMP, NOW - 60), True),
        (touched(apt_host(fetched=NOW - 60), "/etc/apt/sources.list", NOW - 30), False),
        (touched(apt_host(fetched=NOW - 60), "/etc/apt/sources.list.d", NOW - 30), False),
        (touched(apt_host(fetched=NOW - 60), "/etc/apt/sources.list.d/debian.sources", NOW - 30), False),
    ],
    ids=["young", "now", "old", "from the future", "stamp", "sources.list", "a source gone", "a source changed"],
)
def test_an_index_is_fresh_while_it_is_young_and_younger_than_its_sources(host, verdict):
    assert is_fresh(host, valid_time=3600, now=NOW) is verdict


@pytest.mark.parametrize("names", [(), ("lock", "partial"), ("auxfiles", "lock", "partial")])
def test_an_index_that_was_never_fetched_is_not_fresh(names):
    host = apt_host(fetched=NOW)
    host.directories["/var/lib/apt/lists"] = names
    assert not is_fresh(host, valid_time=3600, now=NOW)


def test_an_absent_directory_is_no_index():
    host = FakeHost(stats={"/var/lib/apt/lists": None})
    assert not is_fresh(host, valid_time=3600, now=NOW)


def test_a_valid_time_of_zero_always_fetches():
    assert not is_fresh(apt_host(fetched=NOW), valid_time=0, now=NOW)


def test_a_fresh_index_is_taken_as_it_is():
    host = apt_host()
    index(host).settle()
    assert host.asked == []
    assert host.performed == []


def test_a_real_run_fetches_once_and_records_no_change():
    host = apt_host(fetched=0)
    executor = Executor(host, host)
    found = Index(Surroundings(DEBIAN, host, executor, clock=FakeClock().clock()))
    found.settle()
    found.settle()
    assert host.performed == [f"run {REFRESH}"]
    assert executor.changes == ()
    assert found.configuration == ""


def test_check_mode_fetches_into_private_directories_only():
    host = apt_host(fetched=0, **{PRIVATE_REFRESH: ""})
    found = index(host, check_mode=True)
    found.settle()
    assert host.performed == []
    assert host.asked == [MAKE_DIRECTORIES, PRIVATE_REFRESH]
    assert found.configuration == PRIVATE
    assert 'Dir::State::lists "/scratch/apt/lists";' in host.files[PRIVATE]


def test_check_mode_with_a_fresh_index_keeps_only_apt_s_cache_private():
    host = apt_host()
    found = index(host, check_mode=True)
    found.settle()
    assert found.configuration == PRIVATE
    assert found.configuration == PRIVATE
    assert host.asked == [MAKE_DIRECTORIES]
    assert "Dir::State::lists" not in host.files[PRIVATE]


@pytest.mark.parametrize("stem", ["apt-update-dead-mirror", "apt-update-bad-key"])
@pytest.mark.parametrize("check_mode", [True, False])
def test_a_failed_fetch_is_told_in_apt_s_own_words(stem, check_mode):
    stderr = fixture(f"debian-12/{stem}.err")
    call = PRIVATE_REFRESH if check_mode else REFRESH
    host = apt_host(fetched=0, **{call: CommandFailed(("apt-get",), rc=100, stdout="", stderr=stderr)})
    with pytest.raises(HostError) as caught:
        index(host, check_mode=check_mode).settle()
    message = str(caught.value)
    assert all(line in message for line in stderr.splitlines())
    assert "/etc/apt/sources.list.d" in message


@pytest.mark.parametrize(("suite", "verdict"), [("bookworm-security", True), ("bookworm-backports", False)])
def test_a_suite_is_known_by_the_index_s_files(suite, verdict):
    host = apt_host()
    host.directories["/var/lib/apt/lists"] = ("deb.debian.org_debian-security_dists_bookworm-security_InRelease",)
    assert index(host).has_suite(suite) is verdict


def test_after_a_private_fetch_the_private_index_is_asked_for_suites():
    host = apt_host(fetched=0, **{PRIVATE_REFRESH: ""})
    host.directories["/scratch/apt/lists"] = ("archive_dists_jammy-security_InRelease",)
    found = index(host, check_mode=True)
    found.settle()
    assert found.has_suite("jammy-security")
