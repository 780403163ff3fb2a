"""Lines of authorized_keys as sshd(8) documents them."""

from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checks.key_lines import (
    key_lines,
    keys_that_let_in,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._host.login import Login
from tests.unit.module_utils._checks.worlds import KEY, KEY_LINE, OTHER_KEY, OTHER_KEY_LINE, context


@pytest.mark.parametrize(
    ("options", "restriction"),
    [
        ("", ""),
        ("restrict ", ""),
        ("no-pty,no-X11-forwarding ", ""),
        ('environment="A=a b, c" ', ""),
        ('from="172.16.0.0/12" ', ""),
        ('from="172.16.0.0/12",command="/bin/x \\"a b\\" c" ', 'command="/bin/x "a b" c"'),
        ('Command="/bin/x"\t', 'command="/bin/x"'),
        ('from="10.0.0.0/8,!172.17.0.1" ', 'from="10.0.0.0/8,!172.17.0.1"'),
        ('expiry-time="20261121" ', 'expiry-time="20261121"'),
        ('expiry-time="202611221200Z" ', 'expiry-time="202611221200Z"'),
        ('expiry-time="20261123" ', ""),
    ],
)
def test_an_option_that_shuts_this_login_out_is_told(options, restriction):
    (line,) = key_lines(f"{options}{KEY_LINE}\n")
    assert line.key == KEY
    assert line.restriction(context()) == restriction


def test_an_address_that_is_not_known_fits_every_list():
    (line,) = key_lines(f'from="10.0.0.0/8" {KEY_LINE}')
    assert line.restriction(context(login=Login())) == ""


@pytest.mark.parametrize(
    "line",
    [
        "",
        "# a comment",
        "cert-authority " + KEY_LINE,
        'command="/bin/x ' + KEY_LINE,
        "ssh-ed25519 AAAA cut",
        "nonsense",
    ],
)
def test_what_is_no_key_to_log_in_with_is_passed_over(line):
    assert [found.key for found in key_lines(f"{line}\n  {OTHER_KEY_LINE}\n")] == [OTHER_KEY]


@pytest.mark.parametrize(
    ("first", "second", "lets_in"),
    [
        ("", "", True),
        ('from="10.0.0.0/8" ', "", True),
        ('expiry-time="20200101" ', 'from="172.17.0.1" ', True),
        ('from="10.0.0.0/8" ', 'from="10.0.0.0/8" ', False),
        ('command="/bin/x" ', "", False),
        ('from="10.0.0.0/8",command="/bin/x" ', "", True),
        ("", 'command="/bin/x" ', True),
    ],
)
def test_of_two_lines_with_one_key_the_first_that_sshd_takes_counts(first, second, lets_in):
    found = keys_that_let_in(f"{first}{KEY_LINE}\n{second}{KEY_LINE}\n", context())
    assert found == ((KEY,) if lets_in else ())
