"""Address groups of rows, bound to the prefixes that the policies of these rows name."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Final, Literal

from translator.endpoint.derive import limiting_groups
from translator.endpoint.merge.host_policies import PolicyRows
from translator.endpoint.merge.rows import own_group
from translator.endpoint.policy.names import SaidRow
from translator.plan.groups import Prefix, bound_addresses
from translator.plan.model import AddressGroup, Plan, PlanRow

__all__ = ["bind_groups"]

_Side = Literal["sources", "destinations"]
_SIDES: Final[tuple[_Side, ...]] = ("sources", "destinations")


def bind_groups(told: Sequence[SaidRow], exact: Collection[str], state: PolicyRows) -> None:
    """Bind the groups of rows to the prefixes of their policies; changes `state`.

    A group that is the only one of its side has the prefixes that are said there, where all rows
    say the same of it. Otherwise nobody knows which group has which, and an exact row gets a group
    of its own in their place.

    Args:
        exact: ids of rows whose policies are all that the plan says of addresses.
    """
    wanted: dict[str, set[frozenset[Prefix]]] = {}
    for said in told:
        for side, prefixes in _sides(said):
            names = _names(state.rows[said.id], side)
            if len(names) == 1 and prefixes:
                wanted.setdefault(names[0], set()).add(frozenset(prefixes))
    for said in told:
        for side, prefixes in _sides(said):
            names = _names(state.rows[said.id], side)
            if len(names) == 1 and prefixes and len(wanted[names[0]]) == 1:
                state.plan = _bound(state.plan, names[0], prefixes, said)
    for said in told:
        for side, prefixes in _sides(said) if said.id in exact else ():
            _settle(state, said, side, prefixes)


def _sides(said: SaidRow) -> Iterator[tuple[_Side, tuple[Prefix, ...]]]:
    yield "sources", said.source_prefixes
    yield "destinations", said.destination_prefixes


def _names(row: PlanRow, side: _Side) -> tuple[str, ...]:
    return row.sources if side == "sources" else row.destinations


def _bound(plan: Plan, name: str, prefixes: tuple[Prefix, ...], said: SaidRow) -> Plan:
    if set(bound_addresses(plan, (name,), {})) == set(prefixes):
        return plan
    known = next((group for group in plan.groups if group.name == name), None)
    bound = replace(
        known or AddressGroup(name),
        prefixes=prefixes,
        union_of=(),
        where=said.policies[0].where,
    )
    groups = [bound if group.name == name else group for group in plan.groups]
    return replace(plan, groups=tuple(groups if known else [*groups, bound]))


def _settle(state: PolicyRows, said: SaidRow, side: _Side, prefixes: tuple[Prefix, ...]) -> None:
    """Give an exact row a group of its own where its groups do not come to these prefixes."""
    row = state.rows[said.id]
    names = _names(row, side)
    limiting = limiting_groups(row) if side == "sources" else names
    if set(bound_addresses(state.plan, names, {})) == set(prefixes) or not (prefixes or limiting):
        return
    groups = own_group(said, side, prefixes, state.plan)
    state.plan = replace(state.plan, groups=(*state.plan.groups, *groups))
    own = tuple(group.name for group in groups)
    state.rows[row.id] = (
        replace(row, sources=own) if side == "sources" else replace(row, destinations=own)
    )
