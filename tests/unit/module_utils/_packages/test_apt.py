from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import (
    ActionFailed,
    BadInput,
    CommandFailed,
    Refused,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import LockHolder
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_files import CONTENT_FORMAT
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_locks import LOCKS
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
    PackagePlan,
    PackageRequest,
    State,
    Upgrade,
)
from tests.unit.module_utils._packages.hosts import (
    MAKE_DIRECTORIES,
    PRIVATE,
    PRIVATE_REFRESH,
    QUERY,
    REFRESH,
    REPAIR,
    UBUNTU,
    apt_host,
    cache,
    refused,
    session,
    simulation,
    transaction,
    without_room,
)
from tests.unit.module_utils._platform.hosts import fixture

FAIL2BAN = ("install", "fail2ban", "python3-systemd", "iptables")
INSTALL = fixture("debian-12/apt-simulate-install.txt")
UPGRADE = fixture("debian-12/apt-simulate-upgrade.txt")
NOTHING = "0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n"
UPDATES = ("upgrade", "--with-new-pkgs", "-t", "bookworm-security")
RELEASE, SECURITY = "Debian:12.5/stable [amd64]", "Debian-Security:12/stable-security [amd64]"
REMOVE_SUDO = "Remv sudo [1.9.13p3-1+deb12u4]\n"
ABSENT = State.ABSENT
LATEST = State.LATEST


def request(*names: str, state: State = State.PRESENT, upgrade: Upgrade = Upgrade.NONE) -> PackageRequest:
    return PackageRequest(names, state, upgrade)


@pytest.mark.parametrize(
    "wanted",
    [
        request("sudo", "cron", "python"),
        request("sudo:amd64"),
        request("cron-daemon"),
        request("nosuchthing", "fail2ban", state=ABSENT),
        request("unzip", state=ABSENT),
    ],
    ids=["there", "architecture", "provided", "not there", "only its configuration is there"],
)
def test_where_nothing_can_change_one_query_is_all(wanted):
    host = apt_host(fetched=0)
    host.locks = {LOCKS[0]: [LockHolder(1, "apt-get")]}
    packages, _executor = session(host)
    assert packages.plan(wanted) == PackagePlan()
    assert host.asked == [QUERY]


@pytest.mark.parametrize(
    ("wanted", "command", "simulated", "changes"),
    [
        (request("fail2ban"), FAIL2BAN, INSTALL, 7),
        (request("sudo", "fail2ban", "fail2ban"), FAIL2BAN, INSTALL, 7),
        (request("sudo", state=ABSENT), ("remove", "sudo"), REMOVE_SUDO, 1),
        (request("sudo", "tree", state=LATEST), ("install", "sudo", "tree"), NOTHING, 0),
        (request(upgrade=Upgrade.ALL), ("upgrade", "--with-new-pkgs"), UPGRADE, 10),
        (request("sudo", "tree", upgrade=Upgrade.ALL), ("upgrade", "--with-new-pkgs", "tree"), UPGRADE, 10),
    ],
)
def test_a_plan_is_one_simulation(wanted, command, simulated, changes):
    host = apt_host(**{simulation(*command): simulated})
    packages, _executor = session(host)
    plan = packages.plan(wanted)
    assert len(plan.changes) == changes
    assert without_room(host.asked) == [QUERY, simulation(*command)]
    assert host.performed == []


def test_the_plan_is_carried_out_by_one_transaction():
    host = apt_host(**{simulation(*FAIL2BAN): INSTALL})
    packages, executor = session(host, check_mode=True)
    host.answers[simulation(*FAIL2BAN, configuration=PRIVATE)] = INSTALL
    foretold = packages.plan(request("fail2ban"))
    packages.perform(foretold)
    predicted = executor.changes
    packages, executor = session(host)
    plan = packages.plan(request("fail2ban"))
    assert plan == foretold
    host.answers[QUERY] += "".join(
        f"install ok installed\t{change.name}\tall\t{change.after}\t\n" for change in plan.changes
    )
    packages.perform(plan)
    assert host.performed == [f"run {transaction(*FAIL2BAN)}"]
    assert executor.changes == predicted
    assert executor.changes[0].after.splitlines()[0] == "fail2ban 1.0.2-2"


