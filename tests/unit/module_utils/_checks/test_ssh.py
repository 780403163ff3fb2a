from __future__ import annotations

import re
from dataclasses import replace

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Setting, Status
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.running_sshd import PID_FILE
from ansible_collections.groundwork.python_host.plugins.module_utils._host.login import Login
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import FileStat
from tests.unit.module_utils._checks import freebsd_worlds
from tests.unit.module_utils._checks.sshd_double import on_port, with_lines
from tests.unit.module_utils._checks.worlds import (
    CENTOS,
    LOGIN,
    ROCKY_8,
    SSHD_HAS_READ,
    SSHD_TITLE,
    UBUNTU,
    check,
    context,
    failed,
    fresh,
    look,
    prepared,
    put,
    raw,
    sshd_says,
    units,
)
from tests.unit.module_utils._platform.hosts import fixture

KEYWORDS = {
    "SSH-001": "permitrootlogin",
    "SSH-002": "passwordauthentication",
    "SSH-003": "kbdinteractiveauthentication",
    "SSH-004": "pubkeyauthentication",
    "SSH-005": "permitemptypasswords",
}
SAFE = raw("prepared/sshd-T.txt")


def configured(keyword: str, value: str) -> str:
    """The prepared host's configuration with one other value."""
    text, count = re.subn(rf"^{keyword} .*$", f"{keyword} {value}", SAFE, flags=re.MULTILINE)
    assert count == 1
    return text


@pytest.mark.parametrize(
    ("check_id", "value", "status"),
    [
        ("SSH-001", "no", Status.PASS),
        ("SSH-001", "yes", Status.FAIL),
        ("SSH-001", "prohibit-password", Status.FAIL),
        ("SSH-001", "without-password", Status.FAIL),
        ("SSH-001", "forced-commands-only", Status.FAIL),
        ("SSH-002", "no", Status.PASS),
        ("SSH-002", "yes", Status.FAIL),
        ("SSH-003", "no", Status.PASS),
        ("SSH-003", "yes", Status.FAIL),
        ("SSH-004", "yes", Status.PASS),
        ("SSH-004", "no", Status.FAIL),
        ("SSH-005", "no", Status.PASS),
        ("SSH-005", "yes", Status.FAIL),
    ],
)
def test_a_keyword_is_judged_by_what_sshd_says(check_id, value, status):
    host = put(prepared(), answers=sshd_says(configured(KEYWORDS[check_id], value)))
    found = look(check_id, host)
    assert found.status is status
    assert found.evidence.startswith("sshd -T -C user=")
    assert (value in found.observed) or (value, status) == ("without-password", Status.FAIL)


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ({"users": ["root"]}, "root"),
        ({"users": ["deploy"], "addresses": [LOGIN.address]}, "deploy"),
        ({"users": ["no-such-user"], "addresses": ["192.0.2.1"]}, "no-such-user"),
    ],
)
def test_a_match_block_that_opens_for_one_user_or_address_is_seen_and_named(who, words):
    found = look("SSH-002", put(prepared(), answers=sshd_says(configured("passwordauthentication", "yes"), **who)))
    assert found.status is Status.FAIL
    assert found.observed.endswith(f"for {words}")
    assert f"user={words}," in found.evidence


def test_the_drop_in_of_cloud_init_is_seen_through():
    """Our file would say `no`, and sshd, which takes the first value that it reads, still says `yes`."""
    host = fresh()
    found = look("SSH-002", put(host, files={"/etc/ssh/sshd_config": "PasswordAuthentication no\n"}))
    assert (found.status, "yes" in found.observed) == (Status.FAIL, True)


@pytest.mark.parametrize("check_id", [*KEYWORDS, "SSH-006"])
def test_without_an_ssh_server_there_is_nothing_to_judge(check_id):
    host = prepared()
    del host.programs["sshd"]
    assert look(check_id, host).status is Status.NOT_APPLICABLE


@pytest.mark.parametrize("check_id", [*KEYWORDS, "SSH-006"])
def test_a_configuration_that_sshd_itself_refuses_is_unknown_with_its_words(check_id):
    broken = failed(255, stderr="/etc/ssh/sshd_config line 7: Bad configuration option: Prot")
    found = look(check_id, put(prepared(), answers=sshd_says(broken)))
    assert found.status is Status.UNKNOWN
    assert "Bad configuration option" in found.observed


