"""Packets that are encrypted, or get other addresses, before output classes look at them."""

from __future__ import annotations

import pytest

from translator.drivers.cisco_ios import CiscoIos
from translator.intents.pipeline import Service
from translator.verify.explain import Explanation, explain
from translator.verify.packet import Packet

POLICY = """ip access-list extended OFFICE
 permit udp 10.1.0.0 0.0.255.255 any range 3478 3481
ip access-list extended PORTS
 permit udp any any range 3478 3481
class-map match-any EF
 match dscp ef
class-map match-any OFFICE
 match access-group name OFFICE
class-map match-any PORTS
 match access-group name PORTS
policy-map OUT
 class EF
  priority percent 10
 class {name}
  bandwidth percent 20
policy-map SHAPED
 class class-default
  shape average 5000000
  service-policy OUT
"""
MEDIA = "udp 10.1.1.10:50000 > 198.51.100.9:3478 dscp 0"
WEB = "tcp 10.1.1.10:50000 > 198.51.100.9:443 dscp 0"
VOICE = "udp 10.1.1.10:50000 > 198.51.100.9:5000 dscp 46"
MEDIA_V6 = "udp [2001:db8::1]:50000 > [2001:db8::2]:3478 dscp 0"


def leaving(lines: str, packet: str, name: str = "PORTS", policy: str = "SHAPED") -> Explanation:
    text = POLICY.format(name=name)
    text += f"interface Gi0/0\n{lines} service-policy output {policy}\n!\n"
    text += "crypto map VPN 10 ipsec-isakmp\n set peer 203.0.113.1\n match address TO-HUB\n!\n"
    text += "crypto map SEEN 10 ipsec-isakmp\n match address TO-HUB\n qos pre-classify\n!\n"
    text += "crypto map OPEN 10 ipsec-isakmp dynamic ANYBODY\n!\n"
    text += "ip access-list extended TO-HUB\n permit ip any 198.51.100.0 0.0.0.255\n"
    return explain(CiscoIos().parse(text), Packet.of(packet), out_interface="Gi0/0")


@pytest.mark.parametrize("policy", ["OUT", "SHAPED"])
@pytest.mark.parametrize("name", ["VPN", "OPEN", "NOWHERE"])
def test_ports_of_what_is_encrypted_before_are_not_seen(name: str, policy: str) -> None:
    answer = leaving(f" crypto map {name}\n", MEDIA, policy=policy)
    assert answer.verdict == "unknown"
    assert answer.reasons == (
        f"line 21: crypto map {name} may encrypt packets before class PORTS looks at them",
    )


@pytest.mark.parametrize(
    ("lines", "packet", "service"),
    [
        ("", MEDIA, Service.GUARANTEED),
        (" crypto map VPN\n", VOICE, Service.PRIORITY),  # the ToS byte is copied
        (" crypto map VPN\n", WEB, Service.BEST_EFFORT),
        (" crypto map SEEN\n", MEDIA, Service.GUARANTEED),
        (" crypto map VPN\n", MEDIA.replace("198.51.100", "192.0.2"), Service.GUARANTEED),
        (" crypto map VPN\n", MEDIA_V6.replace("3478", "443"), Service.BEST_EFFORT),
    ],
)
def test_what_is_not_hidden_is_known(lines: str, packet: str, service: Service) -> None:
    answer = leaving(lines, packet)
    assert (answer.verdict, answer.service) == ("known", service)


@pytest.mark.parametrize("role", ["outside", "enable"])
def test_sources_are_not_those_that_came_in_where_they_are_translated(role: str) -> None:
    answer = leaving(f" ip nat {role}\n", MEDIA, name="OFFICE")
    assert answer.verdict == "unknown"
    assert answer.reasons[0].startswith(f"line 21: ip nat {role} may translate addresses")
    stranger = leaving(f" ip nat {role}\n", MEDIA.replace("10.1.1.10", "192.0.2.1"), name="OFFICE")
    assert stranger.verdict == "unknown"  # its new address may be one of the class


@pytest.mark.parametrize(
    ("role", "packet", "name"),
    [
        ("outside", WEB, "OFFICE"),
        ("outside", VOICE, "OFFICE"),
        ("outside", MEDIA, "PORTS"),
        ("inside", MEDIA, "OFFICE"),
        ("outside", MEDIA_V6, "OFFICE"),
    ],
)
def test_translation_concerns_what_asks_for_the_new_address_alone(
    role: str, packet: str, name: str
) -> None:
    answer = leaving(f" ip nat {role}\n", packet, name=name)
    assert answer.verdict == "known"
    assert f"line 21: ip nat {role} is taken to leave ports as they are" in answer.notes


def test_hosts_outside_that_get_other_addresses_are_not_seen_as_they_came_in() -> None:
    lines = " ip nat inside\nip nat outside source static 198.51.100.9 10.9.9.9\ninterface Gi0/0\n"
    assert leaving(lines, MEDIA, name="OFFICE").verdict == "unknown"
