"""Bundles and VLAN interfaces: the QoS that acts is that of the ports which their packets pass."""

from __future__ import annotations

import pytest
from drivers.cisco_catalyst.wanted import CATALYST

from translator.intents.device import DeviceQos
from translator.verify import Packet, explain

VOICE = Packet.of("udp 10.1.1.10:20001 > 10.2.2.2:50000 dscp 46")
MEMBER = "GigabitEthernet1/0/1"
OTHER = "GigabitEthernet1/0/2"
BUNDLE = f"""\
mls qos
interface Port-channel1
 switchport mode trunk
interface {MEMBER}
 channel-group 1 mode active
 mls qos trust dscp
 priority-queue out
interface {OTHER}
 channel-group 1 mode active
 no channel-group
 mls qos trust dscp
"""
SVI = """\
mls qos
ip access-list extended ALL
 permit ip any any
class-map match-all ALL
 match access-group name ALL
policy-map P
 class ALL
  set dscp ef
interface Vlan10
 service-policy input P
"""


@pytest.fixture(scope="module")
def bundle() -> DeviceQos:
    return CATALYST.parse(BUNDLE)


@pytest.mark.parametrize("name", ["Port-channel1", "Po1", "po1"])
def test_what_enters_a_bundle_is_unknown_and_its_members_are_named(
    bundle: DeviceQos, name: str
) -> None:
    found = explain(bundle, VOICE, name, OTHER)
    assert found.verdict == "unknown"
    assert found.reasons == (f"the QoS of a bundle stands on its members: {MEMBER}",)
    assert 5 in found.lines


def test_what_leaves_by_a_bundle_keeps_its_code_point_and_its_queue_is_unknown(
    bundle: DeviceQos,
) -> None:
    found = explain(bundle, VOICE, OTHER, "Port-channel1")
    assert (found.verdict, found.dscp_out, found.service) == ("unknown", 46, None)
    assert all(MEMBER in reason for reason in found.reasons)
    assert not any("no QoS for interface" in note for note in found.notes)


@pytest.mark.parametrize("name", ["Port-channel2", "Vlan10", "vl10", "Loopback0", "Tunnel1"])
def test_interfaces_that_are_no_ports_are_unknown_though_the_text_is_silent(
    bundle: DeviceQos, name: str
) -> None:
    found = explain(bundle, VOICE, name, OTHER)
    assert found.verdict == "unknown"
    assert any("has no QoS of its own" in reason for reason in found.reasons)


@pytest.mark.parametrize("name", ["FastEthernet0/1", "Te1/1/1", "police"])
def test_other_names_are_those_of_ports(bundle: DeviceQos, name: str) -> None:
    assert bundle.interface(name) is bundle.other_interface


def test_the_members_themselves_are_known(bundle: DeviceQos) -> None:
    found = explain(bundle, VOICE, OTHER, MEMBER)
    assert (found.verdict, found.dscp_out, found.service) == ("known", 46, "priority")


def test_a_policy_of_a_vlan_interface_does_not_act_there() -> None:
    """Only ports with `mls qos vlan-based` use it."""
    device = CATALYST.parse(SVI)
    assert explain(device, VOICE, "Vlan10", OTHER).verdict == "unknown"
    policy = device.policy("P")
    assert policy is not None
    assert policy.bound == (("Vlan10", "in"),)


@pytest.mark.parametrize("name", ["Port-channel1", "Vlan10"])
def test_with_qos_off_they_pass_everything_on(name: str) -> None:
    device = CATALYST.parse("no mls qos\n" + BUNDLE.partition("\n")[2] + "line con 0\nend\n")
    found = explain(device, VOICE, name, OTHER)
    assert (found.verdict, found.dscp_out) == ("known", 46)


def test_lines_that_a_bundle_has_itself_do_not_make_it_known() -> None:
    text = "mls qos\ninterface Port-channel1\n mls qos trust dscp\n srr-queue bandwidth limit 50\n"
    device = CATALYST.parse(text)
    assert device.interface("Port-channel1").queuing is None
    assert explain(device, VOICE, "Port-channel1", OTHER).verdict == "unknown"
