from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.plugin_utils._report.layout import clean, table, wrap


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("two\nlines\tand  spaces ", "two lines and spaces"),
        ("\x1b[31mred\x07", "\\x1b[31mred\\x07"),
        ("Grüße", "Grüße"),
        ("broken \udce9", "broken \\udce9"),
        ("left\u202eright", "left\\u202eright"),
    ],
)
def test_control_characters_are_escaped(text, expected):
    assert clean(text) == expected


def test_wrapped_lines_stand_under_the_first():
    assert wrap("one two three", label="Name  ", width=14) == ["Name  one two", "      three"]


def test_nothing_to_say_leaves_the_label():
    assert wrap("", label="Name  ") == ["Name"]


def test_a_table_aligns_its_columns_and_wraps_the_last():
    lines = table(("Id", "Title"), [("A-1", "short"), ("LONG-1", "a title that is long")], width=20)
    assert lines == [
        "Id      Title",
        "------  ------------",
        "A-1     short",
        "LONG-1  a title that",
        "        is long",
    ]
