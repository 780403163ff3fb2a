"""The unprivileged user."""

from __future__ import annotations

import os
import pwd
import subprocess
import sys

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Change
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform
from ansible_collections.groundwork.python_host.plugins.module_utils._python import account, scripts
from tests.unit.fakes import FakeHost
from tests.unit.module_utils._python import worlds

FREEBSD = Platform("freebsd", "14.4", family="freebsd")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("uid=999(app) gid=998(www) groups=998(www),27(sudo)\n", account.Account("app", 999, "www")),
        ("uid=0(toor) gid=0(wheel) groups=0(wheel)\n", account.Account("app", 0, "wheel")),
        ("uid=1000(app) gid=1000 groups=1000\n", account.Account("app", 1000, "1000")),
        ("nonsense", None),
    ],
)
def test_the_account_is_read_from_id(answer, expected):
    assert account.read(FakeHost(answers={"id app": answer}), "app") == expected


def test_a_user_that_does_not_exist_is_none():
    assert account.read(worlds.host(has_owner=False), "app") is None


@pytest.mark.parametrize(("rc", "option"), [(2, "--user-group"), (0, "--gid=app")])
def test_a_new_user_takes_the_group_of_its_name_or_gets_one(rc, option):
    host = FakeHost(answers={"getent group app": worlds.result("getent group app", rc=rc)})
    command = account.creation(host, worlds.DEBIAN, name="app", home="/srv/app")
    expected = f"useradd --system {option} --home-dir /srv/app --no-create-home --shell /usr/sbin/nologin app"
    assert " ".join(command.argv) == expected
    assert command.change == Change("user", "app", "absent", "system user, home /srv/app, no login shell")


def test_freebsd_has_its_own_ways():
    host = FakeHost(answers={"getent group app": worlds.result("getent group app", rc=2)})
    command = account.creation(host, FREEBSD, name="app", home="/srv/app")
    assert " ".join(command.argv) == "pw useradd -d /srv/app -s /usr/sbin/nologin -w no -n app"
    python = "/usr/local/bin/python3.12"
    assert account.as_owner(FREEBSD, "app", ("id", "-u"), python=python) == (
        *(python, "-I", "-c", scripts.AS_USER, "app"),
        *("id", "-u"),
    )


def test_on_freebsd_too_a_group_of_the_users_name_becomes_its_own():
    host = FakeHost(answers={"getent group app": "app:*:1001:\n"})
    command = account.creation(host, FREEBSD, name="app", home="/srv/app")
    assert " ".join(command.argv) == "pw useradd -d /srv/app -s /usr/sbin/nologin -w no -gapp -n app"


# In the place of the calls that only root may make.
TOLD = """\
import os
for name in ("initgroups", "setgid", "setuid"):
    setattr(os, name, lambda *given, name=name: print(name, *given, flush=True))
"""


def test_the_interpreter_becomes_the_user_before_it_runs_anything():
    me = pwd.getpwuid(os.getuid())
    argv = (sys.executable, "-I", "-c", TOLD + scripts.AS_USER, me.pw_name, "echo", "one word", "$HOME")
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        f"initgroups {me.pw_name} {me.pw_gid}",
        f"setgid {me.pw_gid}",
        f"setuid {me.pw_uid}",
        "one word $HOME",
    ]
