"""What a port does to entering packets before its policy: whose mark decides the traffic class.

Sources: EOS user manual, chapter Quality of Service: a port trusts the code point, or the CoS, or
neither (then its own default decides); no entering packet is changed by that. By default routed
ports trust the code point and others the CoS, which is unverified: the class of a port without a
line is taken for unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from translator.codepoint import CodePoint
from translator.drivers.arista_eos.maps import SwitchMaps
from translator.drivers.arista_eos.policy import CLASS_TAG
from translator.drivers.arista_eos.port import Port
from translator.intents.condition import Condition, Predicate
from translator.intents.match import ANY, Match
from translator.intents.pipeline import Action, Assign, Rule, SetTag, Stage

__all__ = ["BY_DEFAULT", "trust_stage"]

BY_DEFAULT: Final = Stage("trust by default", (Rule(ANY, (Assign("trust-default"),)),))
"""Of a port without a line: nothing is written, and no traffic class is known to be given."""


def trust_stage(port: Port, maps: SwitchMaps) -> Stage:
    """Return what gives packets their traffic class by the trust of a port."""
    lines = tuple(port.trust_lines)
    if port.trust == "dscp":
        return Stage("trust dscp", tuple(_by_code_point(maps, lines)))
    if port.trust == "cos":
        body = _by_cos(tuple(maps.class_of_cos), port.default_cos)
        return Stage("trust cos", (Rule(ANY, (Assign("trust-cos"),), body=body, lines=lines),))
    if port.trust == "none":
        return Stage("untrusted", tuple(_untrusted(port, maps, lines)))
    return BY_DEFAULT


def _by_code_point(maps: SwitchMaps, lines: tuple[int, ...]) -> Iterator[Rule]:
    for match, actions, at in _groups(tuple(maps.class_of_dscp), tuple(maps.dscp_line)):
        yield Rule(match, actions, lines=(*lines, *at))


@lru_cache(maxsize=256)
def _groups(
    class_of_dscp: tuple[int, ...], dscp_line: tuple[int | None, ...]
) -> tuple[tuple[Match, tuple[Action, ...], tuple[int, ...]], ...]:
    """Return the code points of each traffic class, what gives it to packets, and the lines that
    say so; once for all.
    """
    groups: dict[int, list[int]] = {}
    for point, number in enumerate(class_of_dscp):
        groups.setdefault(number, []).append(point)
    return tuple(
        (
            Match(code_points=tuple(map(CodePoint, points))),
            (Assign("trust-dscp"), SetTag(CLASS_TAG, number)),
            tuple(sorted({line for point in points if (line := dscp_line[point]) is not None})),
        )
        for number, points in groups.items()
    )


@lru_cache(maxsize=256)
def _by_cos(class_of_cos: tuple[int, ...], default_cos: int) -> tuple[Rule, ...]:
    """The class follows a field in front of the IP header, so every answer stays open."""
    choices: list[tuple[Condition, int]] = [(Predicate("untagged"), default_cos)]
    choices += [(Predicate(f"cos {cos}"), cos) for cos in range(1, 8)]
    return tuple(
        Rule(condition, (SetTag(CLASS_TAG, class_of_cos[cos]),))
        for condition, cos in (*choices, (ANY, 0))
    )


def _untrusted(port: Port, maps: SwitchMaps, lines: tuple[int, ...]) -> Iterator[Rule]:
    """Which of the two defaults of a port decides differs between families."""
    number = maps.class_of_cos[port.default_cos]
    actions = (Assign("untrusted"), SetTag(CLASS_TAG, number))
    other = maps.class_of_dscp[port.default_dscp]
    if other != number:
        condition = Predicate("the port's CoS, not its DSCP, stands for no trust", unread=True)
        yield Rule(condition, actions, lines=lines)
        actions = (Assign("untrusted"), SetTag(CLASS_TAG, other))
    yield Rule(ANY, actions, lines=lines)
