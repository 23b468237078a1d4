"""What kind of section a header line opens, and which lines go on with a section at the margin."""

from __future__ import annotations

from typing import Final

from translator.drivers.cisco.scan import ANYWHERE

__all__ = ["REMOVABLE", "RESET", "RESETS", "STARTS", "continues", "kind_of"]

REMOVABLE: Final = ANYWHERE | {"access-list", "interface", "object-group", "route-map", "table-map"}
"""Kinds of sections that `no` removes as a whole; such a line is of the kind `no class-map`."""

RESET: Final = "default interface"
"""The kind of a line that takes back all that an interface was told."""

RESETS: Final = frozenset({RESET, "no interface"})
"""The kinds of lines that concern all that an interface was told."""

_INTERFACE: Final = "interface"
_SECOND_WORD: Final = {
    "ip": frozenset({"access-list", "nbar"}),
    "ipv6": frozenset({"access-list"}),
    "mac": frozenset({"access-list"}),
    "mls": frozenset({"qos"}),
    "vrf": frozenset({"forwarding"}),  # a line of an interface, unlike `vrf definition`
}
_ENTRY_WORDS: Final = frozenset({"permit", "deny", "remark", "dynamic", "evaluate", "sequence"})
# Words that start a line below such a header even when pasted text lost its indentation.
_BODY_WORDS: Final[dict[str, frozenset[str]]] = {
    "class-map": frozenset({"match", "description"}),
    "policy-map": frozenset(
        [
            "class",
            "set",
            "police",
            "priority",
            "bandwidth",
            "shape",
            "fair-queue",
            "random-detect",
            "queue-limit",
            "trust",
            "service-policy",
            "description",
            "conform-action",
            "exceed-action",
            "violate-action",
            # A line that a terminal broke in two: named as unread, and the section goes on.
            "set-dscp-transmit",
            "set-prec-transmit",
            "transmit",
            "drop",
        ]
    ),
    "ip access-list": _ENTRY_WORDS,
    "ipv6 access-list": _ENTRY_WORDS,
    "mac access-list": _ENTRY_WORDS,
    "table-map": frozenset({"map", "default"}),
    "object-group": frozenset({"host", "range", "group-object", "tcp", "udp", "tcp-udp"}),
    "interface": frozenset({"service-policy"}),
}
# Go on in text without indentation until another section, or a line of the device, begins.
_FLAT: Final = frozenset(
    ["class-map", "policy-map", "table-map", "object-group", "route-map", "template", "vlan",
     "map-class", "service-group"]
)  # fmt: skip
# Never begin a line of these.
_GLOBAL: Final = frozenset(
    ["aaa", "auto", "banner", "cdp", "crypto", "dial-peer", "ip", "ipv6", "lldp", "logging", "mls",
     "ntp", "qos", "service", "snmp-server", "spanning-tree", "username", "voice", "vtp"]
)  # fmt: skip
_NUMBERED: Final = frozenset(
    {"ip access-list", "ipv6 access-list", "mac access-list", "object-group"}
)
# End an interface even where no line of the text is indented.
STARTS: Final = ANYWHERE | frozenset(
    ["access-list", "bba-group", "control-plane", "controller", "hostname", "interface", "key",
     "line", RESET, "map-class", "mls qos", "object-group", "parameter-map", "redundancy",
     "route-map", "router", "service-group", "system", "table-map", "template", "version", "vlan",
     "vrf", "zone-pair"]
)  # fmt: skip


def continues(section: str, kind: str, text: str, *, flat: bool) -> bool:
    """Whether a line at the margin goes on with a section that is open.

    What is said of a line holds of one with `no` before it, too: it takes such a line back.

    Args:
        section: the kind of the section.
        kind: that of the line.
        text: the line.
        flat: whether no line of the text is indented.
    """
    if kind == "no":
        negated = text[2:].lstrip()
        if not negated:
            return False
        if flat and section == _INTERFACE:  # `no mls qos trust` is one of its lines
            return True
        return continues(section, kind_of(negated), negated, flat=flat)
    if kind in STARTS or kind.startswith("no "):
        return False
    first = kind.partition(" ")[0]
    if first in _BODY_WORDS.get(section, ()):
        return True
    if flat and section == _INTERFACE:
        return True
    if flat and section in _FLAT:
        return first not in _GLOBAL
    return section in _NUMBERED and text[0].isdigit()


def kind_of(text: str) -> str:
    """Return the keyword(s) of a header line; `int` and the like are typed for `interface`."""
    if text.startswith("interface "):
        return "interface"
    words = text.split(None, 2)
    first = words[0].lower()
    seconds = _SECOND_WORD.get(first)
    if seconds is not None and len(words) > 1 and words[1].lower() in seconds:
        return f"{first} {words[1].lower()}"
    if first == "no" and len(words) > 1:
        kind = kind_of(text.split(None, 1)[1])
        return f"no {kind}" if kind in REMOVABLE else first
    if first == "default" and len(words) > 1 and _is_interface(words[1].lower()):
        return RESET
    return "interface" if first.startswith("int") and _is_interface(first) else first


def _is_interface(word: str) -> bool:
    return word.startswith("int") and "interface".startswith(word)
