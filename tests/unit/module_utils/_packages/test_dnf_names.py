from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import State
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_names import SPELLING
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.spelling import near_matches


@pytest.mark.parametrize(
    "name",
    [
        "gcc-c++",
        "R",
        "python3.11",
        "NetworkManager",
        "glibc.i686",
        "fail2ban=1.0.2",
        "nginx=1:1.20.1-14.el9",
        "kernel=5.14.0-503.el9~rc1",
        "/root/agent.rpm",
    ],
)
def test_what_can_be_meant_is_taken(name):
    assert SPELLING.problem(name, State.PRESENT) == ""


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "is empty"),
        (" ", "is empty"),
        ("@development", "cannot be a package name"),
        ("python3*", "cannot be a package name"),
        ("--nogpgcheck", "cannot be a package name"),
        ("nginx:1.24/common", "absolute path"),
        ("agent.rpm", "absolute path"),
        ("nginx=1.2 3", "cannot be a version"),
        ("nginx=1-2-3", "cannot be a version"),
        ("/root/agent.deb", "ends with .rpm"),
        ("nginx; reboot", "cannot be a package name"),
    ],
)
def test_what_cannot_be_meant_is_explained(name, words):
    assert words in SPELLING.problem(name, State.PRESENT)


def test_a_file_cannot_be_absent_as_a_package():
    assert "name the package that it holds" in SPELLING.problem("/root/agent.rpm", State.ABSENT)


def test_what_looks_like_the_name_is_offered_but_never_the_name_itself():
    assert near_matches("grundwork-demo", ["groundwork-demo", "bash"]) == ("groundwork-demo",)
    assert near_matches("networkmanager", ["NetworkManager"]) == ("NetworkManager",)
    assert "fail2ban" not in near_matches("fail2ban", [])


@pytest.mark.parametrize(
    ("name", "is_fine"), [("nginx", True), ("nginx=1", False), ("/a.rpm", False), ("@core", False)]
)
def test_only_a_name_alone_can_be_held(name, is_fine):
    assert (SPELLING.mark_problem(name) == "") is is_fine
