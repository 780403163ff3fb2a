from __future__ import annotations

import os

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import Unreadable
from ansible_collections.groundwork.python_host.plugins.module_utils._host.login import Login, current_login
from tests.unit.fakes import FakeHost

CONNECTION = "SSH_CONNECTION=192.0.2.7 50914 198.51.100.2 2222"


def processes(*generations: tuple[int, str, int, str]) -> FakeHost:
    """A /proc with these processes: number, name, parent's number, environment (variables joined by a space)."""
    files = {}
    for number, name, parent, environment in generations:
        files[f"/proc/{number}/stat"] = f"{number} ({name}) S {parent} {number} 1 0 -1 4194560 52 0 0\n"
        files[f"/proc/{number}/environ"] = environment
    return FakeHost(files=files)


@pytest.mark.parametrize(
    ("host", "login"),
    [
        # sudo dropped the variable; the shell that sshd started still has it
        (
            processes(
                (30, "python3", 20, "HOME=/root\0SUDO_USER=deploy\0"),
                (20, "sudo", 10, "HOME=/root\0"),
                (10, "sh", 5, f"LANG=C\0{CONNECTION}\0HOME=/home/deploy\0"),
            ),
            Login("192.0.2.7", 2222, "198.51.100.2"),
        ),
        (processes((30, "python3", 1, f"{CONNECTION}\0")), Login("192.0.2.7", 2222, "198.51.100.2")),
        # a name that looks like the fields after it
        (
            processes((30, "a) S 1 (b", 10, ""), (10, "sh", 1, f"{CONNECTION}\0")),
            Login("192.0.2.7", 2222, "198.51.100.2"),
        ),
        (
            processes((30, "python3", 1, "SSH_CONNECTION=2001:db8::7 50914 2001:db8::1 22\0")),
            Login("2001:db8::7", 22, "2001:db8::1"),
        ),
        # a console, cron or a local connection
        (processes((30, "python3", 1, "HOME=/root\0")), Login()),
        (processes((30, "python3", 0, "HOME=/root\0")), Login()),
        # what is no connection is none
        (processes((30, "python3", 1, "SSH_CONNECTION=UNKNOWN\0")), Login()),
        (processes((30, "python3", 1, "SSH_CONNECTION=192.0.2.7 1 198.51.100.2 port\0")), Login()),
        (processes((30, "python3", 1, f"MY_{CONNECTION}\0")), Login()),
        # no /proc
        (FakeHost(files={"/proc/30/environ": None, "/proc/30/stat": None}), Login()),
        # a circle, which no host has, ends
        (processes((30, "a", 30, "")), Login()),
    ],
)
def test_the_login_is_that_of_the_nearest_ancestor_with_one(host, login):
    assert current_login(host, process=30) == login


def test_an_ancestor_that_may_not_be_read_is_passed_over():
    host = processes((30, "python3", 20, ""), (20, "sudo", 10, ""), (10, "sh", 1, f"{CONNECTION}\0"))
    host.files["/proc/20/environ"] = Unreadable("/proc/20/environ", "Permission denied")
    assert current_login(host, process=30) == Login("192.0.2.7", 2222, "198.51.100.2")


def test_this_process_is_asked_first(monkeypatch):
    monkeypatch.setenv("SSH_CONNECTION", "203.0.113.9 1234 198.51.100.2 22")
    assert current_login(FakeHost()) == Login("203.0.113.9", 22, "198.51.100.2")


def test_without_a_word_in_the_environment_its_ancestors_are_asked(monkeypatch):
    monkeypatch.delenv("SSH_CONNECTION", raising=False)
    host = processes((os.getpid(), "python3", 10, ""), (10, "sh", 1, f"{CONNECTION}\0"))
    assert current_login(host) == Login("192.0.2.7", 2222, "198.51.100.2")


def freebsd(*generations: tuple[int, int, str]) -> FakeHost:
    """No /proc, and ps with these processes: number, parent's number, environment and command."""
    line = ",".join(str(number) for number, _parent, _shown in generations)
    return FakeHost(
        answers={
            "ps -ax -o pid= -o ppid=": "    1    0\n" + "".join(f"{n:5} {p:5}\n" for n, p, _shown in generations),
            f"ps -ww -e -o pid= -o command= -p {line}": "".join(f"{n:5} {s}\n" for n, _parent, s in generations[::-1]),
        },
        files={"/proc/30/stat": None, "/proc/30/environ": None},
    )


@pytest.mark.parametrize(
    ("host", "login"),
    [
        (
            freebsd(
                (30, 20, "HOME=/root SUDO_USER=deploy /usr/local/bin/python3.12 /tmp/module.py"),
                (20, 10, f"HOME=/home/deploy {CONNECTION} PATH=/bin sudo -H -S -n /bin/sh -c x"),
                (10, 5, "SSH_CONNECTION=203.0.113.9 1 198.51.100.2 22 sh"),
                (5, 1, "sshd: deploy@notty (sshd-session)"),
            ),
            Login("192.0.2.7", 2222, "198.51.100.2"),
        ),
        (freebsd((30, 1, f"{CONNECTION} python3.12")), Login("192.0.2.7", 2222, "198.51.100.2")),
        (freebsd((30, 1, f"MY_{CONNECTION} python3.12")), Login()),
        (freebsd((30, 1, "HOME=/ cron: running job (cron)")), Login()),
    ],
)
def test_where_there_is_no_proc_ps_shows_the_ancestors_environment(host, login):
    assert current_login(host, process=30) == login
