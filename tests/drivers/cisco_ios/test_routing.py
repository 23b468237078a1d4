"""Marks that policy routing writes behind the back of policies."""

from __future__ import annotations

import pytest

from translator.drivers.cisco_ios import CiscoIos
from translator.verify.explain import explain
from translator.verify.packet import Packet

AUDIO = "udp 10.1.1.10:20001 > 10.2.2.2:50000 dscp 0"
AUDIO_V6 = "udp [2001:db8::1]:20001 > [2001:db8::2]:50000 dscp 0"


@pytest.mark.parametrize(
    ("mark", "bind", "known"),
    [
        ("ipv6 precedence 5", "ipv6 policy route-map PBR", {AUDIO}),
        ("ipv6 dscp ef", "ipv6 policy route-map PBR", {AUDIO}),
        ("ip precedence 5", "ip policy route-map PBR", {AUDIO_V6}),
        ("ipv6 next-hop 2001:db8::9", "ipv6 policy route-map PBR", {AUDIO, AUDIO_V6}),
        ("ipv6 precedence 5", "ip policy route-map PBR", {AUDIO, AUDIO_V6}),
    ],
)
def test_policy_routing_marks_packets_of_its_ip_version(
    mark: str, bind: str, known: set[str]
) -> None:
    text = f"route-map PBR permit 10\n set {mark}\ninterface e0\n {bind}\ninterface e1\n"
    device = CiscoIos().parse(text)
    found = {x for x in (AUDIO, AUDIO_V6) if explain(device, Packet.of(x), "e0", "e1").known}
    assert found == known
