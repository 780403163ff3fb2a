from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import running_sshd
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import CommandMissing
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import FileStat
from tests.unit.module_utils._checks.worlds import (
    SHOW_UNITS,
    SSHD_FILE,
    SSHD_HAS_READ,
    SSHD_TITLE,
    prepared,
    put,
    raw,
)

MAIN = "/etc/ssh/sshd_config"
DROP_INS = "/etc/ssh/sshd_config.d"


def times(kind="file", *, modified=0.0, changed=0.0):
    return FileStat(kind, 0o644, "root", "root", modified=SSHD_HAS_READ + modified, changed=SSHD_HAS_READ + changed)


def with_options(line, *, title="sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups\0"):
    return put(prepared(), files={"/etc/default/ssh": f"SSHD_OPTS={line}\n", SSHD_TITLE: title})


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("/usr/sbin/sshd -D", ()),
        ("/usr/sbin/sshd -D -o PermitRootLogin=yes", ("-o", "PermitRootLogin=yes")),
        ("/usr/sbin/sshd -D -o PermitRootLogin yes -e", ("-o", "PermitRootLogin yes")),
        ("/usr/sbin/sshd -D -oPermitRootLogin yes -4", ("-o", "PermitRootLogin yes")),
        ("/usr/sbin/sshd -Dp 2222 -E /var/log/x -f /srv/sshd_config", ("-p", "2222", "-f", "/srv/sshd_config")),
        ("/usr/sbin/sshd -h /etc/key -u 0 x", ()),
        ("/usr/sbin/sshd -o", ()),
        ("", ()),
    ],
)
def test_the_options_that_win_over_files_are_read_from_a_command(words, found):
    assert running_sshd.overriding(words.split(" ")) == found


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("sshd: /usr/sbin/sshd -D -p 22 [listener] 0 of 10-100 startups\0", ("-p", "22")),
        ("/usr/sbin/sshd\0-D\0-o\0PermitRootLogin yes\0", ("-o", "PermitRootLogin yes")),
        ("sshd: deploy [priv]\0", ()),
        (None, ()),
    ],
)
def test_the_running_daemon_shows_its_options(title, found):
    assert running_sshd.options(with_options("", title=title)) == found


@pytest.mark.parametrize("process", [None, "", "none\n"])
def test_no_daemon_has_no_options(process):
    assert running_sshd.options(put(prepared(), files={running_sshd.PID_FILE: process})) == ()


def test_its_unit_says_what_comes_with_the_next_start():
    host = with_options('"-o PermitRootLogin=yes"')
    assert running_sshd.next_options(host) == ("-o", "PermitRootLogin=yes")
    assert running_sshd.option_sets(host) == ((), ("-o", "PermitRootLogin=yes"))
    assert not running_sshd.is_running_as_started(host)


def test_without_systemd_only_the_running_daemon_tells():
    host = with_options("", title="sshd: /usr/sbin/sshd -p 2222 [listener] 0 of 10-100 startups\0")
    put(host, answers={SHOW_UNITS: CommandMissing("systemctl")})
    assert running_sshd.option_sets(host) == (("-p", "2222"),)
    assert running_sshd.is_running_as_started(host)


def test_where_no_unit_starts_sshd_the_next_start_is_unknown():
    text = raw("prepared/systemctl-show.txt").replace("argv[]=/usr/sbin/sshd -D $SSHD_OPTS ;", "")
    assert running_sshd.next_options(put(prepared(), answers={SHOW_UNITS: text})) is None


@pytest.mark.parametrize(
    ("path", "stat", "unread"),
    [
        (MAIN, times(), []),
        (MAIN, times(modified=1), [MAIN]),
        (MAIN, times(modified=-9, changed=1), [MAIN]),
        (DROP_INS, times("directory", modified=1), [DROP_INS]),
        (DROP_INS, times("directory", changed=1), []),
        (SSHD_FILE, times(modified=1), [SSHD_FILE]),
        (SSHD_FILE, times(changed=1), []),
    ],
)
def test_a_change_after_the_daemon_has_read_is_seen(path, stat, unread):
    host = put(prepared(), stats={path: stat}, directories={DROP_INS: ("00-groundwork.conf",)})
    put(host, files={SSHD_FILE: "PermitRootLogin no\n"})
    assert list(running_sshd.unread(host)) == unread


def test_what_no_daemon_has_read_comes_into_force_with_its_start():
    assert running_sshd.unread(put(prepared(), stats={running_sshd.PID_FILE: None, MAIN: times(modified=1)})) == ()
