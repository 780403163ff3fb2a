from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_repositories import (
    Repository,
    configured,
    enabled,
    parse_repositories,
)
from tests.unit.module_utils._packages.dnf_hosts import REPOSITORIES, dnf_host

PATH = "/etc/yum.repos.d/centos.repo"


def test_repositories_are_read_from_their_files():
    assert configured(dnf_host()) == (
        Repository("baseos", PATH, is_enabled=True, is_checked=True),
        Repository("crb", PATH, is_enabled=False, is_checked=True),
    )


@pytest.mark.parametrize(
    ("text", "is_enabled", "is_checked"),
    [
        ("[a]\n", True, True),
        ("[a]\nenabled = no\ngpgcheck = 0\n", False, False),
        ("[a]\nenabled=False\ngpgcheck=yes\n", False, True),
        ("[main]\ngpgcheck=0\n[a]\nenabled=TRUE\n", True, True),
    ],
)
def test_what_a_file_does_not_say_is_what_dnf_takes_for_granted(text, is_enabled, is_checked):
    assert parse_repositories(text, "x", is_checked=True) == (
        Repository("a", "x", is_enabled=is_enabled, is_checked=is_checked),
    )


@pytest.mark.parametrize("text", ["no section\n", "[a]\nx\n", ""])
def test_a_broken_file_has_no_repositories_for_dnf_neither(text):
    assert parse_repositories(text, "x", is_checked=True) == ()


@pytest.mark.parametrize("configuration", [None, "", "broken", "[main]\ngpgcheck=no\n"])
def test_without_a_word_in_dnf_conf_signatures_are_not_checked(configuration):
    host = dnf_host(files={"/etc/dnf/dnf.conf": configuration, PATH: "[a]\n"})
    assert [repository.is_checked for repository in configured(host)] == [False]


def test_only_files_of_repositories_count():
    host = dnf_host()
    host.directories["/etc/yum.repos.d"] = ("centos.repo.rpmsave",)
    assert configured(host) == ()


def test_a_repository_is_enabled_and_all_else_stays_as_it_was():
    assert enabled(REPOSITORIES, "crb") == REPOSITORIES.replace("enabled=0", "enabled=1")


def test_a_comment_behind_the_name_of_a_repository_does_not_hide_it():
    assert enabled("[a] # ours\nenabled=0\n[b] # theirs\nenabled=0\n", "a").splitlines()[1::2] == [
        "enabled=1",
        "enabled=0",
    ]


def test_a_repository_without_the_word_gets_it():
    assert enabled("[a]\nname=a\n[b]\nname=b\n", "b") == "[a]\nname=a\n[b]\nenabled=1\nname=b\n"
