from __future__ import annotations

from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
    PackageRequest,
    State,
)
from tests.unit.module_utils._packages.dnf_hosts import (
    QUERY,
    answered,
    dnf_host,
    plan,
    question,
    session,
    simulation,
    text,
    transaction,
)

HISTORY = question("history", "info", "last")


def request(*names: str, **options: object) -> PackageRequest:
    return PackageRequest(names, **options)


def summary(found) -> dict[str, tuple[str, str | None]]:
    return {change.name: (change.action, change.after) for change in found.changes}


OLD = "0:1.0-1.el9"
DOUBLED = {"app": ("reinstall", "1:2.0-1.el9"), "lib": ("reinstall", "1.1-1.el9"), "slow": ("reinstall", "1.1-1.el9")}


def test_an_upgrade_that_was_cut_off_is_finished_by_any_call():
    host = dnf_host(installed=text("rpm-qa-doubled.txt"))
    packages, executor = session(host)
    found = packages.plan(request("demo"))
    assert summary(found) == DOUBLED
    assert found.is_repair_needed
    host.answers[QUERY] = "".join(alone())
    packages.perform(found)
    assert host.performed == [f"run {transaction('remove', '--duplicates')}"]
    assert [change.target for change in executor.changes] == ["dnf remove --duplicates"]


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


def killed(**answers: object):
    return dnf_host(
        installed="".join(alone()),
        files={"/var/lib/dnf/rpmdb_lock.pid": "99", "/proc/99/comm": None},
        **{HISTORY: text("history-killed.txt"), **answers},
    )


AGAIN = ("reinstall", "app=1:2.0-1.el9", "lib=1.1-1.el9", "slow=1.1-1.el9")


def test_what_was_being_installed_when_dnf_was_killed_is_installed_again():
    host = killed(**{simulation(*AGAIN): answered("duplicates")})
    packages, executor = session(host)
    found = packages.plan(request("demo"))
    assert summary(found) == DOUBLED
    packages.perform(found)
    assert host.performed == [f"run {transaction(*AGAIN)}"]
    assert [change.target for change in executor.changes] == ["dnf reinstall"]


def test_what_cannot_be_installed_again_is_noted():
    host = killed(**{simulation(*AGAIN): answered("reinstall")})
    found = plan(host, request("demo"))
    assert summary(found) == {"slow": ("reinstall", "1.1-1.el9")}
    assert "app 1:2.0-1.el9, lib 1.1-1.el9" in " ".join(found.notes)


def test_a_dnf_that_was_killed_without_a_change_leaves_nothing_to_do():
    host = killed(**{HISTORY: text("history-done.txt")})
    assert plan(host, request("demo")).is_empty
