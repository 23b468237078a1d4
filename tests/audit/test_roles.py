"""Which role an interface gets from what its text states, and which is left alone."""

from __future__ import annotations

import pytest

from translator.audit.roles import Inferred, infer_roles
from translator.drivers.cisco_ios import CiscoIos
from translator.drivers.registry import driver
from translator.intents.compile import InterfaceSpec
from translator.intents.device import DeviceQos, InterfaceQos, Queuing
from translator.intents.model import Role
from translator.intents.port import Port, PortMode

GIGABIT = 10**9


def inferred(*ports: Port, shaped: dict[str, int | None] | None = None) -> Inferred:
    """Infer the roles; `shaped` has the interfaces with queues and the rate of their shaper."""
    interfaces = tuple(
        InterfaceQos(name, queuing=Queuing((), rate)) for name, rate in (shaped or {}).items()
    )
    return infer_roles(DeviceQos("any", interfaces), ports)


@pytest.mark.parametrize(
    ("port", "spec"),
    [
        (Port("a", mode=PortMode.ACCESS, line_bps=GIGABIT), InterfaceSpec("a", Role.CLIENT)),
        (Port("a", mode=PortMode.ACCESS, voice_vlan=True), InterfaceSpec("a", Role.PHONE)),
        (Port("a", voice_vlan=True), InterfaceSpec("a", Role.PHONE)),
        (
            Port("a", mode=PortMode.TRUNK, line_bps=GIGABIT),
            InterfaceSpec("a", Role.UPLINK, GIGABIT),
        ),
        (
            Port("a", mode=PortMode.ROUTED, circuit_bps=5_000_000, line_bps=GIGABIT),
            InterfaceSpec("a", Role.WAN, 5_000_000),
        ),
        (
            Port("a", mode=PortMode.ROUTED, distant=True, circuit_bps=1_544_000),
            InterfaceSpec("a", Role.WAN, 1_544_000),
        ),
        (Port("a", mode=PortMode.ROUTED, outside=True), InterfaceSpec("a", Role.INTERNET)),
        (
            Port("a", mode=PortMode.ACCESS, outside=True, circuit_bps=2_000_000),
            InterfaceSpec("a", Role.INTERNET, 2_000_000),
        ),
    ],
)
def test_a_stated_role_is_given(port, spec):
    result = inferred(port)
    assert result.specs == (spec,)
    assert result.left_alone == ()


@pytest.mark.parametrize(
    ("port", "reason"),
    [
        (Port("a", mode=PortMode.ACCESS, shutdown=True), "shut down"),
        (Port("a", mode=PortMode.ROUTED, virtual=True), "virtual"),
        (Port("a", mode=PortMode.ROUTED, virtual=True, distant=True), "virtual"),
        (Port("a", mode=PortMode.TRUNK, bundle="ae0", qos_at="ae0"), "member of ae0"),
        (Port("a", mode=PortMode.TRUNK, qos_at="its members"), "belongs to its members"),
        (Port("a", mode=PortMode.ROUTED, line_bps=GIGABIT), "rate of its line"),
        (
            Port("a", mode=PortMode.ROUTED, line_bps=GIGABIT, circuit_bps=GIGABIT),
            "rate of its line",
        ),
        (Port("a", mode=PortMode.ROUTED, circuit_bps=GIGABIT), "rate of its line"),
        (Port("a", distant=True), "without an address"),
        (Port("a"), "nothing says"),
        (Port("range a", mode=PortMode.ACCESS), "unusual"),
    ],
)
def test_what_is_not_stated_is_left_alone_with_the_reason(port, reason):
    result = inferred(port)
    assert result.specs == result.roles == ()
    ((name, told),) = result.left_alone
    assert name == port.name
    assert reason in told


def test_a_shaper_makes_a_wan_and_gives_its_rate():
    port = Port("a", mode=PortMode.ROUTED, line_bps=GIGABIT)
    result = inferred(port, shaped={"a": 8_000_000})
    assert result.specs == (InterfaceSpec("a", Role.WAN, 8_000_000),)
    assert "shaper, which is not checked" in result.roles[0].inferred


def test_a_stated_rate_goes_before_the_shaper():
    port = Port("a", mode=PortMode.ROUTED, line_bps=GIGABIT, circuit_bps=10_000_000)
    result = inferred(port, shaped={"a": 20_000_000})
    assert result.specs == (InterfaceSpec("a", Role.WAN, 10_000_000),)
    assert "shaper" not in result.roles[0].inferred


def test_queues_alone_make_no_wan():
    port = Port("a", mode=PortMode.ROUTED, line_bps=GIGABIT)
    assert inferred(port, shaped={"a": None}).specs == ()


def test_a_tunnel_with_queues_is_a_wan():
    port = Port("a", mode=PortMode.ROUTED, virtual=True, distant=True)
    assert inferred(port, shaped={"a": 8_000_000}).specs[0].role is Role.WAN


def test_roles_are_told_in_groups_of_one_reason():
    access = [Port(name, mode=PortMode.ACCESS) for name in ("a", "c")]
    result = inferred(access[0], Port("b", mode=PortMode.TRUNK), access[1])
    assert [(item.interfaces, item.role) for item in result.roles] == [
        (("a", "c"), Role.CLIENT),
        (("b",), Role.UPLINK),
    ]
    assert result.roles[0].inferred == "access port"


@pytest.mark.parametrize(
    ("platform", "text"),
    [
        ("cisco_ios", "hostname r\ninterface Gi0/1\n description {}\n!\nend\n"),
        ("arista_eos", "hostname r\ninterface Ethernet1\n   description {}\n!\nend\n"),
        ("juniper_junos", 'interfaces {{ ge-0/0/1 {{ unit 0 {{ description "{}"; }} }} }}'),
    ],
)
def test_a_description_gives_no_role(platform, text):
    reader = driver(platform)
    text = text.format("uplink to core WAN Internet")
    result = infer_roles(reader.parse(text), reader.ports(text))
    assert result.specs == ()
    assert len(result.left_alone) == 1


def test_a_router_by_its_text():
    text = """\
policy-map QUEUES
 class class-default
  fair-queue
policy-map SHAPED
 class class-default
  shape average 20000000
  service-policy QUEUES
interface GigabitEthernet0/0
 ip address 198.51.100.2 255.255.255.252
 ip nat outside
 service-policy output SHAPED
interface GigabitEthernet0/1
 no ip address
interface GigabitEthernet0/1.10
 encapsulation dot1Q 10
 ip address 10.0.10.1 255.255.255.0
interface GigabitEthernet0/2
 bandwidth 100000
 ip address 10.9.9.1 255.255.255.252
"""
    driver = CiscoIos()
    result = infer_roles(driver.parse(text), driver.ports(text))
    assert result.specs == (
        InterfaceSpec("GigabitEthernet0/0", Role.INTERNET, 20_000_000),
        InterfaceSpec("GigabitEthernet0/2", Role.WAN, 100_000_000),
    )
    assert [name for name, _ in result.left_alone] == [
        "GigabitEthernet0/1",
        "GigabitEthernet0/1.10",
    ]
