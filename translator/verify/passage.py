"""The way that packets take through a device, and what of it is assumed where nobody says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from translator.errors import UsageError
from translator.intents.device import DeviceQos, InterfaceQos, PolicyQos
from translator.intents.model import check_interface_name
from translator.intents.pipeline import Stage
from translator.verify.behaviour import stages_between
from translator.verify.names import spelled_out
from translator.verify.program import IN_INTERFACE, OUT_INTERFACE

__all__ = ["Passage", "passage_of"]


@dataclass(frozen=True, slots=True)
class Passage:
    """The stages that a packet runs through, and the tags that name its two interfaces.

    Attributes:
        notes: what was assumed to answer at all.
    """

    stages: Sequence[Stage]
    names: Mapping[str, str | None]
    notes: tuple[str, ...] = ()


def passage_of(
    device: DeviceQos,
    in_interface: str | None = None,
    out_interface: str | None = None,
    policy: str | None = None,
) -> Passage:
    """Return the way between two interfaces, or through one policy alone.

    Without an interface or policy the only one there is is taken.

    Raises:
        UsageError: no such policy, no name of an interface, or nothing chosen where there are
            several.
    """
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


def _policy_alone(policy: PolicyQos, *notes: str) -> Passage:
    """Run the policy as where it is bound, if it is bound to one interface per direction."""
    names: dict[str, str | None] = {IN_INTERFACE: None, OUT_INTERFACE: None}
    for direction, tag in (("in", IN_INTERFACE), ("out", OUT_INTERFACE)):
        bound = {name for name, where in policy.bound if where == direction}
        if len(bound) == 1:
            names[tag] = bound.pop()
    return Passage(policy.stages, names, notes)


def _between(device: DeviceQos, in_interface: str | None, out_interface: str | None) -> Passage:
    notes: list[str] = []
    in_interface = _checked(device, in_interface)
    out_interface = _checked(device, out_interface)
    known = {item.name for item in device.interfaces}
    for what, name in (("in", in_interface), ("out", out_interface)):
        if name is None:
            notes.append(f"no {what}-interface is given: what it does is left out")
        elif device.interface(name) is device.other_interface:
            others = ", ".join(sorted(known)) or "none"
            notes.append(
                f"the text has no QoS for interface {name} (it has for {others}): "
                f"{_what_holds(device)}"
            )
    names = {IN_INTERFACE: in_interface, OUT_INTERFACE: out_interface}
    return Passage(stages_between(device, in_interface, out_interface), names, tuple(notes))


def _what_holds(device: DeviceQos) -> str:
    """Say where the treatment of an interface comes from that the text gives none of its own."""
    everywhere = (*device.other_interface.ingress, *device.other_interface.egress)
    if any(rule.lines for stage in everywhere for rule in stage.rules):
        return "what it has for all interfaces holds"
    return "the platform's default holds"


def _checked(device: DeviceQos, name: str | None) -> str | None:
    """The full name; one that no interface can have is refused before it looks like an answer."""
    if name is None:
        return None
    full = spelled_out(device, name)
    if not any(item.name == full for item in device.interfaces):
        check_interface_name(name.replace(" ", ""))
    return full


def _only_choice(device: DeviceQos) -> Passage:
    bound = _without_aliases(device)
    if len(bound) == 1 and not (bound[0].ingress and bound[0].egress):
        name, leaving = bound[0].name, bool(bound[0].egress)
        choice = _between(device, None if leaving else name, name if leaving else None)
        word = "leaves by" if leaving else "enters by"
        note = f"the packet {word} {name}, the only interface with a policy"
        return Passage(choice.stages, choice.names, (note,))
    if len(device.policies) == 1 and not (bound and device.forward):
        policy = device.policies[0]
        return _policy_alone(policy, f"policy {policy.name}, the only one, is taken alone")
    if not device.policies and not bound:
        choice = _between(device, None, None)
        return Passage(choice.stages, choice.names, ("the text binds no policy to an interface",))
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
