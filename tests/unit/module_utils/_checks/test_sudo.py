from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import sudo
from tests.unit.module_utils._checks.worlds import raw


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
    assert sudo.grants_everything(listing) is is_granted
