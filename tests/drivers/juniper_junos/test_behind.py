"""What else treats the packets of a port: interfaces of its VLANs, and the bundle it is in."""

from __future__ import annotations

import pytest

from translator.drivers.juniper_junos import JuniperJunos, JuniperJunosQfx, JuniperJunosSrx
from translator.verify import explain
from translator.verify.packet import Packet

UDP = "udp 10.1.1.10:20001 > 10.2.2.2:50000 dscp ef"
TCP = "tcp 10.1.1.10:20001 > 10.2.2.2:443 dscp ef"
MARK = (
    "set firewall family inet filter F term A from protocol udp\n"
    "set firewall family inet filter F term A then dscp cs1\n"
    "set firewall family inet filter F term B then accept\n"
)
VLANS = (
    "set vlans DATA vlan-id 10\n"
    "set vlans DATA l3-interface irb.10\n"
    "set vlans VOICE vlan-id 20\n"
    "set vlans VOICE l3-interface irb.20\n"
)
IRB = MARK + VLANS + "set interfaces irb unit 10 family inet filter {} F\n"
SWITCHED = "set interfaces ge-0/0/1 unit 0 family ethernet-switching {}\n"
COS = (
    "set class-of-service forwarding-classes class VOICE queue-num 5\n"
    "set class-of-service classifiers dscp C forwarding-class VOICE loss-priority low"
    " code-points ef\n"
    "set class-of-service rewrite-rules dscp R forwarding-class {}"
    " code-point cs3\n"
    "set class-of-service interfaces irb unit 10 {}\n"
)
MEMBER = "set interfaces ge-0/0/1 {} 802.3ad ae0\n"


@pytest.mark.parametrize("driver", [JuniperJunos, JuniperJunosQfx, JuniperJunosSrx])
def test_a_filter_that_routed_packets_of_a_port_meet_leaves_these_unknown(driver) -> None:
    text = IRB.format("input") + SWITCHED.format("vlan members DATA")
    device = driver().parse(text)
    found = explain(device, Packet.of(UDP), in_interface="ge-0/0/1.0")
    assert found.verdict == "unknown"
    assert any("routed by irb.10" in reason for reason in found.reasons)
    assert 2 in found.lines
    assert explain(device, Packet.of(UDP), in_interface="ge-0/0/1").verdict == "unknown"
    assert explain(device, Packet.of(TCP), in_interface="ge-0/0/1.0").dscp_out == 46
    assert explain(device, Packet.of(UDP), out_interface="ge-0/0/1.0").dscp_out == 46


@pytest.mark.parametrize(
    ("family", "concerned"),
    [
        ("ethernet-switching vlan members DATA", True),
        ("ethernet-switching vlan members 10", True),
        ("ethernet-switching vlan members VOICE", False),
        ("ethernet-switching vlan members 20", False),
        ("ethernet-switching", False),
        ("ethernet-switching vlan members all", True),
        ("ethernet-switching vlan members 5-15", True),
        ("ethernet-switching vlan members UNKNOWN", True),
        ("ethernet-switching interface-mode trunk", True),
        ("ethernet-switching vlan members VOICE\nset vlans DATA interface ge-0/0/1.0", True),
        ("ethernet-switching vlan members VOICE\nset interfaces ge-0/0/1 native-vlan-id 10", True),
        (
            "ethernet-switching vlan members VOICE\n"
            "set switch-options voip interface ge-0/0/1.0 vlan DATA",
            True,
        ),
        ("bridge interface-mode access vlan-id 10", True),
        ("bridge interface-mode access vlan-id 20", False),
        ("inet address 192.0.2.1/24", False),
    ],
)
def test_ports_outside_its_vlan_are_of_no_concern_to_a_filter(
    ask, family: str, *, concerned: bool
) -> None:
    unit = f"set interfaces ge-0/0/1 unit 0 family {family}\n".replace(
        "access vlan-id", "access\nset interfaces ge-0/0/1 unit 0 family bridge vlan-id"
    )
    found = ask(IRB.format("input") + unit, UDP, in_interface="ge-0/0/1.0")
    assert found.verdict == ("unknown" if concerned else "known")


