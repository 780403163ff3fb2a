from __future__ import annotations

from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult


def test_the_lines_of_an_answer_are_those_with_something_in_them():
    assert CommandResult(("x",), 0, "\na\n  \n b \n").lines() == ("a", " b ")