def test_check_mode_asks_a_private_apt_and_runs_nothing():
    fetched = {PRIVATE_REFRESH: "", simulation(*FAIL2BAN, configuration=PRIVATE): INSTALL}
    host = apt_host(fetched=0, **fetched)
    packages, executor = session(host, check_mode=True)
    packages.perform(packages.plan(request("fail2ban")))
    assert without_room(host.asked) == [QUERY, MAKE_DIRECTORIES, *fetched]
    assert host.performed == []
    assert [change.target for change in executor.changes] == ["apt-get install"]


def test_a_removal_needs_no_index():
    host = apt_host(fetched=0, **{simulation("remove", "sudo"): REMOVE_SUDO})
    packages, _executor = session(host)
    (change,) = packages.plan(request("sudo", state=ABSENT)).to_json()
    assert change == {"name": "sudo", "action": "remove", "from": "1.9.13p3-1+deb12u4", "to": None}
    assert host.performed == []


def test_a_package_that_was_left_half_way_is_removed():
    host = apt_host(installed="install ok half-configured\tgwfail\tall\t1.0\t\n")
    host.answers[simulation("remove", "gwfail")] = "Remv gwfail [1.0]\n"
    packages, _executor = session(host)
    plan = packages.plan(request("gwfail", state=ABSENT))
    assert len(plan.changes) == 1
    with pytest.raises(ActionFailed, match=r"gwfail is 1\.0, not absent"):
        packages.perform(plan)


def test_security_updates_are_pinned_to_the_versions_of_the_security_archive():
    pinned = (
        "libgcrypt20-dev=1.10.1-3+deb12u1",
        "libgcrypt20=1.10.1-3+deb12u1",
        "liblzma-dev=5.4.1-1+deb12u2",
        "liblzma5=5.4.1-1+deb12u2",
        "python3.11=3.11.2-6+deb12u9",
        "unzip=6.0-28+deb12u1",
    )
    first = simulation(*UPDATES)
    second = simulation("install", *pinned, "tree")
    third = simulation(*UPDATES, "tree=2.1.0-1", *pinned)
    host = apt_host(**{first: UPGRADE, second: f"Inst tree (2.1.0-1 {RELEASE})\n", third: NOTHING})
    host.directories["/var/lib/apt/lists"] = ("x_dists_bookworm-security_InRelease",)
    packages, _executor = session(host)
    plan = packages.plan(request("tree", upgrade=Upgrade.SECURITY))
    assert plan.command == ("install", *pinned, "tree")
    assert without_room(host.asked) == [QUERY, first, second, third]


def test_a_security_update_that_needs_what_is_named_is_part_of_the_same_transaction():
    tree = f"Inst tree (2.1.0-1 {RELEASE})\n"
    unzip = f"Inst unzip [6.0-28] (6.0-28+deb12u1 {SECURITY})\n"
    pinned = "unzip=6.0-28+deb12u1"
    host = apt_host(
        **{
            simulation(*UPDATES): NOTHING,
            simulation("install", "tree"): tree,
            simulation(*UPDATES, "tree=2.1.0-1"): tree + unzip,
            simulation("install", pinned, "tree"): tree + unzip,
            simulation(*UPDATES, "tree=2.1.0-1", pinned): tree + unzip,
        }
    )
    host.directories["/var/lib/apt/lists"] = ("x_dists_bookworm-security_InRelease",)
    packages, _executor = session(host)
    plan = packages.plan(request("tree", upgrade=Upgrade.SECURITY))
    assert plan.command == ("install", pinned, "tree")
    assert [change.name for change in plan.changes] == ["tree", "unzip"]


