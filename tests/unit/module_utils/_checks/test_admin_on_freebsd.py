"""The administrator's account, keys and sudo where pw(8) makes accounts and sudo comes from packages."""

from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Status
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import accounts, key_files, sudo
from tests.unit.module_utils._checks.freebsd_worlds import (
    AUTHORIZED_KEYS,
    HOME,
    LIST_SUDO,
    NO_ACCOUNT,
    NO_SUDO,
    READ,
    RELEASES,
    SUDOERS,
    SUDOERS_FILE,
    TRY_SUDO,
    fresh,
    on_freebsd,
    prepared,
    pw,
    seen,
)
from tests.unit.module_utils._checks.worlds import KEY, check, directory, failed, file, put, raw

HASH = "$6$salt$" + "a" * 43
PASSWORD = {"admin_sudo": "password", "admin_password_hash": HASH}
# The beginning of the day after the tests' own (2026-11-23), in seconds since 1970.
MONDAY = 1795392000


def passwd(*, uid=1001, shell="/bin/sh"):
    return {"answers": {"getent passwd deploy": f"deploy:*:{uid}:1001:User &:{HOME}:{shell}\n"}}


ACCOUNT_ROWS = [
    ("as made by us", {}, {}, Status.PASS, []),
    ("absent", NO_ACCOUNT, {}, Status.FAIL, ["no account deploy"]),
    ("a shell that ends a login", passwd(shell="/usr/sbin/nologin"), {}, Status.FAIL, ["/usr/sbin/nologin"]),
    ("no home", {"stats": {HOME: None}}, {}, Status.FAIL, [HOME, "does not exist"]),
    ("root by another name", passwd(uid=0), {}, Status.FAIL, ["user id 0"]),
    ("locked", {"answers": pw("deploy", "*LOCKED**")}, {}, Status.FAIL, ["locked", "pw unlock deploy"]),
    ("expired", {"answers": pw("deploy", expire=86400)}, {}, Status.FAIL, ["expired", "pw usermod deploy -e 0"]),
    ("expires this day", {"answers": pw("deploy", expire=MONDAY - 1)}, {}, Status.FAIL, ["expired"]),
    ("expires on another", {"answers": pw("deploy", expire=MONDAY)}, {}, Status.PASS, []),
    ("a new password is due", {"answers": pw("deploy", change=1)}, {}, Status.FAIL, ["pw usermod deploy -p 0"]),
    ("the given password", {"answers": pw("deploy", HASH)}, PASSWORD, Status.PASS, []),
    ("another password", {"answers": pw("deploy", "$6$x$y")}, PASSWORD, Status.FAIL, ["not the given one"]),
]


@pytest.mark.parametrize(
    ("_case", "part", "options", "status", "words"), ACCOUNT_ROWS, ids=lambda value: str(value)[:40]
)
def test_the_administrators_account(_case, part, options, status, words):
    found = seen("ACC-001", put(prepared(), **part), **options)
    assert (found.status, [word for word in words if word not in found.observed]) == (status, [])
    assert HASH not in str(found)


@pytest.mark.parametrize("platform", RELEASES)
@pytest.mark.parametrize("check_id", ["ACC-001", "ACC-002", "ACC-003", "ACC-004"])
def test_an_image_has_no_administrator_and_the_checklist_makes_one(check_id, platform):
    assert seen(check_id, fresh(platform), platform=platform).status is Status.FAIL
    assert seen(check_id, prepared(platform), platform=platform).status is Status.PASS


@pytest.mark.parametrize(
    ("part", "options", "commands"),
    [
        (
            NO_ACCOUNT,
            {},
            [
                "pw groupadd deploy",
                "pw useradd deploy -m -d /home/deploy -M 0750 -s /bin/sh -g deploy -G wheel -w no -e 0 -p 0",
            ],
        ),
        (passwd(shell="/usr/sbin/nologin"), {}, ["pw usermod deploy -s /bin/sh"]),
        ({}, PASSWORD, ["pw usermod deploy -H 0"]),
    ],
)
def test_pw_mends_the_account(part, options, commands):
    actions = list(check("ACC-001").remedy(put(prepared(), **part), on_freebsd(**options)))
    assert [" ".join(action.argv) for action in actions] == commands


