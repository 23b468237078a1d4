"""Rows of a plan by their meaning: who sends what, whatever the rows are called."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from translator.codepoint import CodePoint
from translator.plan.groups import CLIENT_GROUPS
from translator.plan.legs import legs_of, senders_of
from translator.plan.model import Media, Plan, PlanRow, Transport
from translator.plan.select import chosen_rows
from translator.ports import PortRange

__all__ = ["Facts", "Flow", "Group", "State", "flows_of"]


class State(StrEnum):
    """Whether a row counts, as the plan's options have it."""

    IN_FORCE = "in force"
    ON_REQUEST = "on request"
    LEFT_OUT = "left out"


class Flow(NamedTuple):
    """Traffic that has a meaning of its own: rows of two plans about it are held together."""

    sender: str
    media: Media
    state: State

    def __str__(self) -> str:
        return f"{self.sender} {self.media.replace('_', ' ')}"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the network sees of a row, its name, its program and its reasons left aside.

    Attributes:
        legs: for each transport the source and destination ports.
        bound: groups whose addresses must be known before the row can be rendered.
    """

    legs: tuple[tuple[Transport, tuple[PortRange, ...], tuple[PortRange, ...]], ...]
    receivers: tuple[str, ...]
    code_point: CodePoint | None
    match_code_point: CodePoint | None
    setting: str | None
    bound: tuple[str, ...]

    @property
    def transports(self) -> tuple[Transport, ...]:
        """The transports, UDP first."""
        return tuple(leg[0] for leg in self.legs)

    @property
    def source_ports(self) -> tuple[PortRange, ...]:
        """The source ports of all transports."""
        return tuple(dict.fromkeys(port for leg in self.legs for port in leg[1]))

    @property
    def destination_ports(self) -> tuple[PortRange, ...]:
        """The destination ports of all transports."""
        return tuple(dict.fromkeys(port for leg in self.legs for port in leg[2]))


@dataclass(slots=True)
class Group:
    """The rows of a plan that state the same facts of a flow, and the programs they are about."""

    rows: list[PlanRow] = field(default_factory=list)

    @property
    def ids(self) -> tuple[str, ...]:
        """The rows' ids, in the plan's order."""
        return tuple(row.id for row in self.rows)

    @property
    def programs(self) -> tuple[str, ...]:
        """The programs by name; a row without one adds none."""
        return tuple(sorted({row.executable for row in self.rows if row.executable}))


def flows_of(plan: Plan) -> dict[Flow, dict[Facts, Group]]:
    """Return the rows of a plan by flow and facts, both in the plan's order."""
    found: dict[Flow, dict[Facts, Group]] = {}
    for row, state in _states(plan):
        flow = Flow(_sender(row), row.media, state)
        found.setdefault(flow, {}).setdefault(_facts(row), Group()).rows.append(row)
    return found


def _states(plan: Plan) -> Iterator[tuple[PlanRow, State]]:
    chosen = {row.id for row in chosen_rows(plan)}
    for row in plan.rows:
        if row.id in chosen:
            yield row, State.IN_FORCE
        else:
            yield row, State.ON_REQUEST if row.opt_in else State.LEFT_OUT


def _sender(row: PlanRow) -> str:
    """The sender in words; a row that names none is a client's own, or anyone's to a client."""
    senders = senders_of(row)
    if not senders:
        return "anyone" if CLIENT_GROUPS.issuperset(row.destinations or ("",)) else "client"
    words = {"clients": "client", "phones": "phone"}
    return " and ".join(words.get(name, name) for name in senders)


def _facts(row: PlanRow) -> Facts:
    needed = () if row.port_only_safe else (*row.sources, *row.destinations, *row.needs)
    return Facts(
        legs=tuple(
            (leg.transport, leg.source_ports, leg.destination_ports) for leg in legs_of(row)
        ),
        receivers=row.destinations,
        code_point=row.code_point,
        match_code_point=row.match_code_point,
        setting=row.port_setting,
        bound=tuple(sorted(set(needed))),
    )
