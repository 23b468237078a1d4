"""Policies that stand where packets of an interface go through: members, circuits, VLANs."""

from __future__ import annotations

import pytest

from translator.drivers.cisco_ios import CiscoIos
from translator.intents.pipeline import Service
from translator.verify.explain import Explanation, explain
from translator.verify.packet import Packet

VOICE = "udp 10.1.1.10:20001 > 10.2.2.2:50000 dscp 46"
DATA = "tcp 10.1.1.10:40000 > 10.2.2.2:443 dscp 0"
MEDIA = "udp 10.1.1.10:40000 > 10.2.2.2:3478 dscp 0"
POLICY = """ip access-list extended MEDIA
 permit udp any any eq 3478
class-map match-any EF
 match dscp ef
class-map match-any MEDIA
 match access-group name MEDIA
policy-map OUT
 class EF
  priority percent 20
 class MEDIA
  bandwidth percent 20
policy-map IN
 class EF
  set dscp cs5
"""
BOUND = " service-policy output OUT\n"
GIG = "interface GigabitEthernet0/0\n"


def leaving(text: str, interface: str, packet: str = VOICE) -> Explanation:
    return explain(CiscoIos().parse(POLICY + text), Packet.of(packet), out_interface=interface)


@pytest.mark.parametrize(
    ("beneath", "interface"),
    [
        (f"{GIG} channel-group 1 mode active\n{BOUND}", "Port-channel1"),
        (f"{GIG} channel-group 1\n{BOUND}", "Port-channel1.10"),
        (f"interface Serial0/0\n ppp multilink group 1\n{BOUND}", "Multilink1"),
        (f"{GIG} service instance 7 ethernet\n  bridge-domain 1\n {BOUND}", "BDI1"),
        (f"{GIG} service instance 7 ethernet\n  bridge-domain 1\n !\n{BOUND}", "BDI1"),
        (f"{GIG} pppoe-client dial-pool-number 1\n{BOUND}", "Dialer9"),
        (f"interface ATM0/0\n pvc 1/32\n  dialer pool-member 1\n {BOUND}", "Dialer9"),
        (f"{GIG}{BOUND}", "Tunnel1"),
    ],
)
def test_a_policy_beneath_an_interface_may_serve_its_packets(beneath: str, interface: str) -> None:
    own = " tunnel source GigabitEthernet0/0\n" if interface == "Tunnel1" else ""
    own += " dialer pool 1\n" if interface == "Dialer9" else ""
    text = f"{beneath}interface {interface}\n ip address 10.0.0.1 255.0.0.0\n{own}"
    answer = leaving(text, interface)
    assert answer.verdict == "unknown"
    assert "go through" in answer.reasons[0] or "where OUT is bound" in answer.reasons[0]
    data = leaving(text, interface, DATA)
    assert (data.verdict, data.service) == ("known", Service.BEST_EFFORT)
    bare = leaving(text.replace("service-policy", "description"), interface)
    assert (bare.verdict, bare.service) == ("known", Service.BEST_EFFORT)


@pytest.mark.parametrize(
    "text",
    [
        f"{GIG} channel-group 2\n{BOUND}interface Port-channel1\n",
        f"{GIG} channel-group 1\n shutdown\n{BOUND}interface Port-channel1\n",
        f"{GIG} shutdown\n service instance 7 ethernet\n  bridge-domain 1\n {BOUND}"
        "interface BDI1\ninterface Port-channel1\n",
        f"{GIG} channel-group 1\n service-policy input IN\ninterface Port-channel1\n",
        f"{GIG} channel-group 11\n{BOUND}interface Port-channel1\ninterface Port-channel11\n",
    ],
)
def test_what_does_not_serve_the_bundle_leaves_it_known(text: str) -> None:
    for name in ("Port-channel1", "BDI1"):
        assert leaving(text, name).verdict == "known"


def test_two_policies_on_the_way_out_are_unknown() -> None:
    text = f"{GIG} channel-group 1\n{BOUND}interface Port-channel1\n{BOUND}"
    assert leaving(text, "Port-channel1").verdict == "unknown"


@pytest.mark.parametrize("source", ["GigabitEthernet0/0", "Loopback0", "192.0.2.1"])
@pytest.mark.parametrize(("seen", "verdict"), [("", "unknown"), (" qos pre-classify\n", "known")])
def test_the_header_around_a_packet_hides_its_ports(source: str, seen: str, verdict: str) -> None:
    text = f"{GIG}{BOUND}interface Loopback0\ninterface Tunnel1\n tunnel source {source}\n{seen}"
    fact = "packets of Tunnel1 leave where OUT is bound"
    answer = leaving(text, "Tunnel1", f'{MEDIA} with "{fact}"')
    assert answer.verdict == verdict
    voice = leaving(text, "Tunnel1", f'{VOICE} with "{fact}"')
    assert (voice.verdict, voice.service) == ("known", Service.PRIORITY)


def test_a_tunnel_with_a_policy_of_its_own_is_judged_by_it() -> None:
    text = f"{GIG}{BOUND}interface Tunnel1\n tunnel source GigabitEthernet0/0\n{BOUND}"
    assert leaving(text, "Tunnel1", MEDIA).verdict == "known"


@pytest.mark.parametrize("line", ["switchport access vlan 10", "switchport voice vlan 10"])
def test_the_policy_of_a_vlan_may_serve_what_enters_its_ports(line: str) -> None:
    text = f"{GIG} switchport mode access\n {line}\ninterface Vlan10\n service-policy input IN\n"
    device = CiscoIos().parse(POLICY + text)
    answer = explain(device, Packet.of(VOICE), in_interface="GigabitEthernet0/0")
    assert answer.verdict == "unknown"
    assert answer.reasons == ("it hangs on what no header shows: packets are routed by Vlan10",)
    data = explain(device, Packet.of(DATA), in_interface="GigabitEthernet0/0")
    assert data.verdict == "known"
    other = CiscoIos().parse(POLICY + text.replace("Vlan10", "Vlan11"))
    assert explain(other, Packet.of(VOICE), in_interface="Gi0/0").verdict == "known"
