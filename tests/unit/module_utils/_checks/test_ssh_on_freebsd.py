"""The base system's sshd: no unit, no socket, no directory of drop-ins, and PAM behind keyboard-interactive logins."""

from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Status
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import running_sshd, ssh_port
from ansible_collections.groundwork.python_host.plugins.module_utils._host.login import Login
from tests.unit.module_utils._checks.freebsd_worlds import (
    FREEBSD_14,
    MAIN,
    PS,
    RELEASES,
    SOCKSTAT,
    TITLE,
    fresh,
    on_freebsd,
    prepared,
    said,
    seen,
    services,
    variables,
)
from tests.unit.module_utils._checks.sshd_double import on_port, with_lines
from tests.unit.module_utils._checks.worlds import (
    LOGIN,
    SSHD_HAS_READ,
    FileStat,
    check,
    failed,
    put,
    sshd_says,
)

CLOSED = said("prepared/sshd-T.txt")
ROWS = ("SSH-001", "SSH-002", "SSH-003", "SSH-004", "SSH-005", "SSH-006", "SSH-007")
OFF = services(sshd="disabled stopped")
CHANGED = {"stats": {MAIN: FileStat("file", 0o644, "root", "wheel", modified=SSHD_HAS_READ + 1)}}
OPTION = "-o PermitRootLogin=yes"
# The questions with that option of the daemon's command line.
WITH_OPTION = {f"{question} {OPTION}": CLOSED for question in sshd_says(CLOSED)}


@pytest.mark.parametrize("platform", RELEASES)
def test_an_image_lets_passwords_in_by_way_of_pam_alone(platform):
    """`PasswordAuthentication no` is what FreeBSD has anyway: passwords come in by the other keyword."""
    found = {check_id: seen(check_id, fresh(platform), platform=platform) for check_id in ROWS}
    failing = [check_id for check_id, finding in found.items() if finding.status is Status.FAIL]
    assert failing == ["SSH-003"]
    assert "KbdInteractiveAuthentication yes" in found["SSH-003"].observed


@pytest.mark.parametrize("platform", RELEASES)
def test_after_the_checklist_all_is_closed(platform):
    assert {seen(check_id, prepared(platform), platform=platform).status for check_id in ROWS} == {Status.PASS}


@pytest.mark.parametrize("check_id", ROWS)
def test_a_server_that_is_switched_off_is_none(check_id):
    found = seen(check_id, put(fresh(), answers=OFF), login=Login())
    assert (found.status, "switched off" in found.observed) == (Status.NOT_APPLICABLE, True)


def test_one_that_inetd_starts_is_judged():
    """rc knows nothing of it, and this very run came in by it."""
    inetd = "root     inetd        880 5   tcp4   *:22                  *:*                   LISTEN\n"
    host = put(fresh(), answers={**OFF, SOCKSTAT: inetd}, stats={running_sshd.PID_FILE: None})
    put(host, files={running_sshd.PID_FILE: None})
    assert (seen("SSH-003", host).status, seen("SSH-007", host).status) == (Status.FAIL, Status.PASS)


def test_one_that_rc_does_not_find_is_told_and_not_taken_for_one_that_has_read_its_files():
    host = put(prepared(), stats={running_sshd.PID_FILE: None}, files={running_sshd.PID_FILE: None})
    found = seen("SSH-007", host)
    assert (found.status, "rc cannot make it read" in found.observed) == (Status.FAIL, True)
    assert list(check("SSH-007").remedy(host, on_freebsd())) == []


@pytest.mark.parametrize(("state", "verb"), [("enabled running", "reload"), ("disabled running", "onereload")])
def test_one_that_runs_without_being_switched_on_is_asked_once(state, verb):
    """rc.subr(8) does nothing otherwise, and ends with 0."""
    (again,) = check("SSH-007").remedy(put(prepared(), answers=services(sshd=state)), on_freebsd())
    assert again.argv == ("service", "sshd", verb)


@pytest.mark.parametrize("state", ["enabled stopped", "disabled running"])
def test_one_that_runs_or_will_run_is_judged(state):
    assert seen("SSH-001", put(prepared(), answers=services(sshd=state))).status is Status.PASS


@pytest.mark.parametrize("check_id", [check_id for check_id in ROWS if check_id != "SSH-007"])
def test_the_sshd_of_a_package_is_not_taken_for_the_base_systems(check_id):
    found = seen(check_id, put(prepared(), programs={"sshd": "/usr/local/sbin/sshd"}))
    assert (found.status, "/usr/local/sbin/sshd" in found.observed) == (Status.UNKNOWN, True)


