from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.files import FILES, compose
from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Setting
from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.sshd_configuration import DROP_IN
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.catalog import CHECKS
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Remove, WriteFile
from tests.unit.module_utils._checks.worlds import APT_FILE, CENTOS, JAIL_FILE, SSHD_FILE, context, prepared, put, units

ALL_CLOSED = """\
# Written by groundwork.python_host; a change here is lost at its next run.
KbdInteractiveAuthentication no
PasswordAuthentication no
PermitEmptyPasswords no
PermitRootLogin no
PubkeyAuthentication yes
"""
DOORS = {check.check_id for check in CHECKS if check.closes_door}
EVERY_FILE = {"sshd": DROP_IN, **FILES}
EVERYTHING = {check.check_id for check in CHECKS}


def composed(host, *, withheld=(), left_out=(), **options):
    """The write of each of our files, by its path, and what else would be done."""
    checks = [check for check in CHECKS if check.check_id not in left_out]
    actions = [
        action
        for actions in compose(host, context(**options), checks, withheld=withheld).values()
        for action in actions
    ]
    writes = {action.path: action for action in actions if isinstance(action, WriteFile)}
    return writes, [action for action in actions if not isinstance(action, WriteFile)]


def sshd_file(host, **words):
    writes, _others = composed(host, **words)
    return writes[SSHD_FILE].content if SSHD_FILE in writes else None


def test_the_rows_in_force_make_up_the_whole_file():
    assert sshd_file(prepared()) == ALL_CLOSED


def test_fail2bans_file_touches_no_other_jail():
    writes, _others = composed(prepared(), fail2ban_ban_time="1h")
    text = writes[JAIL_FILE].content
    assert [line for line in text.splitlines() if line.startswith("[")] == ["[sshd]"]
    for line in (
        "ignoreip = 127.0.0.0/8 ::1 172.17.0.1",
        "enabled = true",
        "backend = systemd",
        "bantime = 1h",
        "port = 22",
    ):
        assert f"\n{line}\n" in text


def test_apts_file_has_scalars_and_lists():
    writes, _others = composed(prepared(), update_exclude=("linux-.*",))
    text = writes[APT_FILE].content
    assert 'APT::Periodic::Unattended-Upgrade "1";\n' in text
    assert 'Unattended-Upgrade::Package-Blacklist {\n    "linux-.*";\n};\n' in text


def test_a_row_that_is_skipped_later_disappears_from_the_file_by_itself():
    host = put(prepared(), files={SSHD_FILE: ALL_CLOSED})
    assert "PermitRootLogin" not in sshd_file(host, left_out=["SSH-001"])


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (None, "PubkeyAuthentication yes\n"),
        (ALL_CLOSED, ALL_CLOSED.partition("\n")[2]),
        (ALL_CLOSED.replace("PermitRootLogin no\n", ""), "PermitEmptyPasswords no\nPubkeyAuthentication yes\n"),
    ],
)
def test_a_withheld_row_neither_closes_nor_opens(standing, expected):
    text = sshd_file(put(prepared(), files={SSHD_FILE: standing}), withheld=DOORS)
    assert text.endswith(expected)
    assert ("PermitRootLogin" in text) is ("PermitRootLogin" in expected)


@pytest.mark.parametrize(
    ("standing", "wish", "words", "port"),
    [
        ("Port 2222\n", None, {}, "2222"),
        ("Port 2222\n", 2222, {}, "2222"),
        ("Port 2222\n", 22, {}, "22"),
        ("Port 2222\n", 22, {"withheld": DOORS}, "2222"),
        ("Port 2222\n", None, {"withheld": DOORS}, "2222"),
        ("Port 2222\n", None, {"left_out": ["SSH-006"]}, "2222"),
        ("PermitRootLogin no\n", 22, {"withheld": DOORS}, None),
        (None, None, {}, None),
        (None, 2222, {}, "2222"),
    ],
)
def test_the_port_is_only_moved_by_a_wish_for_another_one(standing, wish, words, port):
    text = sshd_file(put(prepared(), files={SSHD_FILE: standing}), ssh_port=wish, **words)
    assert [line.partition(" ")[2] for line in text.splitlines() if line.startswith("Port ")] == (
        [port] if port else []
    )


