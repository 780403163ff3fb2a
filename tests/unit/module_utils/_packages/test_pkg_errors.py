from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import ActionFailed, CommandFailed
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_errors import (
    failure,
    own_words,
    refusal,
)
from tests.unit.module_utils._packages.pkg_hosts import text


def test_pkg_speaks_on_one_line_and_without_secrets():
    assert own_words(text("unreachable.err")).count("\n") == 0
    assert "user:secret@" not in own_words(text("unreachable.err"))
    assert own_words("", "\n") == "nothing"


def test_a_refusal_is_in_its_own_words_wherever_it_prints_them():
    assert "cannot solve job" in str(refusal(CommandResult((), 1, "", "pkg: cannot solve job using SAT solver\n")))
    assert "sudo (locked)" in str(refusal(CommandResult((), 7, text("locked.txt"))))


@pytest.mark.parametrize(
    ("stderr", "advice"),
    [
        ("pkg: invalid signature, removing repository.\n", "signatures are checked"),
        ("pkg: Not enough space in /var/cache/pkg, needed 2GiB available 1GiB\n", "free some room"),
        ("pkg: https://pkg.example.org/All/tree.pkg: Not Found\n", "set cache_valid_time to 0"),
        ("pkg: cached package a-1: file:///srv/a-1.pkg is missing from repo\n", "set cache_valid_time to 0"),
        ("pkg: a-1 failed checksum from repository\n", "set cache_valid_time to 0"),
        ("pkg: Fail to extract /opt/a/data from package: Write error\n", "the file system there is full"),
        ("pkg: PRE-INSTALL script failed\n", "run again, and what is left is done"),
    ],
)
def test_a_transaction_that_failed_says_what_to_do(stderr, advice):
    error = ActionFailed("it failed")
    error.__cause__ = CommandFailed(("pkg",), rc=1, stdout="", stderr=stderr)
    words = failure("pkg install", error)
    assert words.startswith("pkg install has failed. It says: ")
    assert advice in words


def test_what_is_printed_as_output_is_told_where_nothing_is_printed_as_an_error():
    error = ActionFailed("it failed")
    error.__cause__ = CommandFailed(("pkg",), rc=1, stdout="sudo-1.9 is locked and may not be modified\n", stderr="")
    assert "may not be modified" in failure("pkg install", error)
    assert "it failed" in failure("pkg install", ActionFailed("it failed"))
