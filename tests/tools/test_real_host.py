"""What FREEBSD_HOST and FREEBSD_KEY may be, and what is said where they are something else."""

from __future__ import annotations

import pytest

from tests.hosts import state
from tests.hosts.command import HostError
from tests.tools.real_host import ADDRESS, is_real, take_in


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


def test_the_key_may_be_given_as_a_reader_would_type_it(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(HostError, match=r"FREEBSD_KEY is '~/id'"):
        take_in("never-made", "192.0.2.7", "~/id")
    (tmp_path / "id").write_text("")
    with pytest.raises(HostError, match=r"ssh-keyscan"):
        take_in("never-made", "127.0.0.1:1", "~/id")
    state.forget_host("never-made")


@pytest.mark.parametrize(("given", "is_one"), [("", False), ("192.0.2.7", True)])
def test_only_freebsds_scenario_runs_on_it(given, is_one, monkeypatch):
    monkeypatch.setenv("FREEBSD_HOST", given)
    assert (is_real("freebsd_base"), is_real("centos")) == (is_one, False)