@pytest.mark.parametrize("path", [JAIL_FILE, APT_FILE, SSHD_FILE])
def test_what_cannot_be_judged_stays_as_it_stands_whatever_is_wished(path):
    wishes = {"fail2ban_ban_time": "2h", "update_exclude": ("nginx",), "update_mail": "ops", "ssh_port": 22}
    host = prepared()
    writes, _others = composed(host, **wishes)
    put(host, files={name: write.content for name, write in writes.items()})
    later = {"fail2ban_ban_time": "1d", "update_exclude": ("linux-.*",), "update_mail": "root", "ssh_port": 2222}
    again, _others = composed(host, withheld=EVERYTHING, **later)
    assert again[path].content == writes[path].content


def test_where_no_row_is_left_our_file_goes_and_its_daemon_is_told():
    host = put(prepared(), files={SSHD_FILE: "PermitRootLogin no\n", JAIL_FILE: "[sshd]\n", APT_FILE: ""})
    writes, others = composed(host, left_out=EVERYTHING)
    assert writes == {}
    assert [action.path for action in others if isinstance(action, Remove)] == [SSHD_FILE, JAIL_FILE, APT_FILE]
    assert [" ".join(action.argv) for action in others if not isinstance(action, Remove)] == [
        "systemctl reload-or-restart ssh.service",
        "systemctl restart fail2ban",
        "fail2ban-client ping",
    ]


def test_where_no_row_was_ever_in_force_there_is_nothing_to_do():
    assert composed(prepared(), left_out=EVERYTHING) == ({}, [])


def test_rows_of_another_family_contribute_nothing():
    nothing = dict.fromkeys(("/etc/yum.repos.d", "/var/cache/dnf"))
    host = put(prepared(), stats=nothing, files={"/etc/dnf/dnf.conf": None})
    writes, _others = composed(host, platform=CENTOS)
    assert APT_FILE not in writes


@pytest.mark.parametrize(
    ("socket", "port", "commands"),
    [
        ("disabled inactive", 2222, ["systemctl try-reload-or-restart ssh.service"]),
        ("enabled active", None, ["systemctl try-reload-or-restart ssh.service"]),
        (
            "enabled active",
            2222,
            [
                "systemctl daemon-reload",
                "systemctl restart ssh.socket",
                "systemctl try-reload-or-restart ssh.service",
            ],
        ),
    ],
)
def test_with_socket_activation_the_socket_has_the_port(socket, port, commands):
    writes, _others = composed(put(prepared(), answers=units(ssh_socket=socket)), ssh_port=port)
    assert [" ".join(command.argv) for command in writes[SSHD_FILE].then] == commands


@pytest.mark.parametrize(("left_out", "question"), [([], "status sshd"), (["BAN-001"], "ping")])
def test_fail2ban_is_waited_for(left_out, question):
    writes, _others = composed(prepared(), left_out=left_out)
    _restart, wait = writes[JAIL_FILE].then
    assert " ".join(wait.argv) == f"fail2ban-client {question}"
    assert wait.attempts > 1


@pytest.mark.parametrize(
    ("name", "command"), [("sshd", "sshd -t"), ("fail2ban", "fail2ban-client -t"), ("apt", "apt-config dump")]
)
def test_each_file_is_judged_in_place_by_the_program_that_reads_it(name, command):
    assert " ".join(EVERY_FILE[name].validate) == command


@pytest.mark.parametrize(
    ("name", "key", "value"),
    [
        ("sshd", "Port", "22"),
        ("fail2ban", "DEFAULT/ignoreip", "127.0.0.0/8 ::1"),
        ("fail2ban", "sshd/port", "22,2222"),
        ("apt", "APT::Periodic::Unattended-Upgrade", 'APT::Periodic::Unattended-Upgrade "1";'),
        ("apt", "X::List", 'X::List {\n    "a";\n    "b";\n};'),
    ],
)
def test_what_is_written_is_read_back(name, key, value):
    file = EVERY_FILE[name]
    others = [
        Setting(name, "Aaa/zzz" if name == "fail2ban" else "Aaa", 'Aaa "x";'),
        Setting(name, "zz/port", 'zz "y";'),
    ]
    text = file.render(sorted([Setting(name, key, value), *others], key=lambda setting: setting.key))
    assert file.read(text, key) == value
    assert file.read(text, "none/none") == ""
    assert file.read("", key) == ""
