"""The application answers from outside, as an unprivileged user, through a firewall that lets nothing else in."""

from __future__ import annotations

import json
import socket
import urllib.request

import pytest

LISTED, UNLISTED = 8000, 9001
# The one interpreter that every prepared host has.
PYTHON = "/srv/app/current/bin/python"
# A firewall drops what it does not let in, or answers for the host as a router would.
CUT_OFF = "timed out|No route to host"


@pytest.fixture
def unlisted_service(machine):
    """Something that listens on every address and that nobody has listed."""
    machine.check_output(f"systemd-run --quiet --unit=unlisted {PYTHON} -m http.server {UNLISTED}")
    machine.check_output(f"timeout 10 sh -c 'until ss -Hltn sport = :{UNLISTED} | grep -q .; do sleep 0.1; done'")
    yield UNLISTED
    machine.check_output("systemctl stop unlisted")


def test_it_answers_from_outside_with_the_release_in_use(machine, prepared):
    with urllib.request.urlopen(f"http://{prepared.address}:{LISTED}/", timeout=10) as response:
        answer = json.load(response)
    release = machine.check_output("readlink -f /srv/app/current")
    assert answer["user"] == "app"
    assert answer["release"] == release


def test_it_answers_a_stranger_too(attacker, prepared):
    program = f"import urllib.request as r; print(r.urlopen('http://{prepared.address}:{LISTED}/', timeout=10).status)"
    assert attacker.check_output(f'python3 -c "{program}"') == "200"


def test_a_service_that_is_not_listed_is_not_reached_from_outside(machine, prepared, unlisted_service):
    machine.check_output(f"timeout 3 bash -c 'exec 3<>/dev/tcp/{prepared.address}/{unlisted_service}'")
    with pytest.raises(OSError, match=CUT_OFF):
        socket.create_connection((prepared.address, unlisted_service), timeout=3)


def test_it_runs_as_a_user_without_a_shell_a_password_or_sudo(machine, family):
    assert {process.user for process in machine.process.filter(comm="gunicorn")} == {"app"}
    user = machine.user("app")
    assert user.uid not in (0, None)
    assert user.shell.endswith("/sbin/nologin")
    assert user.groups == ["app"]
    assert machine.check_output("passwd -S app").split()[1] == family.locked
    assert "is not allowed to run sudo" in machine.check_output("sudo -l -U app")
    assert machine.check_output("find /srv/app ! -user app") == ""
