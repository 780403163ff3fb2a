"""Everything that could lock the operator out, one row each; the answers are those of a real sshd."""

from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checks.way_in import no_key, obstacles
from ansible_collections.groundwork.python_host.plugins.module_utils._host.login import Login
from tests.unit.module_utils._checks.worlds import (
    AUTHORIZED_KEYS,
    HOME,
    NO_ACCOUNT,
    NO_SUDO,
    SSHD_OPEN,
    context,
    directory,
    failed,
    fresh,
    prepared,
    put,
    raw,
    sshd_says,
)


def sshd(name):
    return {"answers": sshd_says(raw(f"match/{name}.txt"))}


ROWS = [
    ("account gone", NO_ACCOUNT, ["deploy", "does not exist"]),
    (
        "nologin",
        {"answers": {"getent passwd deploy": f"deploy:x:1000:1000::{HOME}:/usr/sbin/nologin\n"}},
        ["/usr/sbin/nologin"],
    ),
    (
        "expired",
        {"answers": {"getent shadow deploy": "deploy:*:20779:0:99999:7::20000:\n"}},
        ["expired", "chage -E -1 deploy"],
    ),
    (
        "a new password at the next login",
        {"answers": {"getent shadow deploy": "deploy:*:0:0:99999:7:::\n"}},
        ["new password", "chage -d $(date +%F) -M -1 deploy"],
    ),
    (
        "a password older than it may become",
        {"answers": {"getent shadow deploy": "deploy:*:20000:0:60:7:::\n"}},
        ["new password"],
    ),
    ("no key in its file", {"files": {AUTHORIZED_KEYS: ""}}, ["no key", AUTHORIZED_KEYS]),
    ("a file that sshd would not read", {"stats": {HOME: directory(0o777, "deploy", 1000)}}, ["no key"]),
    ("no sudo", NO_SUDO, ["sudo does not let deploy become root"]),
    ("AllowUsers", sshd("allowusers"), ["AllowUsers", "alice bob", "add deploy", "there first"]),
    ("AllowUsers from elsewhere only", sshd("allowed-with-host"), ["AllowUsers", "deploy@10.0.0.0/8", "172.17.0.1"]),
    ("AllowGroups", sshd("allowgroups"), ["AllowGroups", "ssh-users"]),
    ("DenyUsers", sshd("denyusers"), ["DenyUsers", "remove it"]),
    ("DenyGroups", sshd("denygroups"), ["DenyGroups", "remove it"]),
    ("AuthorizedKeysFile", sshd("keys-elsewhere"), ["/etc/ssh/keys/%u", ".ssh/authorized_keys"]),
    ("AuthenticationMethods", sshd("methods"), ["publickey,password", "more than a key"]),
    (
        "Match … PubkeyAuthentication no",
        sshd("pubkey-match"),
        ["Match block", "PubkeyAuthentication stays no", "deploy"],
    ),
    (
        "sshd cannot say",
        {"answers": sshd_says(failed(255, stderr="line 3: bad"))},
        ["refuses its own configuration", "line 3: bad", "sshd -t"],
    ),
]


@pytest.mark.parametrize(("case", "part", "words"), ROWS, ids=lambda value: str(value)[:40])
def test_what_stands_in_the_way_is_named(case, part, words):
    (found,) = obstacles(put(prepared(), **part), context(), account_planned=False)
    assert [word for word in words if word not in found] == []


def test_nothing_stands_in_the_way_on_a_prepared_host():
    assert obstacles(prepared(), context(), account_planned=False) == ()


@pytest.mark.parametrize(
    "words",
    [
        "allowusers deploy@!172.17.0.1,172.17.0.0/16\n",
        "allowusers deploy@*.example.org\n",
        "allowusers deploy@2001:db8::/32\n",
        "denyusers deploy@172.17.0.0/16\n",
    ],
)
def test_where_the_login_comes_from_counts(words):
    host = put(prepared(), answers=sshd_says(raw("prepared/sshd-T.txt") + words))
    assert len(obstacles(host, context(), account_planned=False)) == 1


@pytest.mark.parametrize(
    ("words", "login"),
    [
        ("allowusers deploy\n", Login("172.17.0.1", 22)),
        ("allowusers d?ploy root\n", Login("172.17.0.1", 22)),
        ("allowusers alice\nallowusers deploy@172.17.*\n", Login("172.17.0.1", 22)),
        ("allowusers deploy@10.0.0.0/8\n", Login("10.1.2.3", 22)),
        ("allowusers deploy@2001:db8::/32\n", Login("2001:db8::7", 22)),
        ("allowusers deploy@!172.17.0.9,172.17.0.0/16\n", Login("172.17.0.1", 22)),
        ("allowgroups adm deploy\n", Login("172.17.0.1", 22)),
        ("denyusers deploy@10.0.0.0/8 alice\n", Login("172.17.0.1", 22)),
        ("denygroups wheel\n", Login("172.17.0.1", 22)),
        ("authenticationmethods publickey,password publickey\n", Login("172.17.0.1", 22)),
        ("authenticationmethods any\n", Login("172.17.0.1", 22)),
    ],
)
def test_what_lets_this_login_in_is_no_obstacle(words, login):
    host = put(prepared(), answers=sshd_says(raw("prepared/sshd-T.txt") + words, addresses=[login.address]))
    if "authenticationmethods" in words:
        text = raw("prepared/sshd-T.txt").replace("authenticationmethods any\n", words)
        host = put(prepared(), answers=sshd_says(text))
    assert obstacles(host, context(login=login), account_planned=False) == ()


@pytest.mark.parametrize(
    "line", ["deploy:*:20000:0:-1:7:::", "deploy:*::0:60:7:::", "deploy:*:20000::::::", "deploy:*"]
)
def test_a_password_that_does_not_grow_old_is_no_obstacle(line):
    host = put(prepared(), answers={"getent shadow deploy": f"{line}\n"})
    assert obstacles(host, context(), account_planned=False) == ()


def test_without_a_key_given_or_there_no_way_in_can_be_made():
    (found,) = no_key(put(fresh(), **SSHD_OPEN), context(admin_keys=()))
    assert obstacles(fresh(), context(admin_keys=()), account_planned=True) == ()
    assert "python_host_admin_authorized_keys" in found
    assert "python_host_admin_key_file" in found


def test_what_this_run_is_about_to_make_is_no_obstacle_yet():
    assert obstacles(fresh(), context(), account_planned=True) == ()


@pytest.mark.parametrize("name", ["allowusers", "denyusers", "keys-elsewhere", "methods"])
def test_what_this_run_cannot_mend_is_an_obstacle_even_before_the_account_is_made(name):
    assert len(obstacles(put(fresh(), **sshd(name)), context(), account_planned=True)) == 1


def test_a_group_that_the_account_will_not_be_in_is_an_obstacle_before_it_is_made():
    (found,) = obstacles(put(fresh(), **sshd("allowgroups")), context(), account_planned=True)
    assert "ssh-users" in found


def test_several_obstacles_are_told_together():
    host = put(put(prepared(), **NO_SUDO), **sshd("allowusers"))
    assert len(obstacles(host, context(), account_planned=False)) == 2
