"""The unprivileged user."""

from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Change
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform
from ansible_collections.groundwork.python_host.plugins.module_utils._python import account
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
    assert " ".join(command.argv) == "pw useradd -d /srv/app -s /usr/sbin/nologin -n app"
    assert account.as_owner(FREEBSD, "app", ("id", "-u")) == (
        *("su", "-m", "app", "-c", 'exec "$0" "$@"'),
        *("id", "-u"),
    )
