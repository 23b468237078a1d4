"""What IOS text says of interfaces beside QoS, as printed and as typed."""

from __future__ import annotations

import pytest

from translator.drivers.cisco_catalyst import CiscoCatalyst
from translator.drivers.cisco_ios import CiscoIos
from translator.intents.port import Port, PortMode

PRINTED = """\
hostname SW1
!
banner motd ^C
interface GigabitEthernet9/9
 switchport mode access
^C
!
interface Port-channel1
 switchport mode trunk
!
interface GigabitEthernet1/0/1
 description desk 4 ! shutdown
 switchport access vlan 10
 switchport mode access
 switchport voice vlan 20
 spanning-tree portfast
!
interface GigabitEthernet1/0/2
 switchport access vlan 10
!
interface GigabitEthernet1/0/3
 switchport trunk allowed vlan 10,20
 switchport access vlan 10
!
interface GigabitEthernet1/0/4
 no switchport
 no ip address
 bandwidth 50000
 speed 100
!
interface GigabitEthernet1/0/5
 shutdown
!
interface GigabitEthernet1/0/6
 channel-group 1 mode active
!
interface GigabitEthernet1/0/7
 ip address 198.51.100.2 255.255.255.252
 ip nat outside
 service instance 1 ethernet
  shutdown
!
interface Vlan10
 ip address 10.0.0.1 255.255.255.0
!
interface Serial0/0/0
 ip address 10.9.9.1 255.255.255.252
!
interface Tunnel5
 ip unnumbered Vlan10
!
interface Ether
!
end
"""


def by_name(text: str, driver: CiscoIos | CiscoCatalyst | None = None) -> dict[str, Port]:
    return {port.name: port for port in (driver or CiscoIos()).ports(text)}


def test_a_banner_opens_no_interface():
    assert "GigabitEthernet9/9" not in by_name(PRINTED)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("banner login #", "#"),
        ("banner exec ^C welcome", "to R1 ^C"),
        ("aaa authentication banner %", "%"),
        ("macro name DESK", "@"),
    ],
)
def test_no_free_text_opens_an_interface(first, last):
    words = f"{first}\ninterface GigabitEthernet9/9\n switchport mode access\n{last}\n"
    real = "interface GigabitEthernet0/{}\n switchport mode trunk\n!\n"
    text = f"aaa new-model\n{real.format(1)}{words}{real.format(2)}{words}{real.format(3)}end\n"
    found = CiscoIos().ports(text)
    assert [port.name[-3:] for port in found] == ["0/1", "0/2", "0/3"]
    assert [port.line for port in found] == [2, 9, 16]


def test_many_banners_hide_what_stands_in_them():
    text = PRINTED.replace("hostname", "banner motd ##\nbanner motd #\n#\n" * 300 + "hostname")
    assert len(CiscoIos().ports(text)) == len(CiscoIos().ports(PRINTED))


def test_an_unfinished_banner_hides_nothing():
    text = "banner motd #welcome\ninterface Gi0/1\n switchport mode access\n"
    assert by_name(text)["Gi0/1"].mode is PortMode.ACCESS


def test_access_port_with_a_phone():
    port = by_name(PRINTED)["GigabitEthernet1/0/1"]
    assert (port.mode, port.voice_vlan, port.shutdown) == (PortMode.ACCESS, True, False)
    assert port.line_bps == 10**9
    assert port.line == 11


@pytest.mark.parametrize(
    ("number", "mode"),
    [
        (2, PortMode.ACCESS),  # an access VLAN, and no word of a trunk
        (3, PortMode.UNSTATED),  # both: the mode is negotiated
        (4, PortMode.ROUTED),
        (5, PortMode.UNSTATED),
        (7, PortMode.ROUTED),
    ],
)
def test_modes(number, mode):
    assert by_name(PRINTED)[f"GigabitEthernet1/0/{number}"].mode is mode


def test_vlan_interfaces_are_those_of_access_ports_of_routers():
    ports = by_name(PRINTED)
    at = {name: (port.vlan_interface, port.voice_interface) for name, port in ports.items()}
    assert at["GigabitEthernet1/0/1"] == ("Vlan10", "Vlan20")
    assert at["GigabitEthernet1/0/2"] == ("Vlan10", "")
    assert {pair for name, pair in at.items() if name[-1] not in "12"} == {("", "")}
    assert not any(port.vlan_interface for port in by_name(PRINTED, CiscoCatalyst()).values())


