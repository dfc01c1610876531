"""Addresses: how who asks is told apart where there is no key."""

from __future__ import annotations

import pytest

from api.guards.addresses import network_of


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("x", None),
        ("", None),
    ],
)
def test_of_ipv6_a_network_counts_as_one(address, counted):
    assert network_of(address) == counted
