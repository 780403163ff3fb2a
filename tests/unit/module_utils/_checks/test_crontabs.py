"""What FreeBSD's cron will run."""

from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import crontabs
from tests.unit.fakes import FakeHost
from tests.unit.module_utils._checks.freebsd_updates import BASE, said
from tests.unit.module_utils._checks.freebsd_worlds import services

SYSTEM = "/etc/crontab"


def test_the_systems_own_crontab_names_users_and_columns():
    found = crontabs.parse(said("crontab"), SYSTEM)
    assert [(entry.user, entry.command) for entry in found] == [
        ("operator", "/usr/libexec/save-entropy"),
        ("root", "newsyslog"),
        ("root", "periodic daily"),
        ("root", "periodic weekly"),
        ("root", "periodic monthly"),
    ]
    assert [entry.is_daily for entry in found] == [True, True, True, False, False]
    assert found[2].schedule == ("1", "3", "*", "*", "*")


@pytest.mark.parametrize(
    ("line", "owner", "expected"),
    [
        ("@daily root x y", "", (("@daily",), "root", "x y")),
        ("@3600 root:wheel x", "", (("@3600",), "root:wheel", "x")),
        ("1 2 * * * root -n -q x -n", "", (("1", "2", "*", "*", "*"), "root", "x -n")),
        ("1 2 * * * x=1 y", "root", (("1", "2", "*", "*", "*"), "root", "x=1 y")),
        ("\t1\t2  * * *\troot\tx", "", (("1", "2", "*", "*", "*"), "root", "x")),
    ],
)
def test_a_line_is_read_as_cron_reads_it(line, owner, expected):
    (entry,) = crontabs.parse(line, SYSTEM, owner=owner)
    assert (entry.schedule, entry.user, entry.command) == expected


@pytest.mark.parametrize(
    "line", ["MAILTO=x@y", "PATH = /bin", '"A"=b c d e f g', "# 1 2 * * * root x", "1 2 * * *", "x"]
)
def test_what_is_no_command_is_passed_over(line):
    assert crontabs.parse(line, SYSTEM) == ()


@pytest.mark.parametrize(
    ("schedule", "is_daily"),
    [
        (("@daily",), True),
        (("@hourly",), True),
        (("@86400",), True),
        (("@86401",), False),
        (("@weekly",), False),
        (("@reboot",), False),
        (("1", "2", "*/1", "*", "*"), True),
        (("1", "2", "1", "*", "*"), False),
        (("1", "2", "*", "*", "1-5"), False),
    ],
)
def test_daily_is_what_comes_on_every_day(schedule, is_daily):
    assert crontabs.Entry(SYSTEM, schedule, "root", "x").is_daily is is_daily


@pytest.mark.parametrize(
    ("user", "is_roots"), [("root", True), ("root:wheel", True), ("root/daemon", True), ("r", False)]
)
def test_the_user_may_have_a_group_or_a_class_behind_it(user, is_roots):
    assert crontabs.Entry(SYSTEM, ("@daily",), user, "x").is_roots is is_roots


def test_all_crontabs_are_read_that_cron_reads():
    host = FakeHost(
        files={
            SYSTEM: "1 2 * * * root a\n",
            "/etc/cron.d/one": "1 2 * * * root b\n",
            "/usr/local/etc/cron.d/two": "1 2 * * * root c\n",
            crontabs.ROOTS_OWN: "1 2 * * * d\n",
        },
        directories={
            "/etc/cron.d": (".hidden", "old", "one"),
            "/usr/local/etc/cron.d": ("two",),
            "/etc/cron.d/old": (),
        },
    )
    assert [entry.command for entry in crontabs.in_force(host)] == ["a", "b", "c", "d"]


def test_a_host_without_any_crontab_runs_nothing():
    host = FakeHost(files={SYSTEM: None, crontabs.ROOTS_OWN: None}, stats=dict.fromkeys(crontabs.DIRECTORIES))
    assert crontabs.in_force(host) == ()


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("enabled running", []),
        ("enabled stopped", ["cron does not run"]),
        ("disabled running", ["cron does not start at boot (cron_enable in rc.conf)"]),
    ],
)
def test_a_cron_that_is_off_runs_nothing(state, words):
    assert list(crontabs.problems(FakeHost(answers=services(cron=state), stats=BASE))) == words


def test_a_packaged_base_system_may_be_without_cron():
    host = FakeHost(stats={"/etc/rc.d/cron": None})
    assert list(crontabs.problems(host)) == ["there is no cron on this host (package FreeBSD-cron)"]
    assert list(crontabs.started(host)) == []
