"""Who gets in over SSH and who does not, tried from outside."""

from __future__ import annotations

import pytest

USER, PASSWORD = "resident", "correct horse battery staple"


@pytest.fixture(scope="module")
def askpass(machine, attacker, family, family_of_intruder, tmp_path_factory):
    """A user with a real password on both hosts, and a program that tells the password to ssh."""
    hosts = ((machine, family.accounts), (attacker, family_of_intruder.accounts))
    for host, accounts in hosts:
        host.run(accounts.remove.format(name=USER))
        host.check_output(accounts.make.format(name=USER, password=PASSWORD))
    path = tmp_path_factory.mktemp("askpass") / "askpass"
    path.write_text(f"#!/bin/sh\necho '{PASSWORD}'\n")
    path.chmod(0o700)
    yield path
    for host, accounts in hosts:
        host.run(accounts.remove.format(name=USER))


def test_the_password_is_right_and_a_host_without_the_role_takes_it(client_of_intruder, askpass):
    assert client_of_intruder.with_password(USER, askpass).stdout == f"{USER}\n"


def test_the_same_password_is_refused_because_no_method_takes_one(client, askpass, family):
    attempt = client.with_password(USER, askpass)
    assert (attempt.returncode, attempt.stdout) == (255, "")
    assert f"Permission denied ({family.methods})." in attempt.stderr


@pytest.mark.parametrize("login", ["deploy", "root", USER, "no-such-user"])
def test_the_server_offers_no_method_that_takes_a_password(client, login, family):
    assert client.methods_offered(login) == family.methods


def test_a_host_without_the_role_offers_passwords_too(client_of_intruder):
    assert "password" in client_of_intruder.methods_offered("root").split(",")


def test_root_is_refused_with_the_key_that_let_it_in_before(client, prepared, client_of_intruder, intruder, family):
    assert client_of_intruder.with_key("root", intruder.key_file).stdout == "root\n"
    attempt = client.with_key("root", prepared.key_file)
    assert (attempt.returncode, attempt.stdout) == (255, "")
    assert f"Permission denied ({family.methods})." in attempt.stderr


def test_the_administrator_gets_in_with_the_key_and_becomes_root(client, admin_key):
    assert client.with_key("deploy", admin_key).stdout == "deploy\n"
    assert client.with_key("deploy", admin_key, "sudo -n id -un").stdout == "root\n"


def test_the_administrator_is_one_for_the_systems_own_tools_too(client, admin_key, family):
    assert family.admins in client.with_key("deploy", admin_key, "id -Gn").stdout.split()


def test_another_key_does_not_get_the_administrator_in(client, prepared):
    assert client.with_key("deploy", prepared.key_file).returncode == 255


def test_roots_password_is_locked(machine, family):
    assert machine.check_output(family.accounts.password_of.format(name="root")) == family.accounts.locked


def test_sudoers_is_valid_and_the_rule_is_the_administrators_alone(machine, family):
    assert "parsed OK" in machine.check_output("visudo -c")
    rule = f"{family.etc}/sudoers.d/zz-groundwork-deploy"
    mode, _links, owner = machine.check_output(f"ls -ln {rule}").split()[:3]
    assert (mode.rstrip("."), owner) == ("-r--r-----", "0")
    lines = machine.file(rule).content_string.splitlines()
    assert [line for line in lines if not line.startswith("#")] == ["deploy ALL=(ALL:ALL) NOPASSWD: ALL"]
