"""What an EOS configuration says of its ports beside their QoS.

Sources: EOS user manual, chapters Ethernet Ports, Port Channels, VLANs; `switchport phone vlan`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from translator.drivers.arista_eos.freetext import without_free_text
from translator.drivers.arista_eos.names import Opener
from translator.drivers.capture import cleaned
from translator.drivers.cisco.reader import TextLine, read_sections
from translator.intents.port import Port, PortMode

__all__ = ["read_ports"]

_VIRTUAL: Final = re.compile(r"(?i)(?:vlan|loopback|management|tunnel|vxlan|recirc|dps|register)")
_DISTANT: Final = re.compile(r"(?i)tunnel")
_BUNDLE: Final = "Port-Channel"
# `speed 10g`, `speed forced 40gfull`, `speed 100gfull`, `speed forced 1000full`, `speed 100g-2`.
_SPEED: Final = re.compile(r"(\d{1,5})(g?)(?:full|half)?(?:-\d)?")
_MODES: Final = {
    "access": PortMode.ACCESS,
    "trunk": PortMode.TRUNK,
    "routed": PortMode.ROUTED,
    "dot1q-tunnel": PortMode.TRUNK,
}


@dataclass(slots=True)
class _Facts:
    """Collects what the lines of one interface say; the last one counts."""

    line: int
    shutdown: bool = False
    mode: PortMode = PortMode.UNSTATED
    voice_vlan: bool = False
    bundle: str = ""
    line_bps: int | None = None

    def read(self, line: TextLine) -> None:
        keys = line.keys
        off = keys[0] == "no"
        keys = keys[1:] if off else keys
        if keys == ["shutdown"]:
            self.shutdown = not off
        elif keys[:1] == ["switchport"]:
            self._switchport(keys[1:], off=off)
        elif keys[:2] in (["ip", "address"], ["ipv6", "address"]) and not off:
            self.mode = PortMode.ROUTED
        elif keys[:1] == ["channel-group"]:
            self.bundle = f"{_BUNDLE}{keys[1]}" if len(keys) > 1 and not off else ""
        elif keys[:1] == ["speed"] and not off:
            self.line_bps = _speed(keys[1:])

    def _switchport(self, keys: list[str], *, off: bool) -> None:
        if not keys:
            self.mode = PortMode.ROUTED if off else self.mode
        elif keys[0] == "mode" and len(keys) > 1 and not off:
            self.mode = _MODES.get(keys[1], PortMode.UNSTATED)
            self.voice_vlan = self.voice_vlan or keys[2:3] == ["phone"]
        elif keys[:2] == ["phone", "vlan"]:
            self.voice_vlan = not off
        elif keys[:2] == ["access", "vlan"] and self.mode is PortMode.UNSTATED and not off:
            self.mode = PortMode.ACCESS


def read_ports(text: str) -> tuple[Port, ...]:
    """Return the interfaces of a text in its order; never raises.

    Policies of a bundle stand on the port channel itself.
    """
    shown, _ = without_free_text(cleaned(text))
    found: dict[str, _Facts] = {}
    opener = Opener()
    for section in read_sections(shown, frozenset({"interface"})).sections:
        base = min((line.indent for line in section.body), default=0)
        fresh: _Facts | None = None
        for name in opener.opened(section.head, len(section.body)):
            if name not in found and fresh is not None:
                found[name] = replace(fresh)
                continue
            facts = found.get(name)
            if facts is None:
                facts = found[name] = fresh = _Facts(section.head.number)
            _read(facts, (line for line in section.body if line.indent == base))
    return tuple(_port(name, facts) for name, facts in found.items())


def _read(facts: _Facts, lines: Iterable[TextLine]) -> None:
    for line in lines:
        facts.read(line)


def _port(name: str, facts: _Facts) -> Port:
    return Port(
        name,
        facts.line,
        facts.shutdown,
        facts.mode,
        facts.voice_vlan,
        virtual=_VIRTUAL.match(name) is not None,
        bundle=facts.bundle,
        line_bps=facts.line_bps,
        distant=_DISTANT.match(name) is not None,
        qos_at=facts.bundle,
    )


def _speed(keys: list[str]) -> int | None:
    found = _SPEED.fullmatch(keys[-1]) if keys else None
    if found is None:
        return None
    return int(found[1]) * (1_000_000_000 if found[2] else 1_000_000)