def test_another_sshd_that_rc_starts_is_not_taken_for_the_base_systems():
    """`sshd_program` of rc.conf (rc.subr(8)) has a configuration of its own."""
    found = seen("SSH-001", put(prepared(), answers={PS: TITLE.replace("/usr/sbin", "/opt/sbin").format("")}))
    assert (found.status, "/opt/sbin/sshd runs" in found.observed) == (Status.UNKNOWN, True)


def test_where_a_setting_comes_from_is_told_with_its_line():
    text = with_lines(CLOSED, ["PasswordAuthentication yes"])
    host = put(prepared(), files={MAIN: "PasswordAuthentication yes\n"}, answers=sshd_says(text))
    found = seen("SSH-002", host)
    assert (found.status, f"{MAIN} line 1" in found.observed) == (Status.FAIL, True)


def test_an_option_of_rc_conf_wins_over_every_file():
    """The daemon that runs has it not; the next one would."""
    text = with_lines(CLOSED, ["PermitRootLogin yes"])
    says_yes = dict.fromkeys(WITH_OPTION, text)
    host = put(prepared(), answers={**variables(sshd_flags=OPTION), **says_yes})
    found = seen("SSH-001", host)
    assert (found.status, "`sysrc sshd_flags`" in found.observed) == (Status.FAIL, True)


@pytest.mark.parametrize(
    ("flags", "title", "options", "later"),
    [
        ("", TITLE.format(""), (), ()),
        (OPTION, TITLE.format(f" {OPTION}"), ("-o", "PermitRootLogin=yes"), ("-o", "PermitRootLogin=yes")),
        ("-4", TITLE.format(" -4"), (), ()),
        ("-o 'PermitRootLogin yes'", TITLE.format(""), (), ("-o", "PermitRootLogin yes")),
        ("'", TITLE.format(" -p 2222"), ("-p", "2222"), ()),
        ("", failed(1), (), ()),
    ],
)
def test_the_command_line_is_told_by_ps_and_the_next_one_by_sysrc(flags, title, options, later):
    host = put(prepared(), answers={**variables(sshd_flags=flags), PS: title})
    assert (running_sshd.options(host), running_sshd.next_options(host)) == (options, later)
    assert not any(command.startswith("systemctl") for command in host.asked)


@pytest.mark.parametrize(
    ("part", "status", "words", "command"),
    [
        ({}, Status.PASS, "nothing was changed", None),
        (CHANGED, Status.FAIL, f"has not read {MAIN}", "service sshd reload"),
        (
            {"answers": {**variables(sshd_flags=OPTION), **WITH_OPTION}},
            Status.FAIL,
            "sshd_flags in rc.conf says otherwise",
            "service sshd restart",
        ),
        (
            {"stats": {**CHANGED["stats"], running_sshd.PID_FILE: None}, "answers": {SOCKSTAT: ""}},
            Status.PASS,
            "nothing was changed",
            None,
        ),
    ],
    ids=["as it was read", "changed since", "another command line", "no daemon runs"],
)
def test_the_daemon_is_as_old_as_its_configuration(part, status, words, command):
    host = put(prepared(), **part)
    found = seen("SSH-007", host)
    assert (found.status, words in found.observed) == (status, True)
    if command:
        (action,) = check("SSH-007").remedy(host, on_freebsd())
        assert " ".join(action.argv) == command


@pytest.mark.parametrize("platform", RELEASES)
def test_a_port_without_a_listener_is_named(platform):
    text = said("prepared/sockstat.txt", platform)
    host = put(prepared(platform), answers={SOCKSTAT: text.replace("*:22 ", "*:2200 ")})
    found = seen("SSH-006", host, platform=platform)
    assert (found.status, "nobody listens on 22" in found.observed) == (Status.FAIL, True)
    assert "sockstat" in found.evidence


def test_a_port_that_another_program_has_is_named():
    taken = "www      nginx        700 6   tcp4   *:2222  *:*              LISTEN\n"
    host = put(
        prepared(),
        answers={
            SOCKSTAT: said("prepared/sockstat.txt") + taken,
            **sshd_says(on_port(CLOSED, 2222)),
        },
    )
    (found,) = ssh_port.obstacles(host, on_freebsd(ssh_port=2222))
    assert "another program (nginx) listens on 2222/tcp" in found


def test_a_login_is_looked_at_where_it_came_in():
    assert FREEBSD_14.service_manager == "rc"
    host = prepared()
    seen("SSH-001", host)
    assert any(f"laddr={LOGIN.server}" in command for command in host.asked)
