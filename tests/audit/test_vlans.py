"""Ports of a VLAN whose interface has the policy: which of the two is judged, and as what."""

from __future__ import annotations

import pytest

from translator.audit.vlans import judged_at_vlans
from translator.drivers.cisco_ios import CiscoIos
from translator.intents.compile import InterfaceSpec
from translator.intents.model import Role

POLICY = "policy-map P\n class class-default\n  set dscp 0\n"
DESK = " switchport mode access\n switchport access vlan 10\n"
PHONE = DESK + " switchport voice vlan 20\n"
BOUND = " service-policy input P\n"
DESKS, PHONES = f"interface Vlan10\n{BOUND}", f"interface Vlan20\n{BOUND}"


def judged(text: str, **roles: Role) -> dict[str, Role]:
    """The interfaces to be judged for ports of these roles, `Fa1` for `FastEthernet1`."""
    specs = tuple(InterfaceSpec(f"FastEthernet{name[2:]}", role) for name, role in roles.items())
    text = POLICY + text
    found = judged_at_vlans(specs, CiscoIos().parse(text, file="r1"), CiscoIos().ports(text))
    assert bool(found.assumptions) == bool(found.roles)
    return {spec.name: spec.role for spec in found.specs}


def port(number: int, lines: str) -> str:
    return f"interface FastEthernet{number}\n{lines}"


def test_the_interface_of_the_vlan_is_judged_for_all_its_ports():
    text = port(1, DESK) + port(2, DESK) + DESKS
    assert judged(text, Fa1=Role.CLIENT, Fa2=Role.CLIENT) == {"Vlan10": Role.CLIENT}


def test_phones_and_their_pcs_are_judged_where_their_vlans_are():
    text = port(1, PHONE) + DESKS + PHONES
    assert judged(text, Fa1=Role.PHONE) == {"Vlan10": Role.CLIENT, "Vlan20": Role.PHONE}


def test_phones_in_the_access_vlan_are_judged_there():
    text = port(1, DESK + " switchport voice vlan dot1p\n") + DESKS
    assert judged(text, Fa1=Role.PHONE) == {"Vlan10": Role.PHONE}


@pytest.mark.parametrize(
    ("text", "role"),
    [
        (port(1, DESK), Role.CLIENT),
        (port(1, DESK) + "interface Vlan10\n ip address 10.0.0.1 255.0.0.0\n", Role.CLIENT),
        (port(1, DESK) + "interface Vlan11\n" + BOUND, Role.CLIENT),
        (port(1, DESK) + DESKS + " shutdown\n", Role.CLIENT),
        (port(1, DESK) + "interface Vlan10\n service-policy output P\n", Role.CLIENT),
        (port(1, DESK + BOUND) + DESKS, Role.CLIENT),
        (port(1, DESK + " service-policy output P\n") + DESKS, Role.CLIENT),
        (port(1, DESK + " rate-limit input 1 1 1\n") + DESKS, Role.CLIENT),
        (port(1, PHONE) + DESKS, Role.PHONE),
        (port(1, PHONE) + PHONES, Role.PHONE),
        (port(1, DESK + " switchport voice vlan name V\n") + DESKS, Role.PHONE),
        (port(1, DESK) + DESKS, Role.UPLINK),
        (port(1, " switchport mode trunk\n") + "interface Vlan1\n" + BOUND, Role.CLIENT),
    ],
)
def test_a_port_is_judged_itself_unless_policies_of_vlans_meet_all_its_packets(text, role):
    assert judged(text, Fa1=role) == {"FastEthernet1": role}


def test_ports_of_one_vlan_and_two_roles_are_judged_themselves():
    text = port(1, DESK) + port(2, DESK) + DESKS
    roles = {"FastEthernet1": Role.CLIENT, "FastEthernet2": Role.SERVER}
    assert judged(text, Fa1=Role.CLIENT, Fa2=Role.SERVER) == roles


def test_a_role_that_the_interface_of_the_vlan_was_given_counts():
    text = POLICY + port(1, DESK) + DESKS
    found = CiscoIos().parse(text, file="r1")
    for given, left in ((Role.CLIENT, {"Vlan10"}), (Role.SERVER, {"Vlan10", "Fa1"})):
        specs = (InterfaceSpec("Fa1", Role.CLIENT), InterfaceSpec("Vlan10", given))
        result = judged_at_vlans(specs, found, CiscoIos().ports(text))
        assert {spec.name for spec in result.specs} == left
