from __future__ import annotations

from copy import deepcopy
from dataclasses import replace

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import (
    ActionFailed,
    CommandMissing,
    CommandTimedOut,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._host import executor as executor_module
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import (
    Change,
    Command,
    EnsureDirectory,
    Link,
    Remove,
    SetAttributes,
    WriteFile,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Executor
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult, FileStat
from tests.unit.fakes import FakeHost

RELOAD = Command(("systemctl", "reload", "ssh"))
SSHD_FILE = WriteFile("/etc/sshd", "new\n", mode=0o600, validate=("sshd", "-t"), then=(RELOAD,))
BROKEN = CommandResult(("sshd", "-t"), 255, "", "line 1: Bad configuration option")


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch):
    monkeypatch.setattr(executor_module, "PAUSE", 0)


def host_with_old_file(**answers) -> FakeHost:
    return FakeHost(
        files={"/etc/sshd": "old\n"},
        stats={"/etc/sshd": FileStat("file", 0o640, "root", "adm")},
        answers={"sshd -t": "", **{name.replace("_", " "): answer for name, answer in answers.items()}},
    )


class Answers:
    """Other answers to the same command, one after the other."""

    def __init__(self, *answers):
        self._answers = list(answers)

    def __call__(self):
        return self._answers.pop(0)


FAILED = CommandResult(("x",), 1, "", "not now")

# (action, the host before, the changes that it makes, what is written)
NEEDED = [
    (
        WriteFile("/f", "text"),
        FakeHost(files={"/f": None}),
        Change("file", "/f", "absent", "written"),
        "write /f 0644 root:root",
    ),
    (
        WriteFile("/f", "text"),
        FakeHost(files={"/f": "other"}),
        Change("file", "/f", "other content", "written"),
        "write /f 0644 root:root",
    ),
    (
        WriteFile("/f", "text", mode=0o600),
        FakeHost(files={"/f": "text"}),
        Change("attributes", "/f", "0644 root:root", "0600 root:root"),
        "write /f 0600 root:root",
    ),
    (
        EnsureDirectory("/d", 0o700, "deploy", "deploy"),
        FakeHost(stats={"/d": None}),
        Change("directory", "/d", "absent", "0700 deploy:deploy"),
        "make_directory /d 0700 deploy:deploy",
    ),
    (
        EnsureDirectory("/d", 0o700),
        FakeHost(directories={"/d": ()}),
        Change("attributes", "/d", "0755 root:root", "0700 root:root"),
        "set_attributes /d 0700 root:root",
    ),
    (
        SetAttributes("/f", 0o600, "root", "adm"),
        FakeHost(files={"/f": ""}),
        Change("attributes", "/f", "0644 root:root", "0600 root:adm"),
        "set_attributes /f 0600 root:adm",
    ),
    (
        Link("/l", "b"),
        FakeHost(links={"/l": "a"}),
        Change("link", "/l", "a", "b"),
        "link /l b",
    ),
    (
        Link("/l", "b"),
        FakeHost(stats={"/l": None}),
        Change("link", "/l", "absent", "b"),
        "link /l b",
    ),
    (
        Remove("/f"),
        FakeHost(files={"/f": "text"}),
        Change("file", "/f", "present", "absent"),
        "remove /f",
    ),
    (
        Command(("useradd", "app"), Change("account", "app", "absent", "present")),
        FakeHost(),
        Change("account", "app", "absent", "present"),
        "run useradd app",
    ),
]


@pytest.mark.parametrize(("action", "host", "change", "written"), NEEDED)
def test_check_mode_foretells_exactly_what_a_real_run_does(action, host, change, written):
    host = deepcopy(host)
    checking = Executor(host)
    checking.run([action])
    assert checking.is_check_mode
    assert host.performed == []
    assert checking.changes == (change,)

    real = Executor(host, host)
    real.run([action])
    assert not real.is_check_mode
    assert host.performed == [written]
    assert (real.changes, real.diff) == (checking.changes, checking.diff)


@pytest.mark.parametrize(("action", "host", "_change", "_written"), [row for row in NEEDED if row[2].kind != "account"])
def test_what_has_been_done_is_not_done_again(action, host, _change, _written):
    host = deepcopy(host)
    Executor(host, host).run([action])
    again = Executor(host, host)
    assert again.plan([action]) == ()
    assert (again.changes, again.diff) == ((), [])


def test_a_plan_is_made_once_and_performed_as_it_stands():
    host = FakeHost(files={"/f": None})
    executor = Executor(host, host)
    steps = executor.plan([WriteFile("/f", "text")])
    host.files["/f"] = "text"
    executor.perform(steps)
    assert host.performed == ["write /f 0644 root:root"]


def test_a_step_that_is_no_change_is_made_and_not_counted():
    host = FakeHost()
    executor = Executor(host, host)
    executor.run([RELOAD])
    assert host.performed == ["run systemctl reload ssh"]
    assert (executor.changes, executor.diff) == ((), [])


def test_the_diff_shows_the_text_before_and_after():
    host = FakeHost(files={"/f": "old\n"})
    executor = Executor(host)
    executor.run([WriteFile("/f", "new")])
    assert executor.diff == [
        {"before_header": "file: /f", "after_header": "file: /f", "before": "old\n", "after": "new\n"}
    ]


def test_the_diff_of_a_secret_file_shows_what_stands_for_it():
    host = FakeHost(files={"/keys": "ssh-ed25519 AAAA\n"})
    executor = Executor(host)
    executor.run([WriteFile("/keys", "ssh-ed25519 BBBB\n", shown=("SHA256:a\n", ""))])
    (entry,) = executor.diff
    assert (entry["before"], entry["after"]) == ("SHA256:a\n", "")


def test_a_secret_for_standard_input_is_not_in_an_actions_own_words():
    assert "hunter2" not in repr(Command(("chpasswd", "-e"), stdin="deploy:hunter2"))


def test_a_written_file_is_checked_and_loaded_in_this_order():
    host = host_with_old_file()
    Executor(host, host).run([SSHD_FILE])
    assert host.performed == [
        "write /etc/sshd 0400 root:root",
        "run systemctl reload ssh",
        "set_attributes /etc/sshd 0600 root:root",
    ]
    assert host.asked == ["sshd -t"]


def test_a_file_that_was_written_and_not_loaded_is_loaded_by_the_next_run():
    class Killed(BaseException):
        pass

    def killed():
        raise Killed

    host = host_with_old_file(systemctl_reload_ssh=killed)
    with pytest.raises(Killed):
        Executor(host, host).run([SSHD_FILE])
    host.answers["systemctl reload ssh"] = ""
    host.performed.clear()
    again = Executor(host, host)
    again.run([SSHD_FILE])
    assert "run systemctl reload ssh" in host.performed
    assert [change.kind for change in again.changes] == ["attributes"]
    assert Executor(host, host).plan([SSHD_FILE]) == ()


def test_a_file_that_fails_its_check_comes_back_with_its_old_rights_and_is_never_loaded():
    host = host_with_old_file(**{"sshd -t": BROKEN})
    executor = Executor(host, host)
    with pytest.raises(ActionFailed, match=r"/etc/sshd was put back .*Bad configuration option"):
        executor.run([SSHD_FILE])
    assert host.files["/etc/sshd"] == "old\n"
    assert host.performed == ["write /etc/sshd 0400 root:root", "write /etc/sshd 0640 root:adm"]
    assert executor.changes == ()


def test_a_new_file_that_fails_its_check_is_removed():
    host = FakeHost(files={"/etc/sshd": None}, answers={"sshd -t": BROKEN})
    with pytest.raises(ActionFailed):
        Executor(host, host).run([SSHD_FILE])
    assert host.performed == ["write /etc/sshd 0400 root:root", "remove /etc/sshd"]


@pytest.mark.parametrize("trouble", [CommandMissing("sshd"), CommandTimedOut(["sshd", "-t"], 60)])
def test_a_check_that_cannot_be_made_has_failed(trouble):
    host = host_with_old_file(**{"sshd -t": trouble})
    with pytest.raises(ActionFailed, match="was put back"):
        Executor(host, host).run([SSHD_FILE])
    assert host.files["/etc/sshd"] == "old\n"


def test_a_daemon_that_refuses_a_file_gets_the_old_one_and_is_loaded_again():
    host = host_with_old_file(systemctl_reload_ssh=Answers(FAILED, ""))
    with pytest.raises(ActionFailed, match=r"/etc/sshd was put back .*daemon refused it: .*not now"):
        Executor(host, host).run([SSHD_FILE])
    assert host.performed == [
        "write /etc/sshd 0400 root:root",
        "run systemctl reload ssh",
        "write /etc/sshd 0640 root:adm",
        "run systemctl reload ssh",
    ]


def test_a_daemon_that_may_have_ended_over_a_file_is_told_in_another_way_of_the_old_one():
    host = host_with_old_file(systemctl_reload_ssh=FAILED)
    reload = replace(RELOAD, again=("systemctl", "restart", "ssh"))
    with pytest.raises(ActionFailed, match=r"daemon refused it: .*not now$"):
        Executor(host, host).run([replace(SSHD_FILE, then=(reload,))])
    assert [line for line in host.performed if line.startswith("run")] == [
        "run systemctl reload ssh",
        "run systemctl restart ssh",
    ]


def test_a_daemon_that_refuses_the_old_file_too_is_what_to_look_at_first():
    host = host_with_old_file(systemctl_reload_ssh=Answers(FAILED, FAILED))
    with pytest.raises(ActionFailed, match=r"was put back .*not now.*look at the daemon"):
        Executor(host, host).run([SSHD_FILE])
    assert host.files["/etc/sshd"] == "old\n"


def test_a_link_is_followed_by_its_commands():
    host = FakeHost(links={"/srv/app/current": "releases/a"})
    Executor(host, host).run([Link("/srv/app/current", "releases/b", then=(RELOAD,))])
    assert host.performed == ["link /srv/app/current releases/b", "run systemctl reload ssh"]


def test_what_was_done_before_a_failure_is_still_counted():
    host = FakeHost(files={"/f": None}, answers={"false": FAILED})
    executor = Executor(host, host)
    with pytest.raises(ActionFailed, match="`false` ended with 1: not now"):
        executor.run([WriteFile("/f", "text"), Command(("false",), Change("x", "y", "a", "b"))])
    assert [change.target for change in executor.changes] == ["/f"]


def test_a_command_that_waits_is_tried_again_until_it_answers():
    host = FakeHost(answers={"fail2ban-client ping": Answers(FAILED, FAILED, "pong")})
    Executor(host, host).run([Command(("fail2ban-client", "ping"), attempts=3)])
    assert len(host.performed) == 3


def test_a_command_that_waits_gives_up_after_its_attempts():
    host = FakeHost(answers={"fail2ban-client ping": FAILED})
    with pytest.raises(ActionFailed, match="not now"):
        Executor(host, host).run([Command(("fail2ban-client", "ping"), attempts=3)])
    assert len(host.performed) == 3


def test_an_exit_code_that_the_command_declares_is_fine():
    host = FakeHost(answers={"grep x": FAILED})
    Executor(host, host).run([Command(("grep", "x"), ok=(0, 1))])
    assert host.performed == ["run grep x"]


def test_a_file_where_a_directory_must_be_is_refused_while_planning():
    with pytest.raises(ActionFailed, match="/d is a file, expected a directory: move it away"):
        Executor(FakeHost(files={"/d": ""})).plan([EnsureDirectory("/d")])


def test_a_change_tells_its_four_words_as_json():
    assert Change("unit", "fail2ban", "off", "on").to_json() == {
        "kind": "unit",
        "target": "fail2ban",
        "before": "off",
        "after": "on",
    }


# --- writing down


class Journal:
    """Remembers what it is told, among what is done to the host; it may refuse."""

    def __init__(self, host, *, is_full=False):
        self.host, self.is_full = host, is_full

    def before(self, action, change, danger):
        if self.is_full:
            raise ActionFailed("The journal of changes cannot be kept")
        self.host.performed.append(f"before {change.target if change else action.argv} {danger}".rstrip())

    def after(self):
        self.host.performed.append("after")


def recorded(host, *, check_mode=False, **words):
    executor = Executor(host, None if check_mode else host)
    executor.record_with(Journal(host, **words))
    return executor


def test_each_step_is_written_down_before_and_after_it_is_made():
    host = FakeHost(files={"/f": None})
    executor = recorded(host)
    executor.perform(executor.plan([WriteFile("/f", "text"), Command(("true",))]), danger="door")
    assert host.performed == [
        *("before /f door", "write /f 0644 root:root", "after"),
        *("before ('true',) door", "run true", "after"),
    ]


def test_a_step_that_fails_has_no_record_of_its_end_and_none_follows():
    host = FakeHost(files={"/f": None}, answers={"false": FAILED})
    with pytest.raises(ActionFailed, match="not now"):
        recorded(host).run([Command(("false",), Change("x", "y", "a", "b")), WriteFile("/f", "text")])
    assert host.performed == ["before y", "run false"]


def test_a_step_that_cannot_be_written_down_is_not_made():
    host = FakeHost(files={"/f": None})
    executor = recorded(host, is_full=True)
    with pytest.raises(ActionFailed, match="cannot be kept"):
        executor.run([WriteFile("/f", "text")])
    assert (host.performed, executor.changes) == ([], ())


def test_check_mode_writes_nothing_down():
    host = FakeHost(files={"/f": None})
    executor = recorded(host, check_mode=True)
    executor.run([WriteFile("/f", "text")])
    assert (host.performed, len(executor.changes)) == ([], 1)


def test_our_own_bookkeeping_is_neither_a_change_nor_written_down():
    host = FakeHost(files={"/f": None})
    executor = recorded(host)
    executor.prepare([WriteFile("/f", "text")])
    assert (host.performed, executor.changes) == (["write /f 0644 root:root"], ())


def test_bookkeeping_is_not_done_in_check_mode():
    host = FakeHost(files={"/f": None})
    recorded(host, check_mode=True).prepare([WriteFile("/f", "text")])
    assert host.performed == []


def test_changes_of_a_program_of_ours_are_told_like_our_own():
    host = FakeHost()
    executor = Executor(host, host)
    executor.tell([Change("file", "/f", "written", "absent")])
    assert [change.target for change in executor.changes] == ["/f"]
    assert executor.diff[0]["before_header"] == "file: /f"
    assert host.performed == []


def test_a_step_that_is_no_change_has_no_diff():
    host = FakeHost()
    executor = Executor(host, host)
    executor.run([Command(("true",))])
    assert (executor.changes, executor.diff) == ((), [])
