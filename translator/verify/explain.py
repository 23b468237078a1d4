"""What a configuration does with one packet, and which of its lines decide that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from translator.codepoint import CodePoint
from translator.errors import UndecidedError, UsageError
from translator.intents.condition import Predicate
from translator.intents.device import DeviceQos, InterfaceQos, PolicyQos
from translator.intents.model import check_interface_name
from translator.intents.pipeline import Service, Stage
from translator.verify.behaviour import stages_between
from translator.verify.names import spelled_out
from translator.verify.packet import Packet
from translator.verify.program import IN_INTERFACE, OUT_INTERFACE
from translator.verify.trace import Trace, traces

__all__ = ["Explanation", "explain"]

_T = TypeVar("_T")
_WITH_PORTS = (6, 17)  # TCP, UDP


@dataclass(frozen=True, slots=True)
class Explanation:
    """The answer about one packet; a field on which possible outcomes disagree is None.

    Attributes:
        verdict: "known", or "unknown" when the outcome hangs on something that neither the
            header shows nor the text says; `reasons` name it.
        dscp_out: code point it leaves with; None when it is dropped.
        lines: configuration lines of the rules that matched, in order.
        notes: what was assumed to answer at all.
    """

    packet: Packet
    verdict: str
    dscp_in: CodePoint
    dscp_out: CodePoint | None
    service: Service | None
    dropped: bool | None
    class_name: str | None
    lines: tuple[int, ...] = ()
    rows: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    policed_bps: int | None = None

    @property
    def known(self) -> bool:
        """Whether the outcome is certain."""
        return self.verdict == "known"


def explain(
    device: DeviceQos,
    packet: Packet,
    in_interface: str | None = None,
    out_interface: str | None = None,
    policy: str | None = None,
) -> Explanation:
    """Return what happens to a packet between two interfaces, or in one policy alone.

    Without an interface or policy the only one there is is taken.

    Raises:
        UsageError: no such policy, no name of an interface, or nothing chosen where there are
            several.
    """
    chosen = _choose(device, in_interface, out_interface, policy)
    try:
        found = traces(chosen.stages, packet, chosen.names)
    except UndecidedError as error:
        return Explanation(
            packet, "unknown", packet.dscp, None, None, None, None, reasons=(error.problem,)
        )
    return _explained(packet, found, (*chosen.notes, *_without_ports(packet), *device.notes))


def _without_ports(packet: Packet) -> tuple[str, ...]:
    if packet.fragment or packet.protocol not in _WITH_PORTS:
        return ()
    if packet.source_port or packet.destination_port:
        return ()
    return ("the packet is given without ports: both are taken to be 0",)


@dataclass(frozen=True, slots=True)
class _Choice:
    stages: Sequence[Stage]
    names: Mapping[str, str | None]
    notes: tuple[str, ...] = ()


def _choose(
    device: DeviceQos, in_interface: str | None, out_interface: str | None, policy: str | None
) -> _Choice:
    if policy is not None:
        if in_interface is not None or out_interface is not None:
            raise UsageError(
                "a policy and an interface are asked for at once",
                hint="give either the policy or the interfaces",
            )
        found = device.policy(policy)
        if found is None:
            raise UsageError(f"there is no policy {policy!r}", hint=_choices(device))
        return _policy_alone(found)
    if in_interface is None and out_interface is None:
        return _only_choice(device)
    return _between(device, in_interface, out_interface)


def _policy_alone(policy: PolicyQos, *notes: str) -> _Choice:
    """Run the policy as where it is bound, if it is bound to one interface per direction."""
    names: dict[str, str | None] = {IN_INTERFACE: None, OUT_INTERFACE: None}
    for direction, tag in (("in", IN_INTERFACE), ("out", OUT_INTERFACE)):
        bound = {name for name, where in policy.bound if where == direction}
        if len(bound) == 1:
            names[tag] = bound.pop()
    return _Choice(policy.stages, names, notes)


def _between(device: DeviceQos, in_interface: str | None, out_interface: str | None) -> _Choice:
    notes: list[str] = []
    in_interface = _checked(device, in_interface)
    out_interface = _checked(device, out_interface)
    known = {item.name for item in device.interfaces}
    for what, name in (("in", in_interface), ("out", out_interface)):
        if name is None:
            notes.append(f"no {what}-interface is given: what it does is left out")
        elif name not in known:
            others = ", ".join(sorted(known)) or "none"
            notes.append(
                f"the text has no QoS for interface {name} (it has for {others}): "
                "the platform's default holds"
            )
    names = {IN_INTERFACE: in_interface, OUT_INTERFACE: out_interface}
    return _Choice(stages_between(device, in_interface, out_interface), names, tuple(notes))


def _checked(device: DeviceQos, name: str | None) -> str | None:
    """The full name; one that no interface can have is refused before it looks like an answer."""
    if name is None:
        return None
    full = spelled_out(device, name)
    if not any(item.name == full for item in device.interfaces):
        check_interface_name(name.replace(" ", ""))
    return full


def _only_choice(device: DeviceQos) -> _Choice:
    bound = _without_aliases(device)
    if len(bound) == 1 and not (bound[0].ingress and bound[0].egress):
        name, leaving = bound[0].name, bool(bound[0].egress)
        choice = _between(device, None if leaving else name, name if leaving else None)
        word = "leaves by" if leaving else "enters by"
        note = f"the packet {word} {name}, the only interface with a policy"
        return _Choice(choice.stages, choice.names, (note,))
    if len(device.policies) == 1 and not (bound and device.forward):
        policy = device.policies[0]
        return _policy_alone(policy, f"policy {policy.name}, the only one, is taken alone")
    if not device.policies and not bound:
        choice = _between(device, None, None)
        return _Choice(choice.stages, choice.names, ("the text binds no policy to an interface",))
    raise UsageError(
        "it is not said where the packet goes",
        hint=f"give --in and --out, or --policy; {_choices(device)}",
    )


def _without_aliases(device: DeviceQos) -> list[InterfaceQos]:
    """The interfaces that do something; a port and its only unit do the same, and count once."""
    found: dict[tuple[object, object], InterfaceQos] = {}
    for item in device.interfaces:
        if item.ingress or item.egress:
            found.setdefault((item.ingress, item.egress), item)
    return list(found.values())


def _choices(device: DeviceQos) -> str:
    policies = ", ".join(item.name for item in device.policies) or "none"
    interfaces = ", ".join(item.name for item in device.interfaces) or "none"
    return f"policies: {policies}; interfaces: {interfaces}"


def _explained(packet: Packet, found: list[Trace], notes: tuple[str, ...]) -> Explanation:
    outcomes = {(item.treatment, item.tos if not item.treatment.dropped else 0) for item in found}
    reasons = [reason for item in found for reason in item.treatment.unclear]
    if len(outcomes) > 1:
        reasons += [_open_text(asked) for item in found for asked, _ in item.answers]
    known = len(outcomes) == 1 and not reasons
    lines = dict.fromkeys(line for item in found for line in item.lines)
    rows = dict.fromkeys(row for item in found for row in item.rows)
    return Explanation(
        packet=packet,
        verdict="known" if known else "unknown",
        dscp_in=packet.dscp,
        dscp_out=_agreed([None if t.treatment.dropped else t.code_point for t in found]),
        service=_agreed([t.treatment.service for t in found]),
        dropped=_agreed([t.treatment.dropped for t in found]),
        class_name=_agreed([t.class_name for t in found]),
        lines=tuple(lines),
        rows=tuple(rows),
        reasons=tuple(dict.fromkeys(reasons)),
        notes=tuple(dict.fromkeys(notes)),
        policed_bps=_agreed([t.treatment.policed_bps for t in found]),
    )


def _open_text(predicate: Predicate) -> str:
    unread = "a line that was not understood" if predicate.unread else "what no header shows"
    return f"it hangs on {unread}: {predicate.name}"


def _agreed(values: Sequence[_T]) -> _T | None:
    return values[0] if all(value == values[0] for value in values) else None
