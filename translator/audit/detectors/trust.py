"""Trust at the wrong places: none where marks should pass, some where nobody is to be trusted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from msgspec.structs import replace

from translator.audit.detectors.scene import (
    DF,
    Scene,
    Way,
    carrying,
    decided_by,
    finding,
    shown,
)
from translator.audit.model import Direction, Finding
from translator.codepoint import CodePoint
from translator.intents.condition import Predicate, conditions_in
from translator.intents.model import Role
from translator.intents.pipeline import Rule
from translator.verify.boxes import witness
from translator.verify.compare import Side
from translator.verify.diagram import NOTHING, Node
from translator.verify.packet import Packet
from translator.verify.prove import OTHER
from translator.verify.treatment import Change, Marking

__all__ = ["erases", "find"]

_EF: Final = CodePoint(46)
_OUTSIDE: Final = (Role.CLIENT, Role.PHONE)
_INSIDE: Final = (Role.UPLINK, Role.WAN)


def find(scene: Scene) -> Iterator[Finding]:
    """Yield what is wrong where the platform trusts no port by itself."""
    case = scene.case
    if not case.found.other_interface.ingress:
        return
    if not erases(scene, scene.side(case.found, OTHER, None), _EF):
        return
    missing = [
        way for way in scene.entering if way.group.spec.role in _INSIDE and _is_bare(scene, way)
    ]
    for way in missing:
        yield _untrusting(scene, way)
    seen = bool(case.ports)  # a piece without any port does not show what the ports do
    if seen and not missing and not any(way.group.spec.role in _INSIDE for way in scene.entering):
        yield from _nowhere(scene)
    for way in scene.entering:
        if way.group.spec.role in _OUTSIDE and way.group.found.ingress_policy is None:
            yield from scene.told(way, _trusting, way.group.spec.role)


def erases(scene: Scene, side: Side, code_point: CodePoint) -> bool:
    """Whether every packet that carries a code point certainly loses it for 0."""
    carried = scene.space.intersection(scene.packets(carrying(code_point)), scene.domain)
    zero = Marking(Change.SET_DSCP, DF)
    erased = scene.treated(side, lambda t: not t.dropped and t.marking == zero)
    return scene.space.difference(carried, erased) == NOTHING


def _is_bare(scene: Scene, way: Way) -> bool:
    return way.group.found.ingress_policy is None and erases(scene, way.found, _EF)


def _untrusting(scene: Scene, way: Way) -> Finding:
    packet = witness(scene.space, scene.packets(carrying(_EF)))
    return finding(
        "trust-missing",
        "QoS is on and the port trusts nothing: every packet that enters leaves with code point 0",
        way.names,
        direction=Direction.IN,
        lines=decided_by(way.found, packet),
        hint=f"trust the code point on {shown(way)}, behind which other devices mark",
    )


def _nowhere(scene: Scene) -> Iterator[Finding]:
    """Without any port that trusts or marks, the whole device erases all marks."""
    found = scene.case.found
    for item in found.interfaces:
        if item.ingress_policy or not erases(scene, scene.side(found, item.name, None), _EF):
            return
    packet = witness(scene.space, scene.packets(carrying(_EF)))
    yield finding(
        "trust-missing",
        "QoS is on and no port trusts or marks anything: every packet leaves with code point 0",
        direction=Direction.IN,
        lines=decided_by(scene.side(found, OTHER, None), packet),
    )


def _trusting(scene: Scene, way: Way) -> Iterator[Finding]:
    for code_point, predicates in ((_EF, ("",)), (DF, _predicates(way))):
        packet = _stranger(scene, way, code_point)
        if packet is None:
            continue
        for name in predicates:
            sent = replace(packet, predicates=(name,)) if name else packet
            got = way.found.trace(sent).tos >> 2
            if got == DF:
                continue
            how = f"a frame with {name!r}" if name else f"a packet with {code_point.name}"
            yield finding(
                "trust-untrusted-port",
                f"the port trusts whatever it is given: {how} from a {way.group.spec.role} leaves "
                f"with {CodePoint(got).name}, such as {packet}",
                direction=Direction.IN,
                lines=decided_by(way.found, sent),
                hint="take the trust away and bind a policy that marks by the plan's ports",
            )
            return


def _stranger(scene: Scene, way: Way, code_point: CodePoint) -> Packet | None:
    """Return a packet of no class of the plan that carries the code point."""
    packets: Node = scene.space.intersection(scene.packets(carrying(code_point)), scene.domain)
    for rule in way.intents.classifier:
        packets = scene.space.difference(packets, scene.packets(rule.match))
    return witness(scene.space, packets)


def _predicates(way: Way) -> tuple[str, ...]:
    """Return what no header shows and the rules ask for, such as the priority of a frame."""
    return tuple(dict.fromkeys(name for stage in way.stages for name in _asked(stage.rules)))


def _asked(rules: Iterable[Rule]) -> Iterator[str]:
    for rule in rules:
        for condition in conditions_in(rule.condition):
            if isinstance(condition, Predicate) and not condition.unread:
                yield condition.name
        yield from _asked(rule.body)
