from __future__ import annotations

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import accounts
from tests.unit.module_utils._checks.worlds import failed, prepared, put


def test_a_group_without_a_name_is_its_number():
    host = put(prepared(), answers={"getent group 1000": failed(2)})
    assert accounts.group_name(host, 1000) == "1000"


def test_a_line_that_is_no_account_is_none():
    assert accounts.account(put(prepared(), answers={"getent passwd deploy": "deploy:x\n"}), "deploy") is None
