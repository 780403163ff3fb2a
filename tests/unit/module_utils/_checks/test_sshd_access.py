"""What sshd's configuration holds against a login: rows about what `sshd -T -C` prints."""

from __future__ import annotations

import base64
import re

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.public_keys import parse_public_key
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import sshd_access
from ansible_collections.groundwork.python_host.plugins.module_utils._host.login import Login
from tests.unit.module_utils._checks.worlds import (
    AUTHORIZED_KEYS,
    HOME,
    KEY,
    NO_ACCOUNT,
    OTHER_KEY,
    context,
    failed,
    fresh,
    prepared,
    put,
    raw,
    sshd_says,
)


def saying(*lines, users=("deploy",), host=None, ports=(22, 2222)):
    """A host whose sshd says this to those users, each line in place of what it says of that keyword."""
    text = raw("prepared/sshd-T.txt")
    for keyword in (line.partition(" ")[0] for line in lines):
        text = re.sub(rf"^{keyword} .*\n", "", text, flags=re.MULTILINE)
    answers = sshd_says(text + "".join(f"{line}\n" for line in lines), users=users, ports=ports)
    return put(host or prepared(), answers=answers)


def rsa(bits):
    """A key of this size, which is none but in form."""
    fields = (b"ssh-rsa", b"\1\0\1", ((1 << bits) - 1).to_bytes(bits // 8 + 1, "big"))
    blob = b"".join(len(field).to_bytes(4, "big") + field for field in fields)
    return parse_public_key(f"ssh-rsa {base64.b64encode(blob).decode()}")


REVOKED = "ssh-keygen -Q -f /etc/ssh/revoked /scratch/key-0.pub"
EVERYBODY = ("deploy", "root", "no-such-user")
ROWS = [
    ("nothing", saying(), {}, []),
    ("ForceCommand", saying("forcecommand /bin/x"), {}, ["ForceCommand (/bin/x)", "except deploy"]),
    ("ForceCommand on all", saying("forcecommand /bin/x", users=EVERYBODY), {}, []),
    (
        "ForceCommand on all, with no login",
        saying("forcecommand /bin/x", users=EVERYBODY),
        {"login": Login()},
        ["/bin/x"],
    ),
    ("only files", saying("forcecommand internal-sftp -d %u", users=EVERYBODY), {}, ["internal-sftp"]),
    ("ChrootDirectory", saying("chrootdirectory %h"), {}, ["ChrootDirectory (%h)"]),
    ("MaxSessions", saying("maxsessions 0"), {}, ["MaxSessions 0"]),
    ("AuthorizedKeysFile none", saying("authorizedkeysfile none"), {}, ["none", "AuthorizedKeysFile"]),
    (
        "AuthorizedKeysCommand",
        saying("authorizedkeysfile none", "authorizedkeyscommand /bin/keys"),
        {},
        ["from none and from /bin/keys"],
    ),
    ("%h", saying("authorizedkeysfile /etc/ssh/%u %h/.ssh/authorized_keys"), {}, []),
    ("%u", saying("authorizedkeysfile /home/%u/.ssh/authorized_keys"), {}, []),
    ("its whole name", saying(f"authorizedkeysfile {AUTHORIZED_KEYS}"), {}, []),
    ("%%", saying("authorizedkeysfile /home/%%u/.ssh/authorized_keys"), {}, ["%%u"]),
    ("no keys", saying("pubkeyauthentication no"), {}, ["stays no for deploy", "Match block", "SSH-004"]),
    ("more than a key", saying("authenticationmethods publickey,password"), {}, ["(publickey,password)"]),
    ("another kind", saying("pubkeyacceptedalgorithms rsa-sha2-512"), {}, ["ssh-ed25519", "admin_key_file"]),
    ("by its older name", saying("pubkeyacceptedalgorithms", "pubkeyacceptedkeytypes ssh-rsa"), {}, ["ssh-ed25519"]),
    ("one kind of two", saying("pubkeyacceptedalgorithms rsa-sha2-256"), {"admin_keys": (KEY, rsa(3072))}, []),
    ("RSA", saying("pubkeyacceptedalgorithms rsa-sha2-256"), {"admin_keys": (rsa(3072),)}, []),
    (
        "a small RSA key",
        saying("requiredrsasize 2048"),
        {"admin_keys": (rsa(1024),)},
        ["ssh-rsa with 1024 bits", "RequiredRSASize 2048"],
    ),
    (
        "a small RSA key, by Red Hat's name for the least size",
        saying("requiredrsasize", "rsaminsize 2048"),
        {"admin_keys": (rsa(1024),)},
        ["ssh-rsa with 1024 bits"],
    ),
    (
        "revoked",
        put(saying("revokedkeys /etc/ssh/revoked"), answers={REVOKED: failed(1)}, files={"/etc/ssh/revoked": "x"}),
        {},
        ["RevokedKeys (/etc/ssh/revoked)", KEY.fingerprint],
    ),
    (
        "one of two is revoked",
        put(
            saying("revokedkeys /etc/ssh/revoked"),
            answers={REVOKED: failed(1), REVOKED.replace("key-0", "key-1"): ""},
            files={"/etc/ssh/revoked": "x"},
        ),
        {"admin_keys": (KEY, OTHER_KEY)},
        [],
    ),
    (
        "others are revoked",
        put(saying("revokedkeys /etc/ssh/revoked"), answers={REVOKED: ""}, files={"/etc/ssh/revoked": "x"}),
        {},
        [],
    ),
    (
        "no list of revoked keys",
        put(saying("revokedkeys /etc/ssh/revoked"), stats={"/etc/ssh/revoked": None}),
        {},
        ["/etc/ssh/revoked, which does not exist"],
    ),
    (
        "locked without PAM",
        put(saying("usepam no"), answers={"getent shadow deploy": "deploy:!:1::::::"}),
        {},
        ["UsePAM no", "usermod -p '*' deploy"],
    ),
    ("locked with PAM", put(saying(), answers={"getent shadow deploy": "deploy:!:1::::::"}), {}, []),
    ("not locked, without PAM", saying("usepam no"), {}, []),
]


@pytest.mark.parametrize(("_case", "host", "options", "words"), ROWS, ids=lambda value: str(value)[:40])
def test_what_shuts_this_login_out_is_named(_case, host, options, words):
    found = tuple(sshd_access.obstacles(host, context(**options)))
    assert len(found) == bool(words)
    assert [word for word in words if word not in found[0]] == []


@pytest.mark.parametrize("path", sshd_access.NO_LOGIN_FILES)
def test_a_file_that_switches_logins_off_is_named(path):
    host = saying()
    del host.stats[path]
    (found,) = sshd_access.obstacles(put(host, files={path: ""}), context())
    assert f"while {path} exists" in found


def test_an_account_that_is_yet_to_be_made_is_judged_as_it_will_be():
    host = saying("authorizedkeysfile /home/%u/.ssh/authorized_keys", host=put(fresh(), **NO_ACCOUNT))
    assert tuple(sshd_access.obstacles(host, context())) == ()


def test_a_match_about_the_port_is_judged_at_the_port_that_sshd_will_have():
    host = saying("maxsessions 0", ports=(2222,))
    assert tuple(sshd_access.obstacles(host, context())) == ()
    assert len(tuple(sshd_access.obstacles(host, context(ssh_port=2222)))) == 1


def test_a_home_is_where_the_passwd_database_says():
    passwd = {"getent passwd deploy": "deploy:x:1000:1000::/srv/deploy:/bin/bash\n"}
    host = put(saying(f"authorizedkeysfile {HOME}/.ssh/authorized_keys"), answers=passwd)
    host.stats["/srv/deploy"] = host.stats[HOME]
    assert len(tuple(sshd_access.obstacles(host, context()))) == 1


@pytest.mark.parametrize(
    ("lines", "groups", "words"),
    [
        (["allowgroups a d*"], "deploy", []),
        (["allowgroups a b"], "deploy", ["AllowGroups (a b)", "put deploy into"]),
        (["denygroups x", "denygroups adm"], "deploy adm", ["DenyGroups (x adm)"]),
        (["denyusers deploy@10.0.0.0/8"], "deploy", []),
        (["denyusers deploy@172.17.*"], "deploy", ["DenyUsers"]),
        (["allowusers deploy@!172.17.0.1,172.17.0.0/16"], "deploy", ["AllowUsers", "172.17.0.1"]),
    ],
)
def test_the_lists_of_users_and_groups(lines, groups, words):
    host = put(saying(*lines), answers={"id -Gn deploy": f"{groups}\n"})
    found = tuple(sshd_access.obstacles(host, context()))
    assert len(found) == bool(words)
    assert [word for word in words if word not in found[0]] == []


@pytest.mark.parametrize("line", ["allowusers deploy@10.0.0.0/8", "denyusers deploy@192.0.2.0/24"])
def test_without_a_login_no_list_of_addresses_is_held_against_anybody(line):
    assert tuple(sshd_access.obstacles(saying(line), context(login=Login()))) == ()
