"""What can go wrong around a package tool, on the real ones: afterwards the next run converges, or says what to do."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from tests.integration_hosts.hard_cases import CONFIGURING, REMOVING, SERVE, STOP_SERVING, UNPACKING
from tests.integration_hosts.hard_cases_apt import APT
from tests.integration_hosts.hard_cases_dnf import BOOT, DNF, FOLDER, NEXT_VERSION, OFFER_NEXT, WITHDRAW_NEXT
from tests.integration_hosts.hard_trial import PATIENCE, Trial
from tests.integration_hosts.plays import hosts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration_hosts.hard_cases import Family

FAMILIES = (APT, DNF)
NOT_ALWAYS_MENDED = [family for family in FAMILIES if family.by_hand]
ON_ENTERPRISE_LINUX = pytest.mark.parametrize("trial", [DNF], ids=["centos"], indirect=True)


@pytest.fixture(scope="module", params=FAMILIES, ids=lambda family: family.image)
def trial(request: pytest.FixtureRequest) -> Iterator[Trial]:
    family: Family = request.param
    with hosts(f"hard-{family.image.replace('_', '-')}", image=family.image) as (host,):
        started = Trial(host.name, family)
        started.shell(f"set -e\n{family.publish}")
        yield started


def test_the_tool_at_work_is_named_when_it_does_not_end_in_time(trial: Trial) -> None:
    with trial.script_that_waits(CONFIGURING):
        trial.shell(f"setsid {trial.family.tool} -y install gwslow >/dev/null 2>&1 </dev/null &")
        trial.wait_for_the_script()
        message = trial.packages(name=["gwplain"], lock_timeout=1).message
        assert trial.family.holder in message
        assert "lock_timeout" in message
        with ThreadPoolExecutor(1) as pool:
            call = pool.submit(trial.packages, name=["gwplain"], lock_timeout=60)
            time.sleep(3)
            assert not call.done(), call.result()
            trial.shell("rm -f /run/gw-wait-*")
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


def test_a_repository_whose_server_does_not_answer_is_named(trial: Trial) -> None:
    trial.shell(STOP_SERVING)
    try:
        message = trial.packages(name=["gwbig"], cache_valid_time=0).message
    finally:
        trial.shell(SERVE.format(folder=FOLDER) + "sleep 1\n")
    assert [words for words in trial.family.dead_words if words not in message] == []
    assert trial.packages("--check", name=["gwbig"], cache_valid_time=0).plan() == {"gwbig": trial.installed}


def test_what_is_not_signed_is_refused(trial: Trial) -> None:
    trial.shell(trial.family.add_unsigned)
    try:
        message = trial.packages(name=["gwunsigned"], cache_valid_time=0).message
    finally:
        trial.shell(trial.family.remove_unsigned)
    assert [words for words in trial.family.unsigned_words if words not in message] == []
    assert trial.packages("--check", name=["gwunsigned"], state="absent").plan() == {}


def test_a_disk_without_room_for_the_fetched_packages_is_named_before_anything_is_done(trial: Trial) -> None:
    with trial.small_disk(trial.family.archives):
        foretold = trial.packages("--check", name=["gwbig"]).message
        message = trial.packages(name=["gwbig"]).message
    assert message == foretold
    for words in ("Nothing was changed", trial.family.archives, "has 8.0 MiB free", "needs 30."):
        assert words in message


def test_a_disk_that_gets_full_while_unpacking_is_told_and_the_next_run_converges(trial: Trial) -> None:
    with trial.small_disk("/opt/gwbig"):
        assert trial.family.full_words in trial.packages(name=["gwbig"]).message
    trial.installs("gwbig")
    assert trial.packages(name=["gwbig"], state="absent").plan() == {"gwbig": ("remove", None)}


@pytest.mark.parametrize("when", [UNPACKING, CONFIGURING])
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


def test_what_was_killed_while_unpacking_can_be_removed(trial: Trial) -> None:
    trial.kill_the_tool(UNPACKING, name=["gwslow"])
    trial.packages(name=["gwslow"], state="absent").plan()
    assert trial.packages(name=["gwslow"], state="absent").plan() == {}
    trial.shell("! test -e /opt/gwslow")


@pytest.mark.parametrize("when", [UNPACKING, CONFIGURING, REMOVING])
def test_any_call_finishes_what_was_killed(trial: Trial, when: str) -> None:
    state = "present"
    if when == REMOVING:
        state = "absent"
        trial.installs("gwslow")
    trial.kill_the_tool(when, name=["gwslow"], state=state)
    foretold = trial.packages("--check", name=["openssh-server"])
    answer = trial.packages(name=["openssh-server"])
    mended = trial.family.mended.get(when)
    expected = {"gwslow": (mended, None if when == REMOVING else trial.family.version)} if mended else {}
    assert foretold.plan() == answer.plan() == expected
    assert bool(set(answer.targets) & set(trial.family.repairs)) is bool(mended)
    trial.packages(name=["gwslow"], state="absent")


@ON_ENTERPRISE_LINUX
@pytest.mark.parametrize(
    ("when", "state", "mended"), [(CONFIGURING, "present", "reinstall"), (REMOVING, "absent", "remove")]
)
def test_what_was_killed_before_a_reboot_is_finished_by_any_call(
    trial: Trial, when: str, state: str, mended: str
) -> None:
    if when == REMOVING:
        trial.installs("gwslow")
    trial.kill_the_tool(when, name=["gwslow"], state=state)
    trial.shell(BOOT)
    foretold = trial.packages("--check", name=["openssh-server"])
    answer = trial.packages(name=["openssh-server"])
    expected = {"gwslow": (mended, None if when == REMOVING else trial.family.version)}
    assert foretold.plan() == answer.plan() == expected
    assert answer.targets == [f"dnf {mended}"]
    assert trial.packages(name=["openssh-server"]).result["changed"] is False
    trial.packages(name=["gwslow"], state="absent")


@ON_ENTERPRISE_LINUX
def test_a_removal_that_was_killed_is_taken_back_where_the_package_is_asked_for(trial: Trial) -> None:
    trial.installs("gwslow")
    trial.kill_the_tool(REMOVING, name=["gwslow"], state="absent")
    trial.installs("gwslow", mends="reinstall")
    trial.packages(name=["gwslow"], state="absent")


@ON_ENTERPRISE_LINUX
def test_an_upgrade_that_was_killed_is_finished_by_any_call(trial: Trial) -> None:
    trial.installs("gwslow")
    trial.shell(OFFER_NEXT)
    try:
        trial.kill_the_tool(CONFIGURING, name=["gwslow"], state="latest", cache_valid_time=0)
        assert trial.shell("rpm -q --qf '%{VERSION} ' gwslow").split() == ["1.0", "2.0"]
        foretold = trial.packages("--check", name=["openssh-server"])
        answer = trial.packages(name=["openssh-server"])
        assert foretold.plan() == answer.plan() == {"gwslow": ("reinstall", NEXT_VERSION)}
        assert trial.shell("rpm -q --qf '%{VERSION} ' gwslow").split() == ["2.0"]
        assert trial.packages(name=["openssh-server"]).result["changed"] is False
    finally:
        trial.shell(WITHDRAW_NEXT)
    assert trial.packages(name=["gwslow"], state="absent").plan() == {"gwslow": ("remove", None)}


@pytest.mark.parametrize("trial", NOT_ALWAYS_MENDED, ids=lambda family: family.image, indirect=True)
def test_where_nothing_can_be_mended_the_message_names_the_command_for_a_person(trial: Trial) -> None:
    by_hand = trial.family.by_hand
    assert by_hand is not None
    trial.kill_the_tool(UNPACKING, name=["gwslow"])
    trial.shell(by_hand.spoil)
    try:
        message = trial.packages(name=["openssh-server"]).message
        assert [words for words in by_hand.words if words not in message] == []
        trial.shell(by_hand.command)
        assert trial.packages(name=["openssh-server"]).plan() == {}
    finally:
        trial.shell(by_hand.restore)
    trial.installs("gwslow")
