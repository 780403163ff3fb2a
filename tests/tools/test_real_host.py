"""What FREEBSD_HOST and FREEBSD_KEY may be, and what is said where they are something else."""

from __future__ import annotations

import pytest

from tests.hosts.command import HostError
from tests.tools.real_host import ADDRESS, take_in


@pytest.mark.parametrize(
    ("given", "user", "address", "port"),
    [
        ("192.0.2.7", None, "192.0.2.7", None),
        ("root@192.0.2.7", "root", "192.0.2.7", None),
        ("freebsd@host.example.org:2222", "freebsd", "host.example.org", "2222"),
    ],
)
def test_an_address_may_come_with_a_user_and_a_port(given, user, address, port):
    found = ADDRESS.match(given)
    assert found
    assert (found["user"], found["address"], found["port"]) == (user, address, port)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("a b", "FREEBSD_HOST is 'a b'"),
        ("root@", "FREEBSD_HOST is 'root@'"),
        ("192.0.2.7:ssh", "FREEBSD_HOST is '192.0.2.7:ssh'"),
        ("[2001:db8::7]:22", "FREEBSD_HOST is"),
        ("192.0.2.7", "FREEBSD_KEY is ''"),
    ],
)
def test_what_is_no_address_or_no_key_is_refused_before_anything_is_written(given, words):
    with pytest.raises(HostError, match=words):
        take_in("never-made", given, "")
