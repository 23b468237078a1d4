"""What a port does to entering packets when no policy is attached: the trust boundary.

Source: Catalyst 3750-X Command Reference, `mls qos trust` (an untrusted port is the default;
trusted CoS writes the DSCP by the CoS-to-DSCP map; an untagged frame has the port's default CoS;
trusted DSCP is not modified); Catalyst 2960 guide, classification flow chart (untrusted port
without a policy: DSCP 0).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from translator.codepoint import CodePoint
from translator.drivers.cisco_catalyst.maps import SwitchQos
from translator.drivers.cisco_catalyst.port import Port
from translator.drivers.doubt import Doubt
from translator.intents.condition import AnyOf, Condition, Not, Predicate
from translator.intents.match import ANY, Match
from translator.intents.pipeline import (
    Action,
    Assign,
    Rule,
    SetTag,
    set_code_point,
)

__all__ = [
    "COS_TAG",
    "LABEL_TAG",
    "field_rules",
    "mark",
    "trust_rules",
]

# The internal code point, kept apart from the header when `no mls qos rewrite ip dscp` is set.
LABEL_TAG: Final = "internal-dscp"
# The CoS that was trusted, or that the port gives: some models choose the egress queue by it.
COS_TAG: Final = "trusted-cos"
_PRECEDENCE_MASK: Final = 0xE0


def mark(switch: SwitchQos, code_point: int) -> Action:
    """Return the action that gives packets a code point, in the header or inside the switch only.

    Source: Catalyst 3560 guide, "Enabling DSCP Transparency Mode".
    """
    return _mark(code_point, rewrite=switch.rewrite)


def _mark(code_point: int, *, rewrite: bool) -> Action:
    return set_code_point(CodePoint(code_point)) if rewrite else SetTag(LABEL_TAG, code_point)


def _untrusted_rules(switch: SwitchQos, lines: tuple[int, ...]) -> tuple[Rule, ...]:
    """Return what an untrusted port does: every packet leaves as code point 0."""
    return (Rule(ANY, (Assign("untrusted"), mark(switch, 0)), lines=lines),)


def trust_rules(port: Port, switch: SwitchQos) -> tuple[Rule, ...]:
    """Return the rules of a port without a policy, by its trust state and default CoS."""
    lines = (*port.trust_lines, *_line(switch.switch_line))
    if port.cos_override:
        # Source: `mls qos cos override` overrides whatever trust is configured.
        code_point = switch.cos_dscp[port.default_cos]
        known = SetTag(COS_TAG, port.default_cos)
        marking = mark(switch, code_point)
        return (Rule(ANY, (Assign("cos-override"), known, marking), lines=lines),)
    if port.trust is None:
        return _untrusted_rules(switch, lines)
    name = f"trust-{port.trust}"
    return (
        *_boundary(port, switch, lines),
        *(_mutation(port, switch, lines) if port.trust == "dscp" else ()),
        *field_rules(port.trust, port.default_cos, switch, class_name=name, lines=lines),
    )


def field_rules(
    field: str,
    default_cos: int | None,
    switch: SwitchQos,
    *,
    class_name: str,
    lines: tuple[int, ...],
) -> tuple[Rule, ...]:
    """Return the rules of trusting one field, on a port or in a class of a policy.

    `default_cos` is what untagged frames count as; None where no port is known.
    """
    if field == "cos":
        body = _cos_rules(switch.cos_dscp, default_cos, rewrite=switch.rewrite)
    elif field == "ip-precedence":
        body = _precedence_rules(switch.precedence_dscp, rewrite=switch.rewrite)
    else:
        return (Rule(ANY, (Assign(class_name),), lines=lines),)
    # Hundreds of ports trust alike: they differ in their lines, and share all else.
    return (Rule(ANY, (Assign(class_name),), body=body, lines=lines),)


def _boundary(port: Port, switch: SwitchQos, lines: tuple[int, ...]) -> Iterator[Rule]:
    """A device that CDP must have seen: without it the port is untrusted."""
    if port.devices:
        seen = AnyOf(tuple(Predicate(f"cdp:{device}") for device in port.devices))
        yield Rule(Not(seen), (Assign("untrusted"), mark(switch, 0)), lines=lines)


@lru_cache(maxsize=256)
def _cos_rules(
    cos_dscp: tuple[int, ...], default_cos: int | None, *, rewrite: bool
) -> tuple[Rule, ...]:
    """The code point follows a field in front of the IP header, so both answers stay open."""
    untagged = Predicate("untagged")
    doubt = Doubt("the port's default CoS decides for untagged packets")
    doubts = () if default_cos is not None else (doubt.rule(untagged),)
    choices: list[tuple[Condition, int]] = [(untagged, default_cos or 0)]
    choices += [(Predicate(f"cos {cos}"), cos) for cos in range(1, 8)]
    rules = []
    for condition, cos in (*choices, (ANY, 0)):
        marking = _mark(cos_dscp[cos], rewrite=rewrite)
        rules.append(Rule(condition, (SetTag(COS_TAG, cos), marking)))
    return (*doubts, *rules)


@lru_cache(maxsize=256)
def _precedence_rules(precedence_dscp: tuple[int, ...], *, rewrite: bool) -> tuple[Rule, ...]:
    return tuple(
        Rule(
            Match(tos=((precedence << 5, _PRECEDENCE_MASK),)),
            (_mark(code_point, rewrite=rewrite),),
        )
        for precedence, code_point in enumerate(precedence_dscp)
    )


def _mutation(port: Port, switch: SwitchQos, lines: tuple[int, ...]) -> Iterator[Rule]:
    if port.mutation is None:
        return
    table = switch.mutations.get(port.mutation)
    if table is None:
        yield Doubt(f"mutation map {port.mutation} is not in this text", lines).rule()
        return
    sources: dict[int, list[CodePoint]] = {}
    for source, target in enumerate(table):
        if source != target:
            sources.setdefault(target, []).append(CodePoint(source))
    for target, changed in sources.items():
        actions = (Assign("trust-dscp"), mark(switch, target))
        yield Rule(Match(code_points=tuple(changed)), actions, lines=lines)


def _line(number: int | None) -> tuple[int, ...]:
    return () if number is None else (number,)
