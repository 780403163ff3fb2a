from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import (
    BadInput,
    Refused,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages import dnf_command
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
    PackageChange,
    PackageRequest,
    State,
    Upgrade,
)
from tests.unit.module_utils._packages.dnf_hosts import (
    ANYTHING,
    LATEST,
    QUERY,
    RPM,
    VERSIONLOCK,
    answered,
    dnf_host,
    plan,
    session,
    simulation,
    text,
    transaction,
)

UPGRADED = {
    "app": ("upgrade", "1:2.0-1.el9"),
    "demo": ("upgrade", "1.2-1.el9"),
    "kernel": ("install", "5.14.0-4.el9"),
    "kernel-5.14.0-1.el9.noarch": ("remove", None),
    "lib": ("upgrade", "1.1-1.el9"),
    "new": ("install", "2.0-1.el9"),
    "old": ("remove", None),
}
LOCK_FILES = {
    "/etc/dnf/plugins/versionlock.conf": "[main]\nenabled = 1\nlocklist = /etc/dnf/plugins/versionlock.list\n",
    "/etc/dnf/plugins/versionlock.list": "demo-0:1.0-1.el9.*\n",
}


def request(*names: str, **options: object) -> PackageRequest:
    return PackageRequest(names, **options)


def summary(found) -> dict[str, tuple[str, str | None]]:
    return {change.name: (change.action, change.after) for change in found.changes}


def with_plugin(**answers: object):
    return dnf_host(installed=text("rpm-qa.txt") + VERSIONLOCK, files=LOCK_FILES, **answers)


def test_the_latest_version_is_asked_for_and_nothing_less():
    host = dnf_host(**{simulation(LATEST, "install", "demo"): answered("downgrade")})
    found = plan(host, request("demo", state=State.LATEST, allow_downgrade=True))
    assert found.command == (LATEST, "install", "demo")


def test_the_latest_version_beside_an_upgrade_is_the_one_that_it_comes_to_alone():
    alone = simulation(LATEST, "install", "demo", "app")
    together = dnf_command.joined([("install", "demo=1.2-1.el9", "app=1:2.0-1.el9"), ("upgrade",)])
    host = dnf_host(**{alone: answered("upgrade"), simulation(ANYTHING, *together): answered("upgrade")})
    found = plan(host, request("demo", "app", state=State.LATEST, upgrade=Upgrade.ALL))
    assert found.command == (ANYTHING, *together)
    assert summary(found) == UPGRADED


def test_a_latest_version_that_cannot_be_had_is_refused_beside_an_upgrade_as_well():
    host = dnf_host(**{simulation(LATEST, "install", "conflict"): answered("conflict")})
    with pytest.raises(Refused, match="conflicts with demo"):
        plan(host, request("conflict", state=State.LATEST, upgrade=Upgrade.ALL))
    assert host.asked[-1] == simulation(LATEST, "install", "conflict")


def test_an_older_version_is_refused_unless_it_is_allowed():
    installed = text("rpm-qa.txt").replace("demo\t0:1.0", "demo\t0:1.2")
    host = dnf_host(installed=installed, **{simulation("install", "demo=1.1"): answered("downgrade")})
    with pytest.raises(Refused, match="allow_downgrade"):
        plan(host, request("demo=1.1"))
    allowed = plan(host, request("demo=1.1", allow_downgrade=True))
    assert allowed.changes == (PackageChange("demo", "downgrade", "1.2-1.el9", "1.1-1.el9"),)


def test_a_version_that_is_there_already_is_left_alone_by_an_upgrade_of_all():
    host = dnf_host(**{simulation(ANYTHING, "--exclude=demo", "upgrade"): answered("nothing", 0)})
    assert plan(host, request("demo=1.0", upgrade=Upgrade.ALL)).changes == ()


def test_an_upgrade_of_all_tells_what_it_leaves():
    host = dnf_host(**{simulation(ANYTHING, "upgrade"): answered("upgrade")})
    found = plan(host, request(upgrade=Upgrade.ALL))
    assert summary(found) == UPGRADED
    assert any("stuck 2.0-1.el9" in note for note in found.notes)


def test_a_new_name_and_an_upgrade_of_all_are_one_transaction():
    command = dnf_command.joined([("install", "slow"), ("upgrade",)])
    host = dnf_host(**{simulation(ANYTHING, *command): answered("shell")})
    found = plan(host, request("slow", upgrade=Upgrade.ALL))
    assert summary(found) == {**UPGRADED, "slow": ("install", "1.1-1.el9")}
    assert host.files["/scratch/dnf/script"] == "install slow\nupgrade\n"
    assert found.installed_by_name == ("slow",)


def test_a_removal_that_drives_others_away_is_refused():
    host = dnf_host(**{simulation("remove", "lib"): answered("remove")})
    with pytest.raises(Refused, match="would also remove app"):
        plan(host, request("lib", state=State.ABSENT))


def test_a_removal_of_all_that_goes_is_fine():
    host = dnf_host(**{simulation("remove", "lib", "app"): answered("remove")})
    found = plan(host, request("lib", "app", "nothere", state=State.ABSENT))
    assert summary(found) == {"lib": ("remove", None), "app": ("remove", None)}


