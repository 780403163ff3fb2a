"""What can go wrong around a package tool, on the real ones: afterwards the next run converges, or says what to do."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.hosts import control
from tests.integration_hosts.hard_cases import REMOVING, UNPACKING
from tests.integration_hosts.hard_cases_apt import APT
from tests.integration_hosts.hard_cases_dnf import DNF
from tests.integration_hosts.hard_cases_pkg import PKG
from tests.integration_hosts.package_calls import packages
from tests.integration_hosts.plays import hosts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tests.integration_hosts.hard_cases import Family
    from tests.integration_hosts.package_calls import Answer

FAMILIES = (APT, DNF, PKG)
PATIENCE = 30.0
# A tool's own, which ours is to outlast: pkg waits five seconds for SQLite.
SHORT_PATIENCE = 7.0


def on(families: Iterable[Family]) -> pytest.MarkDecorator:
    """For a test that not every family has."""
    return pytest.mark.parametrize("trial", list(families), ids=lambda family: family.image, indirect=True)


def at(scripts: Callable[[Family], Iterable[str]]) -> pytest.MarkDecorator:
    """For a test at each of these scripts of a family."""
    rows = [pytest.param(family, when, id=f"{family.image}-{when}") for family in FAMILIES for when in scripts(family)]
    return pytest.mark.parametrize(("trial", "when"), rows, indirect=["trial"])


class Trial:
    """A host of one family, and calls of the module on it."""

    def __init__(self, name: str, family: Family) -> None:
        self.name = name
        self.family = family

    def shell(self, script: str) -> str:
        return control.execute(self.name, (self.family.shell, "-c", script))

    def packages(self, *flags: str, **options: object) -> Answer:
        return packages(self.name, *flags, **options)

    @property
    def installed(self) -> tuple[str, str]:
        """What a plan says of a package that comes."""
        return ("install", self.family.version)

    def installs(self, name: str, *, mends: str = "install") -> Answer:
        """The next call does what is asked, and the one after it has nothing left to do."""
        answer = self.packages(name=[name])
        assert answer.plan()[name] == (mends, self.family.version)
        again = self.packages(name=[name])
        assert (again.plan(), again.result["changed"]) == ({}, False)
        return answer

    def wait_for_the_script(self) -> None:
        end = time.monotonic() + PATIENCE
        while "yes" not in self.shell("test -s /var/run/gw-waiting && echo yes || true"):
            assert time.monotonic() < end, "no script of gwslow waits"
            time.sleep(0.3)

    @contextmanager
    def script_that_waits(self, when: str) -> Iterator[None]:
        """The package's script waits within."""
        self.shell(f"rm -f /var/run/gw-waiting; touch /var/run/gw-wait-{when}")
        try:
            yield
        finally:
            self.shell("rm -f /var/run/gw-wait-*")

    def kill_the_tool(self, when: str, **options: object) -> Answer:
        """One call whose package tool is killed, with the script that it has started."""
        with self.script_that_waits(when), ThreadPoolExecutor(1) as pool:
            call = pool.submit(self.packages, **options)
            self.wait_for_the_script()
            names = " ".join(f"pkill -9 -x {name};" for name in self.family.killed)
            self.shell(f"{names} kill -9 $(cat /var/run/gw-waiting)")
            return call.result(PATIENCE)

    @contextmanager
    def small_disk(self, path: str) -> Iterator[None]:
        """Eight mebibytes are mounted there."""
        self.shell(f"mkdir -p {path} && mount -t tmpfs -o size=8m tmpfs {path}")
        try:
            yield
        finally:
            self.shell(f"umount {path}")


@pytest.fixture(scope="module", params=FAMILIES, ids=lambda family: family.image)
def trial(request: pytest.FixtureRequest) -> Iterator[Trial]:
    family: Family = request.param
    with hosts(f"hard-{family.image}", image=family.image) as (host,):
        started = Trial(host.name, family)
        started.shell(f"set -e\n{family.publish}")
        yield started


@at(lambda family: family.holders)
def test_the_tool_at_work_is_named_when_it_does_not_end_in_time(trial: Trial, when: str) -> None:
    with trial.script_that_waits(when):
        trial.shell(f"nohup {trial.family.install} gwslow >/dev/null 2>&1 </dev/null &")
        trial.wait_for_the_script()
        message = trial.packages(name=["gwplain"], lock_timeout=1).message
        assert trial.family.holders[when] in message
        assert "lock_timeout" in message
        with ThreadPoolExecutor(1) as pool:
            call = pool.submit(trial.packages, name=["gwplain"], lock_timeout=60)
            time.sleep(SHORT_PATIENCE)
            assert not call.done(), call.result()
            trial.shell("rm -f /var/run/gw-wait-*")
            assert call.result(PATIENCE).plan() == {"gwplain": trial.installed}
    gone = trial.packages(name=["gwplain", "gwslow"], state="absent").plan()
    assert gone == {"gwplain": ("remove", None), "gwslow": ("remove", None)}


def test_a_package_that_has_vanished_from_its_repository_is_named(trial: Trial) -> None:
    trial.shell(trial.family.hide)
    try:
        assert trial.packages("--check", name=["gwplain"]).plan() == {"gwplain": trial.installed}
        message = trial.packages(name=["gwplain"]).message
    finally:
        trial.shell(trial.family.reveal)
    assert [words for words in trial.family.gone_words if words not in message] == []
    assert trial.installs("gwplain").result["changed"]


