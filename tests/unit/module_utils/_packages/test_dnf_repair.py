from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import BadInput, Refused, Unreadable
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult
from ansible_collections.groundwork.python_host.plugins.module_utils._packages import dnf_command
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
    PackageRequest,
    State,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_history import HISTORY
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_locks import DNF_TRANSACTION
from tests.unit.module_utils._packages.dnf_double import RpmHost, RpmWorld
from tests.unit.module_utils._packages.dnf_hosts import (
    NOT_ENDED,
    QUERY,
    VERSIONLOCK,
    answered,
    dnf_host,
    forgetting,
    plan,
    process,
    question,
    session,
    simulation,
    text,
    transaction,
)
from tests.unit.module_utils._packages.package_promises import Seen
from tests.unit.module_utils._packages.package_world import DOUBLED, GONE, RELEASE, Catalogue, Package, Placed

LAST = question("history", "info", "last")


def request(*names: str, **options: object) -> PackageRequest:
    return PackageRequest(names, **options)


def summary(found) -> dict[str, tuple[str, str | None]]:
    return {change.name: (change.action, change.after) for change in found.changes}


OLD = "0:1.0-1.el9"
IN_ORDER = {
    "app": ("reinstall", "1:2.0-1.el9"),
    "lib": ("reinstall", "1.1-1.el9"),
    "slow": ("reinstall", "1.1-1.el9"),
}


DUPLICATES = simulation("remove", "--duplicates")


def test_an_upgrade_that_was_cut_off_is_finished_by_any_call():
    host = dnf_host(installed=text("rpm-qa-doubled.txt"), **{DUPLICATES: answered("duplicates")})
    packages, executor = session(host)
    found = packages.plan(request("demo"))
    assert summary(found) == IN_ORDER
    assert found.is_repair_needed
    host.answers[QUERY] = "".join(alone())
    packages.perform(found)
    assert host.performed == [f"run {transaction('remove', '--duplicates')}"]
    assert [change.target for change in executor.changes] == ["dnf remove --duplicates"]


def table(*rows: str) -> CommandResult:
    """dnf's answer with other rows in its table."""
    whole = text("duplicates.txt")
    start, end = whole.index("Reinstalling:"), whole.index("\nTransaction Summary")
    return CommandResult((), 1, whole[:start] + "".join(f"{row}\n" for row in rows) + whole[end:], "Operation aborted.")


REINSTALLED = (
    "Reinstalling:",
    " lib            noarch           1.1-1.el9               baseos           6.0 k",
    "     replacing  lib.noarch 1.0-1.el9",
)


def half_upgraded(answer: CommandResult, *, plugin: str = ""):
    """The older lib is still there for an app whose turn had not come."""
    rows = text("rpm-qa-doubled.txt").splitlines(keepends=True)
    gone = (["app", "1:2.0-1.el9"], ["slow", OLD])
    there = [row for row in rows if row.split("\t")[:2] not in gone]
    return dnf_host(installed="".join([*there, plugin]), **{DUPLICATES: answer})


def test_what_needs_the_older_version_comes_along_and_is_foretold():
    upgraded = ("Upgrading:", " app            noarch           1:2.0-1.el9             baseos           6.1 k")
    assert summary(plan(half_upgraded(table(*upgraded, *REINSTALLED)), request("demo"))) == {
        "lib": ("reinstall", "1.1-1.el9"),
        "app": ("upgrade", "1:2.0-1.el9"),
    }


UPGRADED = ("Upgrading:", " app            noarch           1:2.0-1.el9             baseos           6.1 k")
NEW = ("Installing:", " new            noarch           2.0-1.el9               baseos           6.1 k")
NEW_BESIDE_BROUGHT = dnf_command.joined([("install", "app=1:2.0-1.el9"), ("install", "new")])
FORGET_LIB = forgetting("lib-1.0-1.el9.noarch")


