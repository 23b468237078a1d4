"""Interfaces that Linux scripts and Tomato settings name."""

from __future__ import annotations

import pytest

from translator.drivers.linux import Linux
from translator.drivers.tomato import Tomato, TomatoOld
from translator.intents.port import PortMode

SCRIPT = """\
#!/bin/sh
# dev comment0
tc qdisc replace dev ppp0 root handle 1: htb
nft -f - <<'END'
table inet t {
  chain post {
    type nat hook postrouting priority srcnat;
    oifname "ppp0" masquerade
    iifname { "eth1", "eth2" } accept
    iif lo accept
  }
}
END
iptables -t mangle -A FORWARD -i br-lan -o wwan0 -j DSCP --set-dscp-class EF
"""


def test_linux_names_with_the_first_lines_that_name_them():
    ports = {port.name: port for port in Linux().ports(SCRIPT)}
    assert list(ports) == ["ppp0", "eth1", "eth2", "lo", "br-lan", "wwan0"]
    assert ports["ppp0"].line == 3
    assert [name for name, port in ports.items() if port.outside] == ["ppp0"]
    assert [name for name, port in ports.items() if port.virtual] == ["lo"]
    assert all(port.mode is PortMode.UNSTATED for port in ports.values())


@pytest.mark.parametrize(
    "rule",
    [
        "iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE",
        "iptables -t nat -A POSTROUTING --out-interface eth0 -j SNAT --to-source 192.0.2.1",
        'nft add rule ip nat post oifname "eth0" snat to 192.0.2.1',
    ],
)
def test_linux_outside_is_where_sources_are_hidden(rule):
    assert [(port.name, port.outside) for port in Linux().ports(rule)] == [("eth0", True)]


def test_linux_destination_translation_is_not_outside():
    (port,) = Linux().ports("iptables -t nat -A PREROUTING -i eth0 -j DNAT --to 10.0.0.2")
    assert not port.outside


def test_tomato_lan_is_inside_and_wan_outside():
    text = "lan_ifname=br0\nlan1_ifname=br1\nlan2_ifname=\nwan_ifname=vlan2\nwan2_iface=usb0\n"
    ports = Tomato().ports(text)
    assert [(port.name, port.mode, port.outside, port.line) for port in ports] == [
        ("br0", PortMode.ACCESS, False, 1),
        ("br1", PortMode.ACCESS, False, 2),
        ("vlan2", PortMode.ROUTED, True, 4),
        ("usb0", PortMode.ROUTED, True, 5),
    ]


def test_tomato_wan_is_the_tunnel_where_there_is_one():
    (port,) = TomatoOld().ports("wan_ifname=vlan2\nwan_iface=ppp0\n")
    assert (port.name, port.line) == ("ppp0", 2)


@pytest.mark.parametrize("text", ["", "\0", "HDR1", "no settings", "lan_ifname"])
def test_no_text_is_refused(text):
    assert Tomato().ports(text) == ()
    Linux().ports(text)