@on(family for family in FAMILIES if family.unsigned)
def test_what_is_not_signed_is_refused(trial: Trial) -> None:
    unsigned = trial.family.unsigned
    assert unsigned is not None
    trial.shell(unsigned.add)
    try:
        message = trial.packages(name=["gwunsigned"], cache_valid_time=0).message
    finally:
        trial.shell(unsigned.remove)
    assert [words for words in unsigned.words if words not in message] == []
    assert trial.packages("--check", name=["gwunsigned"], state="absent").plan() == {}


def test_a_disk_without_room_for_the_fetched_packages_is_named_before_anything_is_done(trial: Trial) -> None:
    with trial.small_disk(trial.family.archives):
        foretold = trial.packages("--check", name=[trial.family.fetched]).message
        message = trial.packages(name=[trial.family.fetched]).message
    assert message == foretold
    for words in ("Nothing was changed", trial.family.archives, "has 8.0 MiB free", trial.family.room_wanted):
        assert words in message


def test_a_disk_that_gets_full_while_unpacking_is_told_and_the_next_run_converges(trial: Trial) -> None:
    with trial.small_disk("/opt/gwbig"):
        assert trial.family.full_words in trial.packages(name=["gwbig"]).message
    trial.installs("gwbig")
    assert trial.packages(name=["gwbig"], state="absent").plan() == {"gwbig": ("remove", None)}


@at(lambda family: family.remembers)
def test_an_installation_that_was_killed_is_finished_by_the_next_run(trial: Trial, when: str) -> None:
    assert "has failed" in trial.kill_the_tool(when, name=["gwslow"]).message
    foretold = trial.packages("--check", name=["gwslow"])
    answer = trial.installs("gwslow", mends=trial.family.mended.get(when, "install"))
    assert foretold.result["changes"] == answer.result["changes"]
    assert bool(set(answer.targets) & set(trial.family.repairs)) is (when in trial.family.mended)
    assert trial.packages(name=["gwslow"], state="absent").plan() == {"gwslow": ("remove", None)}


def test_a_removal_that_was_killed_is_finished_by_the_next_run(trial: Trial) -> None:
    trial.installs("gwslow")
    assert "has failed" in trial.kill_the_tool(REMOVING, name=["gwslow"], state="absent").message
    assert trial.packages(name=["gwslow"], state="absent").plan() == {"gwslow": ("remove", None)}
    assert trial.packages(name=["gwslow"], state="absent").plan() == {}


@pytest.mark.parametrize("trial", [APT, DNF], ids=lambda family: family.image, indirect=True)
def test_any_call_finishes_a_removal_that_was_killed(trial: Trial) -> None:
    trial.installs("gwslow")
    trial.kill_the_tool(REMOVING, name=["gwslow"], state="absent")
    foretold = trial.packages("--check", name=["openssh-server"])
    answer = trial.packages(name=["openssh-server"])
    assert foretold.plan() == answer.plan() == {"gwslow": ("remove", None)}
    assert trial.packages(name=["openssh-server"]).result["changed"] is False


def test_what_was_killed_while_unpacking_can_be_removed(trial: Trial) -> None:
    trial.kill_the_tool(UNPACKING, name=["gwslow"])
    trial.packages(name=["gwslow"], state="absent").plan()
    assert trial.packages(name=["gwslow"], state="absent").plan() == {}
    trial.shell("! test -e /opt/gwslow")


@at(lambda family: family.remembers)
def test_any_call_finishes_what_was_killed(trial: Trial, when: str) -> None:
    trial.kill_the_tool(when, name=["gwslow"])
    foretold = trial.packages("--check", name=[trial.family.present])
    answer = trial.packages(name=[trial.family.present])
    mended = trial.family.mended.get(when)
    expected = {"gwslow": (mended, trial.family.version)} if mended else {}
    assert foretold.plan() == answer.plan() == expected
    assert bool(set(answer.targets) & set(trial.family.repairs)) is bool(mended)
    trial.packages(name=["gwslow"], state="absent")


@on(family for family in FAMILIES if family.forgotten)
def test_what_no_tool_remembers_is_told_at_once_with_the_command_that_makes_up_for_it(trial: Trial) -> None:
    forgotten = trial.family.forgotten
    assert forgotten is not None
    message = trial.kill_the_tool(forgotten.when, name=["gwslow"]).message
    assert [words for words in forgotten.words if words not in message] == []
    assert trial.packages(name=["gwslow"]).plan() == {}
    with trial.script_that_waits(forgotten.when), ThreadPoolExecutor(1) as pool:
        call = pool.submit(trial.shell, forgotten.command)
        trial.wait_for_the_script()
        trial.shell("rm -f /var/run/gw-wait-*")
        call.result(PATIENCE)
    assert trial.packages(name=["gwslow"], state="absent").plan() == {"gwslow": ("remove", None)}


@on(family for family in FAMILIES if family.by_hand)
def test_where_nothing_can_be_mended_the_message_names_the_command_for_a_person(trial: Trial) -> None:
    by_hand = trial.family.by_hand
    assert by_hand is not None
    trial.kill_the_tool(UNPACKING, name=["gwslow"])
    trial.shell(by_hand.spoil)
    try:
        message = trial.packages(name=[trial.family.present]).message
        assert [words for words in by_hand.words if words not in message] == []
        trial.shell(by_hand.command)
        assert trial.packages(name=[trial.family.present]).plan() == {}
    finally:
        trial.shell(by_hand.restore)
    trial.installs("gwslow")
