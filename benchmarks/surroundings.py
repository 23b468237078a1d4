"""The lines of a generated device that have nothing to do with QoS, some 600 of them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Final

__all__ = ["lines_above", "lines_below", "routing"]

_SERVICES: Final = ("DATA", "VOICE", "PRINT", "GUEST", "CAMERA", "MGMT")
_TRAPS: Final = ("bgp", "ospf", "snmp", "envmon", "config", "entity")


def lines_above(choose: random.Random, name: str) -> Iterator[str]:
    """Yield what a device prints before its class-maps: versions, logins, VLANs, certificates."""
    yield from (
        "Building configuration...",
        "",
        f"Current configuration : {choose.randrange(60_000, 90_000)} bytes",
        "!",
        "version 16.12",
        "service timestamps debug datetime msec",
        "service timestamps log datetime msec",
        "service password-encryption",
        "!",
        f"hostname {name}",
        "!",
        "aaa new-model",
        "aaa group server tacacs+ LOGIN",
    )
    for _ in range(4):
        yield f" server-private {_address(choose)} key 7 {choose.getrandbits(64):016X}"
    yield from (
        "aaa authentication login default group LOGIN local",
        "aaa authorization exec default group LOGIN local",
        "aaa session-id common",
        "!",
        "ip domain name example.net",
        "spanning-tree mode rapid-pvst",
        "!",
    )
    for vlan in range(choose.randrange(20, 32)):
        yield from (f"vlan {100 + vlan}", f" name {choose.choice(_SERVICES)}-{vlan}", "!")
    yield from ("crypto pki certificate chain SELF", " certificate self-signed 01")
    for _ in range(44):
        yield "  " + " ".join(f"{choose.getrandbits(32):08X}" for _ in range(8))
    yield from ("  \tquit", "!")


def lines_below(choose: random.Random) -> Iterator[str]:
    """Yield what a device prints behind its access lists, to the `end` of the configuration."""
    for at in range(40):
        yield f"snmp-server host {_address(choose)} version 2c s{at} {choose.choice(_TRAPS)}"
    for _ in range(20):
        yield f"logging host {_address(choose)}"
    yield from ("!", "banner motd ^C", "*" * 60, " Authorised users only.")
    yield from ("interface lines of a banner open no section", "*" * 60, "^C", "!")
    yield from ("line con 0", " exec-timeout 5 0", " logging synchronous")
    for first in (0, 5):
        yield from (f"line vty {first} {first + 10}", " transport input ssh", " length 0")
    for _ in range(8):
        yield f"ntp server {_address(choose)}"
    yield from ("!", "end")


def routing(choose: random.Random) -> Iterator[str]:
    """Yield routing processes, static routes, prefix lists and route-maps."""
    yield from ("router ospf 1", f" router-id {_address(choose)}")
    for _ in range(24):
        yield f" network {_network(choose)} 0.0.0.255 area {choose.randrange(3)}"
    yield from ("!", "ip forward-protocol nd", "no ip http server", "!")
    for at in range(40):
        yield f"ip route {_network(choose)} 255.255.255.0 {_address(choose)} name R{at}"
    yield "!"
    for at in range(30):
        yield f"ip prefix-list SITES seq {5 * at + 5} permit {_network(choose)}/24 le 28"
    yield "!"
    for at in range(6):
        yield from (
            f"route-map TO-CORE permit {10 * at + 10}",
            " match ip address prefix-list SITES",
            f" set local-preference {choose.randrange(100, 300)}",
            "!",
        )


def _address(choose: random.Random) -> str:
    bits = choose.getrandbits(24)
    return f"10.{bits >> 16}.{bits >> 8 & 255}.{bits & 255}"


def _network(choose: random.Random) -> str:
    bits = choose.getrandbits(16)
    return f"10.{bits >> 8}.{bits & 255}.0"
