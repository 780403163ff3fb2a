from __future__ import annotations

import json

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import sudo
from tests.unit.module_utils._checks.worlds import (
    LIST_SUDO,
    NO_ACCOUNT,
    NO_SUDO,
    SUDOERS_FILE,
    TRY_SUDO,
    context,
    failed,
    file,
    fresh,
    prepared,
    put,
    raw,
)

FORETELL = "cvtsudoers -e -f json /scratch/sudoers"
PASSWORD = {"admin_sudo": "password"}


@pytest.mark.parametrize(
    ("listing", "is_granted"),
    [
        (raw("prepared/sudo-l-deploy.txt"), True),
        (raw("sudo/password.txt"), True),
        (raw("sudo/narrowed.txt"), True),
        (raw("sudo/refused.txt"), False),
        (raw("sudo/none.txt"), False),
        ("    (root) NOPASSWD: SETENV: ALL\n", True),
        ("    (ALL) /usr/bin/apt\n", False),
        ("    (www-data) NOPASSWD: ALL\n", False),
        ("    (ALL) ALL, !/usr/bin/su\n", False),
        ("    (ALL) ALL\n    (ALL) !/usr/bin/bash\n", False),
        ("    (ALL : ALL) !ALL\n    (ALL : ALL) ALL\n", True),
        ("", False),
    ],
)
def test_everything_means_that_nothing_is_taken_away_later(listing, is_granted):
    assert sudo.grants_everything(listing) is is_granted


def foretelling(document, **part):
    """A host on which the account has no sudo yet, and on which all rules with ours come to this."""
    host = put(put(prepared(), **NO_SUDO), answers={FORETELL: document}, files={"/proc/sys/kernel/hostname": "web\n"})
    host.programs["cvtsudoers"] = "/usr/bin/cvtsudoers"
    return put(host, **part)


def rules(*specs, defaults=()):
    """A document of cvtsudoers with rules for everything, each (who, options of it)."""
    words = [
        {
            "User_List": [{"username": who}],
            "Host_List": [{"hostname": "ALL"}],
            "Cmnd_Specs": [{"runasusers": [{"username": "ALL"}], "Options": [options], "Commands": [command]}],
        }
        for who, options, command in specs
    ]
    return json.dumps({"Defaults": [{"Options": [{name: True}]} for name in defaults], "User_Specs": words})


ALL, NOT_ALL = {"command": "ALL"}, {"command": "ALL", "negated": True}
FREE, ASKING = {"authenticate": False}, {"authenticate": True}
GRANTED = ("deploy", FREE, ALL)


@pytest.mark.parametrize(
    ("document", "options", "words"),
    [
        (rules(GRANTED), {}, []),
        (rules(GRANTED, ("deploy", {}, NOT_ALL)), {}, ["would not let deploy", SUDOERS_FILE]),
        (rules(), {}, ["would not let deploy", "includes /etc/sudoers.d"]),
        (rules(GRANTED, ("deploy", ASKING, ALL)), {}, ["ask deploy for a password", "python_host_admin_sudo"]),
        (rules(GRANTED, ("deploy", ASKING, ALL)), PASSWORD, []),
        (rules(GRANTED, defaults=["requiretty"]), {}, ["requiretty"]),
        (rules(GRANTED, defaults=["noexec"]), {}, ["noexec"]),
        (rules(GRANTED, defaults=["targetpw"]), {}, []),
        (rules(GRANTED, defaults=["rootpw"]), PASSWORD, ["rootpw"]),
        (failed(1, stderr="syntax error"), {}, []),
    ],
)
def test_what_sudos_rules_will_come_to_is_named_before_one_is_written(document, options, words):
    host = foretelling(document, answers={LIST_SUDO: raw("sudo/none.txt")})
    found = sudo.obstacles_ahead(host, context(**options))
    assert len(found) == bool(words)
    assert [word for word in words if word not in found[0]] == []


def test_the_rules_are_read_with_ours_in_place():
    host = foretelling(rules(GRANTED))
    sudo.obstacles_ahead(host, context())
    assert "deploy ALL=(ALL:ALL) NOPASSWD: ALL" in host.files["/scratch/sudoers"]


def test_an_account_that_is_yet_to_be_made_is_foretold_too():
    host = put(foretelling(rules(("deploy", {}, NOT_ALL))), **NO_ACCOUNT)
    assert len(sudo.obstacles_ahead(host, context())) == 1


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ({"stats": {"/usr/sbin/sudo": file(0o755)}}, ["/usr/sbin/sudo has mode 0755", "chmod 4755"]),
        ({"stats": {"/usr/sbin/sudo": file(0o4755, "mallory", 1001)}}, ["belongs to mallory"]),
        (
            {
                "answers": {
                    "sudo -n -l -U root": failed(1, stderr="sudo: unable to resolve host x\nsudo: world writable")
                }
            },
            ["sudo itself does not work (sudo: world writable)"],
        ),
        ({"answers": {"sudo -n -l -U root": failed(1, stderr="sudo: sorry, you must have a tty to run sudo")}}, []),
    ],
)
def test_a_sudo_that_makes_nobody_root_is_named(part, words):
    found = sudo.obstacles_ahead(foretelling(rules(GRANTED), **part), context())
    assert len(found) == bool(words)
    assert [word for word in words if word not in found[0]] == []


def test_where_sudo_works_or_is_yet_to_be_installed_nothing_is_foretold():
    assert sudo.obstacles_ahead(prepared(), context()) == ()
    host = fresh()
    del host.programs["sudo"]
    assert sudo.obstacles_ahead(host, context()) == ()


def test_without_cvtsudoers_the_rules_are_left_to_the_proof():
    assert sudo.obstacles_ahead(put(prepared(), **NO_SUDO), context()) == ()


@pytest.mark.parametrize(
    ("defaults", "version", "lines"),
    [
        ("Defaults env_reset", None, 1),
        ("Defaults requiretty", "Sudo version 1.9.13p3\n", 2),
        ("Defaults requiretty", "sudo-rs 0.2.13\n", 1),
    ],
)
def test_where_a_terminal_is_required_the_administrator_is_excepted(defaults, version, lines):
    host = put(prepared(), files={"/etc/sudoers": f"{defaults}\n"}, answers={"sudo -V": version} if version else {})
    rule = sudo.rule(host, context())
    assert len(rule.splitlines()) == lines
    assert rule.endswith("deploy ALL=(ALL:ALL) NOPASSWD: ALL\n")
    assert ("Defaults:deploy !requiretty\n" in rule) is (lines == 2)


@pytest.mark.parametrize(
    ("answers", "options", "words"),
    [
        ({TRY_SUDO: ""}, {}, ""),
        ({TRY_SUDO: failed(1, stderr="sudo: a password is required")}, {}, "a password is required"),
        ({TRY_SUDO: failed(1)}, {}, "it ended with 1"),
        ({LIST_SUDO: raw("sudo/password.txt")}, PASSWORD, ""),
        ({LIST_SUDO: raw("sudo/none.txt")}, PASSWORD, "does not end in one for everything"),
        (
            {LIST_SUDO: raw("sudo/password.txt").replace("env_reset", "env_reset, targetpw")},
            PASSWORD,
            "its rules switch targetpw on",
        ),
    ],
)
def test_sudos_own_words_are_told(answers, options, words):
    found = sudo.refusal(put(prepared(), answers=answers), context(**options))
    assert (words in found) if words else found == ""
