"""What is accepted and how it is read; what is refused is tested in tests/unit/test_bad_input.py."""

from __future__ import annotations

from datetime import date

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.options import (
    Opening,
    Options,
    Waiver,
    parse_opening,
    parse_options,
)
from ansible_collections.groundwork.python_host.plugins.modules.security_checklist import argument_spec
from tests.unit.module_utils._checks.worlds import KEY, KEY_LINE, OTHER_KEY, OTHER_KEY_LINE

HASHES = [
    "$6$saltsalt$" + "a" * 86,
    "$5$rounds=5000$saltsalt$" + "b" * 43,
    "$y$j9T$saltsaltsalt$" + "c" * 43,
    "$2b$12$" + "d" * 53,
]


def parsed(**given) -> Options:
    checked = ArgumentSpecValidator(argument_spec()).validate(given)
    assert checked.error_messages == []
    return parse_options(checked.validated_parameters, ["SSH-001", "TIME-001"])


def test_the_modules_defaults_are_those_of_the_options():
    assert parsed() == Options()


@pytest.mark.parametrize(
    "entries", [[KEY_LINE, OTHER_KEY_LINE], [f"{KEY_LINE}\n\n{OTHER_KEY_LINE}\n"], [KEY_LINE, OTHER_KEY_LINE, KEY_LINE]]
)
def test_an_entry_may_be_one_key_or_a_file_of_keys_and_each_counts_once(entries):
    assert parsed(admin_authorized_keys=entries).admin_keys == (KEY, OTHER_KEY)


@pytest.mark.parametrize("value", HASHES)
def test_every_hash_of_todays_crypt_is_accepted_and_kept_out_of_words(value):
    options = parsed(admin_sudo="password", admin_password_hash=value)
    assert options.admin_password_hash == value
    assert value not in repr(options)


@pytest.mark.parametrize(
    ("text", "opening"),
    [
        ("http", Opening(80, "tcp")),
        ("https", Opening(443, "tcp")),
        ("http3", Opening(443, "udp")),
        ("dns", Opening(53, "udp")),
        ("8000/tcp", Opening(8000, "tcp")),
        ("8000/udp/10.0.0.0/8", Opening(8000, "udp", "10.0.0.0/8")),
        ("8000/tcp/10.1.2.3", Opening(8000, "tcp", "10.1.2.3/32")),
        ("8000/tcp/10.1.2.3/8", Opening(8000, "tcp", "10.0.0.0/8")),
        ("8000/tcp/2001:db8::/32", Opening(8000, "tcp", "2001:db8::/32")),
    ],
)
def test_an_opening_is_a_service_or_a_port_with_protocol_and_source(text, opening):
    assert parse_opening(text) == opening
    assert parse_opening(opening.words) == opening


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("admin_name", "a"),
        ("admin_name", "_svc-01"),
        ("ssh_port", 65535),
        ("fail2ban_ban_time", "86400"),
        ("fail2ban_ban_time", "1w"),
        ("update_mail", "root"),
        ("update_mail", "ops+updates@example.org"),
    ],
)
def test_what_can_be_meant_is_taken_as_it_is(name, value):
    assert getattr(parsed(**{name: value}), name) == value


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("fail2ban_ignore", ("192.0.2.1", "2001:db8::/32", "10.1.2.3/8", "office.example.org")),
        ("update_exclude", ("nginx", "linux-image-.*", "^python3[.]1[0-9]$")),
        ("skip", ("SSH-001",)),
    ],
)
def test_lists_are_taken_in_order(name, values):
    assert getattr(parsed(**{name: list(values)}), name) == values


def test_a_waiver_has_a_day():
    waiver = {"check": "TIME-001", "reason": "the hypervisor's", "until": "2027-06-30"}
    assert parsed(waivers=[waiver]).waivers == (Waiver("TIME-001", "the hypervisor's", date(2027, 6, 30)),)
