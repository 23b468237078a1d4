"""Policies that were made of rows, as their names tell: each is its row.

Beside the list of a whole export they are the plan, and all that they say counts. Without it they
are what hosts have by now: ports are facts, unless the product itself tells them, and a code point
other than the row's is a finding.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from translator.endpoint.carried import said_of
from translator.endpoint.findings.finding import finding
from translator.endpoint.findings.shown import place, show_ports
from translator.endpoint.merge.bound import bind_groups
from translator.endpoint.merge.host_policies import (
    PolicyRows,
    against,
    fits,
    is_claimed,
    other_ports,
)
from translator.endpoint.merge.rows import with_ports
from translator.endpoint.policy.names import SaidRow, said_rows
from translator.endpoint.policy.precedence import program_name
from translator.endpoint.settings import HostPolicy
from translator.plan.model import Plan, PlanRow, PortSetting, Status
from translator.plan.text import is_name
from translator.ports import PortRange

__all__ = ["take_own_policies"]


def take_own_policies(
    policies: Sequence[HostPolicy],
    exported: Collection[str],
    state: PolicyRows,
    made: Mapping[str, SaidRow] = MappingProxyType({}),
) -> tuple[HostPolicy, ...]:
    """Give rows what their own policies say; return the policies of others.

    Args:
        exported: ids of the rows that the list of a whole export names.
        state: is changed; its `told` has the ids of the rows that were found.
        made: what the exported plan says of its rows: who still says it changes nothing.

    Raises:
        PlanError: a name that cannot stand in a plan.
    """
    said = said_rows(policies).values()
    now = said_of(policies)
    kept = [row for row in said if row.id in exported and now[row.id] == made.get(row.id)]
    exact = [row for row in said if row.id in exported and row not in kept]
    seen = [row for row in said if row.id not in exported and _is_of_base(row, state)]
    new = [row for row in said if row.id not in exported and _is_new(row, state)]
    state.plan = _with_policy_ranges(state, (*kept, *exact))
    for row in (*exact, *new):
        known = state.rows.get(row.id)
        if known is None:
            state.add(row)
        else:
            state.rows[row.id] = _as_said(known, row, state.plan)
    for row in new:
        policy = row.policies[0]
        message = f"policy {policy.name!r} is row {row.id}, which the base does not have"
        state.found.append(finding("policy-own-row", message, policy.where))
    for row in seen:
        _observe(row, state)
    told = (*kept, *exact, *new, *seen)
    bind_groups((*exact, *new, *seen), {row.id for row in (*exact, *new)}, state)
    state.told |= {row.id for row in told}
    taken = {id(policy) for row in told for policy in row.policies}
    return tuple(policy for policy in policies if id(policy) not in taken)


def _is_of_base(said: SaidRow, state: PolicyRows) -> bool:
    row = state.rows.get(said.id)
    return row is not None and program_name(row.executable) == program_name(said.executable)


def _is_new(said: SaidRow, state: PolicyRows) -> bool:
    """Whether the row is the owner's own: others may begin the names of policies so, too."""
    return (
        said.id not in state.rows
        and is_name(said.id)
        and said.executable is not None
        and not any(is_claimed(policy, state) for policy in said.policies)
    )


def _as_said(row: PlanRow, said: SaidRow, plan: Plan) -> PlanRow:
    """The row of the plan with all that its policies say of it."""
    changed = replace(
        row,
        executable=said.executable,
        code_point=said.code_point,
        protocols=said.protocols,
    )
    before, now = _ports(row), (*said.source_ports, *said.destination_ports)
    if set(before) != set(now):
        block = next(
            (
                item.block
                for item in plan.port_settings
                if item.block and item.policy_range in now and set(_known(item)) & set(before)
            ),
            None,
        )
        changed = with_ports(changed, said.source_ports, changed.source, block)
        changed = replace(changed, destination_ports=said.destination_ports)
    if changed == row:
        return row
    where = said.policies[0].where
    return replace(changed, status=Status.USER, source=f"host policy, {place(where)}", where=where)


def _ports(row: PlanRow) -> tuple[PortRange, ...]:
    return (*row.source_ports, *row.destination_ports)


def _known(setting: PortSetting) -> tuple[PortRange, ...]:
    ranges = (setting.block.range if setting.block else None, setting.policy_range)
    return tuple(item for item in ranges if item is not None)


def _with_policy_ranges(state: PolicyRows, said: Collection[SaidRow]) -> Plan:
    """The plan with those ranges of policies that are one port wider than a block of the product.

    A setting whose rows do not agree on it keeps what it says.
    """
    settings = []
    for item in state.plan.port_settings:
        used = {
            ports
            for row in said
            if row.id in state.rows and state.setting_of(state.rows[row.id]) == item.name
            for ports in row.source_ports
        }
        wider = None if item.block is None else _wider(item.block.range)
        if item.block is None or (wider in used) == (item.block.range in used):
            settings.append(item)
        else:
            settings.append(replace(item, policy_range=wider if wider in used else None))
    return replace(state.plan, port_settings=tuple(settings))


def _wider(ports: PortRange) -> PortRange | None:
    return PortRange(ports.low, ports.high + 1) if ports.high < 65535 else None


def _observe(said: SaidRow, state: PolicyRows) -> None:
    """Hold the policies of a row of the base against it: a host may have them for long."""
    row = state.rows[said.id]
    first = said.policies[0]
    now = (*said.source_ports, *said.destination_ports)
    if row.id not in state.fixed and set(_ports(row)) != set(now):
        _move(row, said, state)
    if row.opt_in and row.id not in state.plan.options.include:
        options = state.plan.options
        chosen = replace(options, include=(*options.include, row.id))
        state.plan = replace(state.plan, options=chosen)
        message = f"policy {first.name!r} is opt-in row {row.id}, which is included now"
        state.found.append(finding("policy-includes-row", message, first.where))
    for policy in said.policies:
        if fits(policy, state.rows[row.id]):
            state.found += against(policy, [state.rows[row.id]], state)
        else:
            state.found.append(other_ports(policy, row, state))


def _move(row: PlanRow, said: SaidRow, state: PolicyRows) -> None:
    first = said.policies[0]
    moved = with_ports(row, said.source_ports, f"host policy, {place(first.where)}", None)
    moved = replace(
        moved, destination_ports=said.destination_ports, status=Status.USER, where=first.where
    )
    state.rows[row.id] = moved
    before, now = (", ".join(map(str, _ports(item))) or "any port" for item in (row, moved))
    message = f"row {row.id} ({row.component}, {row.media}) moves from {before} to {now}"
    message = f"{message}, as policy {first.name!r} has it"
    cure = show_ports(state.setting_of(row) or "")
    state.found.append(finding("policy-moves-row", message, first.where, cure=cure))
