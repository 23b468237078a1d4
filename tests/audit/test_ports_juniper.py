"""What Junos text says of units beside QoS, in both forms."""

from __future__ import annotations

import pytest

from translator.drivers.juniper_junos import JuniperJunosQfx, JuniperJunosSrx
from translator.drivers.juniper_junos.forms import flatten
from translator.intents.port import Port, PortMode

SWITCH = """\
groups {
    closed { interfaces { <ge-0/0/5> { disable; } } }
}
apply-groups closed;
interfaces {
    interface-range desks {
        member-range ge-0/0/0 to ge-0/0/1;
        unit 0 { family ethernet-switching { interface-mode access; } }
    }
    ge-0/0/2 { unit 0 { family ethernet-switching; } }
    ge-0/0/3 { unit 0 { family ethernet-switching { interface-mode trunk; } } }
    ge-0/0/4 { ether-options { 802.3ad ae0; } }
    ge-0/0/5 { unit 0 { family inet; } }
    inactive: ge-0/0/6 { unit 0 { family inet; } }
    ae0 { unit 0 { family ethernet-switching { interface-mode trunk; } } }
    irb { unit 10 { family inet { address 10.0.0.1/24; } } }
    me0 { unit 0 { family inet { address 192.0.2.1/24; } } }
}
switch-options {
    voip { interface ge-0/0/1.0 { vlan voice; } }
}
"""
FIREWALL = """\
interfaces {
    ge-0/0/0 {
        unit 0 {
            description "to the carrier";
            bandwidth 20m;
            family inet { address 198.51.100.2/30; }
        }
    }
    ge-0/0/1 {
        speed 100m;
        unit 7 { family inet { address 10.1.1.1/24; } }
    }
    st0 { unit 0 { family inet; } }
    t1-0/0/1 { unit 0 { family inet { address 10.9.9.1/30; } } }
}
security {
    nat {
        source {
            rule-set out {
                from zone trust;
                to zone carrier;
            }
        }
    }
    zones {
        security-zone trust { interfaces { ge-0/0/1.7; } }
        security-zone carrier { interfaces { ge-0/0/0.0 { host-inbound-traffic; } } }
    }
}
"""


def by_name(text: str) -> dict[str, Port]:
    return {port.name: port for port in JuniperJunosSrx().ports(text)}


@pytest.fixture(params=["curly", "set"])
def switch(request) -> dict[str, Port]:
    text = SWITCH if request.param == "curly" else "\n".join(flatten(SWITCH))
    return {port.name: port for port in JuniperJunosQfx().ports(text)}


def test_modes(switch):
    modes = {name: port.mode for name, port in switch.items()}
    assert modes["ge-0/0/0.0"] is PortMode.ACCESS
    assert modes["ge-0/0/2.0"] is PortMode.ACCESS
    assert modes["ge-0/0/3.0"] is modes["ae0.0"] is PortMode.TRUNK
    assert modes["irb.10"] is PortMode.ROUTED


def test_a_voice_vlan_belongs_to_the_units_it_names(switch):
    assert [name for name, port in switch.items() if port.voice_vlan] == ["ge-0/0/1.0"]


def test_voice_on_all_access_ports():
    text = SWITCH.replace("interface ge-0/0/1.0 { vlan voice; }", "interface access-ports;")
    voiced = {name for name, port in by_name(text).items() if port.voice_vlan}
    assert voiced == {"ge-0/0/0.0", "ge-0/0/1.0", "ge-0/0/2.0"}


def test_the_qos_of_a_member_stands_on_the_aggregate(switch):
    assert (switch["ge-0/0/4"].bundle, switch["ge-0/0/4"].qos_at) == ("ae0", "ae0")
    assert switch["ae0.0"].qos_at == ""


def test_a_group_closes_a_port(switch):
    assert switch["ge-0/0/5.0"].shutdown
    assert not switch["ge-0/0/2.0"].shutdown


def test_what_is_inactive_is_not_there():
    assert "ge-0/0/6.0" not in by_name(SWITCH)


def test_virtual_interfaces_and_the_management_port(switch):
    assert {name for name, port in switch.items() if port.virtual} == {"irb.10", "me0.0"}


def test_rates_and_types():
    ports = by_name(FIREWALL)
    assert (ports["ge-0/0/0.0"].circuit_bps, ports["ge-0/0/0.0"].line_bps) == (20_000_000, 10**9)
    assert ports["ge-0/0/1.7"].line_bps == 100_000_000
    assert ports["t1-0/0/1.0"].distant
    assert not ports["t1-0/0/1.0"].virtual
    assert ports["st0.0"].virtual


def test_outside_is_where_sources_are_translated():
    assert [name for name, port in by_name(FIREWALL).items() if port.outside] == ["ge-0/0/0.0"]


def test_outside_by_interface_and_by_the_delivered_zone():
    text = FIREWALL.replace("to zone carrier;", "to interface t1-0/0/1.0;")
    assert [name for name, port in by_name(text).items() if port.outside] == ["t1-0/0/1.0"]
    text = text.replace("security-zone trust", "security-zone untrust")
    outside = {name for name, port in by_name(text).items() if port.outside}
    assert outside == {"ge-0/0/1.7", "t1-0/0/1.0"}


def test_the_line_is_the_first_that_speaks_of_the_unit():
    assert by_name(FIREWALL)["ge-0/0/0.0"].line == 2


@pytest.mark.parametrize("text", ["", "\0", "interfaces {", "set interfaces", "}}}", "interfaces;"])
def test_no_text_is_refused(text):
    JuniperJunosQfx().ports(text)
