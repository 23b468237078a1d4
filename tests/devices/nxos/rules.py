"""The configuration commands of NX-OS, mode by mode: strict where QoS is concerned, lenient elsewhere.

Source:
    Cisco, Nexus 9000 Series NX-OS QoS, security and system management guides and command references;
    the grammar of batfish for names, entries of lists and maps.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping

from ..grammar import Grammar, Rule, free
from ..ios.words import TYPES as IOS_TYPES

__all__ = ["GRAMMARS", "LISTS", "PARENTS", "kept_interface"]

PARENTS: Mapping[str, str] = {
    "config-if": "config",
    "config-cmap-qos": "config",
    "config-cmap-que": "config",
    "config-pmap-qos": "config",
    "config-pmap-c-qos": "config-pmap-qos",
    "config-pmap-que": "config",
    "config-pmap-c-que": "config-pmap-que",
    "config-acl": "config",
    "config-ipv6-acl": "config",
    "config-sys-qos": "config",
    "config-schedule": "config",
    "config-vlan-config": "config",
    "config-line": "config",
    "config-free": "config",
}
LISTS = ("config-acl", "config-ipv6-acl")
_KINDS = {"ethernet": "Ethernet", "port-channel": "port-channel", "vlan": "Vlan",
          "loopback": "loopback", "mgmt": "mgmt"}  # fmt: skip


def kept_interface(word: str) -> str | None:
    """Return the full name of an interface, None for what names none."""
    found = re.fullmatch(r"([A-Za-z-]+)(\d[\d/.]*)", word)
    kinds = [full for low, full in _KINDS.items() if found and low.startswith(found[1].lower())]
    return f"{kinds[0]}{found[2]}" if found and kinds else None


def _is_prefix(word: str) -> bool:
    try:
        return "/" in word and bool(ipaddress.IPv4Network(word, strict=False))
    except ValueError:
        return False


def _is_values(word: str) -> bool:
    """A part of a list such as `10, 12-14,af41`."""
    parts = [part for part in word.split(",") if part]
    return bool(parts) and all(
        all(map(IOS_TYPES["dscp"], part.split("-"))) and part.count("-") < 2 for part in parts
    )


_TYPES = {
    **IOS_TYPES,
    "interface": lambda word: kept_interface(word) is not None,
    "prefix": _is_prefix,
    "values": _is_values,
    "name40": lambda word: len(word) <= 40 and IOS_TYPES["name"](word),
    "start": lambda word: re.fullmatch(r"\+\d+:\d+:\d+", word) is not None,
}


def _entries(address: str) -> list[Rule]:
    port = "[(eq|neq|lt|gt) <port>|range <port> <port>]"
    number = "[<int:1-4294967295>]"
    tail = "[established] [dscp <dscp>] [fragments] [log]"
    return [
        Rule(f"{number} (permit|deny) (tcp|udp) {address} {port} {address} {port} {tail}"),
        Rule(f"{number} (permit|deny) (ip|ipv6|icmp|<int:0-255>) {address} {address} {tail}"),
        Rule(f"{number} remark <line>"),
        Rule("statistics per-entry"),
        Rule("<int:1-4294967295>"),
    ]


_BINDS = "service-policy [type qos] input <name40>"
_QUEUES = "service-policy type queuing (input|output) <name40>"
_CONFIG = [
    Rule("hostname <host>", "hostname"),
    Rule("version <line>", "version"),
    Rule("feature (scheduler|lacp|lldp|interface-vlan)"),
    Rule("ip access-list <acl>", opens="config-acl"),
    Rule("ipv6 access-list <acl>", opens="config-ipv6-acl"),
    Rule("class-map [type qos] [match-any|match-all] <name40>", "class-map {-1}", "config-cmap-qos"),
    Rule("class-map type queuing [match-any|match-all] <name40>", "class-map queuing {-1}",
         "config-cmap-que"),
    Rule("policy-map [type qos] <name40>", "policy-map {-1}", "config-pmap-qos"),
    Rule("policy-map type queuing <name40>", "policy-map queuing {-1}", "config-pmap-que"),
    Rule("system qos", opens="config-sys-qos"),
    Rule("interface <interface>", opens="config-if"),
    Rule("vlan configuration <int:1-4094>", opens="config-vlan-config"),
    Rule("scheduler job name <word>", opens="config-job"),
    Rule("scheduler schedule name <word>", opens="config-schedule"),
    Rule("scheduler aaa-authentication <line>", "scheduler aaa"),
    Rule("line (console|vty)", opens="config-line"),
    Rule("hardware access-list tcam region <word> <int>", "tcam {4}"),
    *free("boot clock copp ip ipv6 logging ntp snmp-server spanning-tree system username vlan vrf"),
    *free("router", opens="config-free"),
]  # fmt: skip
_CLASS_MAP = [
    Rule("description <line>", "description"),
    Rule("match access-group name <acl>"),
    Rule("match dscp <values>+"),
    Rule("match cos <values>+"),
    Rule("match precedence <precedence>+"),
]
_POLICY_CLASS = [
    Rule("set dscp <dscp>", "set dscp"),
    Rule("set qos-group <int:0-7>", "set qos-group"),
    Rule("set cos <int:0-7>", "set cos"),
]
_QUEUE = [
    Rule("priority [level <int:1-7>]", "priority"),
    Rule("bandwidth percent <int:0-100>", "bandwidth"),
    Rule("bandwidth remaining percent <int:0-100>", "bandwidth"),
    Rule("shape min <int> (bps|kbps|mbps|gbps) max <int> (bps|kbps|mbps|gbps)", "shape"),
    Rule("random-detect [<line>]", "random-detect"),
    Rule("queue-limit <line>", "queue-limit"),
]
_INTERFACE = [
    Rule("description <line>", "description"),
    Rule(_BINDS, "service-policy qos"),
    Rule(_QUEUES, "service-policy queuing {3}"),
    Rule("shutdown"),
    Rule("switchport [<line>]"),
    *free("channel-group ip ipv6 mtu no speed vrf"),
]

GRAMMARS: Mapping[str, Grammar] = {
    mode: Grammar(rules, _TYPES)
    for mode, rules in {
        "config": _CONFIG,
        "config-if": _INTERFACE,
        "config-cmap-qos": _CLASS_MAP,
        "config-cmap-que": [Rule("match qos-group <int:0-7>"), Rule("description <line>")],
        "config-pmap-qos": [
            Rule("description <line>", "description"),
            Rule("class [type qos] <name40>", "class {-1}", "config-pmap-c-qos"),
        ],
        "config-pmap-c-qos": _POLICY_CLASS,
        "config-pmap-que": [
            Rule("description <line>", "description"),
            Rule("class type queuing <name40>", "class {-1}", "config-pmap-c-que"),
        ],
        "config-pmap-c-que": _QUEUE,
        "config-acl": _entries("(any|host <ip>|<prefix>|<ip> <ip>)"),
        "config-ipv6-acl": _entries("(any|host <ipv6>|<prefix6>)"),
        "config-sys-qos": [
            Rule(_BINDS, "service-policy qos"),
            Rule(_QUEUES, "service-policy queuing {3}"),
            Rule("service-policy type network-qos <name40>", "service-policy network-qos"),
        ],
        "config-vlan-config": [Rule(_BINDS, "service-policy qos")],
        "config-schedule": [
            Rule("job name <word>"),
            Rule("time start <start>", "time"),
        ],
        "config-line": [Rule("<line>")],
        "config-free": [Rule("<line>")],
    }.items()
}
