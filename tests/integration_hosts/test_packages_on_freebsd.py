"""The module `packages` on the double of FreeBSD: its files, its locks, and repositories that are not there."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.integration_hosts import package_calls
from tests.integration_hosts.hard_cases_pkg import LOCAL, NEWER, PKG, POOL
from tests.integration_hosts.plays import hosts, shell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.hosts.state import Host
    from tests.integration_hosts.package_calls import Answer

FILE = f"{LOCAL}/gwlocal-1.0.pkg"


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with hosts("packages-freebsd", image=PKG.image) as (started,):
        shell(started, PKG.publish)
        yield started


@pytest.fixture
def packages(host: Host) -> Callable[..., Answer]:
    return lambda *flags, **options: package_calls.packages(host.name, *flags, **options)


@contextmanager
def away(host: Host, folder: str) -> Iterator[None]:
    shell(host, f"mv {folder} {folder}.away")
    try:
        yield
    finally:
        shell(host, f"mv {folder}.away {folder}")


def test_all_unknown_names_come_in_one_message_and_nothing_is_installed(packages):
    message = packages(name=["gwplian", "no-such-thing", "devel/no-such-port", "gwplain"]).message
    assert "did you mean gwplain" in message
    assert all(repr(name) in message for name in ("gwplian", "no-such-thing", "devel/no-such-port"))
    assert packages("--check", name=["gwplain"]).plan() == {"gwplain": ("install", "1.0")}


def test_a_file_is_installed_once_and_one_that_is_none_is_named(host, packages):
    foretold = packages("--check", name=[FILE])
    answer = packages(name=[FILE])
    assert foretold.plan() == answer.plan() == {"gwlocal": ("install", "1.0")}
    assert f"{FILE} carries no signature" in " ".join(answer.result["notes"])
    assert packages(name=[FILE]).plan() == {}
    shell(host, f"echo nothing > {LOCAL}/text.pkg; test -s /opt/gwlocal/gwlocal")
    message = packages(name=[f"{LOCAL}/text.pkg", f"{LOCAL}/gone.pkg"]).message
    assert f"{LOCAL}/text.pkg on the host is no package" in message
    assert f"no file {LOCAL}/gone.pkg" in message
    assert packages(name=["gwlocal"], state="absent").plan() == {"gwlocal": ("remove", None)}
    assert shell(host, "ls -d /opt/gwlocal/gwlocal 2>/dev/null || true") == ""


def test_a_repository_that_is_not_there_is_named_before_anything_is_done(host, packages):
    with away(host, POOL):
        for flags in ((), ("--check",)):
            message = packages(*flags, name=["gwplain"], cache_valid_time=0).message
            assert "Nothing was changed: the repository hard of this host cannot be used" in message
            assert f"file://{POOL}" in message
        late = packages(name=["gwplain"], cache_valid_time=86400).message
    assert "is missing from repo" in late
    assert packages("--check", name=["gwplain"], cache_valid_time=0).plan() == {"gwplain": ("install", "1.0")}


def test_what_is_held_stays_as_it_is_until_it_is_let_go(host, packages):
    answer = packages(name=["gwplain"], hold=["gwplain"])
    assert answer.targets == ["pkg install", "pkg lock"]
    assert packages(name=["gwplain"], hold=["gwplain"]).plan() == {}
    shell(host, f"cp {NEWER}/* {POOL}/; pkg repo -q {POOL}")
    assert "`unhold`" in packages(name=["gwplain"], state="latest", cache_valid_time=0).message
    assert "`unhold`" in packages(name=["gwplain"], state="absent").message
    assert "gwplain" not in packages(upgrade="all").plan()
    options = {"name": ["gwplain"], "state": "latest", "unhold": ["gwplain"]}
    foretold, freed = packages("--check", **options), packages(**options)
    assert foretold.result["plan"] == freed.result["plan"]
    assert [change["action"] for change in freed.result["plan"]] == ["upgrade", "unhold"]
    assert shell(host, "pkg query '%v %k' gwplain") == "1.1 0"
    assert freed.targets == ["pkg unlock", "pkg install"]
    assert packages(name=["gwplain"], state="absent").plan() == {"gwplain": ("remove", None)}
