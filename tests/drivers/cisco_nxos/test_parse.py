"""Traps of NX-OS texts: what looks like IOS and means something else, and what is not known."""

from __future__ import annotations

import pytest

from translator.drivers.registry import driver
from translator.errors import ParseError
from translator.intents.device import DeviceQos
from translator.verify.explain import Explanation, explain
from translator.verify.packet import Packet

NXOS = driver("cisco_nxos")
AUDIO = "udp 10.1.1.10:20001 > 10.2.2.2:50000 dscp 0"
WEB = "tcp 10.1.1.10:50001 > 10.2.2.2:443 dscp 0"
POLICY = """\
policy-map type qos P
  class C
    set dscp 46
    set qos-group 7
"""
BOUND = "interface Ethernet1/1\n  service-policy type qos input P\n"
QUEUES = """\
policy-map type queuing Q
  class type queuing c-out-8q-q7
    priority level 1
  class type queuing c-out-8q-q3
    bandwidth remaining percent 30
  class type queuing c-out-8q-q-default
    bandwidth remaining percent 50
"""


def parsed(*parts: str) -> DeviceQos:
    return NXOS.parse("".join(parts), file="text")


def of(
    device: DeviceQos, packet: str, enters: str = "Ethernet1/1", leaves: str = ""
) -> Explanation:
    return explain(device, Packet.of(packet), enters, leaves or None)


def mark(device: DeviceQos, packet: str, enters: str = "Ethernet1/1") -> int | str:
    """Return the code point with which a packet goes on, or "unknown"."""
    seen = of(device, packet, enters)
    return int(seen.dscp_out) if seen.known and seen.dscp_out is not None else "unknown"


def list_of(*entries: str) -> str:
    lines = "".join(f"  {entry}\n" for entry in entries)
    return f"ip access-list L\n{lines}class-map type qos match-any C\n  match access-group name L\n"


def test_a_denying_entry_matches_as_a_permitting_one_does():
    text = list_of("10 deny udp any range 20000 20039 any", "20 permit tcp any any eq 443")
    device = parsed(text, POLICY, BOUND)
    assert mark(device, AUDIO) == 46
    assert mark(device, WEB) == 46
    assert mark(device, "tcp 10.1.1.10:50001 > 10.2.2.2:80 dscp 0") == 0
    assert any("denies" in note for note in device.notes)


def test_counting_entries_is_no_entry_and_prefixes_and_masks_are_read_alike():
    text = list_of("statistics per-entry", "10 permit ip 10.1.1.0/24 any",
                   "20 permit ip 10.9.0.0 0.0.255.255 host 10.2.2.2")  # fmt: skip
    device = parsed(text, POLICY, BOUND)
    assert device.unread == ()
    assert mark(device, AUDIO) == 46
    assert mark(device, AUDIO.replace("10.1.1.10", "10.9.3.4")) == 46
    assert mark(device, AUDIO.replace("10.1.1.10", "10.8.3.4")) == 0


@pytest.mark.parametrize("entry", [
    "10 permit udp addrgroup G any",
    "10 permit udp any any packet-length gt 1000",
    "fragments deny-all",
])  # fmt: skip
def test_an_entry_that_is_not_known_makes_its_class_unknown(entry: str):
    device = parsed(list_of(entry), POLICY, BOUND)
    assert [item.text for item in device.unread] == [entry]
    assert mark(device, AUDIO) == "unknown"


@pytest.mark.parametrize(("lines", "points"), [
    ("match dscp 32, 40, 46", {32, 40, 46}),
    ("match dscp 8-10,46", {8, 9, 10, 46}),
    ("match dscp ef af41,cs3", {46, 34, 24}),
    ("match precedence 5-6", {*range(40, 56)}),
])  # fmt: skip
def test_commas_ranges_and_names_of_values(lines: str, points: set[int]):
    device = parsed(f"class-map type qos match-any C\n  {lines}\n", POLICY, BOUND)
    seen = {point for point in range(64) if of(device, f"{AUDIO[:-1]}{point}").class_name == "C"}
    assert seen == points


ALL = "class-map type qos match-all C\n  match dscp 46\n  match access-group name L\n"


def test_match_all_is_known_only_where_match_any_says_the_same():
    device = parsed("ip access-list L\n  10 permit udp any any\n", ALL, POLICY, BOUND)
    assert of(device, AUDIO.replace("dscp 0", "dscp 46")).class_name == "C"
    assert mark(device, AUDIO) == "unknown", "it fits one line of two"
    assert mark(device, WEB) == 0, "it fits none"
    assert any("match-all" in note for note in device.notes)


