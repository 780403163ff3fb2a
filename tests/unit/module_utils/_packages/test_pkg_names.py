from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import State
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_names import (
    SPELLING,
    is_base,
    is_origin,
)


@pytest.mark.parametrize(
    "name",
    [
        "sudo",
        "py312-pip",
        "nginx=1.28.0,3",
        "tree=2.2.1_1",
        "security/py-fail2ban",
        "databases/py-sqlite3=3.12.11_10",
        "FreeBSD-runtime",
        "libstdc++",
        "/root/tree.pkg",
    ],
)
def test_names_origins_versions_and_files_are_taken(name):
    assert SPELLING.problem(name, State.PRESENT) == ""


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "is empty"),
        ("py3*", "cannot be a package name"),
        ("@core", "cannot be a package name"),
        ("-y", "cannot be a package name"),
        ("tree.pkg", "give a package file by its absolute path"),
        ("./tree", "give a package file by its absolute path"),
        ("a/b/c", "give a package file by its absolute path"),
        ("security/py-fail2ban@py312", "the origin of a port without its flavour"),
        ("Security/sudo", "the origin of a port without its flavour"),
        ("tree=2.2-1", "cannot be a version"),
        ("/root/tree.txt", "is no package file"),
    ],
)
def test_what_cannot_be_meant_is_said(name, words):
    assert words in SPELLING.problem(name, State.PRESENT)


def test_an_origin_and_the_base_system_are_told_by_their_spelling():
    assert [is_origin(name) for name in ("security/py-fail2ban", "sudo", "/root/tree.pkg")] == [True, False, False]
    assert [is_base(name) for name in ("FreeBSD-runtime", "freebsd-doc")] == [True, False]
