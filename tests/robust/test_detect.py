"""The platform that a text shows, and texts that show none or more than one."""

from __future__ import annotations

import pytest
from robust.texts import rendered, shapes_of

from translator.cli.main import main
from translator.drivers.detect import detect
from translator.drivers.registry import driver_names
from translator.drivers.text import text_of
from translator.errors import ParseError

ROUTER = "version 15.7\nhostname r1\ninterface Serial0/0/0\n service-policy output P\nend\n"
SWITCH = "version 15.0\nhostname s1\nmls qos\ninterface GigabitEthernet1/0/1\n mls qos trust dscp\n"
JUNOS = """\
version 21.4R3.15;
system {
    host-name edge;
}
chassis {
    network-services enhanced-ip;
}
interfaces {
    ge-0/0/0 {
        unit 0 {
            family inet;
        }
    }
}
protocols {
    lldp;
}
"""
SHOWN = {
    "EOS": ("hostname e\n!\ninterface Ethernet1\n   qos trust dscp\n!\nend\n", "arista_eos"),
    "EOS by its head": ("! device: e (DCS-7050SX3-48YC8, EOS-4.29.2F)\n!\n", "arista_eos"),
    "router": (ROUTER, "cisco_ios"),
    "switch": (SWITCH, "cisco_catalyst"),
    "Nexus": ("version 7.0(3)I7(4)\nfeature bgp\nclass-map type qos match-any A\n", "cisco_nxos"),
    "switch without QoS": ("no mls qos\n", "cisco_catalyst"),
    "Junos router": (JUNOS, "juniper_junos"),
    "Junos router in set form": (
        "set version 21\nset system host-name e\nset chassis x\nset protocols lldp\n"
        "set interfaces ge-0/0/0 unit 0 family inet\n",
        "juniper_junos",
    ),
    "Junos switch": (
        JUNOS.replace("            family inet;", "            family ethernet-switching {\n}"),
        "juniper_junos_qfx",
    ),
    "Junos firewall": (
        JUNOS + "security {\n    zones {\n        security-zone inside {\n        }\n    }\n}\n",
        "juniper_junos_srx",
    ),
    "nft": ("table inet qos {\n\tchain forward {\n\t}\n}\n", "linux"),
    "iptables": ("*mangle\n:FORWARD ACCEPT [0:0]\nCOMMIT\n", "linux"),
    "tc": ("qdisc htb 1: dev eth0 root refcnt 2\n", "linux"),
    "a settings dump": ("wan_qos_obw=9\nqos_orules=0<<-1<s<9<<<<<1<x\n", "tomato"),
    "rules with an application's name": (
        "qos_enable=1\nqos_orules=0<<-1<a<<youtube<<<4<x\n",
        "tomato64",
    ),
    "old rules": ("qos_enable=1\nqos_obw=9\nqos_orules=0<<-1<d<53<0<<0:10<0<x\n", "tomato_old"),
}


@pytest.mark.parametrize("name", SHOWN)
def test_what_only_one_platform_writes_shows_it(name):
    text, platform = SHOWN[name]
    found = detect(text)
    assert found.driver == platform
    assert found.reason.startswith("line ")


UNCLEAR = {
    "words of no device": ("hello\n", "no line by which"),
    "classes that many have": ("class-map match-any A\n match dscp ef\n", "nothing shows it"),
    "a filter of any Junos box": (
        "firewall {\n    family inet {\n        filter F {\n        }\n    }\n}\n",
        "juniper_junos or juniper_junos_qfx or juniper_junos_srx",
    ),
    "settings of any Tomato": ("qos_enable=1\n", "tomato or tomato64 or tomato_old"),
    "a router with switch QoS": (ROUTER + SWITCH, "which never write"),
    "NX-OS with a router": ("version 7.0(3)I7(4)\nfeature bgp\n" + ROUTER, "never write"),
    "IOS XR": (ROUTER + "policy-map P\n end-policy-map\n", "never write"),
    "ASA": ("ASA Version 9.4\nhostname a\npolicy-map P\n", "never write"),
    "a Catalyst 9000": (ROUTER + "policy-map system-cpp-policy\n", "never write"),
    "VyOS": ("set interfaces ethernet eth0\nset system host-name x\n", "never write"),
    "two texts in one file": (ROUTER + "table inet qos {\n}\n", "more than one platform"),
}


@pytest.mark.parametrize("name", UNCLEAR)
def test_what_is_not_clear_is_refused_with_the_way_out(name):
    text, why = UNCLEAR[name]
    with pytest.raises(ParseError, match=why) as refused:
        detect(text, file="f")
    assert "--platform NAME" in refused.value.hint


def seen_as(text: str) -> str:
    try:
        return detect(text).driver
    except ParseError as refused:
        return refused.problem


@pytest.mark.parametrize("platform", driver_names())
def test_what_a_driver_writes_is_never_taken_for_another_ones(platform):
    for shape in shapes_of(platform):
        found = seen_as(rendered(platform, shape))
        assert found == platform or platform in found.split()


def test_a_long_text_is_looked_at_in_three_places():
    filler = "!\n" * 200_000
    for text in (SWITCH + filler, filler + SWITCH + filler, filler + SWITCH):
        assert detect(text).driver == "cisco_catalyst"
    assert detect(filler + SWITCH).reason.startswith("line 200003: mls qos")


def test_the_command_line_takes_what_the_text_shows(tmp_path, capsys):
    file = tmp_path / "switch.conf"
    file.write_text(SWITCH, encoding="utf-8")
    assert main(["inspect", "--platform", "auto", str(file)]) == 0
    told = capsys.readouterr()
    assert told.out.startswith("cisco_catalyst: ")
    assert "platform cisco_catalyst (line 3: mls qos" in told.err
    packet = ["--packet", "udp 10.0.0.1:7 > 10.0.0.2:2 dscp ef", "--in", "GigabitEthernet1/0/1"]
    assert main(["explain", "--platform", "auto", str(file), *packet]) == 0
    capsys.readouterr()
    roles = ["--interface", "GigabitEthernet1/0/1=uplink:1G"]
    auto = main(["prove", "--platform", "auto", str(file), *roles])
    told_auto = capsys.readouterr()
    named = main(["prove", "--platform", "cisco_catalyst", str(file), *roles])
    assert (auto, told_auto.out) == (named, capsys.readouterr().out)
    file.write_text("hello\n", encoding="utf-8")
    assert main(["inspect", "--platform", "auto", str(file)]) == 2
    assert "--platform NAME" in capsys.readouterr().err


def test_a_backup_file_is_known_without_being_told_which_router():
    payload = b"qos_enable=1\0wan_qos_obw=9\0qos_orules=0<<-1<s<9<<<<<1<x\0"
    data = b"HDR1" + len(payload).to_bytes(4, "little") + payload
    from translator.drivers.registry import drivers

    assert detect(text_of(data, *drivers(), file="home.cfg")).driver == "tomato"
