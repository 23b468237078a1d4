"""Switched ports without a policy: interfaces of their VLANs that have one are judged instead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Final

from translator.audit.model import RoleGiven
from translator.intents.compile import InterfaceSpec
from translator.intents.device import ELSEWHERE, DeviceQos
from translator.intents.model import Role
from translator.intents.port import Port
from translator.verify.names import spelled_out

__all__ = ["AtVlans", "judged_at_vlans"]

# Roles that ask for nothing but the marking of what enters.
_MARKING: Final = frozenset({Role.CLIENT, Role.PHONE, Role.SERVER})
_VLAN: Final = attrgetter("vlan_interface")
_VOICE_VLAN: Final = attrgetter("voice_interface")
_STAYING: Final = (
    "packets that stay within a VLAN do not pass its interface (of some switches they do): the "
    "policy there is judged for packets that are routed"
)


@dataclass(frozen=True, slots=True)
class AtVlans:
    """The interfaces to be judged, those of VLANs in place of ports.

    Attributes:
        roles: those of the interfaces of VLANs, with the ports that they come from.
        assumptions: what the judgement rests on where there are any.
    """

    specs: tuple[InterfaceSpec, ...]
    roles: tuple[RoleGiven, ...] = ()
    assumptions: tuple[str, ...] = ()


def judged_at_vlans(
    specs: tuple[InterfaceSpec, ...], found: DeviceQos, ports: tuple[Port, ...]
) -> AtVlans:
    """Return what is to be judged for ports whose platform may have their QoS at their VLANs.

    A port that has QoS itself, or hosts in a VLAN without a policy, is judged by itself; so are
    ports of one VLAN whose roles differ, as its one policy cannot be right for both.
    """
    served = dict(_served(specs, found, ports))
    if not served:
        return AtVlans(specs)
    asked: dict[str, set[Role]] = {}
    for spec in specs:
        asked.setdefault(spec.name, set()).add(spec.role)
    for places in served.values():
        for name, role in places:
            asked.setdefault(name, set()).add(role)
    moved = {
        port: places
        for port, places in served.items()
        if all(len(asked[name]) == 1 for name, _ in places)
    }
    members: dict[tuple[str, Role], list[str]] = {}
    for port, places in moved.items():
        for place in places:
            members.setdefault(place, []).append(port)
    kept = [spec for spec in specs if spec.name not in moved]
    known = {spec.name for spec in kept}
    new = {place: names for place, names in members.items() if place[0] not in known}
    return AtVlans(
        (*kept, *(InterfaceSpec(name, role) for name, role in new)),
        tuple(RoleGiven((name,), role, _of(names)) for (name, role), names in new.items()),
        (_STAYING,) if moved else (),
    )


def _served(
    specs: Iterable[InterfaceSpec], found: DeviceQos, ports: tuple[Port, ...]
) -> Iterator[tuple[str, tuple[tuple[str, Role], ...]]]:
    """Yield the ports of these roles whose packets all meet policies of VLANs, with the places and
    what each is to be judged as.
    """
    asked = {name.lower() for name in {*map(_VLAN, ports), *map(_VOICE_VLAN, ports)}}
    bearing = [x.name for x in found.interfaces if x.ingress_policy and x.name.lower() in asked]
    if not bearing:  # as in nearly all texts: nothing else is looked at before
        return
    port_of = {port.name: port for port in ports}
    shut = {port.name for port in ports if port.shutdown}
    bound = {name.lower(): name for name in bearing if name not in shut}
    for spec in specs:
        name = spec.name if spec.name in port_of else spelled_out(found, spec.name)
        port = port_of.get(name)
        if port is None or spec.role not in _MARKING or _has_qos(found, name):
            continue
        vlans = dict(_vlans(port, spec.role))
        if vlans and all(vlan.lower() in bound for vlan in vlans):
            yield spec.name, tuple((bound[vlan.lower()], role) for vlan, role in vlans.items())


def _vlans(port: Port, role: Role) -> Iterator[tuple[str, Role]]:
    """Yield the interfaces of a port's VLANs: a phone's own has the phones, the other its PCs."""
    if not port.vlan_interface:
        return
    if not port.voice_vlan or port.voice_interface == port.vlan_interface:
        yield port.vlan_interface, Role.PHONE if port.voice_vlan else role
        return
    yield port.vlan_interface, Role.CLIENT if role is Role.PHONE else role
    yield port.voice_interface, Role.PHONE


def _has_qos(found: DeviceQos, name: str) -> bool:
    own, other = found.interface(name), found.other_interface
    if own.ingress_policy or own.egress_policy:
        return True
    # What the interfaces of VLANs do to its packets is not its own.
    stages = (tuple(x for x in way if x.name != ELSEWHERE) for way in (own.ingress, own.egress))
    return tuple(stages) != (other.ingress, other.egress)


def _of(ports: list[str]) -> str:
    more = f" and {len(ports) - 1} more" if len(ports) > 1 else ""
    return f"its VLAN is that of {ports[0]}{more}"
