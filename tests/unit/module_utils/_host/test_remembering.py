from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import CommandMissing, Unreadable
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import LockHolder
from ansible_collections.groundwork.python_host.plugins.module_utils._host.remembering import RememberingHost
from tests.unit.fakes import FakeHost

APT = LockHolder(7, "apt-get")


@pytest.fixture
def host() -> FakeHost:
    return FakeHost(
        answers={"id": "uid=0(root)\n", "none": CommandMissing("none")},
        files={"/f": "text", "/absent": None, "/secret": Unreadable("/secret", "Permission denied")},
        directories={"/d": ("a",)},
        links={"/l": "f"},
        locks={"/lock": [APT, None]},
    )


def test_each_program_is_started_once(host):
    remembering = RememberingHost(host)
    assert {remembering.query(["id"]).stdout for _turn in range(3)} == {"uid=0(root)\n"}
    assert host.asked == ["id"]


def test_another_environment_or_other_exit_codes_are_another_question(host):
    remembering = RememberingHost(host)
    remembering.query(["id"])
    remembering.query(["id"], env={"X": "1"})
    remembering.query(["id"], ok=(0, 1))
    assert host.asked == ["id"] * 3


@pytest.mark.parametrize(
    ("question", "argument", "answer"),
    [
        ("read_text", "/f", "text"),
        ("read_text", "/absent", None),
        ("listdir", "/d", ("a",)),
        ("readlink", "/l", "f"),
        ("which", "id", "/usr/bin/id"),
        ("which", "nothing", None),
    ],
)
def test_an_answer_stays_as_it_was_during_the_pass(host, question, argument, answer):
    remembering = RememberingHost(host)
    assert getattr(remembering, question)(argument) == answer
    host.files.clear()
    host.directories.clear()
    host.links.clear()
    host.answers.clear()
    assert getattr(remembering, question)(argument) == answer


def test_a_description_of_a_path_stays_too(host):
    remembering = RememberingHost(host)
    assert remembering.stat("/f").kind == "file"
    host.files["/f"] = None
    assert remembering.stat("/f").kind == "file"


def test_an_error_is_remembered_as_an_error(host):
    remembering = RememberingHost(host)
    for _turn in range(2):
        with pytest.raises(Unreadable, match="/secret cannot be read: Permission denied"):
            remembering.read_text("/secret")
        with pytest.raises(CommandMissing):
            remembering.query(["none"])
    assert host.asked == ["none"]


def test_locks_are_looked_at_anew_because_whoever_asks_waits_for_a_change(host):
    remembering = RememberingHost(host)
    assert [remembering.lock_holder("/lock") for _turn in range(2)] == [APT, None]


def test_databases_are_read_anew_because_other_programs_write_them(host):
    remembering = RememberingHost(host)
    seen = []
    for rows in (((1,),), ((2,),)):
        host.databases["/db"] = rows
        seen.append(remembering.read_rows("/db", "SELECT"))
    assert seen == [((1,),), ((2,),)]


def test_the_rest_is_the_hosts_own(host):
    remembering = RememberingHost(host)
    assert (remembering.uid, remembering.scratch) == (0, "/scratch")
    assert remembering.scratch_file("apt.conf", "x") == "/scratch/apt.conf"
    assert host.files["/scratch/apt.conf"] == "x"
