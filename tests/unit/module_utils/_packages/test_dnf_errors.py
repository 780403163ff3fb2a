from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import (
    ActionFailed,
    CommandFailed,
    HostError,
    Refused,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_errors import (
    Unmatched,
    failure,
    has_error,
    lacks_a_provider,
    own_words,
    refusal,
    unmatched,
    without_credentials,
)
from tests.unit.module_utils._packages.dnf_hosts import answered, text


def failed(name: str) -> ActionFailed:
    cause = CommandFailed(("dnf",), rc=1, stdout=text(f"{name}.txt"), stderr=text(f"{name}.err"))
    error = ActionFailed(str(cause))
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("unknown", (Unmatched("nothere"), Unmatched("demoo"))),
        ("unknown-version", (Unmatched("demo-9.9"),)),
        ("excluded", (Unmatched("slow", "exclude"),)),
        ("modular", (Unmatched("modular", "modular"),)),
        ("conflict", ()),
        ("install", ()),
    ],
)
def test_the_names_that_dnf_cannot_install_and_why(name, expected):
    assert unmatched(answered(name)) == expected


@pytest.mark.parametrize("lines", [("", ""), ("", text("unknown.txt"))])
def test_unknown_names_are_found_wherever_dnf_prints_them(lines):
    stdout, stderr = lines
    result = CommandResult((), 1, stdout, f"{stderr}{text('unknown.err')}")
    assert [one.name for one in unmatched(result)] == ["nothere", "demoo"]


@pytest.mark.parametrize(("name", "answer"), [("nothing-provides", True), ("conflict", False), ("upgrade-best", True)])
def test_a_package_that_lacks_what_no_repository_has_is_told_apart(name, answer):
    result = answered("conflict")
    result = type(result)((), 1, "", text(f"{name}.err"))
    assert lacks_a_provider(result) is answer


def test_a_repository_that_dnf_does_without_is_no_error():
    assert not has_error(text("ignored-repository.err"), ignored=True)
    assert has_error(text("dead-repository.err"), ignored=False)
    assert has_error(text("ignored-repository.err") + "Error: Unable to find a match: x\n", ignored=True)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("dead-repository", ("repository dead", "http://127.0.0.1:9/x/repodata/repomd.xml", "Couldn't connect")),
        ("no-key", ("repository unkeyed", "gpgkey")),
        ("bad-key", ("repository badkey", "Failed to retrieve GPG key", "/nokey")),
    ],
)
def test_a_repository_that_cannot_be_used_is_named_without_its_password(name, words):
    error = refusal(answered(name))
    assert isinstance(error, HostError)
    assert [word for word in (*words, "/etc/yum.repos.d", "Nothing was changed") if word not in str(error)] == []
    assert "secret" not in str(error)
    assert "proxy_password" not in str(error)


def test_a_conflict_is_told_in_dnf_s_own_words():
    error = refusal(answered("conflict"))
    assert isinstance(error, Refused)
    assert "conflict-1.0-1.el9.noarch conflicts with demo" in str(error)
    assert "\n" not in str(error)


def test_where_something_is_held_the_way_out_is_named():
    result = answered("conflict")
    held = type(result)((), 1, "", "Error: \n Problem: app-2 is filtered out by exclude filtering\n")
    assert "unhold" in str(refusal(held, held=True))
    assert "unhold" not in str(refusal(held))


def test_an_error_without_words_still_says_something():
    result = answered("conflict")
    assert own_words(type(result)((), 1, "", "")) == "nothing"
    assert own_words(type(result)((), 1, "Killed by a friend\n", "")) == "Killed by a friend"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("unsigned", ("weak-1.0-1.el9.noarch.rpm is not signed", "Nothing was installed", "gpgcheck")),
        ("gone", ("Status code: 404 for http://127.0.0.1:8199/weak", "cache_valid_time")),
    ],
)
def test_a_transaction_that_fails_says_what_to_do(name, words):
    message = failure("dnf install", failed(name))
    assert message.startswith("dnf install has failed.")
    assert [word for word in words if word not in message] == []


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (
            "Error Summary\nDisk Requirements:\n   At least 248MB more space needed on the / filesystem.",
            "free some room",
        ),
        ("Error: Transaction failed", "run again"),
    ],
)
def test_what_is_known_of_an_error_is_said(error, advice):
    assert advice in failure("dnf install", ActionFailed(error))


def test_a_password_in_an_address_is_left_out():
    assert without_credentials("see https://joe:secret@host/x, and http://host/y@z") == (
        "see https://host/x, and http://host/y@z"
    )
