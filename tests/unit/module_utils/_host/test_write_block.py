"""A block of ours in somebody's file: judged as a whole before it is written, and nothing else in it is touched."""

from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import ActionFailed
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import (
    CANDIDATE,
    Change,
    Command,
    WriteBlock,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._host.blocks import rendered
from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Executor
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult, FileStat
from tests.unit.fakes import FakeHost

MAIN = "/etc/ssh/sshd_config"
THEIRS = "# theirs\nPort 22\n"
RELOAD = Command(("systemctl", "reload", "sshd"))
VALIDATE = ("sshd", "-t", "-f", CANDIDATE)
JUDGED = "sshd -t -f /scratch/candidate"
OURS = rendered("Port 2222\n")


def block(lines="Port 2222\n"):
    return WriteBlock(MAIN, lines, validate=VALIDATE, then=(RELOAD,))


def host(text=THEIRS, **answers):
    stat = FileStat("file", 0o640, "root", "adm") if text is not None else None
    return FakeHost(files={MAIN: text}, stats={MAIN: stat}, answers={JUDGED: "", **answers})


@pytest.mark.parametrize(
    ("before", "lines", "change", "after"),
    [
        (THEIRS, "Port 2222\n", ("absent", "written"), OURS + THEIRS),
        (OURS + THEIRS, "Port 443\n", ("other content", "written"), rendered("Port 443\n") + THEIRS),
        (THEIRS + OURS, "Port 2222\n", ("other content", "written"), OURS + THEIRS),
        (OURS + THEIRS, "", ("other content", "absent"), THEIRS),
        (None, "Port 2222\n", ("absent", "written"), OURS),
    ],
)
def test_the_block_changes_and_the_rest_stays_with_its_rights(before, lines, change, after):
    found = host(before)
    executor = Executor(found, found)
    executor.run([block(lines)])
    assert executor.changes == (Change("block", MAIN, *change),)
    assert found.files[MAIN] == after
    rights = "0600 root:root" if before is None else "0640 root:adm"
    assert found.performed == [f"write {MAIN} {rights}", "run systemctl reload sshd"]
    assert executor.plan([block(lines)]) == ()


@pytest.mark.parametrize(("before", "lines"), [(THEIRS, ""), (OURS + THEIRS, "Port 2222\n"), (None, "")])
def test_a_block_that_is_as_it_should_be_needs_no_step(before, lines):
    assert Executor(host(before)).plan([block(lines)]) == ()


def test_the_whole_file_is_judged_before_it_is_replaced():
    words = "/scratch/candidate: line 2: Bad configuration option"
    found = host(**{JUDGED: CommandResult((), 255, "", words)})
    with pytest.raises(ActionFailed, match=rf"{MAIN} was left as it was.*{MAIN}: line 2"):
        Executor(found, found).run([block()])
    assert found.files["/scratch/candidate"] == OURS + THEIRS
    assert found.performed == []


def test_what_the_daemon_refuses_comes_back_with_its_rights():
    found = host(**{"systemctl reload sshd": CommandResult((), 1, "", "not now")})
    with pytest.raises(ActionFailed, match="put back as it was, because its daemon refused it"):
        Executor(found, found).run([block()])
    assert found.files[MAIN] == THEIRS
    assert found.stats[MAIN] == FileStat("file", 0o640, "root", "adm")


def test_what_somebody_writes_between_plan_and_deed_stays():
    found = host()
    executor = Executor(found, found)
    steps = executor.plan([block()])
    found.files[MAIN] = THEIRS + "AllowUsers alice\n"
    executor.perform(steps)
    assert found.files[MAIN] == OURS + THEIRS + "AllowUsers alice\n"


def test_the_difference_shows_our_block_alone():
    executor = Executor(host(rendered("Port 443\n") + THEIRS))
    executor.run([block()])
    (entry,) = executor.diff
    assert (entry["before"], entry["after"]) == (rendered("Port 443\n"), OURS)


def test_a_link_is_named_before_anything_is_written():
    found = FakeHost(links={MAIN: "/srv/sshd_config"})
    with pytest.raises(ActionFailed, match=f"{MAIN} is a link"):
        Executor(found).plan([block()])
