# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which sockets wait for others, and by which program: told by ss on Linux and by sockstat on FreeBSD.

Sources for sockstat: sockstat(1) and usr.bin/sockstat of freebsd/freebsd-src. Its text is the one form that 14.x and
15.x both print (`--libxo` came with 15.0). It cuts a program's name after ten letters, writes `*` for any address and
an IPv6 address without brackets, and `?` (14.x) or `??` (15.x) for a socket that no process holds. `-l` also lists TCP
sockets that are bound and do not listen; only `-s` tells them apart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import lookup

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform

SS_TCP, SS = ("ss", "-Hltn"), ("ss", "-Hltunp")
# Both address families, listening, without a headline, whole addresses, with the state of TCP.
SOCKSTAT = ("sockstat", "-46lqsw", "-P", "tcp,udp")
# The command that answers for TCP alone, without names, and the one that answers for everything.
TCP_QUESTIONS: Mapping[str, tuple[str, ...]] = {"*": SS_TCP, "freebsd": SOCKSTAT}
QUESTIONS: Mapping[str, tuple[str, ...]] = {"*": SS, "freebsd": SOCKSTAT}
LOOPBACK = ("127.", "::1", "::ffff:127.")
# What sockstat prints of a socket behind its user and program: process, descriptor, protocol, both addresses, states.
ROW = re.compile(r"\S+\s+(.+?)\s+(?:\d+|\?+)\s+(?:\d+|\?+)\s+(tcp|udp)(?:46|4|6)?\s+(\S+):(\d+)\s+\S+(.*)")


@dataclass(frozen=True)
class Socket:
    """A socket that waits: `tcp` or `udp`, the address and the port that it is bound to, and who holds it, if told."""

    protocol: str
    address: str
    port: int
    programs: tuple[str, ...] = ()

    @property
    def is_local(self) -> bool:
        """Only this host itself can reach it."""
        address, _sign, interface = self.address.partition("%")
        return address.strip("[]").startswith(LOOPBACK) or interface == "lo0"

    @property
    def words(self) -> str:
        """The socket for people (`80/tcp (nginx)`)."""
        return f"{self.port}/{self.protocol} ({self.programs[0] if self.programs else 'unknown'})"


def tcp_ports(host: HostReader, platform: Platform) -> frozenset[int]:
    """The ports of this host that something listens on over TCP, at whatever address."""
    return frozenset(socket.port for socket in _asked(host, platform, TCP_QUESTIONS) if socket.protocol == "tcp")


def holders(host: HostReader, platform: Platform, port: int) -> tuple[str, ...]:
    """The programs with a TCP listener on this port, at whatever address: any is in another's way."""
    found = [socket for socket in sockets(host, platform) if (socket.protocol, socket.port) == ("tcp", port)]
    return tuple(dict.fromkeys(name for socket in found for name in socket.programs or ("unknown",)))


def reachable(host: HostReader, platform: Platform) -> tuple[Socket, ...]:
    """The sockets that outsiders can reach, as far as addresses tell."""
    return tuple(socket for socket in sockets(host, platform) if not socket.is_local)


def sockets(host: HostReader, platform: Platform) -> tuple[Socket, ...]:
    """All sockets that wait, of TCP and UDP, with the programs that hold them."""
    return _asked(host, platform, QUESTIONS)


def _asked(host: HostReader, platform: Platform, questions: Mapping[str, tuple[str, ...]]) -> tuple[Socket, ...]:
    argv = lookup(questions, platform)
    return PARSERS[argv](host.query(argv).stdout)


def from_ss_tcp(text: str) -> tuple[Socket, ...]:
    """`ss -Hltn` prints state, two queues, local and peer address."""
    rows = [line.split() for line in text.splitlines()]
    return tuple(_bound("tcp", row[3]) for row in rows if len(row) > 3)


def from_ss(text: str) -> tuple[Socket, ...]:
    """`ss -Hltunp` prints the same behind a protocol, and the processes at the end."""
    return tuple(_rows_of_ss(text))


def _rows_of_ss(text: str) -> Iterator[Socket]:
    for line in text.splitlines():
        row = line.split()
        if len(row) > 5:
            yield _bound(row[0], row[4], tuple(re.findall(r'\("([^"]+)",pid=', line)))


def _bound(protocol: str, local: str, programs: tuple[str, ...] = ()) -> Socket:
    address, _colon, port = local.rpartition(":")
    return Socket(protocol, address, int(port), programs)


def from_sockstat(text: str) -> tuple[Socket, ...]:
    """A socket without a port waits for nobody; a socket of several processes has a row for each."""
    rows = [found for found in map(ROW.fullmatch, text.splitlines()) if found]
    waiting = [row for row in rows if row.group(2) == "udp" or "LISTEN" in row.group(5).split()]
    return tuple(Socket(row.group(2), row.group(3), int(row.group(4)), _name(row.group(1))) for row in waiting)


def _name(program: str) -> tuple[str, ...]:
    return () if program.strip("?") == "" else (program,)


PARSERS = {SS_TCP: from_ss_tcp, SS: from_ss, SOCKSTAT: from_sockstat}