def test_match_all_with_one_line_is_that_line():
    device = parsed("class-map type qos match-all C\n  match dscp 46\n", POLICY, BOUND)
    assert mark(device, AUDIO) == 0
    assert not any("match-all" in note for note in device.notes)


def test_types_have_names_of_their_own_and_none_is_qos():
    text = (
        "class-map C\n  match dscp 34\n"
        "class-map type queuing match-any C\n  match qos-group 3\n"
        "class-map type network-qos C\n  match qos-group 1\n"
        "policy-map P\n  class type qos C\n    set dscp 10\n"
        "policy-map type queuing P\n  class type queuing C\n    priority level 1\n"
        "  class type queuing class-default\n"
        "policy-map type network-qos P\n  class type network-qos C\n    mtu 9216\n"
        "interface Ethernet1/1\n  service-policy input P\n"
        "interface Ethernet1/2\n  service-policy type queuing output P\n"
    )
    device = parsed(text)
    assert device.unread == ()
    assert mark(device, AUDIO.replace("dscp 0", "dscp 34")) == 10
    assert {item.name for item in device.policies} == {"P", "queuing P"}
    assert of(device, AUDIO, leaves="Ethernet1/2").service == "best-effort"


def test_the_qos_group_of_the_entry_chooses_the_queue_of_the_exit():
    out = "interface Ethernet1/2\n  service-policy type queuing output Q\n"
    device = parsed(list_of("10 permit udp any any"), POLICY, QUEUES, BOUND, out)
    assert of(device, AUDIO, leaves="Ethernet1/2").service == "priority"
    assert of(device, WEB, leaves="Ethernet1/2").class_name == "c-out-8q-q-default"
    other = of(device, AUDIO, "Ethernet1/9", "Ethernet1/2")
    assert other.service == "guaranteed", "no policy gave it another group than 0"
    lost = explain(device, Packet.of(AUDIO), None, "Ethernet1/2")
    assert lost.verdict == "unknown", "nobody said where it enters"


def test_a_group_that_the_policy_leaves_out_is_unknown():
    out = "interface Ethernet1/2\n  service-policy type queuing output Q\n"
    policy = POLICY.replace("qos-group 7", "qos-group 5")
    device = parsed(list_of("10 permit udp any any"), policy, QUEUES, BOUND, out)
    assert of(device, AUDIO, leaves="Ethernet1/2").verdict == "unknown"


def test_a_policy_of_a_port_goes_before_that_of_the_system():
    text = (
        "class-map type qos match-any C\n  match dscp 0\n"
        "policy-map type qos S\n  class C\n    set dscp 8\n"
        "system qos\n  service-policy type qos input S\n"
    )
    device = parsed(text, POLICY, BOUND, "interface Ethernet1/2\n  switchport\n")
    assert mark(device, AUDIO) == 46
    assert mark(device, AUDIO, "Ethernet1/2") == 8
    assert mark(device, AUDIO, "Ethernet1/48") == 8, "nor is it bound to those that are not named"
    assert dict(device.policy("S").bound) == {"*": "in"}  # type: ignore[union-attr]


def test_a_policy_of_a_vlan_is_known_not_to_hold_where_a_port_has_its_own():
    vlan = "vlan configuration 10\n  service-policy type qos input V\n"
    device = parsed(list_of("10 permit udp any any"), POLICY, vlan, BOUND)
    assert mark(device, AUDIO) == 46
    assert mark(device, AUDIO, "Ethernet1/2") == "unknown"


@pytest.mark.parametrize("lines", [
    "interface Ethernet1/1\n  service-policy type qos output P\n",
    "interface Ethernet1/1\n  inherit port-profile DESK\n",
    "interface Ethernet1/1\n  service-policy type lan-queuing input P\n",
    "system qos\n  service-policy type qos input P extra\n",
    "system qos\n  trust dscp\n",
])  # fmt: skip
def test_what_is_bound_in_a_way_that_is_not_followed_is_unknown(lines: str):
    device = parsed(list_of("10 permit udp any any"), POLICY, lines)
    assert of(device, AUDIO, "Ethernet1/1", "Ethernet1/1").verdict == "unknown"


