"""The text form of a packet."""

from __future__ import annotations

import pytest
from hypothesis import given
from verify import randoms

from translator.errors import UsageError
from translator.verify.packet import Packet


@given(randoms.packets)
def test_a_packet_reads_back_as_it_is_written(packet):
    assert Packet.of(str(packet)) == packet


def test_all_parts_of_the_form_are_read():
    packet = Packet.of("udp 10.1.1.10:20001 > 10.2.2.2:50000 dscp ef ecn 2")
    assert (packet.version, packet.protocol, packet.tos) == (4, 17, 46 << 2 | 2)
    assert (packet.source_port, packet.destination_port) == (20001, 50000)
    assert str(packet) == "udp 10.1.1.10:20001 > 10.2.2.2:50000 dscp 46 ecn 2"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("udp [2001:db8::1]:20001 > [2001:db8::2]:5 dscp 0", None),
        ("icmp 10.0.0.1 > 10.0.0.2", "icmp 10.0.0.1 > 10.0.0.2 dscp 0"),
        ("47 10.0.0.1 > 10.0.0.2 dscp cs1", "gre 10.0.0.1 > 10.0.0.2 dscp 8"),
        ("TCP 1.1.1.1:1 > 2.2.2.2:2 tos 0xb8", "tcp 1.1.1.1:1 > 2.2.2.2:2 dscp 46"),
        ("icmpv6 2001:db8::1 > 2001:db8::2", "icmp6 [2001:db8::1] > [2001:db8::2] dscp 0"),
        ("udp 1.1.1.1 > 2.2.2.2 dscp 0 fragment", None),
        ('udp 1.1.1.1:1 > 2.2.2.2:2 dscp 0 with "nbar rtp"', None),
    ],
)
def test_forms(text, written):
    assert str(Packet.of(text)) == (written or text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "udp 10.1.1.1:1",
        "udp 10.1.1.1:1 10.2.2.2:2",
        "ufo 10.1.1.1:1 > 10.2.2.2:2",
        "udp 10.1.1.1:65536 > 10.2.2.2:2",
        "udp 10.1.1.300:1 > 10.2.2.2:2",
        "udp 10.1.1.1:1 > [2001:db8::1]:2",
        "udp 10.1.1.1:1 > 10.2.2.2:2 dscp 64",
        "udp 10.1.1.1:1 > 10.2.2.2:2 dscp",
        "udp 10.1.1.1:1 > 10.2.2.2:2 dscp 1 dscp 2",
        "udp 10.1.1.1:1 > 10.2.2.2:2 ecn 4",
        "udp 10.1.1.1:1 > 10.2.2.2:2 tos 256",
        "udp 10.1.1.1:1 > 10.2.2.2:2 tos 0xb8 dscp 46",
        "udp 10.1.1.1:1 > 10.2.2.2:2 color red",
        "256 10.1.1.1:1 > 10.2.2.2:2",
    ],
)
def test_anything_else_is_one_clear_error(text):
    with pytest.raises(UsageError) as caught:
        Packet.of(text)
    assert repr(text) in str(caught.value)
    assert "udp 10.1.1.10:20001 > 10.2.2.2:50000 dscp 0" in caught.value.hint
