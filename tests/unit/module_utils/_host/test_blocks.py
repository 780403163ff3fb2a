from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._host.blocks import (
    BEGIN,
    END,
    block_in,
    rendered,
    replaced,
)

OURS = rendered("Port 2222\n")
# Its last line has no end, and one of its lines holds what Python takes for the end of a line.
THEIRS = "# theirs\x0c \u2028\r\nPort 22\n\nMatch User x\n  X11Forwarding no"


@pytest.mark.parametrize(
    ("text", "block", "others"),
    [
        ("", "", ""),
        (THEIRS, "", THEIRS),
        (OURS + THEIRS, OURS, THEIRS),
        (OURS, OURS, ""),
        # Moved by somebody, or there twice by a copy of the file into itself.
        ("# first\n" + OURS + "# last\n", OURS, "# first\n# last\n"),
        (OURS + "# between\n" + OURS, OURS + OURS, "# between\n"),
        (OURS + OURS, OURS + OURS, ""),
        # With the end of a line that another system's editor has made of ours.
        (OURS.replace("\n", "\r\n") + THEIRS, OURS.replace("\n", "\r\n"), THEIRS),
        # Somebody took the end out: what follows may be theirs.
        (f"{BEGIN}\nPort 22\n{THEIRS}", f"{BEGIN}\n", f"Port 22\n{THEIRS}"),
        (f"{BEGIN}\nPort 22\n{OURS}{THEIRS}", f"{BEGIN}\n{OURS}", f"Port 22\n{THEIRS}"),
        (f"Port 22\n{END}\n", "", f"Port 22\n{END}\n"),
        (f"# a note on {BEGIN}\n", "", f"# a note on {BEGIN}\n"),
    ],
)
def test_only_what_stands_between_our_marks_is_ours(text, block, others):
    assert block_in(text) == block
    assert replaced(text, "") == others
    assert replaced(text, OURS) == OURS + others


def test_a_block_without_lines_is_none():
    assert rendered("") == ""
    assert replaced(OURS + THEIRS, rendered("")) == THEIRS


def test_a_block_says_whose_it_is():
    first, line, last = OURS.splitlines()
    assert (first.startswith(BEGIN), line, last) == (True, "Port 2222", END)
    assert "next run" in first


LAST = rendered("[commands]\napply_updates = yes\n", is_last=True)


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("", LAST),
        ("[base]\n", "[base]\n" + LAST),
        ("[base]", "[base]\n" + LAST),
        (LAST + "[base]\n", "[base]\n" + LAST),
        ("[base]\n" + LAST, "[base]\n" + LAST),
        (rendered("[old]\n") + "[base]\n", "[base]\n" + LAST),
    ],
)
def test_a_last_block_says_by_itself_that_it_belongs_to_the_end(text, content):
    assert replaced(text, LAST) == content
    assert block_in(content) == LAST