@pytest.mark.parametrize("action", ["set dscp dscp table T", "shape average 10 mbps", "foo"])
def test_an_action_that_is_not_known_makes_the_class_unknown(action: str):
    policy = f"policy-map type qos P\n  class C\n    {action}\n"
    device = parsed(list_of("10 permit udp any any"), policy, BOUND)
    assert action in [item.text for item in device.unread]
    assert mark(device, AUDIO) == "unknown"
    assert mark(device, WEB) == 0


def test_policies_of_the_control_plane_treat_no_packet():
    text = (
        "class-map type control-plane match-any copp-s-bgp\n  match access-group name copp-acl\n"
        "policy-map type control-plane copp-system-p\n  class copp-s-bgp\n    police pps 500\n"
        "control-plane\n  service-policy input copp-system-p\n"
    )
    device = parsed(text)
    assert (device.unread, device.policies, device.qos_lines) == ((), (), ())


def test_a_policer_in_the_form_that_the_switch_prints():
    policy = (
        "policy-map type qos P\n  class C\n"
        "    police cir 1000 mbps bc 200 ms conform transmit violate drop\n"
    )
    device = parsed(list_of("10 permit udp any any"), policy, BOUND)
    assert device.unread == ()
    assert of(device, AUDIO).policed_bps == 10**9


def test_lines_typed_for_several_ports_reach_each_of_them():
    several = "interface Ethernet1/3-4, Ethernet1/7\n  service-policy type qos input P\n"
    device = parsed(list_of("10 permit udp any any"), POLICY, several)
    names = [item.name for item in device.interfaces]
    assert names == ["Ethernet1/3", "Ethernet1/4", "Ethernet1/7"]


@pytest.mark.parametrize("text", ["\0", '{"ins_api": 1}', "<rpc-reply/>"])
def test_another_format_is_refused(text: str):
    with pytest.raises(ParseError):
        parsed(text)


WHOLE = (
    "version 9.3(8)\nhostname N1\n\ninterface Ethernet1/1\n\nline console\nline vty\nrouter bgp 1\n"
)


def test_a_text_is_whole_when_its_interfaces_are_all_there():
    assert parsed(WHOLE).incomplete == ""
    late = WHOLE.index("line console")
    assert all(parsed(WHOLE[:end]).incomplete for end in range(late))
    assert parsed(WHOLE + "interface Ethernet1/2\n").incomplete


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("  no class C\n", 0),
        ("  no class type qos C\n", 0),
        ("  no class D\n", "unknown"),
        ("    no set dscp 46\n", 0),
        ("    no set dscp 45\n", "unknown"),
    ],
)
def test_typed_lines_take_back_what_they_name(typed: str, expected: int | str) -> None:
    assert mark(parsed(list_of("permit udp any any"), POLICY, typed, BOUND), AUDIO) == expected


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("    no bandwidth remaining percent 50\n", True),
        ("    no bandwidth remaining percent 49\n", False),
        ("  no class type queuing c-out-8q-q3\n", False),
    ],
)
def test_typed_lines_take_back_shares_of_queues(typed: str, known: bool) -> None:
    device = parsed(
        QUEUES, typed, "interface Ethernet1/2\n  service-policy type queuing output Q\n"
    )
    assert of(device, WEB, "Ethernet1/1", "Ethernet1/2").known is known


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("interface eth1/1\n  no service-policy type qos input P\n", 0),
        ("interface Ethernet1/1\n  no service-policy input P\n", 0),
        ("interface Ethernet1/1\n  no service-policy type qos input Q\n", "unknown"),
        ("interface Ethernet1/1\n  no service-policy type queuing output Q\n", 46),
        ("default interface Ethernet1/1\n", 0),
        ("default interface e1/1-4\n", 0),
        ("default interface Ethernet1/2\n", 46),
        ("no interface Ethernet1/1\n", "unknown"),
    ],
)
def test_what_typed_lines_take_from_an_interface(typed: str, expected: int | str) -> None:
    assert mark(parsed(list_of("permit udp any any"), POLICY, BOUND, typed), AUDIO) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("no ip access-list L\nip access-list L\n  permit tcp any any\n", 0),
        ("no class-map type qos match-any C\n", "unknown"),
        ("no policy-map type qos P\n", "unknown"),
        ("no policy-map type queuing P\n", 46),
        (
            "interface Ethernet1/1\n  no service-policy type qos input P\n"
            "no policy-map type qos P\nno class-map type qos match-any C\n",
            0,
        ),
    ],
)
def test_definitions_that_typed_lines_take_away(typed: str, expected: int | str) -> None:
    assert mark(parsed(list_of("permit udp any any"), POLICY, BOUND, typed), AUDIO) == expected
