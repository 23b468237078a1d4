"""By which lines a text of NX-OS is known."""

from __future__ import annotations

from typing import Final

from translator.drivers.signs import Lines, Signs, lines_like

__all__ = ["signs_of"]

_OWN: Final = lines_like(
    r"system qos$|!Command: show|!RANCID-CONTENT-TYPE: cisco-nx|feature \w|vdc \S+ id \d",
    r"version \d+\.\d+\(\d+\w*\)|hardware access-list tcam|copp profile |switchname \S",
    r"(?:class|policy)-map type network-qos |vrf context \S|boot nxos |interface mgmt0",
    r"policy-map type (?:qos|queuing) ",
    anywhere=(r"service-policy type network-qos |class type queuing c-out-",),
)
_SHARED: Final = lines_like(
    r"(?:class|policy)-map (?:type (?:qos|queuing) )?|hostname \S+$|ip access-list \S+$",
    r"interface Ethernet\d+/\d+$",
    anywhere=(
        r"service-policy type (?:qos|queuing) |match access-group name |class type queuing ",
        r"set qos-group \d",
    ),
)
# Source: configurations of these systems, and their command references.
_FOREIGN: Final = lines_like(
    # IOS and IOS-XE
    r"Building configuration|Current configuration : |ip access-list (?:extended|standard) ",
    r"interface (?:\w*Gigabit|Fast|TwentyFive|Forty|Hundred)\w*Ethernet|version 1\d\.\d+$",
    r"mls qos\b|license udi|boot-start-marker|dial-peer |table-map ",
    # IOS XR, EOS, ASA, OS10
    r"!! IOS XR|end-(?:policy|set)\b|ipv4 access-list |route-policy |! device: |transceiver ",
    r"management api|ASA Version|access-list \S+ extended|: Saved|! Version 10",
    anywhere=(
        r"(?:class|policy)-map type (?:quality-of-service|tapagg|queueing)\b|end-policy-map\b",
        r"srr-queue |priority (?:percent )?\d+$|fair-queue$|(?:uc-)?tx-queue \d|set traffic-class",
    ),
)


def signs_of(text: str) -> Signs:
    """Return what speaks for NX-OS, and against it."""
    lines = Lines(text)
    shared = lines.found(_SHARED)
    own = lines.found(_OWN)
    return Signs(own, shared, lines.found(_FOREIGN) if own or shared else ())
