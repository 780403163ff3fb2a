from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import (
    ActionFailed,
    BadInput,
    CommandFailed,
    CommandMissing,
    HostError,
    Refused,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import LockHolder
from ansible_collections.groundwork.python_host.plugins.module_utils._packages import dnf_command
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
    PackageChange,
    PackageRequest,
    State,
    Upgrade,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.rpm_files import CONTENT_FORMAT
from tests.unit.module_utils._packages.dnf_hosts import (
    ANYTHING,
    LATEST,
    PRIVATE,
    QUERY,
    VERSIONLOCK,
    answered,
    dnf_host,
    plan,
    question,
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
ALL_NAMES = question("repoquery", "--showduplicates", "--qf", "%{name} %{evr}")
HISTORY = question("history", "info", "last")
CACHE = "/var/cache/dnf"
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


def test_where_all_is_as_it_shall_be_dnf_is_not_even_asked():
    host = dnf_host()
    packages, executor = session(host)
    found = packages.plan(request("demo", "virtual-demo"))
    packages.perform(found)
    assert found.is_empty
    assert (executor.changes, host.asked) == ((), [QUERY])


def test_a_new_package_comes_with_what_it_needs():
    host = dnf_host(installed="", **{simulation("install", "app", "demo"): answered("install")})
    found = plan(host, request("app", "demo"))
    assert found.command == ("install", "app", "demo")
    assert PackageChange("lib", "install", None, "1.1-1.el9") in found.changes
    assert sorted(found.installed_by_name) == ["app", "demo"]
    assert found.notes == ()
    assert host.performed == []


def test_in_check_mode_dnf_works_in_private_directories():
    make = "mkdir -p /scratch/dnf/var/cache/dnf /scratch/dnf/var/lib/dnf /scratch/dnf/log"
    host = dnf_host(**{make: "", simulation("install", "weak", check_mode=True): answered("install-weak")})
    packages, executor = session(host, check_mode=True)
    packages.perform(packages.plan(request("weak")))
    assert host.performed == []
    assert [change.target for change in executor.changes] == ["dnf install"]
    assert all(word in host.asked[2] for word in PRIVATE)


def test_the_transaction_is_the_one_that_was_foretold():
    host = dnf_host(**{simulation("install", "slow"): answered("obsoletes")})
    packages, _executor = session(host)
    found = packages.plan(request("slow"))
    after = text("rpm-qa.txt").replace("old\t0:1.0-1.el9\tnoarch\told", "new\t0:2.0-1.el9\tnoarch\tnew old")
    host.answers[QUERY] = after
    packages.perform(found)
    assert host.performed == [f"run {transaction('install', 'slow')}"]
    assert any("give way" in note for note in found.notes)


def test_the_latest_version_is_asked_for_and_nothing_less():
    host = dnf_host(**{simulation(LATEST, "install", "demo"): answered("downgrade")})
    found = plan(host, request("demo", state=State.LATEST, allow_downgrade=True))
    assert found.command == (LATEST, "install", "demo")


def test_names_that_are_unknown_are_told_all_at_once_with_what_looks_like_them():
    host = dnf_host(
        **{simulation("install", "nothere", "demoo"): answered("unknown"), ALL_NAMES: text("repoquery.txt")}
    )
    with pytest.raises(BadInput) as caught:
        plan(host, request("nothere", "demoo"), may_enable_repositories=False)
    first, second, hint = caught.value.problems
    assert "'nothere'" in first
    assert "did you mean demo?" in second
    assert "centos_epel" in hint
    assert host.performed == []


def test_a_version_that_there_is_not_is_told_with_those_that_there_are():
    host = dnf_host(
        **{simulation("install", "demo=9.9"): answered("unknown-version"), ALL_NAMES: text("repoquery.txt")}
    )
    with pytest.raises(BadInput, match=r"no version 9.9 of it: the repositories have 1.0-1.el9, 1.1-1.el9, 1.2-1.el9"):
        plan(host, request("demo=9.9"), may_enable_repositories=False)


@pytest.mark.parametrize(("name", "words"), [("excluded", "excludepkgs"), ("modular", "dnf module enable")])
def test_a_name_that_is_kept_from_dnf_is_told_so(name, words):
    wanted = {"excluded": "slow", "modular": "modular"}[name]
    host = dnf_host(**{simulation("install", wanted): answered(name), ALL_NAMES: text("repoquery.txt")})
    with pytest.raises(BadInput, match=words):
        plan(host, request(wanted), may_enable_repositories=False)


def test_what_comes_with_a_stream_is_noted():
    host = dnf_host(**{simulation("install", "modular"): answered("stream")})
    assert "modular:1" in " ".join(plan(host, request("modular")).notes)


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


def advisories(text: str):
    host = dnf_host(
        files={f"{CACHE}/baseos-0123456789abcdef/repodata/repomd.xml": text},
        **{simulation(ANYTHING, "upgrade", "--security"): answered("nothing", 0)},
    )
    host.directories[CACHE] = ("baseos-0123456789abcdef", "baseos.solv", "crb-0123456789abcdef")
    return host


def test_where_no_repository_has_advisories_security_does_not_pretend():
    (note,) = plan(advisories("<repomd/>"), request(upgrade=Upgrade.SECURITY)).notes
    assert "baseos publish no advisories" in note
    assert "nothing was upgraded by it; use upgrade: all" in note


def test_where_there_are_advisories_there_is_nothing_to_say():
    host = advisories('<repomd><data type="updateinfo"/></repomd>')
    assert plan(host, request(upgrade=Upgrade.SECURITY)).notes == ()


def test_a_removal_that_drives_others_away_is_refused():
    host = dnf_host(**{simulation("remove", "lib"): answered("remove")})
    with pytest.raises(Refused, match="would also remove app"):
        plan(host, request("lib", state=State.ABSENT))


def test_a_removal_of_all_that_goes_is_fine():
    host = dnf_host(**{simulation("remove", "lib", "app"): answered("remove")})
    found = plan(host, request("lib", "app", "nothere", state=State.ABSENT))
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
    installed = "".join(f"{name}\t0:1.0-1\tnoarch\t{name} \n" for name in names)
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


def test_a_dead_repository_is_one_message():
    host = dnf_host(**{simulation("install", "weak"): answered("dead-repository")})
    with pytest.raises(HostError, match="the repository dead of this host cannot be used"):
        plan(host, request("weak"))


def test_a_repository_that_the_host_can_do_without_is_noted():
    host = dnf_host(**{simulation("install", "weak"): answered("ignored-repository")})
    found = plan(host, request("weak"))
    assert summary(found) == {"weak": ("install", "1.0-1.el9")}
    (note,) = found.notes
    assert "without the repositories dead, dead2" in note
    assert "secret" not in note


def test_a_repository_whose_packages_are_not_checked_is_noted():
    host = dnf_host(
        files={"/etc/yum.repos.d/centos.repo": "[baseos]\ngpgcheck=0\n"},
        **{simulation("install", "weak"): answered("install-weak")},
    )
    assert "the packages of baseos are not checked by signature" in " ".join(plan(host, request("weak")).notes)


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


def test_a_transaction_that_fails_tells_what_dnf_says():
    host = dnf_host(**{simulation("install", "weak"): answered("install-weak")})
    argv = transaction("install", "weak")
    host.answers[argv] = CommandFailed(argv.split(), rc=1, stdout="", stderr=text("unsigned.err"))
    packages, _executor = session(host)
    with pytest.raises(ActionFailed, match="is not signed"):
        packages.perform(packages.plan(request("weak")))


def test_the_versions_that_the_repositories_have_are_asked_for_at_once():
    ask = question("repoquery", "--latest-limit=1", "--qf", "%{name} %{evr}", "demo", "app", "nothere")
    host = dnf_host(**{ask: text("latest.txt")})
    packages, _executor = session(host)
    assert packages.available(["demo", "app", "nothere"]) == {"app": "1:2.0-1.el9", "demo": "1.2-1.el9"}
    assert packages.available([]) == {}


def test_dnf_5_is_refused_by_its_name():
    host = dnf_host()
    host.links["/usr/bin/dnf"] = "dnf5"
    with pytest.raises(Refused, match="is dnf 5"):
        plan(host, request("weak"))


def test_a_host_without_dnf_says_so():
    host = dnf_host()
    host.programs = {}
    with pytest.raises(CommandMissing, match="dnf"):
        plan(host, request("weak"))


def test_a_wait_for_another_tool_makes_the_list_of_packages_old():
    host = dnf_host()
    texts = iter([text("rpm-qa.txt"), text("rpm-qa.txt") + "weak\t0:1.0-1.el9\tnoarch\tweak \n"])
    host.answers[QUERY] = lambda: next(texts)
    host.locks["/var/lib/rpm/.rpm.lock"] = [LockHolder(7, "rpm"), None]
    assert plan(host, request("weak")).is_empty


@pytest.mark.parametrize("name", ["@core", "nginx*", ""])
def test_what_cannot_be_meant_is_told_before_dnf_is_asked(name):
    host = dnf_host()
    with pytest.raises(BadInput):
        plan(host, request(name, hold=("a=1",)))
    assert host.asked == []


EPEL_FILES = "/scratch/dnf/root/etc/yum.repos.d"
FETCH = (
    question("x")
    .replace("dnf -q -y", "dnf")
    .replace(" x", " install --downloadonly --downloaddir=/scratch/dnf/fetched epel-release <<< y")
)
UNPACK = (
    "rpm --install --root=/scratch/dnf/root --dbpath=/rpm --nodeps --noscripts --notriggers --excludedocs --ignorearch "
    "/scratch/dnf/fetched/epel-release-9-9.el9.noarch.rpm"
)


def without_epel(**answers: object):
    host = dnf_host(**{FETCH: "", "mkdir -p /scratch/dnf/root": "", UNPACK: "", **answers})
    host.directories["/scratch/dnf/fetched"] = ("epel-release-9-9.el9.noarch.rpm",)
    return host


def test_epel_is_enabled_where_a_name_is_in_no_other_repository():
    look = f"--setopt=reposdir=/etc/yum.repos.d,{EPEL_FILES}"
    wider = dnf_command.joined([("install", "epel-release"), ("install", "weak")])
    host = without_epel(
        **{
            simulation("install", "weak"): answered("unknown"),
            simulation(*wider, more=(look,)): answered("install-weak"),
        }
    )
    packages, executor = session(host)
    found = packages.plan(request("weak"))
    assert found.repositories == ("epel",)
    host.answers[QUERY] = "".join(
        f"{row}\tnoarch\t\n" for row in ("weak\t0:1.0-1.el9", "lib\t0:1.1-1.el9", "app\t1:2.0-1.el9")
    )
    packages.perform(found)
    install = " ".join(dnf_command.transact(dnf_command.Settings(), ("install", "epel-release")))
    assert host.performed == [f"run {install}", f"run {transaction('install', 'weak')}"]
    assert [change.target for change in executor.changes] == ["epel", "dnf install"]


def test_where_no_repository_more_helps_the_names_are_unknown_and_nothing_is_enabled():
    look = f"--setopt=reposdir=/etc/yum.repos.d,{EPEL_FILES}"
    crb = "--enablerepo=crb"
    plain = ("install", "demoo")
    wider = dnf_command.joined([("install", "epel-release"), plain])
    unknown = answered("unknown")
    host = without_epel(
        **{
            simulation(*plain): unknown,
            simulation(*wider, more=(look,)): unknown,
            simulation(*plain, more=(crb,)): unknown,
            simulation(*wider, more=(look, crb)): unknown,
            ALL_NAMES: text("repoquery.txt"),
        }
    )
    with pytest.raises(BadInput, match="did you mean demo"):
        plan(host, request("demoo"))
    assert host.performed == []


FILE = "/root/agent.rpm"


@pytest.mark.parametrize(("signature", "noted"), [("unsigned", True), ("signed", False)])
def test_a_package_file_that_nothing_vouches_for_is_noted(signature, noted):
    read = f"rpm -qp --qf {CONTENT_FORMAT} {FILE}"
    host = dnf_host(
        files={FILE: "x"},
        **{read: f"weak\t0:1.0-1.el9\tnoarch\t{signature}\n", simulation("install", FILE): answered("install-weak")},
    )
    assert any("localpkg_gpgcheck" in note for note in plan(host, request(FILE)).notes) is noted
