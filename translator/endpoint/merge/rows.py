"""Rows of a plan that follow what was read: with other ports, or made of a host policy."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Final

from translator.endpoint.findings.shown import place
from translator.endpoint.policy.precedence import program_of
from translator.endpoint.settings import HostPolicy
from translator.plan.components import is_edge, narrowing_of, sender_of
from translator.plan.fields import MAX_TEXT
from translator.plan.groups import Prefix
from translator.plan.legs import port_hazard
from translator.plan.model import AddressGroup, Media, Plan, PlanRow, Status
from translator.plan.text import require_printable
from translator.ports import PortBlock, PortRange

__all__ = ["row_of_policy", "with_ports"]

# The network's queues tell these two by code point; what else a policy marks, nothing tells.
_MEDIA: Final = (Media.AUDIO, Media.VIDEO)


def row_of_policy(
    policy: HostPolicy, plan: Plan, taken: Collection[str]
) -> tuple[PlanRow, tuple[AddressGroup, ...]]:
    """Return the row of a policy, and the groups of its addresses.

    Args:
        taken: ids of rows that there are.

    Raises:
        PlanError: a name that cannot stand in a plan.
    """
    row_id = next(name for n in range(1, len(taken) + 2) if (name := f"H{n:02}") not in taken)
    sources = _groups(f"{row_id}.sources", policy.source_prefix, policy)
    destinations = _groups(f"{row_id}.destinations", policy.destination_prefix, policy)
    program = require_printable(policy.application or "", "application", policy.where, MAX_TEXT)
    row = PlanRow(
        id=row_id,
        component=require_printable(policy.name, "policy name", policy.where, MAX_TEXT),
        media=_media(policy, plan),
        code_point=policy.code_point,
        protocols=policy.protocols,
        status=Status.USER,
        executable=program or None,
        sources=tuple(group.name for group in sources),
        destinations=tuple(group.name for group in destinations),
        source_ports=() if policy.source_ports is None else (policy.source_ports,),
        destination_ports=() if policy.destination_ports is None else (policy.destination_ports,),
        source=f"host policy, {place(policy.where)}",
        where=policy.where,
    )
    if is_edge("", program_of(policy)) and not row.source_ports:
        row = replace(row, narrow=narrowing_of(row.protocols))
    needs = (*row.sources, *row.destinations)
    sender = sender_of("", program_of(policy))
    if sender is not None and not sources and port_hazard(row):
        needs = (*needs, sender)
    safe = not needs and not port_hazard(row)
    return replace(row, needs=needs, port_only_safe=safe), (*sources, *destinations)


def with_ports(row: PlanRow, ports: PortRange, source: str, block: PortBlock | None) -> PlanRow:
    """Return the row with other source ports, and whether those are safe by themselves anew.

    Args:
        source: where the ports were read.
        block: what the product uses, where `ports` is one port wider.
    """
    moved = replace(row, source_ports=(ports,), policy_range_of=block, source=source)
    return replace(moved, port_only_safe=not moved.needs and not port_hazard(moved))


def _media(policy: HostPolicy, plan: Plan) -> Media:
    for queue in plan.queues:
        if queue.media in _MEDIA and policy.code_point in queue.code_points:
            return queue.media
    return Media.ANY


def _groups(name: str, prefix: Prefix | None, policy: HostPolicy) -> tuple[AddressGroup, ...]:
    return () if prefix is None else (AddressGroup(name, (prefix,), where=policy.where),)