@pytest.mark.parametrize("check_id", KEYWORDS)
def test_the_server_is_judged_alike_on_another_system(check_id):
    for platform in freebsd_worlds.RELEASES:
        assert freebsd_worlds.seen(check_id, freebsd_worlds.prepared(platform), platform=platform).status is Status.PASS


def test_without_a_login_over_ssh_only_the_rest_of_the_world_is_asked_about():
    host = prepared()
    assert look("SSH-001", host, context(login=Login())).status is Status.PASS
    assert all("addr=192.0.2.1" in command for command in host.asked if command.startswith("sshd"))


@pytest.mark.parametrize(
    ("text", "wanted", "listening", "status", "words"),
    [
        (SAFE, None, (22,), Status.PASS, ["22"]),
        (SAFE, 22, (22,), Status.PASS, ["22"]),
        (SAFE, 2222, (22,), Status.FAIL, ["configured: 22"]),
        (on_port(SAFE, 2222), 2222, (2222,), Status.PASS, ["2222"]),
        (on_port(SAFE, 2222), 2222, (22,), Status.FAIL, ["nobody listens on 2222"]),
        (on_port(SAFE, 2222), None, (22, 80), Status.FAIL, ["nobody listens on 2222"]),
        (on_port(SAFE, 22, 2222), 2222, (22, 2222), Status.FAIL, ["22, 2222"]),
    ],
)
def test_the_port_is_the_one_with_a_listener(text, wanted, listening, status, words):
    sockets = "".join(f"LISTEN 0      128    0.0.0.0:{port} 0.0.0.0:*\n" for port in listening)
    host = put(prepared(), answers={**sshd_says(text), "ss -Hltn": sockets})
    found = look("SSH-006", host, context(ssh_port=wanted))
    assert found.status is status
    assert [word for word in words if word not in found.observed] == []


@pytest.mark.parametrize(
    ("check_id", "setting"),
    [
        ("SSH-001", Setting("sshd", "PermitRootLogin", "no")),
        ("SSH-002", Setting("sshd", "PasswordAuthentication", "no")),
        ("SSH-003", Setting("sshd", "KbdInteractiveAuthentication", "no")),
        ("SSH-004", Setting("sshd", "PubkeyAuthentication", "yes")),
        ("SSH-005", Setting("sshd", "PermitEmptyPasswords", "no")),
        ("SSH-006", Setting("sshd", "Port", "2222")),
    ],
)
def test_each_row_contributes_its_line(check_id, setting):
    assert tuple(check(check_id).settings(prepared(), context(ssh_port=2222))) == (setting,)


def test_a_port_that_nobody_asked_for_stays_as_it_is():
    assert tuple(check("SSH-006").settings(prepared(), context())) == ()


MAIN = "/etc/ssh/sshd_config"
CHANGED = {MAIN: FileStat("file", 0o644, "root", "root", modified=SSHD_HAS_READ + 1)}
OPTION = "-o PermitRootLogin=yes"
SAYS_YES = {f"{command} {OPTION}": configured("permitrootlogin", "yes") for command in sshd_says("")}
WITH_OPTION = f"sshd: /usr/sbin/sshd -D {OPTION} [listener] 0 of 10-100 startups\0"
RUNNING = {"files": {SSHD_TITLE: WITH_OPTION, "/etc/default/ssh": f'SSHD_OPTS="{OPTION}"\n'}, "answers": SAYS_YES}
NEXT = {"files": {"/etc/default/ssh": f'SSHD_OPTS="{OPTION}"\n'}, "answers": SAYS_YES}


@pytest.mark.parametrize("check_id", KEYWORDS)
def test_a_file_that_the_running_daemon_has_not_read_proves_nothing(check_id):
    found = look(check_id, put(prepared(), stats=CHANGED))
    assert found.status is Status.FAIL
    assert f"has not read {MAIN}" in found.observed
    assert "systemctl reload" in found.remedy


@pytest.mark.parametrize("part", [RUNNING, NEXT], ids=["now", "at the next start"])
def test_the_command_line_of_the_daemon_wins_over_its_files(part):
    found = look("SSH-001", put(prepared(), **part))
    assert found.status is Status.FAIL
    assert f"by sshd's command line, {OPTION}" in found.observed
    assert "/etc/default/ssh" in found.observed
    assert found.evidence.endswith(OPTION)


def test_the_line_that_wins_is_named():
    main = "UsePAM yes\nMatch User deploy\n  PermitRootLogin yes\n"
    host = put(prepared(), answers=sshd_says(configured("permitrootlogin", "yes")), files={MAIN: main})
    assert f"({MAIN} line 3, below Match User deploy)" in look("SSH-001", host).observed


