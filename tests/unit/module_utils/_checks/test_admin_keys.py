from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Status
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import FileStat
from tests.unit.module_utils._checks.worlds import (
    AUTHORIZED_KEYS,
    HOME,
    KEY,
    KEY_LINE,
    NO_ACCOUNT,
    OTHER_KEY,
    OTHER_KEY_LINE,
    check,
    context,
    directory,
    file,
    fresh,
    look,
    prepared,
    put,
    raw,
    sshd_says,
)


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