@pytest.mark.parametrize(("hold", "marks"), [((), []), (("app",), [("app", "hold")])])
def test_what_is_asked_is_simulated_together_with_what_the_repair_brings(hold, marks):
    host = half_upgraded(table(*UPGRADED, *REINSTALLED), plugin=VERSIONLOCK)
    host.answers.update({simulation(*NEW_BESIDE_BROUGHT): table(*NEW, *UPGRADED), FORGET_LIB: ""})
    found = plan(host, request("new", hold=hold))
    transaction = [("app", "upgrade"), ("lib", "reinstall"), ("new", "install")]
    assert sorted((change.name, change.action) for change in found.changes) == sorted([*transaction, *marks])
    assert found.command[-2:] == ("install", "new")


def test_what_is_to_be_removed_goes_although_the_repair_brings_another_version_of_it():
    gone = ("Removing:", " app            noarch           1.0-1.el9               @baseos          6.1 k")
    host = half_upgraded(table(*UPGRADED, *REINSTALLED))
    host.answers.update({simulation("remove", "app"): table(*gone), FORGET_LIB: ""})
    assert summary(plan(host, request("app", state=State.ABSENT))) == {
        "lib": ("reinstall", "1.1-1.el9"),
        "app": ("remove", None),
    }


def test_a_repair_takes_nothing_away_that_nobody_named():
    dependent = (
        "Removing dependent packages:",
        " app            noarch           1.0-1.el9               @baseos          6.1 k",
    )
    with pytest.raises(Refused, match="would also remove app"):
        plan(half_upgraded(table(*REINSTALLED, *dependent)), request("demo"))


def test_several_versions_that_dnf_keeps_on_purpose_need_no_repair():
    none = CommandResult((), 1, "", "Error: No duplicated packages found for removal.\n")
    assert plan(half_upgraded(none), request("demo")).is_empty


def test_a_repair_that_dnf_cannot_make_is_told_before_anything_is_done():
    problem = CommandResult((), 1, "", "Error: \n Problem: app needs lib = 1.0-1.el9\n")
    with pytest.raises(Refused, match="app needs lib"):
        plan(half_upgraded(problem), request("demo"))


def test_what_is_removed_anyway_needs_no_repair():
    host = dnf_host(
        installed=text("rpm-qa-doubled.txt"), **{simulation("remove", "lib", "app", "slow"): answered("remove")}
    )
    found = plan(host, request("lib", "app", "slow", state=State.ABSENT))
    assert not found.is_repair_needed


def alone():
    """The doubled packages without their older versions."""
    rows = text("rpm-qa-doubled.txt").splitlines(keepends=True)
    return [row for row in rows if row.split("\t")[:2] not in (["app", OLD], ["lib", OLD], ["slow", OLD])]


LOCK_LEFT = {DNF_TRANSACTION: "99", "/proc/99/comm": None}


def killed(*, is_rebooted: bool = False, **answers: object):
    """dnf was killed; its lock file is there until the host is rebooted, its record says so ever after."""
    host = dnf_host(
        installed="".join(alone()),
        files={} if is_rebooted else LOCK_LEFT,
        **{LAST: text("history-killed.txt"), **answers},
    )
    host.databases[HISTORY] = NOT_ENDED
    return host


AGAIN = ("reinstall", "app=1:2.0-1.el9", "lib=1.1-1.el9", "slow=1.1-1.el9")


@pytest.mark.parametrize("is_rebooted", [False, True])
def test_what_was_being_installed_when_dnf_was_killed_is_installed_again(is_rebooted):
    host = killed(is_rebooted=is_rebooted, **{simulation(*AGAIN): answered("duplicates")})
    packages, executor = session(host)
    found = packages.plan(request("demo"))
    assert summary(found) == IN_ORDER
    packages.perform(found)
    assert host.performed == [f"run {transaction(*AGAIN)}"]
    assert [change.target for change in executor.changes] == ["dnf reinstall"]


def test_what_cannot_be_installed_again_is_noted():
    host = killed(**{simulation(*AGAIN): answered("reinstall")})
    found = plan(host, request("demo"))
    assert summary(found) == {"slow": ("reinstall", "1.1-1.el9")}
    assert "app 1:2.0-1.el9, lib 1.1-1.el9" in " ".join(found.notes)


def test_a_dnf_that_was_killed_without_a_change_leaves_nothing_to_do():
    host = killed(**{LAST: text("history-done.txt")})
    assert plan(host, request("demo")).is_empty


