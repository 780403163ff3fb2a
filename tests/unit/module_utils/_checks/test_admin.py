from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Status
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import FileStat
from tests.unit.module_utils._checks.worlds import (
    ACCOUNT,
    AUTHORIZED_KEYS,
    HOME,
    KEY,
    KEY_LINE,
    LIST_SUDO,
    NO_ACCOUNT,
    NO_SUDO,
    OTHER_KEY,
    OTHER_KEY_LINE,
    TRY_SUDO,
    check,
    context,
    directory,
    failed,
    file,
    fresh,
    look,
    prepared,
    put,
    raw,
    sshd_says,
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


def linked_home(mode):
    """The home is a link to a directory with this mode; the passwd database names the link."""
    return {
        "stats": {
            HOME: FileStat("link", 0o777, "root", "root"),
            "/data": directory(),
            "/data/deploy": directory(mode, "deploy", 1000, 1000),
            "/data/deploy/.ssh": directory(0o700, "deploy", 1000, 1000),
            "/data/deploy/.ssh/authorized_keys": file(0o600, "deploy", 1000, 1000),
        },
        "files": {"/data/deploy/.ssh/authorized_keys": f"{KEY_LINE}\n"},
        "answers": {f"readlink -f {HOME}": "/data/deploy\n"},
    }


KEY_ROWS = [
    ("the given key", {}, (KEY,), Status.PASS, []),
    ("none given, one there", {}, (), Status.PASS, []),
    ("no account", NO_ACCOUNT, (KEY,), Status.FAIL, ["no account deploy"]),
    ("another key is missing", {}, (KEY, OTHER_KEY), Status.FAIL, ["missing", OTHER_KEY.fingerprint]),
    (
        "the same key with another comment",
        {"files": {AUTHORIZED_KEYS: KEY_LINE.rsplit(" ", 1)[0] + "  laptop\n"}},
        (KEY,),
        Status.PASS,
        [],
    ),
    (
        "the key only with a restriction",
        {"files": {AUTHORIZED_KEYS: f'command="/bin/false" {KEY_LINE}\n'}},
        (KEY,),
        Status.FAIL,
        ["missing", KEY.fingerprint],
    ),
    ("an empty file and none given", {"files": {AUTHORIZED_KEYS: "\n"}}, (), Status.FAIL, ["no key"]),
    (
        "no file",
        {"files": {AUTHORIZED_KEYS: None}, "stats": {AUTHORIZED_KEYS: None, f"{HOME}/.ssh": None}},
        (KEY,),
        Status.FAIL,
        [f"{HOME}/.ssh does not exist", "missing"],
    ),
    (
        "a home that others write",
        {"stats": {HOME: directory(0o770, "deploy", 1000)}},
        (KEY,),
        Status.FAIL,
        [HOME, "0770", "no writing"],
    ),
    (
        "a directory of somebody else",
        {"stats": {f"{HOME}/.ssh": directory(0o700, "mallory", 1001)}},
        (KEY,),
        Status.FAIL,
        [f"{HOME}/.ssh", "mallory", "deploy or root"],
    ),
    ("a home behind a link", linked_home(0o750), (KEY,), Status.PASS, []),
    (
        "a home behind a link that others write",
        linked_home(0o775),
        (KEY,),
        Status.FAIL,
        ["/data/deploy has mode 0775"],
    ),
    ("a file of root's that all may read", {"stats": {AUTHORIZED_KEYS: file(0o644)}}, (KEY,), Status.PASS, []),
    (
        "a file that others write",
        {"stats": {AUTHORIZED_KEYS: file(0o666, "deploy", 1000)}},
        (KEY,),
        Status.FAIL,
        ["0666"],
    ),
    (
        "a file that sshd does not read",
        {"answers": sshd_says(raw("match/keys-elsewhere.txt"), users=["deploy"])},
        (KEY,),
        Status.FAIL,
        ["reads keys from /etc/ssh/keys/%u", "AuthorizedKeysFile"],
    ),
]


@pytest.mark.parametrize(("_case", "part", "keys", "status", "words"), KEY_ROWS, ids=lambda value: str(value)[:40])
def test_the_administrators_keys(_case, part, keys, status, words):
    found = look("ACC-002", put(prepared(), **part), context(admin_keys=keys))
    assert found.status is status
    assert [word for word in words if word not in found.observed] == []
    assert KEY.body not in str(found)


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
        (NO_ACCOUNT, "useradd -m -d /home/deploy -s /bin/bash -p * -K PASS_MAX_DAYS=-1 -f -1 -U deploy"),
        (
            {**NO_ACCOUNT, "answers": {**NO_ACCOUNT["answers"], "getent group deploy": "deploy:x:1000:\n"}},
            "useradd -m -d /home/deploy -s /bin/bash -p * -K PASS_MAX_DAYS=-1 -f -1 -g deploy deploy",
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


def test_keys_are_added_to_those_that_are_there_and_shown_as_fingerprints():
    host = put(prepared(), files={AUTHORIZED_KEYS: f"# mine\n{OTHER_KEY_LINE}"})
    *_rights, write = check("ACC-002").remedy(host, context())
    assert write.content == f"# mine\n{OTHER_KEY_LINE}\n{KEY_LINE}\n"
    before, after = write.shown
    assert before == f"ssh-ed25519 {OTHER_KEY.fingerprint}\n"
    assert after == before + f"ssh-ed25519 {KEY.fingerprint}\n"


def test_the_rights_of_a_linked_home_are_mended_where_it_leads():
    home, ssh_directory, keys = check("ACC-002").remedy(put(prepared(), **linked_home(0o775)), context())
    assert (home.path, home.mode) == ("/data/deploy", 0o755)
    assert (ssh_directory.path, keys.path) == ("/data/deploy/.ssh", "/data/deploy/.ssh/authorized_keys")


def test_without_a_key_there_is_nothing_to_put_in_place():
    assert tuple(check("ACC-002").remedy(fresh(), context(admin_keys=()))) == ()


def test_an_account_to_be_made_gets_its_keys_in_the_same_run():
    directory_action, write = check("ACC-002").remedy(fresh(), context())
    assert (directory_action.path, directory_action.mode, directory_action.owner) == (f"{HOME}/.ssh", 0o700, "deploy")
    assert (write.path, write.mode, write.owner, write.group) == (AUTHORIZED_KEYS, 0o600, "deploy", "deploy")


@pytest.mark.parametrize(("kind", "rule"), [("nopasswd", "NOPASSWD: ALL"), ("password", "(ALL:ALL) ALL")])
def test_the_rule_of_sudo_is_checked_by_itself(kind, rule):
    *_directory, action = check("ACC-003").remedy(put(prepared(), **ACCOUNT), context(admin_sudo=kind))
    assert action.content.endswith(f"{rule}\n")
    assert (action.mode, action.validate) == (0o440, ("visudo", "-c", "-f", "/etc/sudoers.d/zz-groundwork-deploy"))
