from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Status
from tests.unit.module_utils._checks.worlds import (
    ACCOUNT,
    HOME,
    LIST_SUDO,
    NO_ACCOUNT,
    NO_SUDO,
    TRY_SUDO,
    check,
    context,
    failed,
    look,
    prepared,
    put,
    raw,
)

HASH = "$6$salt$" + "a" * 43
PASSWORD = {"admin_sudo": "password", "admin_password_hash": HASH}


def passwd(*, uid=1000, home=HOME, shell="/bin/bash"):
    return {"answers": {"getent passwd deploy": f"deploy:x:{uid}:1000::{home}:{shell}\n"}}


def shadow(field, *, expires=""):
    return {"answers": {"getent shadow deploy": f"deploy:{field}:20779:0:99999:7::{expires}:\n"}}


ACCOUNT_ROWS = [
    ("as made by us", {}, {}, Status.PASS, []),
    ("absent", NO_ACCOUNT, {}, Status.FAIL, ["no account deploy"]),
    ("a shell that ends a login", passwd(shell="/usr/sbin/nologin"), {}, Status.FAIL, ["/usr/sbin/nologin"]),
    (
        "a shell that is not there",
        {**passwd(shell="/bin/zsh"), "stats": {"/bin/zsh": None}},
        {},
        Status.FAIL,
        ["/bin/zsh", "missing"],
    ),
    ("no home", {"stats": {HOME: None}}, {}, Status.FAIL, [HOME, "does not exist"]),
    ("root by another name", passwd(uid=0), {}, Status.FAIL, ["user id 0"]),
    ("expired", shadow("*", expires="20000"), {}, Status.FAIL, ["expired", "chage"]),
    ("expires in a thousand days", shadow("*", expires="21780"), {}, Status.PASS, []),
    ("the given password", shadow(HASH), PASSWORD, Status.PASS, []),
    ("another password", shadow("$6$other$xxx"), PASSWORD, Status.FAIL, ["password is not the given one"]),
    ("no password where one is given", {}, PASSWORD, Status.FAIL, ["password is not the given one"]),
    ("a password that nobody asked about", shadow("$6$other$xxx"), {}, Status.PASS, []),
]


@pytest.mark.parametrize(
    ("_case", "part", "options", "status", "words"), ACCOUNT_ROWS, ids=lambda value: str(value)[:40]
)
def test_the_administrators_account(_case, part, options, status, words):
    found = look("ACC-001", put(prepared(), **part), context(**options))
    assert found.status is status
    assert [word for word in words if word not in found.observed] == []
    assert HASH not in str(found)


SUDO_ROWS = [
    ("it works", {}, "nopasswd", Status.PASS),
    ("no account", NO_ACCOUNT, "nopasswd", Status.FAIL),
    ("it refuses", NO_SUDO, "nopasswd", Status.FAIL),
    ("a later rule asks for a password", {"answers": {TRY_SUDO: failed(1)}}, "nopasswd", Status.FAIL),
    ("everything, with a password", {"answers": {LIST_SUDO: raw("sudo/password.txt")}}, "password", Status.PASS),
    ("a rule for one more command", {"answers": {LIST_SUDO: raw("sudo/narrowed.txt")}}, "password", Status.PASS),
    ("a later rule takes all away", {"answers": {LIST_SUDO: raw("sudo/refused.txt")}}, "password", Status.FAIL),
    ("no rule", {"answers": {LIST_SUDO: failed(1, stdout=raw("sudo/none.txt"))}}, "password", Status.FAIL),
]


@pytest.mark.parametrize(("_case", "part", "kind", "status"), SUDO_ROWS, ids=lambda value: str(value)[:40])
def test_the_administrators_sudo(_case, part, kind, status):
    assert look("ACC-003", put(prepared(), **part), context(admin_sudo=kind)).status is status


def test_without_sudo_nobody_becomes_root_by_it():
    host = prepared()
    del host.programs["sudo"]
    found = look("ACC-003", host)
    assert (found.status, found.observed) == (Status.FAIL, "sudo is not installed")


@pytest.mark.parametrize(
    ("line", "status", "word"),
    [
        (raw("fresh/getent-shadow-root.txt"), Status.PASS, "locked"),
        ("root:!$6$salt$hash:20779:0:99999:7:::\n", Status.PASS, "locked"),
        (failed(2), Status.PASS, "locked"),
        ("root:$6$salt$hash:20779:0:99999:7:::\n", Status.FAIL, "password"),
        ("root::20779:0:99999:7:::\n", Status.FAIL, "empty"),
    ],
)
def test_roots_password(line, status, word):
    found = look("ACC-004", put(prepared(), answers={"getent shadow root": line}))
    assert found.status is status
    assert word in found.observed
    assert "$6$" not in str(found)


@pytest.mark.parametrize(
    ("check_id", "status"),
    [("ACC-001", Status.PASS), ("ACC-002", Status.PASS), ("ACC-003", Status.UNKNOWN), ("ACC-004", Status.UNKNOWN)],
)
def test_an_ordinary_user_learns_what_root_would_have_to_read(check_id, status):
    host = prepared()
    host.uid = 1000
    found = look(check_id, host)
    assert found.status is status
    if status is Status.UNKNOWN:
        assert "become: true" in found.observed


@pytest.mark.parametrize(
    ("part", "command"),
    [
        (NO_ACCOUNT, "useradd -m -d /home/deploy -s /bin/bash -p * -K PASS_MAX_DAYS=-1 -f -1 -U -G sudo deploy"),
        (
            {**NO_ACCOUNT, "answers": {**NO_ACCOUNT["answers"], "getent group deploy": "deploy:x:1000:\n"}},
            "useradd -m -d /home/deploy -s /bin/bash -p * -K PASS_MAX_DAYS=-1 -f -1 -g deploy -G sudo deploy",
        ),
        (passwd(shell="/usr/sbin/nologin"), "usermod -s /bin/bash deploy"),
    ],
)
def test_the_account_is_made_without_a_password_and_without_a_lock(part, command):
    (action,) = check("ACC-001").remedy(put(prepared(), **part), context())
    assert " ".join(action.argv) == command


def test_a_password_goes_by_standard_input_and_is_shown_nowhere():
    (action,) = check("ACC-001").remedy(prepared(), context(**PASSWORD))
    assert action.argv == ("chpasswd", "-e")
    assert action.stdin == f"deploy:{HASH}\n"
    assert HASH not in repr(action)
    assert HASH not in repr(context(**PASSWORD))


@pytest.mark.parametrize(("kind", "rule"), [("nopasswd", "NOPASSWD: ALL"), ("password", "(ALL:ALL) ALL")])
def test_the_rule_of_sudo_is_checked_by_itself(kind, rule):
    *_directory, action = check("ACC-003").remedy(put(prepared(), **ACCOUNT), context(admin_sudo=kind))
    assert action.content.endswith(f"{rule}\n")
    assert (action.mode, action.validate) == (0o440, ("visudo", "-c", "-f", "/etc/sudoers.d/zz-groundwork-deploy"))
