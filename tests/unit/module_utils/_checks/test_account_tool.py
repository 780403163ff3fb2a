from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import account_tool, accounts
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Touches
from tests.unit.fakes import FakeHost
from tests.unit.module_utils._checks.freebsd_worlds import RELEASES, on_freebsd
from tests.unit.module_utils._checks.worlds import CENTOS, UBUNTU, context, failed

PW, SHADOW = account_tool.Pw(), account_tool.ShadowTools()
HASH = "$6$salt$" + "a" * 43
USERADD = "pw useradd deploy -m -d /home/deploy -M 0750 -s /bin/sh -g deploy -G wheel -w no -e 0 -p 0"


@pytest.mark.parametrize(
    ("platform", "tool"), [(UBUNTU, SHADOW), (CENTOS, SHADOW), *((release, PW) for release in RELEASES)]
)
def test_each_family_has_its_own(platform, tool):
    assert type(account_tool.tool_of(context(platform=platform))) is type(tool)


@pytest.mark.parametrize(
    ("group", "commands"),
    [(failed(2), ["pw groupadd deploy", USERADD]), ("deploy:*:1001:\n", [USERADD])],
    ids=["no such group", "a group of that name"],
)
def test_freebsd_makes_the_account_in_a_group_of_its_own(group, commands):
    host = FakeHost(answers={"getent group deploy": group, "getent group wheel": "wheel:*:0:root\n"})
    made = list(PW.create(host, accounts.planned(host, on_freebsd())))
    assert [" ".join(command.argv) for command in made] == commands
    assert made[-1].touches == Touches(("/var/mail/deploy",), account="deploy", home="/home/deploy")


@pytest.mark.parametrize(
    ("platform", "group", "words"),
    [(UBUNTU, "sudo", ["-G", "sudo"]), (CENTOS, "wheel", ["-G", "wheel"]), (CENTOS, "nobodys", [])],
)
def test_it_joins_the_systems_administrators_where_it_has_such_a_group(platform, group, words):
    groups = {f"getent group {name}": failed(2) for name in ("deploy", "sudo", "wheel")}
    host = FakeHost(answers={**groups, f"getent group {group}": f"{group}:x:27:\n"})
    (made,) = SHADOW.create(host, accounts.planned(host, context(platform=platform)))
    assert [*made.argv[made.argv.index("-U") + 1 : -1]] == words
    assert made.change.after == f"with home and /bin/bash{', in ' + group if words else ''}"


def test_a_password_is_given_as_a_hash_by_standard_input_and_shown_nowhere():
    command = PW.give_password("deploy", HASH)
    assert (command.argv, command.stdin) == (("pw", "usermod", "deploy", "-H", "0"), f"{HASH}\n")
    assert HASH not in repr(command)


def test_the_shell_is_changed_by_name():
    found = accounts.Account("deploy", 1001, 1001, "/home/deploy", "/usr/sbin/nologin")
    command = PW.give_shell(found, "/bin/sh")
    assert " ".join(command.argv) == "pw usermod deploy -s /bin/sh"
    assert (command.change.before, command.touches.account) == ("shell /usr/sbin/nologin", "deploy")


@pytest.mark.parametrize(
    ("password_hash", "is_known"),
    [
        (HASH, True),
        ("$5$s$h", True),
        ("$2b$10$h", True),
        ("$1$s$h", True),
        ("ab01FAX.bQRSU", True),
        ("$y$j9T$s$h", False),
    ],
)
def test_freebsd_tells_no_password_by_a_hash_of_yescrypt(password_hash, is_known):
    assert PW.knows(password_hash) is is_known
    assert SHADOW.knows(password_hash)