def test_the_keys_of_an_account_that_is_yet_to_be_made_get_its_own_group():
    *_directory, written = check("ACC-002").remedy(fresh(), on_freebsd(admin_keys=(KEY,)))
    assert (written.path, written.owner, written.group) == (AUTHORIZED_KEYS, "deploy", "deploy")


@pytest.mark.parametrize(("answer", "count"), [("", 0), (failed(1), 1)])
def test_where_rights_do_not_tell_the_key_file_is_read_as_the_account_with_its_groups_alone(answer, count):
    """With `chroot -u` alone root's groups would stay, and read what the account may not."""
    host = put(prepared(), stats={AUTHORIZED_KEYS: file(0o640, "root", 0, 2000)}, answers={READ: answer})
    assert len(key_files.problems(host, accounts.account(host, "deploy"))) == count
    assert READ in host.asked


def test_every_group_of_the_account_is_taken_along():
    host = put(prepared(), answers={"id -G deploy": "1001 0 2000\n"})
    assert " ".join(accounts.as_account(host, on_freebsd(), "deploy")) == "chroot -u deploy -g 1001 -G 1001,0,2000 /"


SUDO_ROWS = [
    ("it works", {}, "nopasswd", Status.PASS),
    ("no account", NO_ACCOUNT, "nopasswd", Status.FAIL),
    ("it refuses", NO_SUDO, "nopasswd", Status.FAIL),
    ("a later rule asks for a password", {"answers": {TRY_SUDO: failed(1)}}, "nopasswd", Status.FAIL),
    ("everything, with a password", {"answers": {LIST_SUDO: raw("sudo/password.txt")}}, "password", Status.PASS),
    ("no rule", {"answers": {LIST_SUDO: failed(1, stdout=raw("sudo/none.txt"))}}, "password", Status.FAIL),
]


@pytest.mark.parametrize(("_case", "part", "kind", "status"), SUDO_ROWS, ids=lambda value: str(value)[:40])
def test_the_administrators_sudo(_case, part, kind, status):
    assert seen("ACC-003", put(prepared(), **part), admin_sudo=kind).status is status


def test_an_image_has_no_sudo():
    found = seen("ACC-003", fresh())
    assert (found.status, found.observed) == (Status.FAIL, "sudo is not installed")


def test_the_rule_goes_where_the_package_reads_it():
    made, written = check("ACC-003").remedy(put(prepared(), stats={f"{SUDOERS}.d": None}), on_freebsd())
    assert made.path == f"{SUDOERS}.d"
    assert (written.path, written.mode) == (SUDOERS_FILE, 0o440)
    assert written.validate == ("visudo", "-c", "-f", SUDOERS_FILE)


def test_the_directory_of_rules_is_put_right():
    host = put(prepared(), stats={f"{SUDOERS}.d": directory(0o775)})
    mended, _written = check("ACC-003").remedy(host, on_freebsd())
    assert (mended.path, mended.mode) == (f"{SUDOERS}.d", 0o755)


def test_what_all_rules_come_to_is_foretold_from_the_packages_files():
    host = put(prepared(), **NO_SUDO)
    rules = "cvtsudoers -e -f json /scratch/sudoers"
    put(host, answers={rules: '{"User_Specs": []}'}, files={f"{SUDOERS}.d/zz": "deploy ALL=(ALL) !ALL\n"})
    put(host, directories={f"{SUDOERS}.d": ("zz",)}, stats={SUDOERS_FILE: None})
    (found,) = sudo.obstacles_ahead(host, on_freebsd())
    assert f"{SUDOERS} includes {SUDOERS}.d" in found
    ours, theirs = "deploy ALL=(ALL:ALL) NOPASSWD: ALL", "deploy ALL=(ALL) !ALL"
    lines = host.files["/scratch/sudoers"].splitlines()
    assert lines.index(theirs) < lines.index(ours)


def test_a_hash_that_freebsd_does_not_know_would_leave_nobody_who_becomes_root():
    unknown = {"admin_sudo": "password", "admin_password_hash": "$y$j9T$salt$hash"}
    (found,) = sudo.obstacles_ahead(fresh(), on_freebsd(**unknown))
    assert "python_host_admin_password_hash" in found
    listing = {"answers": {LIST_SUDO: raw("sudo/password.txt"), **pw("deploy", "$y$j9T$salt$hash")}}
    assert seen("ACC-003", put(prepared(), **listing), **unknown).status is Status.FAIL
