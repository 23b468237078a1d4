"""The configuration commands of EOS, mode by mode: strict where QoS is concerned, lenient elsewhere.

Source:
    Arista EOS user manual, chapters Quality of Service, ACLs and Route Maps, Configure Session.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping

from ..grammar import Grammar, Rule, free
from ..ios.words import TYPES as IOS_TYPES

__all__ = ["GRAMMARS", "GROUPS", "HIDDEN", "PARENTS", "kept_interface", "names"]

PARENTS: Mapping[str, str] = {
    "if": "config",
    "txq": "if",
    "cmap": "config",
    "pmap": "config",
    "pmap-c": "pmap",
    "acl": "config",
    "acl6": "config",
    "free": "config",
}
# Nothing of a group takes effect before the mode is left; `abort` and a lost connection drop it.
# A default, which `show running-config` leaves out.
HIDDEN = frozenset({"priority strict"})
GROUPS = frozenset({"cmap", "pmap", "acl", "acl6"})
_KINDS = {
    "ethernet": "Ethernet",
    "management": "Management",
    "vlan": "Vlan",
    "loopback": "Loopback",
    "port-channel": "Port-Channel",
}


def kept_interface(word: str) -> str | None:
    """Return the full name of an interface, None for what names none."""
    found = re.fullmatch(r"([A-Za-z-]+)(\d[\d/.]*)", word)
    kinds = [full for low, full in _KINDS.items() if found and low.startswith(found[1].lower())]
    return f"{kinds[0]}{found[2]}" if found and kinds else None


def _is_prefix(word: str) -> bool:
    address, slash, length = word.partition("/")
    return IOS_TYPES["ip"](address) and bool(slash) and length.isdigit() and int(length) <= 32


def _is_prefix6(word: str) -> bool:
    try:
        return "/" in word and bool(ipaddress.IPv6Network(word, strict=False))
    except ValueError:
        return False


_TYPES = {
    **IOS_TYPES,
    "interface": lambda word: kept_interface(word) is not None,
    "prefix": _is_prefix,
    "prefix6": _is_prefix6,
}


def _acl(address: str) -> list[Rule]:
    port = "[(eq|neq) <port>+|(gt|lt) <port>|range <port> <port>]"
    number = "[<int:1-4294967295>]"
    tail = "[established] [fragments] [dscp <dscp>] [log]"
    return [
        Rule(f"{number} (permit|deny) (tcp|udp) {address} {port} {address} {port} {tail}"),
        Rule(f"{number} (permit|deny) (ip|ipv6|icmp|<int:0-255>) {address} {address} {tail}"),
        Rule(f"{number} remark <line>"),
        Rule("<int:1-4294967295>"),
    ]


_CONFIG = [
    Rule("hostname <host>", "hostname"),
    Rule("ip access-list <acl>", opens="acl"),
    Rule("ipv6 access-list <name>", opens="acl6"),
    Rule("class-map [type qos] match-any <name>", "class-map {-1}", "cmap"),
    Rule("policy-map [type (quality-of-service|qos)] <name>", "policy-map {-1}", "pmap"),
    Rule("interface <interface>", opens="if"),
    Rule("qos rewrite (dscp|cos)", "qos rewrite {2}"),
    Rule("qos map dscp <int:0-63>+ to traffic-class [<int:0-7>]"),
    Rule("qos map cos <int:0-7>+ to traffic-class [<int:0-7>]"),
    Rule("qos map traffic-class <int:0-7>+ to (dscp|cos|tx-queue) [<int:0-63>]"),
    Rule("ip (routing|route|name-server|domain-name|virtual-router) [<line>]"),
    Rule("username <line>"),
    Rule("banner (login|motd) <line>"),
    *free(
        "aaa alias clock daemon dns errdisable event-handler lacp lldp logging mlag ntp port-channel queue-monitor service snmp-server spanning-tree switchport transceiver vlan-config"
    ),
    *free("router management vlan monitor route-map vrf", opens="free"),
]
_CLASS_MAP = [
    Rule("match (ip|ipv6) access-group <acl>", "match"),
    Rule("match (vlan <word>|cos <word>|dscp <word>)", "match"),
]
_POLICY_MAP = [Rule("class [type qos] <name>", "class {-1}", "pmap-c")]
_POLICY_CLASS = [
    Rule("set dscp <dscp>", "set dscp"),
    Rule("set (cos|traffic-class|drop-precedence) <int:0-7>", "set {1}"),
    Rule(
        "police [rate] [cir] <int> (bps|kbps|mbps) [burst-size|bc] <int> (bytes|kbytes|mbytes)",
        "police",
    ),
]
_INTERFACE = [
    Rule("description <line>", "description"),
    Rule("service-policy type qos (input|output) <name>", "service-policy {3}"),
    Rule("(qos trust (dscp|cos)|no qos trust)", "qos trust"),
    Rule("qos (cos|dscp) <int:0-63>", "qos {1}"),
    Rule("tx-queue <int:0-7>", opens="txq"),
    Rule("uc-tx-queue <int:0-7>", opens="txq"),
    Rule("shape rate <int> [kbps|pps|percent]", "shape"),
    Rule("mtu <int:68-9214>", "mtu"),
    Rule("shutdown", "shutdown"),
    Rule("service-profile <name>", "service-profile"),
    *free(
        "channel-group ip ipv6 load-interval mlag speed switchport spanning-tree storm-control vrf"
    ),
]
_TX_QUEUE = [
    Rule("(no priority|priority strict)", "priority"),
    Rule("bandwidth percent <int:1-100>", "bandwidth"),
    Rule("bandwidth guaranteed [percent] <int>", "bandwidth guaranteed"),
    Rule("shape rate <int> [kbps|pps|percent]", "shape"),
]

GRAMMARS: Mapping[str, Grammar] = {
    mode: Grammar(rules, _TYPES)
    for mode, rules in {
        "config": _CONFIG,
        "if": _INTERFACE,
        "txq": _TX_QUEUE,
        "cmap": _CLASS_MAP,
        "pmap": _POLICY_MAP,
        "pmap-c": _POLICY_CLASS,
        "acl": _acl("(any|host <ip>|<prefix>|<ip> <ip>)"),
        "acl6": _acl("(any|host <ipv6>|<prefix6>)"),
        "free": [Rule("<line>")],
    }.items()
}


def names(mode: str, text: str) -> str:
    """Return what the prompt shows of a mode: `if-Et1`, `pmap-qos-P`."""
    last = text.rsplit(maxsplit=1)[-1]
    if mode == "if":
        kind, number = re.fullmatch(r"(\D+)(.*)", last).groups()  # type: ignore[union-attr]
        return f"if-{kind[:2]}{number}"
    shown = {
        "cmap": "cmap-qos",
        "pmap": "pmap-qos",
        "pmap-c": "pmap-c-qos",
        "txq": "if-txq",
        "acl6": "ipv6-acl",
    }
    return f"{shown.get(mode, mode)}-{last}"
