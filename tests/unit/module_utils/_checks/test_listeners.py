"""Sockets as ss and sockstat print them; sockstat's rows are derived from its source (see the fixtures' README)."""

from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import listeners
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.listeners import Socket
from tests.unit.fakes import FakeHost
from tests.unit.module_utils._checks.freebsd_worlds import FREEBSD_14, FREEBSD_15, said
from tests.unit.module_utils._checks.worlds import CENTOS, UBUNTU, raw

SS, SS_TCP, SOCKSTAT = (" ".join(argv) for argv in (listeners.SS, listeners.SS_TCP, listeners.SOCKSTAT))
SHARED = 'tcp LISTEN 0 511 0.0.0.0:80 0.0.0.0:* users:(("nginx",pid=7,fd=6),("nginx",pid=8,fd=6),("php",pid=9,fd=0))\n'
NOBODYS = "?        ?          ?     ?   tcp4   *:2049  *:*              LISTEN\n"
NOBODYS_15 = "??    ??          ?? ?? tcp4  *:2049        *:*             ??         LISTEN    \n"


def test_linux_is_asked_by_ss_and_freebsd_by_sockstat():
    for platform, asked in ((UBUNTU, SS_TCP), (CENTOS, SS_TCP), (FREEBSD_14, SOCKSTAT), (FREEBSD_15, SOCKSTAT)):
        host = FakeHost(answers={asked: ""})
        assert (listeners.tcp_ports(host, platform), host.asked) == (frozenset(), [asked])


def test_ports_are_read_from_every_kind_of_address_of_ss():
    text = raw("prepared/ss-Hltn.txt") + (
        "LISTEN 0      4096   127.0.0.53%lo:53 0.0.0.0:*\nLISTEN 0      511                *:80       *:*\n\n"
    )
    assert listeners.tcp_ports(FakeHost(answers={SS_TCP: text}), UBUNTU) == {22, 53, 80}


def test_every_process_that_holds_a_port_is_named_by_ss():
    host = FakeHost(answers={SS: SHARED + "tcp LISTEN 0 64 *:2049 *:*\n"})
    assert listeners.holders(host, UBUNTU, 80) == ("nginx", "php")
    assert listeners.holders(host, UBUNTU, 2049) == ("unknown",)
    assert listeners.holders(host, UBUNTU, 22) == ()


@pytest.mark.parametrize("platform", [FREEBSD_14, FREEBSD_15])
def test_sockstat_tells_address_port_and_program(platform):
    host = FakeHost(answers={SOCKSTAT: said("fresh/sockstat.txt", platform)})
    assert listeners.sockets(host, platform) == (
        Socket("tcp", "*", 22, ("sshd",)),
        Socket("tcp", "*", 22, ("sshd",)),
        Socket("udp", "*", 514, ("syslogd",)),
        Socket("udp", "*", 514, ("syslogd",)),
    )
    assert (listeners.tcp_ports(host, platform), listeners.holders(host, platform, 22)) == ({22}, ("sshd",))


@pytest.mark.parametrize("platform", [FREEBSD_14, FREEBSD_15])
def test_what_is_bound_to_a_loopback_reaches_nobody_outside(platform):
    host = FakeHost(answers={SOCKSTAT: said("prepared/sockstat.txt", platform)})
    found = [socket for socket in listeners.reachable(host, platform) if socket.port == 123]
    assert [socket.address for socket in found] == ["*", "*", "fe80::5054:ff:fe12:3456%vtnet0", "172.17.0.5"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (NOBODYS, (Socket("tcp", "*", 2049),)),
        (NOBODYS_15, (Socket("tcp", "*", 2049),)),
        ("root     my prog    7     3   tcp46  *:80  *:*      LISTEN\n", (Socket("tcp", "*", 80, ("my prog",)),)),
        ("root     sshd       7     3   tcp4   *:22  *:*      CLOSED\n", ()),
        ("root     dhclient   7     3   udp4   *:*   *:*\n", ()),
        ("root     dhclient   7     3   udp4   *:68  *:*\n", (Socket("udp", "*", 68, ("dhclient",)),)),
    ],
    ids=["no process, 14", "no process, 15", "a name with a blank", "bound only", "no port", "a client"],
)
def test_a_row_of_sockstat(text, expected):
    assert listeners.from_sockstat(text) == expected


def test_words_for_people():
    assert [Socket("tcp", "*", 80, ("nginx",)).words, Socket("udp", "*", 123).words] == [
        "80/tcp (nginx)",
        "123/udp (unknown)",
    ]
