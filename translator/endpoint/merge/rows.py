"""Rows of a plan that follow what was read: with other ports, or made of a host policy."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Final

from translator.endpoint.findings.shown import place
from translator.endpoint.policy.names import SaidRow
from translator.endpoint.policy.precedence import program_of
from translator.endpoint.settings import HostPolicy
from translator.plan.components import is_edge, narrowing_of, sender_of
from translator.plan.fields import MAX_TEXT
from translator.plan.groups import Prefix
from translator.plan.legs import port_hazard
from translator.plan.model import AddressGroup, Media, Plan, PlanRow, Status
from translator.plan.text import MAX_NAME, require_printable
from translator.ports import PortBlock, PortRange

__all__ = ["new_row", "own_group", "said_by", "with_ports"]

# The network's queues tell these two by code point; what else a policy marks, nothing tells.
_MEDIA: Final = (Media.AUDIO, Media.VIDEO)


def said_by(policy: HostPolicy, plan: Plan, taken: Collection[str]) -> SaidRow:
    """Return what a policy of others says, as a row with the next free id (`H01`).

    Args:
        taken: ids of rows that there are.
    """
    return SaidRow(
        id=next(name for n in range(1, len(taken) + 2) if (name := f"H{n:02}") not in taken),
        component=policy.name,
        media=_media(policy, plan),
        executable=policy.application,
        code_point=policy.code_point,
        protocols=policy.protocols,
        source_ports=() if policy.source_ports is None else (policy.source_ports,),
        destination_ports=() if policy.destination_ports is None else (policy.destination_ports,),
        source_prefixes=() if policy.source_prefix is None else (policy.source_prefix,),
        destination_prefixes=(
            () if policy.destination_prefix is None else (policy.destination_prefix,)
        ),
        policies=(policy,),
    )


def new_row(said: SaidRow, plan: Plan) -> tuple[PlanRow, tuple[AddressGroup, ...]]:
    """Return the row of policies for which the plan has none, and the groups of its addresses.

    Raises:
        PlanError: a name that cannot stand in a plan.
    """
    sources = own_group(said, "sources", said.source_prefixes, plan)
    destinations = own_group(said, "destinations", said.destination_prefixes, plan)
    where = said.policies[0].where
    program = require_printable(said.executable or "", "application", where, MAX_TEXT)
    row = PlanRow(
        id=said.id,
        component=require_printable(said.component, "policy name", where, MAX_TEXT),
        media=said.media,
        code_point=said.code_point,
        protocols=said.protocols,
        status=Status.USER,
        executable=program or None,
        sources=tuple(group.name for group in sources),
        destinations=tuple(group.name for group in destinations),
        source_ports=said.source_ports,
        destination_ports=said.destination_ports,
        source=f"host policy, {place(where)}",
        where=where,
    )
    if is_edge("", program_of(said.policies[0])) and not row.source_ports:
        row = replace(row, narrow=narrowing_of(row.protocols))
    needs = (*row.sources, *row.destinations)
    sender = sender_of("", program_of(said.policies[0]))
    if sender is not None and not sources and port_hazard(row):
        needs = (*needs, sender)
    row = replace(row, needs=needs, port_only_safe=not needs and not port_hazard(row))
    return row, (*sources, *destinations)


def own_group(
    said: SaidRow, side: str, prefixes: tuple[Prefix, ...], plan: Plan
) -> tuple[AddressGroup, ...]:
    """Return a group for the addresses of one row, with a name that is free in the plan.

    None where there are no addresses.
    """
    taken = {group.name for group in plan.groups}
    ends = (f".{side}", *(f".{side}.{number}" for number in range(2, len(taken) + 3)))
    name = next(
        name for end in ends if (name := f"{said.id[: MAX_NAME - len(end)]}{end}") not in taken
    )
    return (AddressGroup(name, prefixes, where=said.policies[0].where),) if prefixes else ()


def with_ports(
    row: PlanRow, ports: tuple[PortRange, ...], source: str, block: PortBlock | None
) -> PlanRow:
    """Return the row with other source ports, and whether those are safe by themselves anew.

    Args:
        source: where the ports were read.
        block: what the product uses, where `ports` is one port wider.
    """
    moved = replace(row, source_ports=ports, policy_range_of=block, source=source)
    return replace(moved, port_only_safe=not moved.needs and not port_hazard(moved))


def _media(policy: HostPolicy, plan: Plan) -> Media:
    for queue in plan.queues:
        if queue.media in _MEDIA and policy.code_point in queue.code_points:
            return queue.media
    return Media.ANY
