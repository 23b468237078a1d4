"""Which rule of the plan a packet falls under, by its header; and which it answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from msgspec.structs import replace

from translator.capture.header import Header
from translator.codepoint import CodePoint
from translator.intents.compile import Bindings, rules_of_all_senders
from translator.intents.match import Match, Prefix
from translator.intents.model import ClassifierRule
from translator.plan.groups import CLIENT_GROUPS
from translator.plan.legs import is_audio_or_video, senders_of
from translator.plan.model import Plan, PlanRow
from translator.verify.boxes import value_at
from translator.verify.conditions import packets_of
from translator.verify.diagram import Node, Space

__all__ = ["Expectation", "Rule", "RuleSide"]

_CLIENTS: Final = "clients"


@dataclass(frozen=True, slots=True)
class Rule:
    """What the plan wants of packets that the network cannot tell apart.

    Attributes:
        rows: the rows of the plan.
        carries_media: whether what its UDP ports carry can be told from other traffic.
    """

    rows: tuple[str, ...]
    name: str
    code_point: CodePoint
    carries_media: bool


class RuleSide(NamedTuple):
    """The rule of a packet by its place in the list; with `returns` the packet answers it."""

    rule: int
    returns: bool


class Expectation:
    """The rules of a plan, as one diagram for packets of senders and one for what answers them.

    Args:
        clients: where clients are; rows of clients without addresses are limited to them.

    Raises:
        PlanError: the plan cannot be rendered with these bindings.
    """

    def __init__(self, plan: Plan, bindings: Bindings, clients: Sequence[Prefix] = ()) -> None:
        if clients:
            bindings = {**bindings, _CLIENTS: tuple(clients)}
        rules, refused = rules_of_all_senders(plan, bindings)
        self.plan: Final = plan.name
        self.refused: Final = tuple(str(item) for item in refused)
        numbers: dict[Rule, int] = {}
        parts: list[tuple[int, Match]] = []
        for item in rules:
            if item.traffic_class.code_point is None:
                continue
            rows = [plan.row(row) for row in item.rows]
            carries_media = any(is_audio_or_video(row) for row in rows)
            name, code_point = item.traffic_class.name, item.traffic_class.code_point
            rule = Rule(item.rows, name, code_point, carries_media)
            parts.append((numbers.setdefault(rule, len(numbers)), _of_clients(item, rows, clients)))
        self.rules: Final = tuple(numbers)
        self._space: Final = Space()
        self._sent: Final = self._first_match(parts)
        self._returned: Final = self._first_match((at, _reverse(match)) for at, match in parts)

    def side_of(self, header: Header) -> RuleSide | None:
        """Return the rule that a packet falls under or answers, None where there is none.

        What a rule describes is no answer to another, as when two clients call each other.
        """
        packet = header.packet()
        for node, returns in ((self._sent, False), (self._returned, True)):
            rule = value_at(self._space, node, packet)
            if rule is not None:
                return RuleSide(rule, returns)
        return None

    def _first_match(self, parts: Iterable[tuple[int, Match]]) -> Node:
        space = self._space
        return space.first_match(
            space.where(packets_of(match, space), space.leaf(rule)) for rule, match in parts
        )


def _of_clients(item: ClassifierRule, rows: Iterable[PlanRow], clients: Sequence[Prefix]) -> Match:
    """The match of a rule, limited to where clients are if they alone send its packets."""
    own = all(CLIENT_GROUPS.issuperset(senders_of(row)) for row in rows)
    limited = clients and own and not item.match.sources
    return replace(item.match, sources=tuple(clients)) if limited else item.match


def _reverse(match: Match) -> Match:
    """The match of answers; they need not carry the code point that a rule asks for."""
    return replace(
        match,
        sources=match.destinations,
        destinations=match.sources,
        source_ports=match.destination_ports,
        destination_ports=match.source_ports,
        code_points=(),
    )
