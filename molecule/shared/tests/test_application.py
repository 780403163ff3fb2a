"""The application answers from outside, as an unprivileged user, through a firewall that lets nothing else in."""

from __future__ import annotations

import json
import time
import urllib.request

import pytest

LISTED, UNLISTED = 8000, 9001
# The one interpreter that every prepared host has.
PYTHON = "/srv/app/current/bin/python"
# A firewall drops what it does not let in, or answers for the host as a router would.
CUT_OFF = "timed out|No route to host"
ASK = "import urllib.request as r; print(r.urlopen('http://{address}:{port}/', timeout=3).status)"


def asked_on(machine, python, address, port):
    """What the web server there answers to somebody on that machine."""
    return machine.run(f'{python} -c "{ASK.format(address=address, port=port)}"').stdout.strip()


@pytest.fixture
def unlisted_service(machine):
    """Something that listens on every address and that nobody has listed."""
    machine.check_output(f"nohup {PYTHON} -m http.server {UNLISTED} --directory /tmp >/dev/null 2>&1 & echo started")
    deadline = time.monotonic() + 10
    while asked_on(machine, PYTHON, "127.0.0.1", UNLISTED) != "200":
        assert time.monotonic() < deadline, "the unlisted service does not answer on its own host"
    yield UNLISTED
    machine.check_output(f"pkill -f '[h]ttp.server {UNLISTED}'")


def test_it_answers_from_outside_with_the_release_in_use(machine, prepared):
    with urllib.request.urlopen(f"http://{prepared.address}:{LISTED}/", timeout=10) as response:
        answer = json.load(response)
    release = machine.check_output("readlink -f /srv/app/current")
    assert answer["user"] == "app"
    assert answer["release"] == release


def test_it_answers_a_stranger_too(attacker, prepared):
    assert asked_on(attacker, "python3", prepared.address, LISTED) == "200"


def test_a_service_that_is_not_listed_is_not_reached_from_outside(machine, prepared, unlisted_service):
    assert asked_on(machine, PYTHON, "127.0.0.1", unlisted_service) == "200"
    with pytest.raises(OSError, match=CUT_OFF):
        urllib.request.urlopen(f"http://{prepared.address}:{unlisted_service}/", timeout=3)


def test_it_runs_as_a_user_without_a_shell_a_password_or_sudo(machine, family):
    processes = [line.split() for line in machine.check_output("ps -axwwo user,command").splitlines()]
    assert {user for user, *words in processes if words[1:2] == ["/srv/app/current/bin/gunicorn"]} == {"app"}
    user = machine.user("app")
    assert user.uid not in (0, None)
    assert user.shell.endswith("/sbin/nologin")
    assert user.groups == ["app"]
    assert machine.check_output(family.accounts.password_of.format(name="app")) == family.accounts.locked
    assert "is not allowed to run sudo" in machine.check_output("sudo -l -U app")
    assert machine.check_output("find /srv/app ! -user app") == ""