@pytest.mark.parametrize(
    ("part", "status", "words", "command"),
    [
        ({}, Status.PASS, "nothing was changed", None),
        ({"stats": CHANGED}, Status.FAIL, f"has not read {MAIN}", "systemctl reload ssh.service"),
        (NEXT, Status.FAIL, "its unit says otherwise", "systemctl restart ssh.service"),
        ({"stats": {**CHANGED, PID_FILE: None}}, Status.PASS, "nothing was changed", None),
    ],
    ids=["as it was read", "changed since", "another command line", "no daemon runs"],
)
def test_the_daemon_is_as_old_as_its_configuration(part, status, words, command):
    host = put(prepared(), **part)
    found = look("SSH-007", host)
    assert (found.status, words in found.observed) == (status, True)
    if command:
        (action,) = check("SSH-007").remedy(host, context())
        assert " ".join(action.argv) == command


@pytest.mark.parametrize(("wanted", "actions"), [(None, 0), (2222, 1)])
def test_no_reload_moves_the_port_unless_somebody_asked_for_it(wanted, actions):
    host = put(prepared(), stats=CHANGED, answers=sshd_says(on_port(SAFE, 2222)))
    assert len(tuple(check("SSH-007").remedy(host, context(ssh_port=wanted)))) == actions
    assert ("moves sshd to port 2222" in look("SSH-007", host, context(ssh_port=wanted)).remedy) is (wanted is None)


@pytest.mark.parametrize(
    ("line", "is_named"),
    [("0.0.0.0:2200", True), ("[::]:2200", True), ("host.example:2200", True), ("0.0.0.0", False), ("::", False)],
)
def test_a_port_inside_listen_address_is_named(line, is_named):
    text = on_port(SAFE, 2200)
    host = put(prepared(), answers={**sshd_says(text), "ss -Hltn": "LISTEN 0 128 0.0.0.0:2200 0.0.0.0:*\n"})
    found = look("SSH-006", put(host, files={MAIN: f"ListenAddress {line}\n"}), context(ssh_port=22))
    assert (found.status, f"ListenAddress names a port ({MAIN} line 1)" in found.observed) == (Status.FAIL, is_named)


# --- an older sshd


@pytest.mark.parametrize(
    ("platform", "keywords"),
    [
        (CENTOS, ["KbdInteractiveAuthentication"]),
        (UBUNTU, ["KbdInteractiveAuthentication"]),
        (replace(UBUNTU, version="20.04"), ["KbdInteractiveAuthentication", "ChallengeResponseAuthentication"]),
        (ROCKY_8, ["KbdInteractiveAuthentication", "ChallengeResponseAuthentication"]),
    ],
    ids=str,
)
def test_an_older_sshd_gets_the_keyword_that_would_switch_it_on_again(platform, keywords):
    settings = check("SSH-003").settings(prepared(), context(platform=platform))
    assert [(setting.key, setting.value) for setting in settings] == [(keyword, "no") for keyword in keywords]
    assert [setting.key for setting in check("SSH-001").settings(prepared(), context(platform=platform))] == [
        "PermitRootLogin"
    ]


@pytest.mark.parametrize(
    ("check_id", "lines", "status"),
    [
        ("SSH-003", [], Status.PASS),
        ("SSH-003", ["kbdinteractiveauthentication yes"], Status.FAIL),
        ("SSH-001", [], Status.FAIL),
        ("SSH-002", ["passwordauthentication no"], Status.PASS),
        ("SSH-004", [], Status.PASS),
        ("SSH-005", [], Status.PASS),
        ("SSH-006", [], Status.PASS),
    ],
)
def test_the_words_of_openssh_8_0_are_understood(check_id, lines, status):
    text = with_lines(fixture("openssh-8.0/sshd-T.txt"), lines)
    host = put(prepared(), answers={**sshd_says(text), **units(sshd_service="enabled active")})
    assert look(check_id, host, context(platform=ROCKY_8)).status is status


def test_on_enterprise_linux_advice_and_remedy_name_its_unit():
    host = put(prepared(), stats=CHANGED, answers=units(sshd_service="enabled active"))
    assert look("SSH-007", host, context(platform=CENTOS)).remedy == "`systemctl reload sshd.service`"
    (action,) = check("SSH-007").remedy(host, context(platform=CENTOS))
    assert " ".join(action.argv) == "systemctl reload sshd.service"
