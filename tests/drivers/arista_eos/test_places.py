"""What a port does that is a part of a bundle, of a VLAN, or of another port."""

from __future__ import annotations

import pytest
from audit.repair.repair_checks import Bench, intents_for
from drivers.arista_eos.texts import EOS, parsed, put, seen

from translator.errors import TranslatorError

POLICY = "   service-policy type qos input IN\n"
BUNDLE = f"interface Port-Channel5\n{POLICY}   qos trust dscp\n!\n"
MEMBER = "interface Ethernet5\n   channel-group 5 mode active\n"


def with_lines(lines: str) -> str:
    return put("end\n", f"{lines}!\nend\n")


def test_a_member_is_treated_as_its_bundle():
    text = with_lines(BUNDLE + MEMBER)
    for name in ("Port-Channel5", "Ethernet5"):
        found = seen(text, enter=name)
        assert (found.verdict, found.dscp_out, found.class_name) == ("known", 46, "queue-5")
    assert any("members of Port-Channel5" in note for note in parsed(text).notes)


def test_a_member_sends_as_its_bundle_does():
    text = with_lines(
        f"{BUNDLE.removesuffix(chr(10) + '!' + chr(10))}\n   shape rate 10 mbps\n{MEMBER}"
    )
    assert parsed(text).interface("Ethernet5").queuing.shaping_bps == 10_000_000


@pytest.mark.parametrize(
    ("own", "verdict"),
    [
        ("   qos trust dscp\n", "known"),
        (POLICY, "known"),
        ("   qos trust cos\n", "unknown"),
        (POLICY.replace("IN", "OTHER"), "unknown"),
    ],
)
def test_lines_of_a_member_count_if_they_say_what_the_bundle_says(own: str, verdict: str):
    found = seen(with_lines(BUNDLE + MEMBER + own), enter="Ethernet5", leave=None)
    assert found.verdict == verdict


def test_a_member_of_a_bundle_that_is_not_there_is_unknown():
    found = seen(with_lines(MEMBER), enter="Ethernet5", leave=None)
    assert found.reasons == ("Port-Channel5, of which it is a member, is not in this text",)


def test_members_follow_a_repair_of_their_bundle():
    text = with_lines(f"interface Port-Channel5\n!\n{MEMBER}")
    bench = Bench(EOS, text, intents_for("arista_eos", "Port-Channel5=client"))
    found = bench.repaired()
    bench.check_result(found.text)
    after = parsed(found.text)
    assert after.interface("Ethernet5").ingress == after.interface("Port-Channel5").ingress


SVI = f"interface Vlan10\n{POLICY}"


@pytest.mark.parametrize(
    ("lines", "verdict"),
    [
        ("   switchport access vlan 10\n", "unknown"),
        ("   switchport access vlan 10\n   no switchport\n", "known"),
        ("   switchport access vlan 20\n", "known"),
        ("", "known"),
        ("   switchport mode trunk\n", "unknown"),
        ("   switchport mode trunk\n   switchport trunk allowed vlan 5,8-12\n", "unknown"),
        ("   switchport mode trunk\n   switchport trunk allowed vlan 5,11-12\n", "known"),
        ("   switchport mode trunk\n   switchport trunk allowed vlan add 5\n", "unknown"),
        ("   switchport access vlan 20\n   switchport phone vlan 10\n", "unknown"),
    ],
)
def test_a_policy_of_a_vlan_is_not_known_to_hold_on_its_ports(lines: str, verdict: str):
    found = seen(with_lines(f"{SVI}interface Ethernet5\n{lines}"), enter="Ethernet5", leave=None)
    assert found.verdict == verdict
    if verdict == "unknown":
        assert "the policy of Vlan10" in found.reasons[0]
        assert found.lines


def test_a_port_in_a_vlan_with_a_policy_is_not_given_a_second_one():
    text = with_lines(f"{SVI}interface Ethernet5\n   switchport access vlan 10\n")
    found = Bench(EOS, text, intents_for("arista_eos", "Ethernet5=client")).outcome()
    assert isinstance(found, TranslatorError)
    assert "the policy of Vlan10" in str(found)


@pytest.mark.parametrize(
    ("own", "verdict"),
    [("   encapsulation dot1q vlan 100\n", "unknown"), (POLICY, "known")],
)
def test_a_subinterface_may_have_what_its_port_has(own: str, verdict: str):
    found = seen(with_lines(f"interface Ethernet1.100\n{own}"), enter="Ethernet1.100", leave=None)
    assert found.verdict == verdict


def test_a_subinterface_of_a_port_without_qos_is_known():
    found = seen(with_lines("interface Ethernet3.1\n"), enter="Ethernet3.1", leave=None)
    assert (found.verdict, found.dscp_out) == ("known", 0)


@pytest.mark.parametrize(
    ("line", "noted"),
    [
        ("interface Ethernet1\n   ip access-group DENY in\n", True),
        ("interface Ethernet9\n   ipv6 access-group DENY in\n", True),
        ("interface Ethernet1\n   no ip access-group DENY in\n", False),
        ("interface Management1\n   ip access-group DENY in\n", False),
    ],
)
def test_a_filter_of_a_port_is_noted(line: str, noted: bool):
    assert any("access-group" in note for note in parsed(with_lines(line)).notes) is noted
