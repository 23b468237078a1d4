"""Device texts that we wrote, whole and with what shows that they are: one or more per platform.

What our drivers render stands in the middle; around it the head and the end that a device prints.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from conformance.shapes import Accepted, outcome

from translator.drivers.registry import driver_names

__all__ = ["WHOLE", "Whole", "rendered", "shapes_of"]

# Text before and behind the configuration, the part of the latter that ends the proof.
Whole = tuple[str, str, str]

CISCO_HEAD = """\
Building configuration...

Current configuration : 4711 bytes
!
! Last configuration change at 08:15:00 UTC Mon Jan 6 2025
!
version 15.2
hostname edge-1
!
banner motd ^C
policy-map of no device
end
^C
!
"""
CISCO_END = "!\nline con 0\nline vty 0 4\n login\n!\nend"
EOS_HEAD = """\
! Command: show running-config
! device: edge-1 (DCS-7050SX3-48YC8, EOS-4.29.2F)
!
hostname edge-1
!
banner motd
policy-map type quality-of-service NONE
!
end
EOF
!
"""
EOS_END = "!\nmanagement api http-commands\n   no shutdown\n!\nend"
JUNOS_HEAD = "## Last commit: 2025-01-06 08:15:00 UTC by admin\nversion 22.4R1.10;\n"
JUNOS_SHOWN = "admin@edge-1> show configuration | no-more \n"
STATISTICS = "---\n212 entries, 20311 bytes used, 45225 bytes free."

_CISCO = ((CISCO_HEAD, CISCO_END), (CISCO_HEAD, CISCO_END + "\n\nedge-1#"))
_NEXUS_HEAD = """\
!Command: show running-config
!Time: Mon Jan  6 08:15:00 2025

version 9.3(8) Bios:version 05.45
hostname leaf-1
feature scheduler
"""
_NEXUS = ((_NEXUS_HEAD, "line console\n"), (_NEXUS_HEAD, "line vty\n\nleaf-1# "))
_JUNOS = (
    (JUNOS_HEAD, "\n{master:0}"),
    (JUNOS_SHOWN, "\n{primary:node0}\nadmin@edge-1>"),
    (JUNOS_HEAD, "\n[edit]\nadmin@edge-1#"),
)
_TOMATO = (("", STATISTICS), ("", STATISTICS + "\nroot@router:/tmp/home/root#"))
_FRAMES: dict[str, tuple[tuple[str, str], ...]] = {
    "arista_eos": ((EOS_HEAD, EOS_END), (EOS_HEAD, EOS_END + "\n\nedge-1#")),
    "cisco_ios": _CISCO,
    "cisco_catalyst": _CISCO,
    "cisco_nxos": _NEXUS,
    "juniper_junos": _JUNOS,
    "juniper_junos_qfx": _JUNOS,
    "juniper_junos_srx": _JUNOS,
    "linux": (("", ""),),
    "tomato": _TOMATO,
    "tomato64": _TOMATO,
    "tomato_old": _TOMATO,
}


@cache
def rendered(platform: str, shape: str) -> str:
    """Return what the driver writes for a shape of device."""
    found = outcome(platform, shape)
    assert isinstance(found, Accepted)
    return found.rendered.config


@cache
def shapes_of(platform: str) -> tuple[str, ...]:
    """Return the shapes that a platform can express, the one with the shortest text first."""
    shapes = ("small-office", "access", "home", "voice", "branch")
    able = [name for name in shapes if isinstance(outcome(platform, name), Accepted)]
    return tuple(sorted(able, key=lambda name: len(rendered(platform, name))))


def _whole(platform: str, head: str, end: str) -> Callable[[], str]:
    return lambda: f"{head}{rendered(platform, shapes_of(platform)[0])}{end}"


WHOLE: dict[str, tuple[str, Callable[[], str]]] = {
    f"{platform}-{number}": (platform, _whole(platform, *frame))
    for platform in driver_names()
    for number, frame in enumerate(_FRAMES.get(platform, ()))
}
"""Platform and text by name; the text ends with what proves it whole, without a line feed."""
