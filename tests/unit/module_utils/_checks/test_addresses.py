from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checks.addresses import is_inside


@pytest.mark.parametrize(
    ("address", "network", "answer"),
    [
        ("192.0.2.7", "192.0.2.0/24", True),
        ("192.0.2.7", "192.0.2.7", True),
        ("192.0.2.7", "192.0.2.99/24", True),
        ("198.51.100.7", "192.0.2.0/24", False),
        ("2001:db8::7", "192.0.2.0/24", False),
        ("fe80::7%eth0", "fe80::/10", True),
        ("192.0.2.7", "ipset:friends", None),
        ("192.0.2.7", "00:11:22:33:44:55", None),
        ("", "192.0.2.0/24", None),
    ],
)
def test_a_network_holds_its_addresses_and_a_name_none(address, network, answer):
    assert is_inside(address, network) is answer
