"""Lines of systems whose configuration looks like that of IOS, and that are something else."""

from __future__ import annotations

from typing import Final

__all__ = ["NEVER_IN_IOS", "NEVER_IN_IOS_ANYWHERE", "ROUTERS_ONLY", "ROUTERS_ONLY_ANYWHERE"]

# Source: configurations of these systems, and their command references.
NEVER_IN_IOS: Final = (
    # NX-OS
    r"feature \w|!RANCID-CONTENT-TYPE: (?!cisco$)|!Command: show|vdc \S|switchname \S|system qos\b",
    r"version \d+\.\d+\(|hardware access-list",
    # IOS XR
    r"!! IOS XR|end-(?:policy|set)\b|route-policy \S|prefix-set |ipv4 access-list \S|router static",
    r"interface (?:preconfigure|\S+?\d/\d+/\d+/\d)",
    # EOS
    r"! device: |transceiver |qos trust|traffic-policies|management api|tcam profile",
    # ASA
    r"ASA Version|access-list \S+ extended|object network|: Saved",
    # OS10, FastIron
    r"! Version 10|interface (?:breakout|mgmt|ethernet\d)|ver \d|stack unit",
    # AOS-CX, ProCurve
    r"!Version ArubaOS|interface (?:lag )?\d+(?:/\d|$)|class ip |; \S+ Configuration Editor",
    # Comware, VRP
    r"sysname|\#$",
    # Catalyst 6500, 9000, 3650, 3850
    r"mls (?:flow|netflow|cef)\b|switch \d+ provision (?:c9|ws-c3[68]50)|license boot level",
)
NEVER_IN_IOS_ANYWHERE: Final = (
    # NX-OS, IOS XR, EOS; queues of line cards in a Catalyst 6500
    r"(?:class-map|policy-map|service-policy) type (?:qos|queuing|network-qos|lan-queuing)\b",
    r"(?:class|policy)-map type (?:quality-of-service|tapagg|pbr|copp)\b",
    r"end-(?:class|policy)-map\b|ipv4 address|set traffic-class|(?:wrr|rcv)-queue\b",
    r"(?:uc-)?tx-queue \d|(?:no )?qos (?:map|profile|rewrite) ",
    # ASA, FastIron, AOS-CX, Comware and VRP
    r"nameif \S|security-level|(?:un)?tagged ethe|apply (?:access-list|policy|qos)|undo ",
    r"traffic (?:classifier|behavior|policy)",
    # Catalyst 4500, 3650, 3850 and 9000
    r"dbl$|queue-buffers |queue-limit (?:dscp|cos) ",
    r"(?:class|policy)-map (?:match-\w+ )?(?:system-cpp|non-client|AutoQos-4)",
)
# Interfaces, translation, inspection and encryption that the Catalyst 2960 family has not.
ROUTERS_ONLY: Final = (
    r"interface (?:Serial|Dialer|Virtual-Template|Multilink|Cellular|BDI|ATM|Async|BVI|POS)\d",
    r"platform qfp|ip inspect name|crypto (?:map|isakmp) |zone-pair security|voice-port \d",
    r"dial-peer ",
)
ROUTERS_ONLY_ANYWHERE: Final = (
    r"ip (?:nat (?:inside|outside)|inspect \S+ (?:in|out))|service instance \d+ ethernet",
)