@pytest.mark.parametrize(
    ("lines", "access", "voice"),
    [
        ("switchport mode access", "Vlan1", ""),
        ("switchport access vlan dynamic", "", ""),
        ("switchport access vlan 010", "Vlan10", ""),
        ("switchport access vlan 7\n switchport voice vlan dot1p", "Vlan7", "Vlan7"),
        ("switchport access vlan 7\n switchport voice vlan none", "Vlan7", ""),
        ("switchport access vlan 7\n switchport voice vlan name PHONES", "Vlan7", ""),
        ("switchport access vlan 99999", "", ""),
    ],
)
def test_vlan_interfaces_by_number(lines, access, voice):
    port = by_name(f"interface Gi0/1\n {lines}\n!\nend\n")["Gi0/1"]
    assert (port.vlan_interface, port.voice_interface) == (access, voice)


def test_rates_are_those_of_the_circuit_and_of_the_line():
    port = by_name(PRINTED)["GigabitEthernet1/0/4"]
    assert (port.circuit_bps, port.line_bps) == (50_000_000, 100_000_000)


def test_only_lines_of_the_interface_itself_count():
    port = by_name(PRINTED)["GigabitEthernet1/0/7"]
    assert port.outside
    assert not port.shutdown


def test_types_of_interfaces():
    ports = by_name(PRINTED)
    assert ports["GigabitEthernet1/0/5"].shutdown
    assert ports["Vlan10"].virtual
    assert (ports["Tunnel5"].virtual, ports["Tunnel5"].distant) == (True, True)
    assert (ports["Serial0/0/0"].virtual, ports["Serial0/0/0"].distant) == (False, True)
    assert ports["Serial0/0/0"].line_bps is None


def test_the_qos_of_a_bundle_stands_where_the_platform_wants_it():
    router, switch = by_name(PRINTED), by_name(PRINTED, CiscoCatalyst())
    member = "GigabitEthernet1/0/6"
    assert router[member].bundle == switch[member].bundle == "Port-channel1"
    assert (router[member].qos_at, router["Port-channel1"].qos_at) == ("Port-channel1", "")
    assert (switch[member].qos_at, switch["Port-channel1"].qos_at) == ("", "its members")


TYPED = """\
int range gi0/1 - 2
switchport mode access
switchport voice vlan 20
interface gi0/3
switchport mode trunk
"""


def test_typed_text_without_indentation_and_with_a_range():
    ports = by_name(TYPED)
    assert list(ports) == ["gi0/1", "gi0/2", "gi0/3"]
    assert ports["gi0/2"].voice_vlan
    assert ports["gi0/2"].line_bps == 10**9
    assert ports["gi0/3"].mode is PortMode.TRUNK


def test_a_later_section_of_the_same_interface_adds_to_the_first():
    text = "interface Gi0/1\n switchport mode access\n!\ninterface Gi0/1\n shutdown\n!\n"
    (port,) = CiscoIos().ports(text)
    assert (port.mode, port.shutdown, port.line) == (PortMode.ACCESS, True, 1)


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_carriage_returns_are_no_part_of_a_line(end):
    text = end.join(["hostname R1", "interface Gi0/1", " switchport mode trunk", "end", ""])
    assert by_name(text)["Gi0/1"].mode is PortMode.TRUNK


def test_what_is_taken_back_does_not_hold():
    text = "interface Gi0/1\n no ip address\n no shutdown\n no ip nat outside\n no bandwidth\n"
    (port,) = CiscoIos().ports(text)
    assert port == Port("Gi0/1", 1, line_bps=10**9)


@pytest.mark.parametrize("text", ["", "\0", "interface", "interface \n x", "\ufeffinterface  a b"])
def test_no_text_is_refused(text):
    CiscoIos().ports(text)


def test_deeper_indentation_is_read_as_well():
    text = "interface Gi0/1\n  switchport mode trunk\n  service instance 1 ethernet\n    shutdown\n"
    (port,) = CiscoIos().ports(text)
    assert (port.mode, port.shutdown) == (PortMode.TRUNK, False)
