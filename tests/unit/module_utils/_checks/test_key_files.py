"""Whether sshd would read the key file: by rights, and by the account's own eyes."""

from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import accounts, key_files
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import FileStat
from tests.unit.module_utils._checks.worlds import (
    AUTHORIZED_KEYS,
    HOME,
    KEY,
    KEY_LINE,
    NO_ACCOUNT,
    OTHER_KEY,
    OTHER_KEY_LINE,
    context,
    directory,
    failed,
    file,
    fresh,
    prepared,
    put,
)

DEPLOY = accounts.Account("deploy", 1000, 1000, HOME, "/bin/bash")
LINK = FileStat("link", 0o777, "root", "root")
READ = f"runuser -u deploy -- test -r {AUTHORIZED_KEYS}"
PASS_HOME = "runuser -u deploy -- test -x /home"


def told(**part):
    host = put(prepared(), **part)
    host.programs["runuser"] = "/usr/sbin/runuser"
    return key_files.problems(host, DEPLOY)


@pytest.mark.parametrize(
    ("stats", "can_read", "words"),
    [
        ({}, None, []),
        ({HOME: directory(0o755)}, None, []),
        ({HOME: directory(0o700)}, False, ["may not read", AUTHORIZED_KEYS]),
        ({HOME: directory(0o710)}, True, []),
        ({AUTHORIZED_KEYS: file(0o600)}, False, ["may not read"]),
        ({AUTHORIZED_KEYS: file(0o644)}, None, []),
        ({AUTHORIZED_KEYS: file(0o200, "deploy", 1000)}, False, ["may not read"]),
        ({"/home": directory(0o700)}, False, ["may not read"]),
        ({HOME: directory(0o777, "deploy", 1000)}, None, [HOME, "0777", "no writing"]),
        ({f"{HOME}/.ssh": directory(0o700, "mallory", 1001)}, None, ["mallory", "deploy or root"]),
        ({f"{HOME}/.ssh": None}, None, [f"{HOME}/.ssh does not exist"]),
        ({AUTHORIZED_KEYS: None}, None, [f"{AUTHORIZED_KEYS} does not exist"]),
    ],
)
def test_rights_come_first_and_the_account_is_asked_only_where_they_do_not_tell(stats, can_read, words):
    answers = {} if can_read is None else {READ: "" if can_read else failed(1)}
    found = told(stats=stats, answers=answers)
    assert len(found) == bool(words)
    assert [word for word in words if word not in found[0]] == []


def test_where_no_other_user_can_be_tried_the_rights_alone_count():
    host = put(prepared(), stats={HOME: directory(0o700)})
    assert key_files.problems(host, DEPLOY) == ()


def linked():
    """The key file is a link to a place outside of the home."""
    return {
        "stats": {
            AUTHORIZED_KEYS: LINK,
            "/srv/keys/deploy": file(0o644),
            "/srv/keys": directory(0o777),
            "/srv": directory(),
        },
        "answers": {f"readlink -f {AUTHORIZED_KEYS}": "/srv/keys/deploy\n", READ: ""},
    }


def test_outside_of_the_home_every_directory_up_to_the_root_is_judged():
    host = put(prepared(), **linked())
    assert key_files.judged_paths(host, DEPLOY) == ("/", "/srv", "/srv/keys", "/srv/keys/deploy")
    (found,) = told(**linked())
    assert "/srv/keys has mode 0777" in found


def test_in_the_home_nothing_above_it_is_judged():
    assert key_files.judged_paths(prepared(), DEPLOY) == (HOME, f"{HOME}/.ssh", AUTHORIZED_KEYS)


def test_a_key_with_an_option_that_shuts_this_login_out_is_no_usable_one():
    text = f'command="/bin/x" {KEY_LINE}\nno-pty {OTHER_KEY_LINE}\n'
    host = put(prepared(), files={AUTHORIZED_KEYS: text})
    assert key_files.usable_keys(host, context()) == (OTHER_KEY,)
    assert key_files.usable_keys(put(host, **NO_ACCOUNT), context()) == ()


def obstacles(part, **options):
    host = put(prepared(), **part)
    host.programs["runuser"] = "/usr/sbin/runuser"
    return key_files.obstacles(host, context(**options))


@pytest.mark.parametrize(
    ("part", "options", "words"),
    [
        ({}, {}, []),
        (
            {"files": {AUTHORIZED_KEYS: f'from="10.0.0.0/8" {KEY_LINE}\n'}},
            {},
            [KEY.fingerprint, 'from="10.0.0.0/8"', "give another key"],
        ),
        (
            {"files": {AUTHORIZED_KEYS: f'command="/bin/x" {KEY_LINE}\n{KEY_LINE}\n'}},
            {},
            [KEY.fingerprint, 'command="/bin/x"'],
        ),
        ({"files": {AUTHORIZED_KEYS: f'from="10.0.0.0/8" {KEY_LINE}\n{KEY_LINE}\n'}}, {}, []),
        ({"files": {AUTHORIZED_KEYS: f'from="10.0.0.0/8" {KEY_LINE}\n'}}, {"admin_keys": (KEY, OTHER_KEY)}, []),
        ({"files": {AUTHORIZED_KEYS: f'command="/bin/x" {OTHER_KEY_LINE}\n{KEY_LINE}\n'}}, {}, []),
        ({"files": {AUTHORIZED_KEYS: f'command="/bin/x" {OTHER_KEY_LINE}\n'}}, {"admin_keys": ()}, []),
        (
            {"stats": {"/home": directory(0o700)}, "answers": {PASS_HOME: failed(1)}},
            {},
            ["cannot pass /home", "chmod o+x /home"],
        ),
        ({"stats": {"/home": directory(0o710)}, "answers": {PASS_HOME: ""}}, {}, []),
        (
            {
                "stats": {AUTHORIZED_KEYS: LINK},
                "links": {AUTHORIZED_KEYS: "/srv/keys"},
                "files": {AUTHORIZED_KEYS: f"{OTHER_KEY_LINE}\n"},
            },
            {},
            ["link to /srv/keys", "by hand"],
        ),
        ({"stats": {AUTHORIZED_KEYS: LINK}, "links": {AUTHORIZED_KEYS: "/srv/keys"}}, {}, []),
    ],
)
def test_what_this_run_does_not_mend_is_named(part, options, words):
    found = obstacles(part, **options)
    assert len(found) == bool(words)
    assert [word for word in words if word not in found[0]] == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{OTHER_KEY_LINE}\n", ["left over", OTHER_KEY.fingerprint, "remove that file"]),
        (f"{KEY_LINE}\n", []),
        (None, []),
    ],
)
def test_keys_of_an_earlier_account_are_named_before_they_let_somebody_in(text, words):
    found = key_files.obstacles(put(fresh(), files={AUTHORIZED_KEYS: text}), context())
    assert len(found) == bool(words)
    assert [word for word in words if word not in found[0]] == []
