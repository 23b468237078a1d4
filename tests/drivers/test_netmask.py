"""Masks of addresses are those of firewalls: the set bits are compared, wherever they stand."""

from __future__ import annotations

from ipaddress import IPv4Address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.drivers.netmask import network_of, networks_of

_WORDS = st.integers(0, 0xFFFFFFFF)


@given(_WORDS, _WORDS, st.lists(st.integers(0, 31), max_size=4), st.integers(0, 32))
def test_an_address_is_in_it_where_the_set_bits_agree(address, other, holes, length):
    mask = 0xFFFFFFFF << 32 - length & 0xFFFFFFFF
    for bit in holes:
        mask &= ~(1 << bit)
    found = networks_of(f"{IPv4Address(address)}/{IPv4Address(mask)}")
    for asked in (address, other, address ^ ~mask & 0xFFFFFFFF, address & mask | other & ~mask):
        inside = any(IPv4Address(asked) in network for network in found)
        assert inside is (asked & mask == address & mask)


@pytest.mark.parametrize(
    ("text", "network"),
    [
        ("10.1.2.3/255.255.0.0", "10.1.0.0/16"),
        ("10.1.2.3/0.0.0.0", "0.0.0.0/0"),
        ("10.1.2.3/255.255.255.255", "10.1.2.3/32"),
        ("10.1.2.3/9", "10.0.0.0/9"),
        ("2001:db8::1/32", "2001:db8::/32"),
    ],
)
def test_contiguous_masks(text, network):
    assert network_of(text) == ip_network(network)
    assert networks_of(text) == (ip_network(network),)


@pytest.mark.parametrize("text", ["0.0.0.10/0.0.0.255", "10.0.0.0/255.0.254.0", "10.0.0.0/0.0.0.1"])
def test_a_mask_with_holes_is_no_network(text):
    with pytest.raises(ValueError, match="not contiguous"):
        network_of(text)


@pytest.mark.parametrize("text", ["0.0.0.10/0.0.0.255", "10.0.0.0/255.0.255.0"])
def test_masks_with_many_holes_are_not_followed(text):
    with pytest.raises(ValueError, match="stands for"):
        networks_of(text)