@pytest.mark.parametrize("rows", [None, (), ((1,),), ((2,),)])
def test_after_a_transaction_that_came_to_its_end_dnf_is_not_asked_for_it(rows):
    """Or where there was none, or no record of any: a good end, a bad one, and an older one that was cut off."""
    host = killed(is_rebooted=True)
    host.databases[HISTORY] = rows
    assert plan(host, request("demo")).is_empty
    assert LAST not in host.asked


@pytest.mark.parametrize(("record", "changes"), [("history-killed.txt", IN_ORDER), ("history-done.txt", {})])
def test_a_python_that_cannot_read_the_record_has_dnf_read_it(record, changes):
    host = killed(is_rebooted=True, **{LAST: text(record), simulation(*AGAIN): answered("duplicates")})
    host.databases[HISTORY] = Unreadable(HISTORY, "this Python has no sqlite3")
    assert summary(plan(host, request("demo"))) == changes


def test_a_transaction_of_a_dnf_at_work_is_not_taken_for_one_that_was_cut_off():
    host = killed(is_rebooted=True)
    host.files.update({DNF_TRANSACTION: "99", **process(99, "dnf")})
    assert plan(host, request("demo"), check_mode=True).is_empty
    assert LAST not in host.asked


SLOW, APP = "slow=1.1-1.el9", "app=1:2.0-1.el9"
REMOVAL = """ ** Removed    slow-1.1-1.el9.noarch @@System
 ** Removed    app-1:2.0-1.el9.noarch @@System
 ** Removed    gone-1-1.el9.noarch   @@System
 ** Obsoleted  lib-1.1-1.el9.noarch  @@System
"""
REMOVED = {"slow": ("remove", None), "app": ("remove", None)}


def removing(*names: str) -> CommandResult:
    versions = {"slow": "1.1-1.el9", "app": "1:2.0-1.el9", "needy": "1-1.el9"}
    rows = [f" {name}     noarch    {versions[name]}      @baseos      6.1 k" for name in names]
    return table("Removing:", *rows)


def killed_removal(**answers: object):
    return killed(**{LAST: REMOVAL, **answers})


def test_a_removal_that_was_killed_is_finished_by_any_call():
    host = killed_removal(**{simulation("remove", SLOW, APP): removing("slow", "app")})
    packages, executor = session(host)
    found = packages.plan(request("demo"))
    assert summary(found) == REMOVED
    assert [(change.before, change.after) for change in found.changes] == [("1.1-1.el9", None), ("1:2.0-1.el9", None)]
    host.answers[QUERY] = "".join(row for row in alone() if row.split("\t")[0] not in ("slow", "app"))
    packages.perform(found)
    assert host.performed == [f"run {transaction('remove', SLOW, APP)}"]
    assert [change.target for change in executor.changes] == ["dnf remove"]


@pytest.mark.parametrize("wanted", [request("app"), request(hold=("app",)), request("app=1:2.0-1.el9")])
def test_what_was_being_removed_is_installed_again_where_it_is_asked_for(wanted):
    host = killed_removal(
        **{
            simulation("remove", SLOW): removing("slow"),
            simulation("reinstall", APP): table("Reinstalling:", " app noarch 1:2.0-1.el9 baseos 6.1 k"),
        }
    )
    host.answers[QUERY] += VERSIONLOCK
    host.answers[FORGET_SLOW] = ""
    made = [change for change in plan(host, wanted).changes if not change.is_marking]
    assert [(change.name, change.action) for change in made] == [("slow", "remove"), ("app", "reinstall")]


FORGET_SLOW = forgetting("slow-1.1-1.el9.noarch")


@pytest.mark.parametrize(
    "answer",
    [removing("slow", "app", "needy"), CommandResult((), 1, "", "Error: \n Problem: app is protected\n")],
)
def test_where_the_removal_would_take_more_along_what_it_was_to_take_is_installed_again(answer):
    again = ("Reinstalling:", " slow noarch 1.1-1.el9 baseos 6.1 k", " app noarch 1:2.0-1.el9 baseos 6.1 k")
    host = killed_removal(
        **{simulation("remove", SLOW, APP): answer, simulation("reinstall", SLOW, APP): table(*again)}
    )
    assert summary(plan(host, request("demo"))) == {
        "slow": ("reinstall", "1.1-1.el9"),
        "app": ("reinstall", "1:2.0-1.el9"),
    }