def test_older_switches_and_bridge_domains_name_what_routes_as_well(ask) -> None:
    for vlan, irb in (
        ("set vlans DATA l3-interface vlan.10", "vlan"),
        ("set bridge-domains DATA routing-interface irb.10", "irb"),
        ("set routing-instances S bridge-domains DATA routing-interface irb.10", "irb"),
    ):
        text = MARK + f"{vlan}\nset interfaces {irb} unit 10 family inet filter output F\n"
        text += SWITCHED.format("vlan members DATA")
        assert ask(text, UDP, out_interface="ge-0/0/1.0").verdict == "unknown"
        assert ask(text, UDP, in_interface="ge-0/0/1.0").verdict == "known"


def test_tables_of_what_routes_leave_unknown_what_they_decide(ask) -> None:
    port = VLANS + SWITCHED.format("vlan members DATA") + "set interfaces irb unit 10\n"
    way = {"in_interface": "ge-0/0/1.0", "out_interface": "ge-0/0/1.0"}
    rewriting = port + COS.format("best-effort loss-priority high", "rewrite-rules dscp R")
    assert ask(rewriting, UDP, **way).verdict == "unknown"
    assert ask(rewriting.replace("best-effort", "VOICE"), UDP, **way).dscp_out == 46
    own = "set class-of-service interfaces ge-0/0/1 unit 0 rewrite-rules dscp R\n"
    assert ask(rewriting + own, UDP, **way).dscp_out == 24
    classified = port + COS.format("VOICE loss-priority low", "classifiers dscp C") + own
    assert ask(classified, UDP, **way).verdict == "unknown"
    assert ask(classified, UDP.replace("ef", "af11"), **way).verdict == "known"


def test_one_interface_of_many_routes_a_packet(ask) -> None:
    many = "".join(
        f"set vlans V{at} l3-interface irb.{at}\n"
        f"set interfaces irb unit {at} family inet filter input F\n"
        for at in range(100, 300)
    )
    text = MARK + many + SWITCHED.format("interface-mode trunk")
    assert ask(text, UDP, in_interface="ge-0/0/1.0").verdict == "unknown"
    assert ask(text, TCP, in_interface="ge-0/0/1.0").dscp_out == 46


@pytest.mark.parametrize("word", ["gigether-options", "ether-options"])
def test_a_member_is_what_its_bundle_is(ask, word: str) -> None:
    text = MARK + MEMBER.format(word) + "set interfaces ae0 unit 0 family inet filter input F\n"
    for name in ("ae0.0", "ge-0/0/1", "ge-0/0/1.0"):
        found = ask(text, UDP, in_interface=name)
        assert (found.verdict, found.dscp_out) == ("known", 8)
    assert ask(text, UDP, in_interface="ge-0/0/2.0").dscp_out == 46
    # Of several units one has to be named.
    several = text + "set interfaces ae0 unit 7 family inet\n"
    assert ask(several, UDP, in_interface="ge-0/0/1").verdict == "unknown"
    member = {item.name: item for item in JuniperJunos().parse(text).interfaces}["ge-0/0/1"]
    assert (member.lines, member.ingress_policy) == ((), None)


def test_a_member_of_a_switched_bundle_is_in_its_vlans(ask) -> None:
    text = IRB.format("input") + MEMBER.format("ether-options")
    text += SWITCHED.replace("ge-0/0/1", "ae0").format("vlan members DATA")
    assert ask(text, UDP, in_interface="ge-0/0/1").verdict == "unknown"
    assert ask(text, TCP, in_interface="ge-0/0/1").verdict == "known"


def test_a_member_with_qos_of_its_own_is_known_where_its_bundle_has_the_same(ask) -> None:
    own = "set interfaces ge-0/0/1 unit 0 family inet filter input F\n"
    text = MARK + MEMBER.format("gigether-options") + own
    assert ask(text, UDP, in_interface="ge-0/0/1.0").dscp_out == 8
    assert ask(text + own.replace("ge-0/0/1", "ae0"), UDP, in_interface="ge-0/0/1").dscp_out == 8
    other = own.replace("ge-0/0/1", "ae0").replace("input", "output")
    assert ask(text + other, UDP, in_interface="ge-0/0/1").verdict == "unknown"
    assert ask(text + other, UDP, out_interface="ge-0/0/1.0").verdict == "unknown"
