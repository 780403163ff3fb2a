from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import (
    ActionFailed,
    BadInput,
    CommandMissing,
    HostError,
    Refused,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Executor
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
    PackageRequest,
    State,
    Upgrade,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.run import run
from tests.unit.module_utils._packages.hosts import FakeClock
from tests.unit.module_utils._packages.pkg_hosts import (
    QUERY,
    answered,
    marked,
    pkg_host,
    plan,
    session,
    simulation,
    text,
    transaction,
)
from tests.unit.module_utils._packages.test_pkg_planner import summary, upgraded
from tests.unit.module_utils._packages.test_pkg_removal import removed
from tests.unit.module_utils._packages.test_run import PARAMS
from tests.unit.module_utils._platform.hosts import host_of

BOOTSTRAP = "pkg bootstrap"
NGINX = summary("nginx: 1.28.0,3")
LOCKED_OUT = "pkg: Cannot get a read lock on a database, it is locked by another process\n"


def with_nginx(**answers):
    """A host on which `pkg install nginx` does what it foretold."""
    host = pkg_host(**{simulation("install", "nginx"): NGINX, **answers})
    after = text("query.txt") + "nginx\t1.28.0,3\t0\t0\t0\twww/nginx\tFreeBSD-ports\n"
    host.effects[f"run {transaction('install', 'nginx')}"] = lambda changed: changed.answers.update({QUERY: after})
    return host


def test_a_run_does_what_it_foretold_and_looks_again():
    host = with_nginx()
    packages, executor = session(host)
    packages.perform(packages.plan(PackageRequest(("nginx",))))
    assert host.performed == [f"run {transaction('install', 'nginx')}"]
    assert [(change.target, change.after) for change in executor.changes] == [("pkg install", "nginx 1.28.0,3")]
    assert packages.plan(PackageRequest(("nginx",))).is_empty


def test_check_mode_foretells_the_same_and_touches_nothing():
    host = with_nginx()
    packages, executor = session(host, check_mode=True)
    packages.perform(packages.plan(PackageRequest(("nginx",))))
    assert host.performed == []
    assert [change.after for change in executor.changes] == ["nginx 1.28.0,3"]


def test_a_tool_that_reports_success_and_did_nothing_is_found_out():
    packages, _executor = session(pkg_host(**{simulation("install", "nginx"): NGINX}))
    with pytest.raises(ActionFailed, match="reported success, but nginx is absent"):
        packages.perform(packages.plan(PackageRequest(("nginx",))))


def test_a_transaction_that_fails_is_told_in_its_own_words():
    broken = CommandResult((), 3, "", "pkg: https://pkg.example.org/nginx.pkg: Not Found\n")
    packages, _executor = session(with_nginx(**{transaction("install", "nginx"): broken}))
    with pytest.raises(ActionFailed, match=r"pkg install has failed. It says: .*Not Found .*cache_valid_time"):
        packages.perform(packages.plan(PackageRequest(("nginx",))))


@pytest.mark.parametrize("rc", [-9, 137])
@pytest.mark.parametrize(
    ("has_come", "words"),
    [
        (True, "nginx came before that, .*POST-INSTALL.*`pkg install -f nginx` on the host"),
        (False, "Nothing of it is there yet: run again"),
    ],
)
def test_a_pkg_that_was_killed_leaves_word_of_what_a_person_has_to_do(rc, has_come, words):
    """A package counts as installed before its last script has run, and pkg never runs that again."""
    host = with_nginx()
    comes = host.effects.pop(f"run {transaction('install', 'nginx')}")

    def ended():
        if has_come:
            comes(host)
        return CommandResult((), rc, "[1/1] Installing nginx-1.28.0,3...\n", "")

    host.answers[transaction("install", "nginx")] = ended
    packages, _executor = session(host)
    with pytest.raises(ActionFailed, match=rf"pkg install has failed: pkg was killed \(exit code {rc}\)\. {words}"):
        packages.perform(packages.plan(PackageRequest(("nginx",))))


def test_locks_are_let_go_before_and_taken_after_one_package_at_a_time():
    host = pkg_host(**{marked("unlock", "sudo", private=True): "", marked("lock", "python312", private=True): ""})
    row = CommandResult((), 1, upgraded("tree: 2.2.1 -> 2.2.1_1").stdout)
    host.answers[simulation("install", "tree", private=True)] = row
    packages, _executor = session(host)
    request = PackageRequest(("tree",), State.LATEST, hold=("tree", "python312"), unhold=("sudo",))
    commands = [" ".join(command.argv) for command in packages._backend.actions(packages.plan(request))]
    assert commands == [
        marked("unlock", "sudo"),
        marked("lock", "python312"),
        transaction("install", "tree"),
        marked("lock", "tree"),
    ]


def test_what_is_held_already_is_not_locked_again_for_older_pkg_would_call_that_an_error():
    host = pkg_host()
    assert plan(host, PackageRequest(hold=("sudo",), unhold=("tree", "nosuch"))).is_empty
    assert [change.name for change in plan(host, PackageRequest(hold=("python-pip",))).changes] == ["py312-pip"]
    with pytest.raises(BadInput, match="nginx"):
        plan(host, PackageRequest(hold=("nginx",)))


def test_versions_that_would_come_are_told_by_name_and_by_origin():
    packages, _executor = session(pkg_host())
    assert packages.available(["tree", "security/py-fail2ban", "nosuch"]) == {
        "tree": "2.2.1_1",
        "security/py-fail2ban": "1.1.0_6",
    }
    assert packages.available([]) == {}


def test_pkg_that_does_not_tell_is_an_error():
    host = pkg_host(**{QUERY: CommandResult((), 1, "", "pkg: sqlite error\n")})
    with pytest.raises(HostError, match=r"does not tell what is installed. It says: sqlite error"):
        plan(host, PackageRequest(("tree",)))
    host.answers[QUERY] = CommandResult((), 1, "")
    assert session(host)[0].installed() == {}


def test_a_host_whose_pkg_locks_readers_out_is_waited_for():
    """READ_LOCK of pkg.conf(5)."""
    answers = [CommandResult((), 1, "", LOCKED_OUT), text("query.txt")]
    host = pkg_host(**{QUERY: lambda: answers.pop(0)})
    assert plan(host, PackageRequest(("tree",))).is_empty


def test_another_pkg_between_unlocking_and_installing_is_not_called_no_change():
    clock = FakeClock()

    def locked_out():
        clock.time += 300
        return CommandResult((), 1, "", LOCKED_OUT)

    host = pkg_host(**{marked("unlock", "sudo", private=True): "", marked("unlock", "sudo"): ""})
    host.answers[simulation("install", "nginx", private=True)] = NGINX
    host.answers[transaction("install", "nginx")] = locked_out
    packages, _executor = session(host, clock=clock.clock())
    with pytest.raises(ActionFailed, match=r"^A part of what was asked is done, the rest is not: another package tool"):
        packages.perform(packages.plan(PackageRequest(("nginx",), unhold=("sudo",))))


class TestWithoutPkg:
    """Nobody has used pkg on the host yet."""

    @staticmethod
    def bare(**answers):
        host = with_nginx(**answers)
        host.stats["/usr/local/sbin/pkg"] = None
        there = host.stats["/var/db/pkg/repos/FreeBSD-ports/db"]
        host.effects[f"run {BOOTSTRAP}"] = lambda changed: changed.stats.update({"/usr/local/sbin/pkg": there})
        return host

    def test_check_mode_says_what_it_cannot_tell(self):
        host = self.bare()
        packages, executor = session(host, check_mode=True)
        found = packages.plan(PackageRequest(("nginx", "fail2ban")))
        packages.perform(found)
        assert [(change.name, change.after) for change in found.changes] == [
            ("pkg", "newest"),
            ("nginx", "newest"),
            ("security/py-fail2ban", "newest"),
        ]
        assert "pkg was never used on this host" in found.notes[0]
        assert (host.asked, host.performed) == ([], [])
        assert [change.target for change in executor.changes] == ["pkg bootstrap", "pkg install"]

    def test_check_mode_foretells_what_would_be_held(self):
        found = plan(self.bare(), PackageRequest(("nginx",), hold=("nginx", "pcre2")), check_mode=True)
        assert found.marked("hold") == ("nginx",)

    def test_a_package_file_is_judged_once_pkg_is_there(self):
        host = self.bare(**{"pkg query -F /root/x.pkg %n\t%v": CommandResult((), 1, "", "pkg: no\n")})
        host.stats["/root/x.pkg"] = host.stats["/var/db/pkg/repos/FreeBSD-ports/db"]
        assert plan(host, PackageRequest(("/root/x.pkg",)), check_mode=True).changes[1].name == "/root/x.pkg"
        with pytest.raises(Refused, match=r"^Nothing but pkg itself was installed.*is no package of FreeBSD's"):
            plan(host, PackageRequest(("/root/x.pkg",)))

    def test_what_cannot_be_had_is_told_without_denying_that_pkg_has_come(self):
        with pytest.raises(Refused, match=r"^Nothing but pkg itself was installed\. name: 'nosuch' is not in"):
            plan(self.bare(), PackageRequest(("nosuch",)))

    def test_a_run_gets_pkg_first(self):
        host = self.bare()
        packages, executor = session(host)
        found = packages.plan(PackageRequest(("nginx",)))
        packages.perform(found)
        assert [(change.name, change.after) for change in found.changes] == [("pkg", "2.8.0"), ("nginx", "1.28.0,3")]
        assert host.performed == [f"run {BOOTSTRAP}", f"run {transaction('install', 'nginx')}"]
        assert [change.target for change in executor.changes] == ["pkg bootstrap", "pkg install"]

    def test_nothing_is_there_to_remove_and_nothing_is_offered(self):
        packages, _executor = session(self.bare())
        assert packages.plan(PackageRequest(("nginx",), State.ABSENT)).is_empty
        assert packages.plan(PackageRequest(autoremove=True)).is_empty
        assert packages.available(["nginx"]) == {}

    def test_pkg_that_cannot_be_got_is_one_message(self):
        failed = CommandResult((), 1, "", "pkg: Error fetching https://pkg.example.org/pkg.pkg: No address record\n")
        with pytest.raises(Refused, match=r"cannot be got. It says: .*No address record"):
            plan(self.bare(**{BOOTSTRAP: failed}), PackageRequest(("nginx",)))

    def test_pkg_that_is_not_there_after_all_is_found_out(self):
        host = self.bare()
        host.effects.clear()
        with pytest.raises(Refused, match="reported success, and pkg is not there"):
            plan(host, PackageRequest(("nginx",)))

    def test_a_host_without_even_the_base_systems_pkg_is_told(self):
        host = self.bare()
        host.programs = {}
        with pytest.raises(CommandMissing, match="pkg"):
            plan(host, PackageRequest(upgrade=Upgrade.ALL))


def test_bad_spellings_and_files_are_told_before_pkg_is_asked():
    host = pkg_host(**{"pkg query -F /root/x.pkg %n\t%v": CommandResult((), 1, "", "pkg: no\n")})
    host.stats.update({"/root/gone.pkg": None, "/root/x.pkg": host.stats["/usr/local/sbin/pkg"]})
    with pytest.raises(BadInput) as error:
        plan(host, PackageRequest(("py3*", "/root/gone.pkg", "/root/x.pkg"), hold=("a=1",)))
    assert len(error.value.problems) == 4


def test_a_call_answers_in_the_documented_shape():
    freebsd = host_of("freebsd-15.1")
    host = with_nginx()
    host.files = dict(freebsd.files)
    host.directories.update({**freebsd.directories, "/proc": ()})
    host.stats.update({"/run/systemd/system": None, "/bin/freebsd-version": None})
    host.answers.update(freebsd.answers)
    host.answers["freebsd-version -kru"] = "15.1-RELEASE\n15.1-RELEASE\n15.1-RELEASE\n"
    host.answers["sysctl -n kern.boottime"] = "{ sec = 1795380316, usec = 929665 } Wed Nov 18 02:14:59 2026\n"
    answer = run({**PARAMS, "name": ["fail2ban"], "state": "absent"}, host, Executor(host, host))
    assert answer["backend"] == "pkg"
    assert (answer["plan"], answer["services_on_old_code"]) == ([], [])
    assert answer["resolved"] == {"fail2ban": ["security/py-fail2ban"]}


def test_a_removal_is_performed_in_its_steps():
    host = pkg_host(**{simulation("delete", "tree"): removed("tree: 2.2.1")})
    without = text("query.txt").replace("tree\t2.2.1\t0\t0\t0\tsysutils/tree\tFreeBSD-ports\n", "")
    host.effects[f"run {transaction('delete', 'tree')}"] = lambda changed: changed.answers.update({QUERY: without})
    packages, executor = session(host)
    packages.perform(packages.plan(PackageRequest(("tree",), State.ABSENT)))
    assert [(change.before, change.after) for change in executor.changes] == [("tree 2.2.1", "tree absent")]
    assert answered("locked.txt", 7).rc == 7
