from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import master_passwd
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.master_passwd import Entry
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import NeedsRoot
from tests.unit.fakes import FakeHost
from tests.unit.module_utils._checks.freebsd_worlds import NO_SUCH_USER, pw, said
from tests.unit.module_utils._checks.worlds import failed


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (pw("deploy"), Entry("*", "", 0, 0)),
        (pw("deploy", "$6$s$h", login_class="staff", change=5, expire=7), Entry("$6$s$h", "staff", 5, 7)),
        ({"pw usershow deploy": "deploy:*:1001:1001:::::/home/deploy:/bin/sh\n"}, Entry("*", "", 0, 0)),
        ({"pw usershow deploy": failed(NO_SUCH_USER, stderr=said("pw-usershow-unknown.err"))}, None),
        ({"pw usershow deploy": "deploy:*:1001:1001\n"}, None),
    ],
    ids=["no password", "all fields", "empty times", "no account", "no line of master.passwd"],
)
def test_the_fields_that_getent_does_not_tell(answers, expected):
    assert master_passwd.entry(FakeHost(answers=answers), "deploy") == expected


def test_a_lock_stands_before_the_hash_and_no_hash_is_shown():
    found = master_passwd.entry(FakeHost(answers=pw("deploy", "*LOCKED*$6$s$h")), "deploy")
    assert found.is_locked
    assert "$6$" not in repr(found)


def test_root_alone_is_shown_the_password():
    with pytest.raises(NeedsRoot):
        master_passwd.entry(FakeHost(answers=pw("deploy"), uid=1000), "deploy")
