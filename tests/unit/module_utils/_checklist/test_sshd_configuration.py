"""Where our lines for sshd go: a file of our own where sshd reads one, a block in its own file elsewhere."""

from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.files import compose
from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Status
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import selinux
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.catalog import CHECKS
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import Refused
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import (
    EnsureDirectory,
    Remove,
    WriteBlock,
    WriteFile,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._host.blocks import rendered
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult
from tests.unit.module_utils._checklist.runs import Run, becomes
from tests.unit.module_utils._checks.sshd_double import with_lines
from tests.unit.module_utils._checks.worlds import (
    CENTOS,
    ROCKY_8,
    SSHD_FILE,
    UBUNTU,
    check,
    context,
    failed,
    file,
    prepared,
    put,
    raw,
    redhat_units,
    sshd_says,
    units,
)
from tests.unit.module_utils._platform.hosts import fixture

MAIN = "/etc/ssh/sshd_config"
DROP_INS = "/etc/ssh/sshd_config.d"
EL8 = fixture("rocky-8-standin/sshd_config")
INCLUDE = f"Include {DROP_INS}/*.conf\nUsePAM yes\n"
CLOSED = """\
KbdInteractiveAuthentication no
PasswordAuthentication no
PermitEmptyPasswords no
PermitRootLogin no
PubkeyAuthentication yes
"""
CLOSED_8 = f"ChallengeResponseAuthentication no\n{CLOSED}"
SSHD = [row for row in CHECKS if row.check_id.startswith("SSH-")]
JUDGED = "sshd -t -f /scratch/candidate"


def host(main, *, own=None, **more):
    found = put(prepared(), files={MAIN: main, SSHD_FILE: own}, answers={JUDGED: ""})
    names = ("00-groundwork.conf",) if own else ()
    put(found, directories={DROP_INS: names}, answers={**units(sshd_service="enabled active"), **redhat_units()})
    return put(found, **more)


def actions(found, *, platform=CENTOS, left_out=()):
    rows = [row for row in SSHD if row.check_id not in left_out]
    return compose(found, context(platform=platform), rows, withheld=())["sshd"]


def told(action):
    if isinstance(action, WriteBlock):
        return f"block {action.path}\n{action.lines}"
    if isinstance(action, WriteFile):
        return f"file {action.path}\n{action.content.partition(chr(10))[2]}"
    if isinstance(action, (Remove, EnsureDirectory)):
        return f"{type(action).__name__} {action.path}"
    return " ".join(action.argv)


RELOAD = "systemctl reload-or-restart sshd.service"
CASES = {
    "an own file where sshd includes it": (host(INCLUDE), CENTOS, [f"file {SSHD_FILE}\n{CLOSED}"]),
    "a block where this sshd has no Include": (host(EL8), ROCKY_8, [f"block {MAIN}\n{CLOSED_8}"]),
    "a block where somebody has taken the Include out": (host("UsePAM yes\n"), CENTOS, [f"block {MAIN}\n{CLOSED}"]),
    "a block where the Include is for some logins only": (
        host(f"Match User ann\n{INCLUDE}"),
        CENTOS,
        [f"block {MAIN}\n{CLOSED}"],
    ),
    "the other one goes where the Include was taken out later": (
        host("UsePAM yes\n", own="PermitRootLogin no\n"),
        CENTOS,
        [f"block {MAIN}\n{CLOSED}", f"Remove {SSHD_FILE}", RELOAD],
    ),
    "the other one goes where the Include came back": (
        host(rendered("PermitRootLogin no\n") + INCLUDE),
        CENTOS,
        [f"file {SSHD_FILE}\n{CLOSED}", f"block {MAIN}\n"],
    ),
    "its directory is made where it is gone": (
        host(INCLUDE, stats={DROP_INS: None, SSHD_FILE: None}),
        CENTOS,
        [f"EnsureDirectory {DROP_INS}", f"file {SSHD_FILE}\n{CLOSED}"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_our_lines_stand_where_sshd_reads_them_first(case):
    found, platform, expected = CASES[case]
    if "gone" in case:
        del found.directories[DROP_INS]
    assert [told(action) for action in actions(found, platform=platform)] == expected


@pytest.mark.parametrize(("main", "platform"), [(EL8, ROCKY_8), ("UsePAM yes\n", UBUNTU)])
def test_without_rows_the_block_goes_and_sshd_is_told(main, platform):
    rows = {row.check_id for row in SSHD}
    assert actions(host(main), platform=platform, left_out=rows) == ()
    (action,) = actions(host(rendered(CLOSED) + main), platform=platform, left_out=rows)
    assert (told(action), bool(action.then)) == (f"block {MAIN}\n", True)


def test_the_port_stays_in_the_block_until_another_is_wished_for():
    standing = rendered(f"Port 2222\n{CLOSED_8}") + EL8
    (action,) = actions(host(standing), platform=ROCKY_8)
    assert "Port 2222\n" in action.lines


def test_a_line_of_theirs_is_not_taken_for_ours():
    (action,) = actions(host(f"Port 2200\n{EL8}"), platform=ROCKY_8)
    assert "Port" not in action.lines


def test_the_commands_that_load_it_are_enterprise_linuxs():
    (action,) = actions(host(EL8), platform=ROCKY_8)
    assert [" ".join(command.argv) for command in action.then] == [RELOAD]
    assert " ".join(action.validate) == "sshd -t -f {candidate}"


def test_an_sshd_that_ended_over_it_is_started_again_at_once():
    (action,) = actions(host(EL8), platform=ROCKY_8)
    assert [command.again for command in action.then] == [("systemctl", "restart", "sshd.service")]


@pytest.mark.parametrize(("main", "path"), [(INCLUDE, SSHD_FILE), ("UsePAM yes\n", MAIN)])
def test_with_selinux_it_is_labelled_before_sshd_reads_it(main, path):
    (action,) = actions(host(main, stats={selinux.ENFORCE: file()}))
    assert [" ".join(command.argv) for command in action.then] == [f"restorecon -iRF {path}", RELOAD]


# --- whole runs on Enterprise Linux 8


def open_host():
    """EL 8 as it comes; sshd answers with the values of its file, and with those of the block from then on."""
    text = with_lines(raw("prepared/sshd-T.txt"), ["PermitRootLogin yes", "PasswordAuthentication yes"])
    found = host(EL8, answers={**sshd_says(text), "sshd -T": text})

    def reads_it(changed):
        closed = with_lines(raw("prepared/sshd-T.txt"), changed.files[MAIN].splitlines()[1:4])
        put(changed, answers={**sshd_says(closed), "sshd -T": closed})

    found.effects = {MAIN: reads_it}
    return found


ROWS = tuple(check(name) for name in ("SSH-001", "SSH-002"))


@pytest.mark.parametrize("check_mode", [True, False])
def test_check_mode_foretells_the_block_and_a_run_writes_it(check_mode):
    found = open_host()
    run = Run(found, context(platform=ROCKY_8), check_mode=check_mode, checks=ROWS)
    assert set(run.status.values()) == {Status.WOULD_FIX if check_mode else Status.FIXED}
    assert run.changes == [("block", MAIN)]
    assert found.files[MAIN].endswith(EL8)
    assert (found.files[MAIN] == EL8) is check_mode


def test_a_second_run_changes_nothing():
    found = open_host()
    Run(found, context(platform=ROCKY_8), checks=ROWS)
    again = Run(found, context(platform=ROCKY_8), checks=ROWS)
    assert (again.written, again.changes, set(again.status.values())) == ([], [], {Status.PASS})


def test_the_rehearsal_reads_the_block_before_it_is_written():
    found = open_host()
    found.effects = {MAIN: becomes({})}
    found.answers[JUDGED] = failed(255, stderr="/scratch/candidate: line 3: Bad configuration option")
    with pytest.raises(Exception, match=f"{MAIN} was left as it was"):
        Run(found, context(platform=ROCKY_8), checks=ROWS)
    copies = [text for path, text in found.files.items() if path.endswith("000-sshd_config")]
    assert all(text.startswith("\nPasswordAuthentication no\nPermitRootLogin no\n") for text in copies)
    assert copies


def test_a_match_line_that_wins_over_the_block_is_named_and_the_run_refused():
    found = open_host()
    main = f"{EL8}Match User deploy\n    PubkeyAuthentication no\n"
    found.files[MAIN] = main
    answer = with_lines(raw("prepared/sshd-T.txt"), ["PubkeyAuthentication no"])
    found.doubles = {"sshd -f": lambda _host, argv: CommandResult(tuple(argv), 0, answer).stdout}
    with pytest.raises(Refused, match="PubkeyAuthentication stays no"):
        Run(found, context(platform=ROCKY_8), checks=ROWS)
    assert found.files[MAIN] == main
