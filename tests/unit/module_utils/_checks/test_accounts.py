from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import accounts
from tests.unit.module_utils._checks.worlds import failed, prepared, put, raw


@pytest.mark.parametrize(
    ("listing", "is_granted"),
    [
        (raw("prepared/sudo-l-deploy.txt"), True),
        (raw("sudo/password.txt"), True),
        (raw("sudo/narrowed.txt"), True),
        (raw("sudo/refused.txt"), False),
        (raw("sudo/none.txt"), False),
        ("    (root) NOPASSWD: SETENV: ALL\n", True),
        ("    (ALL) /usr/bin/apt\n", False),
        ("    (www-data) NOPASSWD: ALL\n", False),
        ("    (ALL) ALL, !/usr/bin/su\n", False),
        ("    (ALL) ALL\n    (ALL) !/usr/bin/bash\n", False),
        ("    (ALL : ALL) !ALL\n    (ALL : ALL) ALL\n", True),
        ("", False),
    ],
)
def test_everything_means_that_nothing_is_taken_away_later(listing, is_granted):
    assert accounts.grants_everything(listing) is is_granted


def test_a_group_without_a_name_is_its_number():
    host = put(prepared(), answers={"getent group 1000": failed(2)})
    assert accounts.group_name(host, 1000) == "1000"


def test_a_line_that_is_no_account_is_none():
    assert accounts.account(put(prepared(), answers={"getent passwd deploy": "deploy:x\n"}), "deploy") is None