def test_what_is_asked_is_judged_by_the_host_without_what_goes():
    """A new package that needs what was being removed gets it again, and that is foretold."""
    new = ("Installing:", " new noarch 2.0-1.el9 baseos 6.1 k", " slow noarch 1.1-1.el9 baseos 6.1 k")
    host = killed_removal(
        **{
            simulation("remove", SLOW, APP): removing("slow", "app"),
            forgetting("app-2.0-1.el9.noarch", "slow-1.1-1.el9.noarch"): "",
            simulation("install", "new"): table(*new),
        }
    )
    found = plan(host, request("new"))
    assert summary(found) == {
        "app": ("remove", None),
        "new": ("install", "2.0-1.el9"),
        "slow": ("install", "1.1-1.el9"),
    }
    assert [step.command for step in found.steps] == [("remove", SLOW, APP)]
    assert found.command == ("install", "new")


OLDER, NEWER, NEWEST = "1.0-1", "1.0-2", "1.10-1"
TO_ONE = ("gwapp", "reinstall", OLDER, NEWER)


def twice(archive: str, *, is_held: bool = False) -> RpmHost:
    """A host with gwapp in two versions, of which a repository has the older one or not; another one has just gone."""
    versions = ((OLDER, archive), (NEWER, RELEASE), (NEWEST, GONE))
    offered = Catalogue(tuple(Package("gwapp", version, place) for version, place in versions))
    return RpmHost(RpmWorld.of(offered, {"gwapp": Placed(NEWER, DOUBLED, is_held=is_held)}))


@pytest.mark.parametrize("check_mode", [True, False])
def test_a_version_that_only_a_repair_would_take_away_is_not_to_be_had(check_mode):
    host = twice(GONE)
    with pytest.raises(BadInput, match=f"no version {OLDER} of it: the repositories have {NEWER}"):
        plan(host, request(f"gwapp={OLDER}"), check_mode=check_mode, may_enable_repositories=False)
    assert host.performed == []


def test_an_older_version_that_a_repository_has_is_a_downgrade_after_the_repair():
    host = twice(RELEASE)
    with pytest.raises(Refused, match=f"gwapp {NEWER} to {OLDER}"):
        plan(host, request(f"gwapp={OLDER}"))
    packages, executor = session(host)
    wanted = request(f"gwapp={OLDER}", allow_downgrade=True)
    found = packages.plan(wanted)
    assert summary(found) == {"gwapp": ("downgrade", OLDER)}
    packages.perform(found)
    assert [change.target for change in executor.changes] == ["dnf remove --duplicates", "dnf install"]
    assert host.world.listed() == {"gwapp": Seen(OLDER)}
    assert packages.plan(wanted).is_empty


@pytest.mark.parametrize(
    ("wanted", "is_held", "changes"),
    [
        (request(f"gwapp={NEWER}"), False, [TO_ONE]),
        (request("gwapp", state=State.LATEST), False, [TO_ONE]),
        (request("gwapp", state=State.ABSENT), False, [("gwapp", "remove", NEWER, None)]),
        (request(hold=("gwapp",)), False, [TO_ONE, ("gwapp", "hold", NEWER, NEWER)]),
        (request(unhold=("gwapp",)), True, [TO_ONE, ("gwapp", "unhold", NEWER, NEWER)]),
        (request("gwapp"), True, [TO_ONE]),
    ],
)
def test_whatever_is_asked_of_a_doubled_package_its_older_version_goes(wanted, is_held, changes):
    packages, _executor = session(twice(RELEASE, is_held=is_held))
    found = packages.plan(wanted)
    assert [(one.name, one.action, one.before, one.after) for one in found.changes] == changes
    packages.perform(found)
    assert packages.plan(wanted).is_empty


def test_a_held_package_is_put_in_order_and_not_made_older():
    with pytest.raises(Refused, match="unhold"):
        plan(twice(RELEASE, is_held=True), request(f"gwapp={OLDER}", allow_downgrade=True))
