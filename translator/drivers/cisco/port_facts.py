"""What the lines of an interface say beside QoS, each distinct line read once for a whole fleet."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final, NamedTuple

from translator.intents.port import PortMode

__all__ = ["Facts", "facts_of", "telling_lines"]

_KBIT: Final = 1_000
_MEGABIT: Final = 10**6
_MODES: Final = {"access": PortMode.ACCESS, "trunk": PortMode.TRUNK}
_DEFAULT_VLAN: Final = "1"
_UNTAGGED: Final = frozenset({"dot1p", "untagged"})
_VLAN: Final = re.compile(r"[0-9]{1,4}")
_UNTOLD: Final = "untold"
_SAID_ALIKE: Final = frozenset({"", _UNTOLD})


class _Fact(NamedTuple):
    """What one line says: the name of a field below and its value."""

    field: str
    value: str | int | bool | PortMode


class Facts:
    """What the telling lines of one interface say; never changed when read."""

    __slots__ = (
        "access_vlan",
        "address",
        "bundle",
        "circuit_bps",
        "line_bps",
        "mode",
        "outside",
        "shutdown",
        "switched",
        "trunk",
        "voice_vlan",
    )

    def __init__(self, telling: str) -> None:
        self.shutdown = False
        self.mode: PortMode | None = None
        self.access_vlan = ""
        self.trunk = False
        self.switched: bool | None = None
        self.address = False
        self.voice_vlan = ""
        self.outside = False
        self.bundle = ""
        self.circuit_bps: int | None = None
        self.line_bps: int | None = None
        for raw in telling.split("\n"):
            fact = _fact(raw)
            if fact is not None:
                setattr(self, fact.field, fact.value)
        self.mode = self._mode()

    def _mode(self) -> PortMode:
        if self.mode is not None:
            return self.mode
        if self.address or self.switched is False:
            return PortMode.ROUTED
        # Source: LAN switching command reference, `switchport access vlan`: the VLAN of the port
        # while it is no trunk. Printed without a mode where access is the default.
        if self.access_vlan and not self.trunk:
            return PortMode.ACCESS
        return PortMode.UNSTATED

    def vlan_interfaces(self, access_vlan: str, voice_vlan: str) -> tuple[str, str]:
        """Return the interfaces of the access VLAN and of the voice VLAN, "" of none.

        Lines that are alike share these facts; which VLANs it is, only the lines themselves tell.

        Source: LAN switching command reference, `switchport access vlan`: VLAN 1 is the default;
        `switchport voice vlan`: with `dot1p` and `untagged` phones are in the access VLAN.
        """
        if self.mode is not PortMode.ACCESS:
            return "", ""
        access, voice = self.access_vlan, self.voice_vlan
        if access not in _SAID_ALIKE:
            access = access_vlan or _UNTOLD
        if voice not in _SAID_ALIKE:
            voice = voice_vlan or _UNTOLD
        own = _vlan_interface(access or _DEFAULT_VLAN)
        return own, own if voice in _UNTAGGED else _vlan_interface(voice)


# The sections of a fleet are few once the lines that tell nothing are left out.
@lru_cache(maxsize=8192)
def facts_of(telling: str) -> Facts:
    """Return what the telling lines of an interface say."""
    return Facts(telling)


def telling_lines(below: str) -> str:
    """Return those of an interface's lines that tell something, in lower case.

    Args:
        below: the lines below its header, each with its line feed before it.
    """
    return "".join(_TELLING.findall(below.lower()))


@lru_cache(maxsize=16384)
def _fact(raw: str) -> _Fact | None:
    """Return what a line in lower case says; one of a service instance or circuit below does not
    count.
    """
    if raw[1:2].isspace():
        return None
    words = raw.split()
    negated = words[:1] == ["no"]
    read = _READ.get(words[negated]) if len(words) > negated else None
    return None if read is None else read(words[negated + 1 :], not negated)


@lru_cache(maxsize=8192)
def _vlan_interface(vlan: str) -> str:
    """Return the interface that routes a VLAN, "" where its number is not told."""
    return f"Vlan{int(vlan)}" if _VLAN.fullmatch(vlan) else ""


def _switchport(rest: list[str], said: bool) -> _Fact | None:
    if not rest:
        return _Fact("switched", said)
    if rest[0] == "mode" and len(rest) > 1:
        return _Fact("mode", _MODES.get(rest[1], PortMode.UNSTATED)) if said else None
    vlan = rest[2] if len(rest) == 3 else _UNTOLD
    if rest[:2] == ["voice", "vlan"]:
        # Source: LAN switching command reference, `switchport voice vlan`: `none` has no VLAN.
        return _Fact("voice_vlan", vlan if said and vlan != "none" else "")
    if rest[:2] == ["access", "vlan"]:
        return _Fact("access_vlan", vlan if said else "")
    return _Fact("trunk", said) if rest[0] == "trunk" else None


def _ip(rest: list[str], said: bool) -> _Fact | None:
    if rest[:2] == ["nat", "outside"]:
        return _Fact("outside", said)
    return _Fact("address", said) if rest[:1] in (["address"], ["unnumbered"]) else None


def _bandwidth(rest: list[str], said: bool) -> _Fact | None:
    # Source: interface command reference, `bandwidth`: kbit/s.
    if len(rest) != 1 or not rest[0].isdecimal() or len(rest[0]) > 10 or not said:
        return None
    return _Fact("circuit_bps", int(rest[0]) * _KBIT)


def _speed(rest: list[str], said: bool) -> _Fact | None:
    if len(rest) != 1 or not rest[0].isdecimal() or len(rest[0]) > 6 or not said:
        return None
    return _Fact("line_bps", int(rest[0]) * _MEGABIT)


def _channel_group(rest: list[str], said: bool) -> _Fact | None:
    return _Fact("bundle", f"Port-channel{rest[0]}" if said else "") if rest else None


def _ppp(rest: list[str], said: bool) -> _Fact | None:
    if rest[:2] != ["multilink", "group"] or len(rest) != 3:
        return None
    return _Fact("bundle", f"Multilink{rest[2]}" if said else "")


_READ: Final[dict[str, Callable[[list[str], bool], _Fact | None]]] = {
    "switchport": _switchport,
    "ip": _ip,
    "ipv6": lambda rest, said: _Fact("address", said) if rest[:1] == ["address"] else None,
    "bandwidth": _bandwidth,
    "speed": _speed,
    "channel-group": _channel_group,
    "ppp": _ppp,
    "shutdown": lambda rest, said: None if rest else _Fact("shutdown", said),
}
# What begins otherwise tells nothing; of lines that begin so, `_fact` sees whether they do.
_TELLING: Final = re.compile(rf"\n[ \t](?:no|{'|'.join(map(re.escape, _READ))})[^\n]*")