def test_what_is_named_with_its_architecture_may_go():
    command = simulation("remove", "lib.noarch", "app.noarch")
    host = dnf_host(**{command: answered("remove")})
    found = plan(host, request("lib.noarch", "app.noarch", state=State.ABSENT))
    assert summary(found) == {"lib": ("remove", None), "app": ("remove", None)}


def test_a_kernel_goes_with_all_its_versions():
    host = dnf_host(**{simulation("remove", "kernel"): answered("remove-kernel")})
    assert len(plan(host, request("kernel", state=State.ABSENT)).changes) == 3


def test_what_nothing_needs_goes_only_on_request():
    host = dnf_host(**{simulation("autoremove"): answered("autoremove")})
    assert summary(plan(host, request(autoremove=True))) == {"lib": ("remove", None)}


def test_a_version_that_is_there_stays_when_something_else_is_installed():
    host = dnf_host(**{simulation("--exclude=demo", "install", "slow"): answered("nothing", 0)})
    plan(host, request("slow", "demo=1.0"))
    assert host.asked[-1] == simulation("--exclude=demo", "install", "slow")


def test_what_is_to_be_held_may_come_along_with_another_package():
    host = with_plugin(**{simulation("install", "slow"): answered("nothing", 0)})
    with pytest.raises(BadInput, match="'libslow' is not installed, so it has no version to be held at"):
        plan(host, request("slow", hold=("libslow",)))


def test_an_automatic_removal_with_names_takes_all_that_is_needless():
    names = ("gwapp", "gwbus.2", "gwdata")
    installed = RPM + "".join(f"{name}\t0:1.0-1\tnoarch\t{name} \n" for name in names)
    command = dnf_command.joined([("autoremove", "gwapp"), ("autoremove",)])
    host = dnf_host(installed=installed, **{simulation(*command): answered("autoremove-named")})
    found = plan(host, request("gwapp", state=State.ABSENT, autoremove=True))
    assert summary(found) == dict.fromkeys(names, ("remove", None))


def test_an_automatic_removal_spares_what_needs_a_named_package():
    command = dnf_command.joined([("autoremove", "lib"), ("autoremove",)])
    host = dnf_host(**{simulation(*command): answered("remove")})
    with pytest.raises(Refused, match="would also remove app"):
        plan(host, request("lib", state=State.ABSENT, autoremove=True))


def test_a_conflict_is_refused():
    host = dnf_host(**{simulation("install", "conflict"): answered("conflict")})
    with pytest.raises(Refused, match="conflicts with demo"):
        plan(host, request("conflict"))


def test_a_full_disk_is_refused_before_anything_is_done():
    host = dnf_host(**{simulation("install", "big"): answered("install")})
    host.answers["df -Pk /usr"] = "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/a 9 9 0 100% /\n"
    with pytest.raises(Refused, match="too full"):
        plan(host, request("big"))


def test_a_held_package_is_not_changed_by_its_name():
    command = (LATEST, "install", "demo")
    more = ("--setopt=pluginconfpath=/scratch/dnf/plugins",)
    host = with_plugin(**{simulation(*command, more=more): answered("downgrade")})
    with pytest.raises(Refused, match="unhold"):
        plan(host, request("demo", state=State.LATEST, allow_downgrade=True))


def test_a_held_package_is_changed_when_it_is_let_go_in_the_same_call():
    more = ("--setopt=pluginconfpath=/scratch/dnf/plugins",)
    host = with_plugin(**{simulation("install", "demo=1.1", more=more): answered("downgrade")})
    packages, _executor = session(host)
    found = packages.plan(request("demo=1.1", unhold=("demo",), allow_downgrade=True))
    assert [change.action for change in found.changes] == ["downgrade", "unhold"]
    host.effects[f"run {transaction('versionlock', 'delete', 'demo')}"] = lambda changed: changed.files.update(
        {"/etc/dnf/plugins/versionlock.list": ""}
    )
    host.answers[QUERY] = (text("rpm-qa.txt") + VERSIONLOCK).replace("demo\t0:1.0", "demo\t0:1.1")
    packages.perform(found)
    assert host.performed == [
        f"run {transaction('versionlock', 'delete', 'demo')}",
        f"run {transaction('install', 'demo=1.1')}",
    ]


def test_what_is_held_by_the_same_call_stays_where_it_is():
    host = with_plugin(**{simulation(ANYTHING, "--exclude=app", "upgrade"): answered("nothing", 0)})
    found = plan(host, request(upgrade=Upgrade.ALL, hold=("app",)))
    assert found.changes == (PackageChange("app", "hold", "1.0-1.el9", "1.0-1.el9"),)
    assert any("leaves what is held: app 1.0-1.el9, demo 1.0-1.el9" in note for note in found.notes)


def test_holding_needs_no_simulation_where_dnf_has_its_plugin():
    host = with_plugin()
    found = plan(host, request(hold=("app",), unhold=("demo",)))
    assert [(change.name, change.action) for change in found.changes] == [("app", "hold"), ("demo", "unhold")]
    assert host.asked == [QUERY]


def test_the_plugin_that_holds_comes_with_the_first_hold():
    plugin = "python3-dnf-plugin-versionlock"
    command = ("--exclude=app", "install", plugin)
    host = dnf_host(**{simulation(*command): answered("install-weak")})
    found = plan(host, request(hold=("app",)))
    assert found.command == command