def test_without_a_security_update_nothing_is_planned():
    first = simulation("upgrade", "--with-new-pkgs")
    host = apt_host(**{first: "Inst bash [1] (2 Ubuntu:22.04/jammy-updates [amd64])\n"})
    packages, _executor = session(host, platform=UBUNTU)
    plan = packages.plan(request(upgrade=Upgrade.SECURITY))
    assert plan.is_empty
    assert [note.split(" (there is no suite ")[1][:14] for note in plan.notes] == ["jammy-security"]
    assert host.asked == [QUERY, first]


@pytest.mark.parametrize(
    ("installed", "name"),
    [
        ("install ok installed\tsystemd-timesyncd\tamd64\t252\ttime-daemon\n", "systemd-timesyncd"),
        ("install ok installed\tchrony\tall\t4.3\ttime-daemon\n", "chrony"),
        ("", "systemd-timesyncd"),
    ],
)
def test_the_installed_clock_daemon_is_the_one_to_bring_up_to_date(installed, name):
    host = apt_host(installed=installed, **{simulation("install", name): NOTHING})
    packages, _executor = session(host)
    packages.plan(request("time-sync", state=LATEST))
    assert host.asked[-1] == simulation("install", name)


def test_an_interrupted_dpkg_is_finished_first():
    host = apt_host(**{simulation(*FAIL2BAN): INSTALL})
    host.directories["/var/lib/dpkg/updates"] = ("0001", "tmp.i")
    host.files["/var/lib/dpkg/updates/0001"] = ""
    packages, executor = session(host)
    plan = packages.plan(request("fail2ban"))
    host.answers[QUERY] += "".join(
        f"install ok installed\t{change.name}\tall\t{change.after}\t\n" for change in plan.changes
    )
    packages.perform(plan)
    assert host.performed == [f"run {REPAIR}", f"run {transaction(*FAIL2BAN)}"]
    assert [change.target for change in executor.changes] == ["dpkg --configure -a", "apt-get install"]


def test_a_dpkg_at_work_is_not_an_interrupted_one():
    host = apt_host(**{simulation(*FAIL2BAN, configuration=PRIVATE): INSTALL})
    host.directories["/var/lib/dpkg/updates"] = ("0001", "tmp.i")
    host.files["/var/lib/dpkg/updates/0001"] = ""
    host.locks = {"/var/lib/dpkg/lock": [LockHolder(99, "dpkg")]}
    packages, _executor = session(host, check_mode=True)
    assert not packages.plan(request("fail2ban")).is_repair_needed


def test_all_unknown_names_are_told_with_what_they_may_mean():
    command = ("install", "nosuchpkg1", "fial2ban", "mail-transport-agent", "tree", "python3.99")
    known = "fail2ban\npython3.11\ntree\npostfix\n"
    host = apt_host(**{simulation(*command): refused("apt-simulate-unknown"), cache("pkgnames"): known})
    packages, _executor = session(host)
    with pytest.raises(BadInput) as caught:
        packages.plan(request(*command[1:]))
    first, second, third, fourth = caught.value.problems
    assert "'nosuchpkg1'" in first
    assert "check its spelling" in first
    assert "did you mean fail2ban?" in second
    assert "virtual package" in third
    assert "postfix" in third
    assert "did you mean python3.11" in fourth
    assert host.performed == []


@pytest.mark.parametrize(
    ("stem", "wanted", "command", "words"),
    [
        (
            "apt-simulate-held",
            request("sudo", state=ABSENT),
            ("remove", "sudo"),
            r"held at their version \(sudo 1\.9.*unhold",
        ),
        ("apt-simulate-unmet", request("gwbroken"), ("install", "gwbroken"), "Depends: nosuch-thing"),
    ],
)
def test_what_apt_cannot_do_is_refused_in_its_own_words(stem, wanted, command, words):
    host = apt_host(**{simulation(*command): refused(stem)})
    packages, _executor = session(host)
    with pytest.raises(Refused, match=words):
        packages.plan(wanted)


