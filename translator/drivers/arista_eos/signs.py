"""By which lines a text of EOS is known."""

from __future__ import annotations

from typing import Final

from translator.drivers.signs import Lines, Signs, lines_like

__all__ = ["signs_of"]

# Source: listings of EOS; of these words no sibling whose text looks alike knows any.
_OWN: Final = lines_like(
    r"! device: .{1,80}\(.{1,60}, EOS-",
    r"!RANCID-CONTENT-TYPE: arista",
    r"policy-map type quality-of-service ",
    r"(?:no )?qos (?:rewrite dscp|map (?:dscp|cos|traffic-class) [\d ]+to|profile \S+$)",
    r"traffic-policies$|management api (?:http-commands|gnmi)|transceiver qsfp default-mode",
    # Others have these words too, and none of them sets lines in by three blanks.
    r"   (?:service-policy type qos input \S+|qos trust (?:dscp|cos))$",
    anywhere=(r"default qos trust$|(?:uc-|mc-)?tx-queue \d$|service-profile \S+$",),
)
_SHARED: Final = lines_like(
    r"class-map type qos match-any |hostname \S+$|ip access-list \S+$|interface Ethernet\d",
    anywhere=(r"match ip access-group |service-policy |qos trust (?:dscp|cos)$",),
)
_FOREIGN: Final = lines_like(
    # NX-OS
    r"feature \w|version \d+\.\d+\(|vdc \S|system qos\b|class-map type (?:queuing|network-qos)",
    # IOS, IOS XR
    r"version 1\d\.\d+$|Building configuration|mls qos|ip access-list extended |!! IOS XR",
    r"policy-map (?!type )\S+$|end-policy-map",
    anywhere=(r"match access-group |service-policy (?:input|output) |srr-queue ",),
)


def signs_of(text: str) -> Signs:
    """Return what speaks for EOS, and against it."""
    lines = Lines(text)
    shared = lines.found(_SHARED)
    own = lines.found(_OWN)
    return Signs(own, shared, lines.found(_FOREIGN) if own or shared else ())
