"""What sudo's rules come to; the document is what cvtsudoers really says of `rules`."""

from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import sudoers
from tests.unit.fakes import FakeHost
from tests.unit.module_utils._checks.worlds import raw


def subject(name, *, uid=2000, groups=()):
    return sudoers.Subject(name, uid, groups, "web.example.org")


@pytest.mark.parametrize(
    ("who", "is_granted", "asks"),
    [
        (subject("ann"), False, False),
        (subject("bob"), True, True),
        (subject("cid"), True, False),
        (subject("dan"), False, True),
        (subject("eve"), False, True),
        (subject("fay", uid=1006), True, False),
        (subject("gus"), True, False),
        (subject("hal"), True, True),
        (subject("ivy"), True, False),
        (subject("jon", groups=("users", "ops")), True, True),
        (subject("kim", groups=("ops",)), True, False),
        (subject("lea"), True, False),
        (subject("max"), True, True),
        (subject("ned"), False, True),
        (subject("oda"), True, False),
        (subject("nobody"), False, True),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_the_last_rule_that_fits_decides(who, is_granted, asks):
    found = sudoers.verdict(raw("sudo/rules.json"), who)
    assert (found.is_granted, found.asks_password if found.is_granted else asks) == (is_granted, asks)


@pytest.mark.parametrize(
    ("name", "switches"),
    [("ann", set()), ("gus", {"requiretty"}), ("hal", {"targetpw"}), ("ivy", {"!authenticate"})],
)
def test_the_last_switch_that_fits_holds(name, switches):
    found = sudoers.verdict(raw("sudo/rules.json"), subject(name)).switches
    assert found - {"env_reset", "authenticate"} == switches


def host(**files):
    paths = {f"/etc/sudoers.d/{name}": text for name, text in files.items()}
    main = "Defaults env_reset\n#include local\n@includedir /etc/sudoers.d\n# the end\n"
    return FakeHost(
        files={"/etc/sudoers": main, "/etc/local": "root ALL=ALL", **paths},
        directories={"/etc/sudoers.d": (*sorted(files), "b.rpmsave", "c~")},
    )


def test_all_files_become_one_text_in_sudos_order():
    text = sudoers.flattened(host(a="# a", z="# z"), {"/etc/sudoers.d/m": "# ours"})
    assert text.splitlines() == ["Defaults env_reset", "root ALL=ALL", "# a", "# ours", "# z", "# the end"]


def test_ours_stands_in_the_place_of_what_is_there():
    assert "# new" in sudoers.flattened(host(m="# old"), {"/etc/sudoers.d/m": "# new"}).splitlines()
    assert "# old" not in sudoers.flattened(host(m="# old"), {"/etc/sudoers.d/m": "# new"})


def test_a_file_that_includes_itself_ends():
    circle = FakeHost(files={"/etc/sudoers": "@include /etc/sudoers\n"})
    assert sudoers.flattened(circle, {}) == "@include /etc/sudoers"


def test_no_file_is_no_text():
    assert sudoers.flattened(FakeHost(files={"/etc/sudoers": None}), {}) == ""


@pytest.mark.parametrize(
    ("line", "is_set"),
    [
        ("Defaults requiretty", True),
        ("Defaults    env_reset, requiretty", True),
        ("Defaults:deploy requiretty", True),
        ("Defaults !requiretty", False),
        ("# Defaults requiretty", False),
        ("Defaults env_reset", False),
    ],
)
def test_a_switch_is_seen_in_the_text(line, is_set):
    assert sudoers.sets(f"root ALL=ALL\n{line}\n", "requiretty") is is_set
