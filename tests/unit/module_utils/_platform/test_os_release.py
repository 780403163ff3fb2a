from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._platform.os_release import (
    codename,
    is_lts,
    parse_os_release,
)


def test_quoted_and_plain_values_read_the_same():
    text = "# a comment\n\nID=ubuntu\nVERSION_ID=\"24.04\"\nNAME='Ubuntu'\n  HOME_URL=https://www.ubuntu.com/ \n"
    assert parse_os_release(text) == {
        "ID": "ubuntu",
        "VERSION_ID": "24.04",
        "NAME": "Ubuntu",
        "HOME_URL": "https://www.ubuntu.com/",
    }


def test_escapes_are_those_of_a_shell():
    assert parse_os_release('PRETTY_NAME="The \\"Best\\" \\$ystem"\n') == {"PRETTY_NAME": 'The "Best" $ystem'}


def test_lines_that_are_no_assignment_are_left_out_and_a_broken_quote_does_no_harm():
    assert parse_os_release('nonsense\nA-B=1\nNAME="Half\nID=x\n') == {"NAME": '"Half', "ID": "x"}


@pytest.mark.parametrize(
    ("release", "expected"),
    [
        ({"VERSION_CODENAME": "noble", "VERSION": "24.04 LTS (Noble Numbat)"}, "noble"),
        ({"VERSION": "10.0 (Coughlan)"}, "Coughlan"),
        ({"VERSION": "14.4-RELEASE-p3"}, ""),
        ({}, ""),
    ],
)
def test_codename(release, expected):
    assert codename(release) == expected


@pytest.mark.parametrize(
    ("release", "expected"),
    [
        ({"VERSION": "24.04.3 LTS (Noble Numbat)"}, True),
        ({"PRETTY_NAME": "Ubuntu 28.04 LTS"}, True),
        ({"VERSION": "25.10 (Questing Quokka)"}, False),
        ({"PRETTY_NAME": "ALTSYSTEM 1"}, False),
    ],
)
def test_lts_is_a_word_of_its_own(release, expected):
    assert is_lts(release) is expected
