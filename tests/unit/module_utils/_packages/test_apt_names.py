from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_names import SPELLING
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import State
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.spelling import near_matches


@pytest.mark.parametrize(
    "name",
    [
        "sudo",
        "g++",
        "libstdc++6",
        "python3.11",
        "libc6:i386",
        "0ad",
        "a2",
        "time-sync",
        "nginx=1.22.1-9",
        "libc6:i386=1:2~b+",
        "/srv/x.deb",
        "/srv/a b/x.deb",
    ],
)
def test_a_good_name_is_no_problem(name):
    assert SPELLING.problem(name, State.PRESENT) == ""


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "is empty"),
        ("  ", "is empty"),
        ("a;reboot", "cannot be a package name"),
        ("$(reboot)", "cannot be a package name"),
        ("a b", "cannot be a package name"),
        ("a\nb", "cannot be a package name"),
        ("-y", "cannot be a package name"),
        ("--purge", "cannot be a package name"),
        ("vim-", "cannot be a package name"),
        ("vim*", "cannot be a package name"),
        ("?installed", "cannot be a package name"),
        ("~i", "cannot be a package name"),
        ("lamp-server^", "cannot be a package name"),
        ("Nginx", "cannot be a package name"),
        ("x", "cannot be a package name"),
        ("libc6:", "cannot be a package name"),
        ("größe", "cannot be a package name"),
        ("nginx=1.2;reboot", "cannot be a version"),
        ("nginx=1.2-", "cannot be a version"),
        ("nginx=-1", "cannot be a version"),
        ("Nginx=1.2", "cannot be a package name"),
        ("./x.deb", "absolute path"),
        ("x.deb", "absolute path"),
        ("nginx/stable", "absolute path"),
        ("/srv/x.rpm", "ends with .deb"),
        ("/srv/x\n.deb", "ends with .deb"),
    ],
)
def test_a_bad_name_is_explained(name, words):
    problem = SPELLING.problem(name, State.PRESENT)
    assert words in problem
    assert repr(name) in problem


def test_a_file_cannot_be_absent():
    assert "name the package that it holds" in SPELLING.problem("/srv/x.deb", State.ABSENT)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("fial2ban", ("fail2ban",)), ("pyhton", ("python",)), ("ngnix", ("nginx",)), ("qqqqqq", ())],
)
def test_near_matches_are_native_and_logical_names(name, expected):
    assert near_matches(name, ["nginx", "fail2ban", "zsh"])[: len(expected) or None] == expected
