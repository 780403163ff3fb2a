"""What is particular to a dnf that was killed: its lock file, its history, and upgrades, on the real one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration_hosts.hard_cases import CONFIGURING, REMOVING, SERVE
from tests.integration_hosts.hard_cases_dnf import (
    BOOT,
    CUT_OFF,
    DNF,
    FOLDER,
    GIVE_THE_NUMBER_AWAY,
    LOCK,
    NEXT_VERSION,
    OFFER_NEXT,
    STATE_IN_HISTORY,
    TAKE_THE_NUMBER_BACK,
    WITHDRAW_NEXT,
)
from tests.integration_hosts.plays import hosts
from tests.integration_hosts.test_packages_hard_cases import Trial

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration_hosts.package_calls import Answer

VERSIONS = "rpm -q --qf '%{VERSION} ' gwslow"
LOCKED = "200"


@pytest.fixture(scope="module")
def trial() -> Iterator[Trial]:
    with hosts("killed-dnf", image=DNF.image) as (host,):
        started = Trial(host.name, DNF)
        started.shell(f"set -e\n{DNF.publish}")
        yield started


@pytest.fixture(autouse=True)
def _clean(trial: Trial) -> Iterator[None]:
    yield
    trial.packages(name=["gwplain", "gwslow"], state="absent")


def any_call(trial: Trial) -> Answer:
    """What a call does that has nothing to do with what was killed, foretold first, and left at rest afterwards."""
    foretold = trial.packages("--check", name=["openssh-server"])
    answer = trial.packages(name=["openssh-server"])
    assert foretold.plan() == answer.plan()
    assert trial.packages(name=["openssh-server"]).result["changed"] is False
    return answer


def last_transaction(trial: Trial) -> str:
    return trial.shell(STATE_IN_HISTORY).strip()


@pytest.mark.parametrize(
    ("when", "state", "mended", "version"),
    [(CONFIGURING, "present", "reinstall", DNF.version), (REMOVING, "absent", "remove", None)],
)
def test_what_was_killed_before_a_reboot_is_finished_by_any_call(
    trial: Trial, when: str, state: str, mended: str, version: str | None
) -> None:
    if when == REMOVING:
        trial.installs("gwslow")
    trial.kill_the_tool(when, name=["gwslow"], state=state)
    trial.shell(BOOT)
    assert last_transaction(trial) == CUT_OFF
    answer = any_call(trial)
    assert answer.plan() == {"gwslow": (mended, version)}
    assert answer.targets == [f"dnf {mended}"]
    assert last_transaction(trial) != CUT_OFF


def test_what_somebody_has_mended_by_dnf_meanwhile_is_left(trial: Trial) -> None:
    trial.kill_the_tool(CONFIGURING, name=["gwslow"])
    trial.shell(f"{BOOT}; dnf -qy reinstall gwslow >/dev/null 2>&1")
    assert any_call(trial).plan() == {}


def test_a_removal_that_was_killed_is_taken_back_where_the_package_is_asked_for(trial: Trial) -> None:
    trial.installs("gwslow")
    trial.kill_the_tool(REMOVING, name=["gwslow"], state="absent")
    trial.installs("gwslow", mends="reinstall")


def test_an_upgrade_that_was_killed_is_finished_by_any_call(trial: Trial) -> None:
    trial.installs("gwslow")
    trial.shell(OFFER_NEXT)
    try:
        trial.kill_the_tool(CONFIGURING, name=["gwslow"], state="latest", cache_valid_time=0)
        assert trial.shell(VERSIONS).split() == ["1.0", "2.0"]
        assert any_call(trial).plan() == {"gwslow": ("reinstall", NEXT_VERSION)}
        assert trial.shell(VERSIONS).split() == ["2.0"]
    finally:
        trial.shell(WITHDRAW_NEXT)


def test_a_process_that_has_the_number_of_a_killed_dnf_is_not_waited_for(trial: Trial) -> None:
    trial.kill_the_tool(CONFIGURING, name=["gwslow"])
    trial.shell(GIVE_THE_NUMBER_AWAY)
    try:
        code = trial.shell("dnf -qy --setopt=exit_on_lock=True install gwplain >/dev/null 2>&1; echo $?").strip()
        message = trial.packages(name=["gwplain"]).message
    finally:
        trial.shell(TAKE_THE_NUMBER_BACK)
    assert code == LOCKED
    assert [words for words in ("Nothing was changed", "is sleep by now", f"`rm {LOCK}`") if words not in message] == []
    assert trial.installs("gwplain").plan()["gwslow"] == ("reinstall", DNF.version)


def test_a_repository_whose_server_does_not_answer_is_named(trial: Trial) -> None:
    trial.shell("systemctl stop gw-archive")
    try:
        message = trial.packages(name=["gwplain"], cache_valid_time=0).message
    finally:
        trial.shell(SERVE.format(folder=FOLDER) + "sleep 1\n")
    words = ("Nothing was changed", "the repository hard", "127.0.0.1")
    assert [word for word in words if word not in message] == []
    assert trial.installs("gwplain").result["changed"]
