from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checks.interfaces import (
    Interface,
    has_ipv6,
    interfaces,
    outward,
)
from tests.unit.fakes import FakeHost
from tests.unit.module_utils._checks.freebsd_worlds import RELEASES
from tests.unit.module_utils._checks.pf_worlds import pf_said

LOOPBACK = Interface("lo0", ("127.0.0.1", "::1"), ("lo",))
FIRST, SECOND = Interface("vtnet0", ("192.0.2.1",), ("egress",)), Interface("vtnet1", ("10.0.0.1", "fe80::1"))


@pytest.mark.parametrize("platform", RELEASES, ids=lambda platform: platform.version)
def test_what_ifconfig_tells(platform):
    assert interfaces(FakeHost(answers={"ifconfig": pf_said("ifconfig.txt", platform)})) == (
        Interface("vtnet0", ("172.17.0.5", "fe80::5054:ff:fe12:3456")),
        Interface("lo0", ("127.0.0.1", "::1", "fe80::1"), ("lo",)),
    )


@pytest.mark.parametrize(
    ("known", "server", "expected"),
    [
        ((LOOPBACK, FIRST, SECOND), "10.0.0.1", SECOND),
        ((LOOPBACK, FIRST, SECOND), "", FIRST),
        ((LOOPBACK,), "", Interface()),
        ((), "10.0.0.1", Interface()),
    ],
)
def test_the_interface_that_others_come_in_by(known, server, expected):
    assert outward(known, server) == expected


def test_ipv6_counts_where_others_could_use_it():
    assert [has_ipv6((LOOPBACK, FIRST)), has_ipv6((LOOPBACK, SECOND))] == [False, True]
