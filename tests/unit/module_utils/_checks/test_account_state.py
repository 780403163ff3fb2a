from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import account_state, accounts
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import FileStat
from tests.unit.module_utils._checks.worlds import HOME, context, directory, file, prepared, put

LINK = FileStat("link", 0o777, "root", "root")


def deploy(shell="/bin/bash", uid=1000):
    return accounts.Account("deploy", uid, 1000, HOME, shell)


@pytest.mark.parametrize(
    ("shell", "stats", "links", "is_good"),
    [
        ("/bin/bash", {}, {}, True),
        ("", {"/bin/sh": file(0o755)}, {}, True),
        ("/usr/sbin/nologin", {}, {}, False),
        ("/bin/false", {}, {}, False),
        ("/usr/bin/git-shell", {}, {}, False),
        ("/bin/zsh", {"/bin/zsh": None}, {}, False),
        ("/bin/zsh", {"/bin/zsh": file(0o644)}, {}, False),
        ("/bin/zsh", {"/bin/zsh": directory()}, {}, False),
        ("/bin/sh", {"/bin/sh": LINK, "/bin/dash": file(0o755)}, {"readlink -f /bin/sh": "/bin/dash\n"}, True),
        ("/bin/sh", {"/bin/sh": LINK, "/bin/gone": None}, {"readlink -f /bin/sh": "/bin/gone\n"}, False),
    ],
)
def test_a_shell_must_be_there_and_run(shell, stats, links, is_good):
    host = put(prepared(), stats=stats, answers=links)
    assert account_state.can_log_in(host, deploy(shell)) is is_good
    assert len(account_state.shell_obstacles(host, deploy(shell))) == (not is_good)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("deploy:*:20779:0:99999:7:::", []),
        ("deploy:*:20779:0:99999:7::30000:", []),
        ("deploy:*:20779:0:99999:7::20779:", ["expired", "chage -E -1 deploy"]),
        ("deploy:*:0:0:99999:7:::", ["new password", "chage -d"]),
        ("deploy:*:20000:0:60:7:10::", ["new password"]),
        ("deploy:*:20770:0:60:7:::", []),
        ("deploy:*:20000:0:-1:7:::", []),
        ("deploy:*::0:60:7:::", []),
        ("deploy:*", []),
    ],
)
def test_the_shadow_database_may_close_an_account(line, words):
    found = account_state.closed_obstacles(put(prepared(), answers={"getent shadow deploy": line}), context(), deploy())
    assert len(found) == bool(words)
    assert [word for word in words if word not in found[0]] == []


def test_several_reasons_are_told_together():
    host = put(prepared(), answers={"getent shadow deploy": "deploy:*:0:0:99999:7::1:"})
    assert len(account_state.closed_obstacles(host, context(), deploy(uid=0))) == 3


@pytest.mark.parametrize(
    ("line", "is_locked"),
    [("deploy:!:1::::::", True), ("deploy:!$6$x:1::::::", True), ("deploy:*:1::::::", False), ("", False)],
)
def test_a_lock_is_a_sign_before_the_password(line, is_locked):
    assert account_state.is_locked(put(prepared(), answers={"getent shadow deploy": line}), "deploy") is is_locked