@pytest.mark.parametrize(
    ("wanted", "command", "text"),
    [
        (
            request("python3-minimal", state=ABSENT),
            ("remove", "python3-minimal"),
            fixture("debian-12/apt-simulate-remove.txt"),
        ),
        (
            request("chrony"),
            ("install", "chrony"),
            "Remv python3 [3.11.2-1+b1]\nInst chrony (4.3-2 Debian:12/stable [amd64])\n",
        ),
    ],
)
def test_nothing_that_was_not_named_is_removed(wanted, command, text):
    host = apt_host(**{simulation(*command): text})
    packages, _executor = session(host)
    with pytest.raises(Refused, match="would also remove python3, which nobody named"):
        packages.plan(wanted)
    assert host.performed == []


def test_what_was_named_may_go_in_any_spelling():
    installed = "".join(f"install ok installed\t{name}\t1\t\n" for name in ("dpkg\tamd64", "a1\tamd64", "b1\ti386"))
    command = ("remove", "a1:amd64", "b1:i386")
    host = apt_host(installed=installed, **{simulation(*command): "Remv a1 [1]\nRemv b1:i386 [1]\n"})
    packages, _executor = session(host)
    assert len(packages.plan(request("a1:amd64", "b1:i386", state=ABSENT)).changes) == 2


def test_a_file_is_installed_unless_its_very_version_is():
    ask = f"dpkg-deb --show --showformat {CONTENT_FORMAT} /srv/demo.deb"
    text = fixture("debian-12/apt-simulate-file.txt")
    host = apt_host(**{ask: "gwneeds\tall\t1.0\n", simulation("install", "/srv/demo.deb"): text})
    host.files["/srv/demo.deb"] = ""
    packages, _executor = session(host)
    assert len(packages.plan(request("/srv/demo.deb")).changes) == 2
    host.answers[QUERY] += "install ok installed\tgwneeds\tall\t1.0\t\n"
    for state in (State.PRESENT, LATEST):
        packages, _executor = session(host)
        assert packages.plan(request("/srv/demo.deb", state=state)) == PackagePlan()


def test_a_plan_is_made_when_others_have_ended():
    host = apt_host(**{simulation(*FAIL2BAN): INSTALL})
    host.locks = {LOCKS[3]: [LockHolder(1, "apt-get")]}
    packages, _executor = session(host)
    with pytest.raises(Refused, match=r"archives/lock is held by apt-get \(process 1\)"):
        packages.plan(request("fail2ban"))


def test_a_failed_transaction_is_told_in_apt_s_own_words():
    stderr = "E: Failed to fetch http://deb/x.deb  404  Not Found\nE: Unable to fetch some archives\n"
    error = CommandFailed(("apt-get",), rc=100, stdout="", stderr=stderr)
    host = apt_host(**{simulation(*FAIL2BAN): INSTALL, transaction(*FAIL2BAN): error})
    packages, executor = session(host)
    plan = packages.plan(request("fail2ban"))
    with pytest.raises(
        ActionFailed, match=r"^apt-get install has failed.*404 Not Found E: Unable to fetch some archives"
    ) as caught:
        packages.perform(plan)
    assert "set cache_valid_time to 0" in str(caught.value)
    assert executor.changes == ()


@pytest.mark.parametrize(("check_mode", "configuration"), [(False, ""), (True, PRIVATE)])
def test_available_versions_come_from_one_question(check_mode, configuration):
    call = cache("policy", "tree", "nosuch", "python3.1", "sudo", configuration=configuration)
    host = apt_host(fetched=0, **{PRIVATE_REFRESH: "", call: fixture("debian-12/apt-policy.txt")})
    packages, _executor = session(host, check_mode=check_mode)
    found = packages.available(["tree", "nosuch", "python3.1", "sudo", "tree"])
    assert found == {"tree": "2.1.0-1", "sudo": "1.9.13p3-1+deb12u4"}
    assert host.performed == ([] if check_mode else [f"run {REFRESH}"])


def test_no_name_is_no_question():
    host = apt_host(fetched=0)
    packages, _executor = session(host)
    assert packages.available([]) == {}
    assert host.asked == []
