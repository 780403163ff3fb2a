from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Status
from tests.unit.module_utils._checks.freebsd_worlds import (
    NO_SUCH_USER,
    RELEASES,
    fresh,
    on_freebsd,
    prepared,
    pw,
    seen,
)
from tests.unit.module_utils._checks.worlds import check, failed, put

HASH = "$6$salt$hash"
ROWS = [
    ("as made by us", {}, Status.PASS, ["neither has a usable password"], []),
    ("toor is gone", {"pw usershow toor": failed(NO_SUCH_USER)}, Status.PASS, ["neither"], []),
    ("a password", pw("root", HASH), Status.FAIL, ["root has a password"], ["root"]),
    ("an empty password", pw("root", ""), Status.FAIL, ["root has an empty password"], ["root"]),
    ("toor's password", pw("toor", HASH), Status.FAIL, ["toor has a password"], ["toor"]),
    ("a lock stops cron and su", pw("root", f"*LOCKED*{HASH}"), Status.FAIL, ["root is locked", "cron"], ["root"]),
    ("a lock without a password", pw("root", "*LOCKED**"), Status.FAIL, ["root is locked"], ["root"]),
    ("both", {**pw("root", ""), **pw("toor", HASH)}, Status.FAIL, ["root has", "toor has"], ["root", "toor"]),
]


@pytest.mark.parametrize(("_case", "answers", "status", "words", "names"), ROWS, ids=lambda value: str(value)[:40])
def test_nobody_becomes_root_with_a_password(_case, answers, status, words, names):
    host = put(prepared(), answers=answers)
    found = seen("ACC-004", host)
    assert (found.status, [word for word in words if word not in found.observed]) == (status, [])
    assert "$6$" not in str(found)
    commands = [" ".join(action.argv) for action in check("ACC-004").remedy(host, on_freebsd())]
    assert commands == [f"pw usermod {name} -w no" for name in names]


@pytest.mark.parametrize("platform", RELEASES)
def test_an_image_has_root_without_a_password(platform):
    found = seen("ACC-004", fresh(platform), platform=platform)
    assert (found.status, found.observed) == (Status.FAIL, "root has an empty password")


def test_each_change_can_be_taken_back():
    host = put(prepared(), answers={**pw("root", ""), **pw("toor", "")})
    assert [action.touches.account for action in check("ACC-004").remedy(host, on_freebsd())] == ["root", "toor"]


def test_an_ordinary_user_learns_what_root_would_have_to_read():
    host = prepared()
    host.uid = 1001
    found = seen("ACC-004", host)
    assert (found.status, "become: true" in found.observed) == (Status.UNKNOWN, True)
