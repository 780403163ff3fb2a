from __future__ import annotations

from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_private import keep_private
from tests.unit.fakes import FakeHost
from tests.unit.module_utils._packages.dnf_hosts import PRIVATE

MAKE = "mkdir -p /scratch/dnf/var/cache/dnf /scratch/dnf/var/lib/dnf /scratch/dnf/log"
COPIED = "/var/cache/dnf/baseos-0123456789abcdef/repodata /var/cache/dnf/baseos.solv /var/lib/dnf/history.sqlite"


def test_dnf_works_on_copies_without_downloaded_packages_and_lock_files():
    host = FakeHost(
        answers={MAKE: "", f"cp --archive --parents {COPIED} /scratch/dnf": ""},
        directories={
            "/var/cache/dnf": ("baseos-0123456789abcdef", "baseos.solv", "metadata_lock.pid", "packages.db"),
            "/var/cache/dnf/baseos-0123456789abcdef": ("packages", "repodata"),
            "/var/lib/dnf": ("history.sqlite", "rpmdb_lock.pid"),
        },
        stats={"/var/cache/dnf/baseos.solv": None, "/var/lib/dnf/history.sqlite": None},
    )
    assert keep_private(host) == PRIVATE
    assert host.performed == []


def test_on_a_fresh_host_there_is_nothing_to_copy():
    host = FakeHost(answers={MAKE: ""}, directories={"/var/cache/dnf": ()}, stats={"/var/lib/dnf": None})
    assert keep_private(host) == PRIVATE
    assert host.asked == [MAKE]
