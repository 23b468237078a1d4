"""Routers as their owners have them, in our own words: factory-like settings in each dialect."""

from __future__ import annotations

from translator.drivers.tomato import Tomato
from translator.drivers.tomato.dialect import FRESH, OLD, TOMATO64, Dialect
from translator.intents.device import DeviceQos
from translator.verify.explain import Explanation, explain
from translator.verify.packet import Packet

AUDIO = "udp 10.1.1.10:20001 > 10.2.2.2:50000 dscp 0"
VIDEO = "udp 10.1.1.10:20079 > 10.2.2.2:50000 dscp 0"
NAMES = "Service VOIP/Game Media Remote WWW Mail Messenger FileXfer P2P/Bulk Crawl"
RATES = "5-100,5-30,5-30,5-100,20-100,5-70,5-70,5-70,5-30,1-5"
# Name, protocol, port type, ports, class: names to service 0, telephones to 1, the web to 4,
# and last of all everything of UDP to the class below the default one.
_RULES = (
    ("names", "-1", "d", "53", "0"),
    ("telephones", "17", "d", "3478,5060:5063", "1"),
    ("shells", "6", "x", "22", "3"),
    ("web", "6", "d", "80,443", "4"),
    ("the rest of UDP", "17", "d", "1:65535", "9"),
)


def rules_in(dialect: Dialect) -> str:
    """The factory-like rules as a build of that dialect stores them."""
    return ">".join(
        dialect.write(
            addr_type="0", proto=proto, port_type=kind, port=ports, desc=name, **{"class": index}
        )
        for name, proto, kind, ports, index in _RULES
    )


FACTORY = {dialect: rules_in(dialect) for dialect in (FRESH, OLD, TOMATO64)}
LYNC = (
    "0<<-1<s<20000:20039<0<<<<1<Lync audio>"
    "0<<-1<s<20040:20079<0<<<<2<Lync video>"
    "0<<-2<a<<0<<<0x28<1<Lync phone"
)


def dump(rules: str = FACTORY[FRESH], **changed: str) -> str:
    """An `nvram show` dump with QoS on; keyword arguments change or add settings."""
    settings = {
        "lan_ifname": "br0",
        "wan_iface": "vlan2",
        "qos_enable": "1",
        "qos_syn": "0",
        "qos_icmp": "1",
        "wan_qos_obw": "10000",
        "qos_default": "8",
        "qos_classnames": NAMES,
        "qos_orates": RATES,
        "qos_orules": rules,
    } | changed
    return "".join(f"{key}={value}\n" for key, value in settings.items())


def read(rules: str = FACTORY[FRESH], **changed: str) -> DeviceQos:
    """The factory-like router, read as a FreshTomato one."""
    return Tomato().parse(dump(rules, **changed))


def sent(
    device: DeviceQos, packet: str, in_interface: str = "br0", out_interface: str = "vlan2"
) -> Explanation:
    """What the router does with a packet from the LAN to the Internet."""
    return explain(device, Packet.of(packet), in_interface, out_interface)


def backup_of(text: str, salt: int = 5) -> bytes:
    """The HDR2 backup file of a dump whose values are single lines, as a router writes it."""
    plain = b"".join(line.encode() + b"\0" for line in text.splitlines() if line) + b"\0"
    length = -(-(len(plain) + 8) // 1024) * 1024 - 8
    body = bytes(0xFD if byte == 0 else (0xFF - byte + salt) & 0xFF for byte in plain)
    padding = b"\xfd" * (length - len(plain))
    return b"HDR2" + length.to_bytes(3, "little") + bytes([salt]) + body + padding
