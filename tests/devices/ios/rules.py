"""The configuration commands of IOS, mode by mode: strict where QoS is concerned, lenient elsewhere.

Source:
    The command references of IOS 15 (QoS, security, configuration management); Catalyst 2960/3560/3750
    for `mls qos`, `srr-queue`, `priority-queue` and `trust`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..grammar import Grammar, Rule
from .words import TYPES

__all__ = ["GRAMMARS", "PARENTS"]

# From which mode a line is tried again where it means nothing: so that pasted sections follow each other.
PARENTS: Mapping[str, str] = {
    "config-if": "config",
    "config-cmap": "config",
    "config-pmap": "config",
    "config-pmap-c": "config-pmap",
    "config-pmap-c-police": "config-pmap-c",
    "config-ext-nacl": "config",
    "config-std-nacl": "config",
    "config-ipv6-acl": "config",
    "config-archive": "config",
    "config-archive-log-cfg": "config-archive",
    "config-line": "config",
    "config-router": "config",
    "config-tablemap": "config",
    "config-vlan": "config",
    "config-cp": "config",
}


def _up_to(kind: str, most: int) -> str:
    """A pattern of one to `most` values."""
    return f"<{kind}>" + f" [<{kind}>" * (most - 1) + "]" * (most - 1)


def _lenient(words: str, *, opens: str = "") -> list[Rule]:
    """Commands of which only the first word matters here."""
    return [
        rule for word in words.split() for rule in (Rule(f"{word} <line>", opens=opens), Rule(word))
    ]


_CONFIG = [
    Rule("hostname <host>", "hostname"),
    Rule("version <word>", "version"),
    Rule("ip access-list extended <acl>", opens="config-ext-nacl"),
    Rule("ip access-list standard <acl>", opens="config-std-nacl"),
    Rule("ip access-list resequence <acl> <int> <int>"),
    Rule("ipv6 access-list <name>", opens="config-ipv6-acl"),
    Rule("access-list <int:1-2699> (permit|deny|remark) <line>"),
    Rule("class-map (match-any|match-all) <name>", "class-map {2}", "config-cmap"),
    Rule("class-map <name>", "class-map {1}", "config-cmap"),
    Rule("policy-map <name>", opens="config-pmap"),
    Rule("table-map <name>", opens="config-tablemap"),
    Rule("interface <interface>", opens="config-if"),
    Rule("archive", opens="config-archive"),
    Rule("control-plane", opens="config-cp"),
    Rule("line (con|console|vty|aux) <int> [<int>]", opens="config-line"),
    Rule("router <line>", opens="config-router"),
    Rule("vlan <int:1-4094>", opens="config-vlan"),
    Rule("ip scp server enable"),
    Rule(
        "ip (arp|cef|classless|default-gateway|dhcp|domain|domain-lookup|domain-name|forward-protocol|ftp|"
        "http|multicast-routing|name-server|nat|prefix-list|route|routing|source-route|ssh|subnet-zero|tcp|tftp)"
        " [<line>]"
    ),
    Rule("ipv6 (cef|route|unicast-routing) [<line>]"),
    Rule("configuration mode exclusive [auto|manual]", "configuration mode"),
    Rule("file prompt (quiet|alert|noisy)", "file prompt"),
    Rule("mls qos", "mls qos"),
    Rule(
        f"mls qos srr-queue output cos-map queue <int:1-4> threshold <int:1-3> {_up_to('int:0-7', 8)}"
    ),
    Rule(
        f"mls qos srr-queue output dscp-map queue <int:1-4> threshold <int:1-3> {_up_to('int:0-63', 8)}"
    ),
    Rule(
        f"mls qos srr-queue input (cos-map|dscp-map) queue <int:1-2> threshold <int:1-3> {_up_to('int:0-63', 8)}"
    ),
    Rule("mls qos map (cos-dscp|dscp-cos|dscp-mutation|ip-prec-dscp|policed-dscp) <line>"),
    Rule("mls qos (queue-set|rewrite|aggregate-policer) <line>"),
    *_lenient(
        "aaa alias banner boot cdp clock crypto dot11 enable errdisable frame-relay key license lldp logging login "
        "monitor multilink network-clock ntp privilege redundancy route-map scheduler security service "
        "snmp-server spanning-tree switch system tacacs tacacs-server track udld username vrf vtp"
    ),
]

_CLASS_MAP = [
    Rule("description <line>", "description"),
    Rule("match [not] access-group (name <acl>|<int:1-2699>)"),
    Rule(f"match [not] [ip] dscp {_up_to('dscp', 8)}"),
    Rule(f"match [not] [ip] precedence {_up_to('precedence', 4)}"),
    Rule("match [not] protocol <word> [<line>]"),
    Rule("match [not] class-map <name>"),
    Rule(f"match [not] cos {_up_to('int:0-7', 4)}"),
    Rule("match [not] vlan <int:1-4094>+"),
    Rule(
        "match [not] (any|qos-group <int:0-99>|discard-class <int:0-7>|input-interface <interface>)"
    ),
    Rule("match [not] ip rtp <int:2000-65535> <int:0-16383>"),
    Rule("match [not] mpls experimental topmost <int:0-7>+"),
    Rule("match [not] packet length (min <int> [max <int>]|max <int>)"),
]

_POLICY_MAP = [
    Rule("description <line>", "description"),
    Rule("class <name>", opens="config-pmap-c"),
    Rule("class <name> insert-before <name>", "class {1}", "config-pmap-c"),
]

_ACTION = "(transmit|drop|set-dscp-transmit <dscp>|set-prec-transmit <precedence>|set-qos-transmit <int>|policed-dscp-transmit)"
_ACTIONS = f"[conform-action {_ACTION}] [exceed-action {_ACTION}] [violate-action {_ACTION}]"

_POLICY_CLASS = [
    Rule("set [ip] dscp <dscp>", "set dscp"),
    Rule("set [ip] precedence <precedence>", "set precedence"),
    Rule("set dscp (cos|qos-group|tunnel) [table <name>]", "set dscp"),
    Rule("set (cos <int:0-7>|qos-group <int:0-99>|discard-class <int:0-7>)", "set {1}"),
    Rule("set mpls experimental (imposition|topmost) <int:0-7>", "set mpls {3}"),
    Rule("trust [cos|dscp|ip-precedence]", "trust"),
    Rule("priority [level <int:1-2>] [percent <int:1-100>|<int:1-2000000> [<int>]]", "priority"),
    Rule("bandwidth (percent <int:1-100>|<int:1-2000000>)", "bandwidth"),
    Rule("bandwidth remaining (percent <int:1-100>|ratio <int:1-65536>)", "bandwidth"),
    Rule(
        "shape (average|peak) (<int:8000-1000000000000> [<int> [<int>]]|percent <int:1-100>)",
        "shape",
    ),
    Rule(
        f"police [cir] <int:8000-10000000000> [[bc] <int> [[be] <int>]] {_ACTIONS}",
        "police",
        "config-pmap-c-police",
    ),
    Rule(f"police cir percent <int:1-100> {_ACTIONS}", "police", "config-pmap-c-police"),
    Rule(
        f"police (aggregate <name>|rate <int> (bps|pps) {_ACTIONS})",
        "police",
        "config-pmap-c-police",
    ),
    Rule("random-detect [dscp-based|prec-based]", "random-detect"),
    Rule("random-detect ecn"),
    Rule("random-detect dscp <dscp> <int> <int> [<int>]", "random-detect dscp {2}"),
    Rule("fair-queue [<int>]", "fair-queue"),
    Rule("queue-limit <int> [packets|bytes|ms|us]", "queue-limit"),
    Rule("service-policy <name>", "service-policy"),
    Rule("drop"),
]

_POLICE = [
    Rule(f"({kind}-action) {_ACTION}", f"{kind}-action")
    for kind in ("conform", "exceed", "violate")
]

_INTERFACE = [
    Rule("description <line>", "description"),
    Rule("ip address (<ip> <ip>|dhcp)", "ip address"),
    Rule("ip address <ip> <ip> secondary"),
    Rule(
        "ip (access-group|flow|helper-address|mtu|nat|nbar|ospf|policy|proxy-arp|redirects|route-cache|tcp|unreachables|virtual-reassembly) <line>"
    ),
    Rule("ip (redirects|proxy-arp|unreachables|nbar protocol-discovery)"),
    Rule("ipv6 (address|enable|nd|traffic-filter|ospf) [<line>]"),
    Rule("shutdown", "shutdown"),
    Rule("bandwidth <int:1-10000000>", "bandwidth"),
    Rule("load-interval <int:30-600>", "load-interval"),
    Rule("service-policy (input|output) <name>", "service-policy {1}"),
    Rule("mls qos trust [cos|dscp|ip-precedence]", "mls qos trust"),
    Rule("mls qos trust device cisco-phone", "mls qos trust device"),
    Rule("mls qos cos (<int:0-7>|override)", "mls qos cos {3}"),
    Rule("mls qos (vlan-based|dscp-mutation <name>)"),
    Rule(
        "srr-queue bandwidth (share|shape) <int:0-65535> <int:0-65535> <int:0-65535> <int:0-65535>",
        "srr-queue {2}",
    ),
    Rule("srr-queue bandwidth limit <int:10-90>", "srr-queue limit"),
    Rule("priority-queue out", "priority-queue"),
    Rule("queue-set <int:1-2>", "queue-set"),
    Rule("auto qos (trust|voip (trust|cisco-phone|cisco-softphone)|video <line>)", "auto qos"),
    Rule("tx-ring-limit <int>", "tx-ring-limit"),
    *_lenient(
        "arp cdp channel-group crypto dialer dot1x duplex encapsulation fair-queue hold-queue keepalive lldp "
        "mdix media-type mtu negotiation peer power ppp pppoe-client spanning-tree speed standby storm-control "
        "switchport trust tunnel udld vrf"
    ),
]

_IPV4 = "(any|host <ip>|<ip> <ip>|object-group <name>)"
_IPV6 = "(any|host <ipv6>|<prefix6>)"
_PORT = f"[eq {_up_to('port', 10)}|(neq|gt|lt) <port>|range <port> <port>]"
_TAIL = "[established] [dscp <dscp>|precedence <precedence>|tos <int:0-15>] [fragments] [time-range <name>] [log|log-input]"
_BARE = "(ip|ipv6|icmp|igmp|gre|esp|ahp|ospf|eigrp|pim|<int:0-255>)"


def _acl(address: str, number: str) -> list[Rule]:
    return [
        Rule(f"{number} (permit|deny) (tcp|udp) {address} {_PORT} {address} {_PORT} {_TAIL}"),
        Rule(f"{number} (permit|deny) {_BARE} {address} {address} [<word>] {_TAIL}"),
        Rule(f"{number} remark <line>"),
    ]


_EXTENDED = [*_acl(_IPV4, "[<int:1-2147483647>]"), Rule("<int:1-2147483647>")]
_EXTENDED6 = [*_acl(_IPV6, "[sequence <int:1-4294967294>]"), Rule("sequence <int:1-4294967294>")]
_STANDARD = [
    Rule("[<int:1-2147483647>] (permit|deny) (any|host <ip>|<ip> [<ip>]) [log]"),
    Rule("remark <line>"),
    Rule("<int:1-2147483647>"),
]

_ARCHIVE = [
    Rule("path <line>", "path"),
    Rule("maximum <int:1-14>", "maximum"),
    Rule("write-memory", "write-memory"),
    Rule("time-period <int>", "time-period"),
    Rule("log config", opens="config-archive-log-cfg"),
]


def _grammar(rules: Iterable[Rule]) -> Grammar:
    return Grammar(rules, TYPES)


GRAMMARS: Mapping[str, Grammar] = {
    "config": _grammar(_CONFIG),
    "config-cmap": _grammar(_CLASS_MAP),
    "config-pmap": _grammar(_POLICY_MAP),
    "config-pmap-c": _grammar(_POLICY_CLASS),
    "config-pmap-c-police": _grammar(_POLICE),
    "config-if": _grammar(_INTERFACE),
    "config-ext-nacl": _grammar(_EXTENDED),
    "config-ipv6-acl": _grammar(_EXTENDED6),
    "config-std-nacl": _grammar(_STANDARD),
    "config-archive": _grammar(_ARCHIVE),
    "config-archive-log-cfg": _grammar(_lenient("logging hidekeys notify")),
    "config-tablemap": _grammar(
        [Rule("map from <int:0-63> to <int:0-63>", "map {2}"), Rule("default <word>", "default")]
    ),
    "config-line": _grammar(
        _lenient(
            "access-class escape-character exec-timeout exec length logging login password privilege session-timeout speed stopbits "
            "transport width"
        )
    ),
    "config-router": _grammar(
        _lenient(
            "address-family auto-summary neighbor network passive-interface redistribute router-id version"
        )
    ),
    "config-vlan": _grammar(_lenient("name shutdown state")),
    "config-cp": _grammar([Rule("service-policy (input|output) <name>", "service-policy {1}")]),
}
