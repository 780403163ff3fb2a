from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import login_access
from tests.unit.fakes import FakeHost
from tests.unit.module_utils._checks.worlds import failed

GROUPS = {
    "getent group admins": "admins:*:2000:ann,deploy\n",
    "getent group staff": "staff:*:20:ann\n",
    "getent group deploy": "deploy:*:1001:\n",
    "getent group ann": failed(2),
}
SHUT = "-:ALL:ALL\n"


def refusal(text, *, address="172.17.0.1", has_names=False):
    return login_access.refusal(FakeHost(answers=GROUPS), text, "deploy", address=address, has_names=has_names)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", ""),
        (SHUT, "-:ALL:ALL"),
        ("+:deploy:ALL\n" + SHUT, ""),
        ("+:ann:ALL\n" + SHUT, "-:ALL:ALL"),
        ("+:admins:ALL\n" + SHUT, ""),
        # The account's own group has no members in group(5).
        ("-:ALL except admins:ALL\n", ""),
        ("-:ALL EXCEPT staff:ALL\n", "-:ALL EXCEPT staff:ALL"),
        ("-:ALL:ALL EXCEPT LOCAL\n", "-:ALL:ALL EXCEPT LOCAL"),
        ("-:deploy:172.17.\n", "-:deploy:172.17."),
        ("-:deploy:10.0.\n", ""),
        ("-:ALL:ttyv0\n", ""),
        ("-:@people:ALL\n" + SHUT, ""),
        ("# -:ALL:ALL\n\n", ""),
        ("-:ALL:ALL", ""),
        ("-:ALL:2001:db8::1\n", ""),
        ("no rule\n -:ALL:ALL\n", ""),
    ],
)
def test_the_first_line_that_fits_decides(text, line):
    assert refusal(text) == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (SHUT, "-:ALL:ALL"),
        ("-:deploy:172.17.\n" + SHUT, ""),
        ("+:deploy:.example.org\n" + SHUT, ""),
        ("-:ALL:ALL EXCEPT LOCAL\n", ""),
        ("-:deploy:10.0.\n" + SHUT, "-:ALL:ALL"),
    ],
)
def test_where_sshd_may_tell_a_name_what_is_about_addresses_is_unknown(text, line):
    assert refusal(text, has_names=True) == line


def test_an_address_that_is_not_known_fits_all_alone():
    assert refusal("-:deploy:172.17.\n", address="") == ""
    assert refusal(SHUT, address="") == "-:ALL:ALL"


def test_ipv6_addresses_are_local_as_they_have_no_dot():
    assert refusal("-:ALL:LOCAL\n", address="2001:db8::1") == "-:ALL:LOCAL"
