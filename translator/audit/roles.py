"""What role each interface seems to have, from what its configuration states; never a guess.

An interface whose text does not say what is behind it is left alone, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from translator.audit.bundles import why_elsewhere
from translator.audit.model import RoleGiven
from translator.errors import UsageError
from translator.intents.compile import InterfaceSpec
from translator.intents.device import DeviceQos, InterfaceQos
from translator.intents.model import Role
from translator.intents.port import Port, PortMode

__all__ = ["Inferred", "infer_roles"]

_NOTHING: Final = InterfaceQos("")


@dataclass(frozen=True, slots=True)
class Inferred:
    """The roles that a text states, and what was left alone.

    Attributes:
        specs: the interfaces with a role, in the order of the text.
        roles: the same in groups of one role and one reason, for people.
        left_alone: the others, as (interface, reason).
    """

    specs: tuple[InterfaceSpec, ...] = ()
    roles: tuple[RoleGiven, ...] = ()
    left_alone: tuple[tuple[str, str], ...] = ()


class _Guessed(NamedTuple):
    """A role with its reason; without a role the interface is left alone."""

    role: Role | None
    reason: str
    rate_bps: int | None = None


_SHUT: Final = _Guessed(None, "shut down")
_VIRTUAL: Final = _Guessed(None, "virtual: its packets leave by another interface")
_PHONE: Final = _Guessed(Role.PHONE, "access port with a voice VLAN")
_CLIENT: Final = _Guessed(Role.CLIENT, "access port")


def infer_roles(found: DeviceQos, ports: Iterable[Port]) -> Inferred:
    """Return the role of each port as far as the text states what is behind it."""
    qos_of = _interfaces(found)
    specs: list[InterfaceSpec] = []
    groups: dict[tuple[Role, str], list[str]] = {}
    left_alone: list[tuple[str, str]] = []
    for port in ports:
        name = port.name
        qos = qos_of(name) or _NOTHING
        role, reason, rate_bps = _role(port, qos)
        spec = None if role is None else _spec(name, role, rate_bps)
        if role is None or spec is None:
            why = reason if role is None else "its name is unusual"
            left_alone.append((name, why + _unjudged(qos)))
            continue
        specs.append(spec)
        group = groups.get((role, reason))
        if group is None:
            groups[role, reason] = [name]
        else:
            group.append(name)
    roles = (RoleGiven(tuple(names), role, why) for (role, why), names in groups.items())
    return Inferred(tuple(specs), tuple(roles), tuple(left_alone))


def _unjudged(qos: InterfaceQos) -> str:
    """Return what of an interface nobody judges, as nobody knows what to hold it against."""
    names = dict.fromkeys(name for name in (qos.ingress_policy, qos.egress_policy) if name)
    return f"; {' and '.join(names)} is not judged" if names else ""


def _interfaces(found: DeviceQos) -> Callable[[str], InterfaceQos | None]:
    """Return what finds the QoS of an interface; looked up by name, as there may be thousands."""
    return found.interface if found.has_patterns else found.listed


def _role(port: Port, qos: InterfaceQos) -> _Guessed:
    if port.shutdown:
        return _SHUT
    if port.qos_at:
        return _Guessed(None, why_elsewhere(port))
    if port.outside:
        rate_bps, source = _rate(port, qos)
        return _Guessed(
            Role.INTERNET, f"addresses are translated on their way out{source}", rate_bps
        )
    if port.virtual and not (port.distant and _queues(qos)):
        return _VIRTUAL
    if port.voice_vlan:
        return _PHONE
    if port.mode is PortMode.ACCESS:
        return _CLIENT
    if port.mode is PortMode.TRUNK:
        return _Guessed(Role.UPLINK, "trunk", port.line_bps)
    return _routed(port, qos)


def _routed(port: Port, qos: InterfaceQos) -> _Guessed:
    rate_bps, source = _rate(port, qos)
    if port.distant:
        if port.mode is PortMode.ROUTED or _queues(qos):
            return _Guessed(Role.WAN, f"line to another site by its type{source}", rate_bps)
        return _Guessed(None, "a line to another site without an address")
    if _is_shaped(qos) or (source and port.mode is PortMode.ROUTED and port.line_bps is not None):
        return _Guessed(Role.WAN, f"routed port{source}", rate_bps)
    if port.mode is PortMode.ROUTED:
        return _Guessed(None, "routed port at the rate of its line: nothing says what is behind it")
    return _Guessed(None, "nothing says what is behind it")


def _rate(port: Port, qos: InterfaceQos) -> tuple[int | None, str]:
    """Return the contracted rate and, in words, what states it; a rate of the line itself is none.

    A shaper is the last resort: whether it fits the contract is then not known.
    """
    circuit_bps = port.circuit_bps
    if circuit_bps is not None and (port.line_bps is None or circuit_bps < port.line_bps):
        return circuit_bps, f", {circuit_bps:,} bit/s by its `bandwidth`"
    shaping_bps = _shaping(qos)
    if shaping_bps is not None:
        return shaping_bps, f", {shaping_bps:,} bit/s by its shaper, which is not checked"
    return None, ""


def _shaping(qos: InterfaceQos) -> int | None:
    return None if qos.queuing is None else qos.queuing.shaping_bps


def _is_shaped(qos: InterfaceQos) -> bool:
    return _shaping(qos) is not None


def _queues(qos: InterfaceQos) -> bool:
    return qos.queuing is not None


# A fleet repeats itself: checking the same names for every device would cost more than roles.
@lru_cache(maxsize=16384)
def _spec(name: str, role: Role, rate_bps: int | None) -> InterfaceSpec | None:
    try:
        return InterfaceSpec(name, role, rate_bps)
    except UsageError:
        return None
