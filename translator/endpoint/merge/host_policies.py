"""Host policies held against the rows of a plan: confirmed, moved, or rows of their own."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from translator.codepoint import CodePoint
from translator.endpoint.findings.finding import EndpointFinding, finding
from translator.endpoint.findings.shown import argument, beside, place, set_source_ports, show_ports
from translator.endpoint.merge.rows import new_row, said_by, with_ports
from translator.endpoint.merge.setting_of import SettingOf
from translator.endpoint.policy.names import SaidRow
from translator.endpoint.policy.precedence import program_name, program_of
from translator.endpoint.settings import HostPolicy, MediaPorts
from translator.plan.components import is_edge
from translator.plan.model import Plan, PlanRow, Status
from translator.ports import PortRange

__all__ = ["PolicyRows", "against", "fits", "hold_policies", "is_claimed", "other_ports"]


@dataclass(slots=True)
class PolicyRows:
    """The rows of a plan while policies are held against them, and what was found.

    Attributes:
        fixed: ids of rows whose ports were read from a table, or from the product itself.
        programs: the plan's programs in lower case.
        rows: the rows as they become, by id; those of policies come last.
        told: ids of rows that policies of their own speak for.
    """

    plan: Plan
    ports: Mapping[str, MediaPorts]
    setting_of: SettingOf
    fixed: Collection[str]
    programs: Collection[str]
    rows: dict[str, PlanRow]
    told: set[str] = field(default_factory=set)
    found: list[EndpointFinding] = field(default_factory=list)

    def least(self, row: PlanRow) -> int:
        """Return how many ports the row's medium needs at least, as far as the plan says."""
        name = self.setting_of(row)
        settings = self.plan.port_settings
        return next((item.min_count for item in settings if item.name == name), 1)

    def rows_beside(self, base: Plan) -> tuple[PlanRow, ...]:
        """Return the rows that policies of their own speak for and that the base does not have."""
        known = {row.id for row in base.rows}
        return tuple(row for row in self.rows.values() if row.id in self.told - known)

    def add(self, said: SaidRow) -> None:
        """Add the row of policies for which the plan has none."""
        row, groups = new_row(said, self.plan)
        self.rows[row.id] = row
        self.plan = replace(self.plan, groups=(*self.plan.groups, *groups))


def hold_policies(policies: Collection[HostPolicy], state: PolicyRows) -> None:
    """Hold each policy against the rows; changes `state`.

    A policy confirms the rows of its program that have its ports. A row that none confirms moves
    to the ports of the only policy for its program and code point, if they are enough for its
    medium and nothing else says what its ports are. Any other policy becomes a row of its own.

    Raises:
        PlanError: a name that cannot stand in a plan.
    """
    marking = [item for item in policies if item.code_point is not None and _can_be_row(item)]
    rows_there = tuple(state.rows.values())
    same = [
        [row for row in rows_there if _is_for(item, row) and fits(item, row)] for item in marking
    ]
    confirmed = {row.id for rows in same for row in rows} | state.told
    open_rows = [row for row in rows_there if row.id not in confirmed]
    claims = [[row for row in open_rows if _may_move(item, row, state)] for item in marking]
    for policy, rows, claimed in zip(marking, same, claims, strict=True):
        rivals = {
            other.source_ports
            for other, its in zip(marking, claims, strict=True)
            if claimed and claimed[0] in its
        }
        known = [row for row in claimed if row.id in state.fixed]
        if rows:
            state.found += against(policy, rows, state)
        elif known:
            state.found.append(other_ports(policy, known[0], state))
        elif len(claimed) == 1 and len(rivals) == 1:
            _move(policy, claimed[0], state)
        else:
            _add(policy, state)


def is_claimed(policy: HostPolicy, state: PolicyRows) -> bool:
    """Whether the policy has the ports of a row that there is, or could move one."""
    return any(
        (_is_for(policy, row) and fits(policy, row)) or _may_move(policy, row, state)
        for row in state.rows.values()
    )


def _can_be_row(policy: HostPolicy) -> bool:
    """Whether the network can see what the policy matches; findings say why where it cannot."""
    has_ports = policy.source_ports is not None or policy.destination_ports is not None
    return has_ports and not (_is_edge(policy) and policy.destination_ports is None)


def _is_edge(policy: HostPolicy) -> bool:
    return is_edge("", program_of(policy))


def _is_for(policy: HostPolicy, row: PlanRow) -> bool:
    program = program_of(policy)
    return not row.opt_in and program in ("", program_name(row.executable))


def fits(policy: HostPolicy, row: PlanRow) -> bool:
    """Whether the policy has ports of the row, or ports one beside them."""
    sides = (
        (policy.source_ports, row.source_ports),
        (policy.destination_ports, row.destination_ports),
    )
    return not set(policy.protocols).isdisjoint(row.protocols) and all(
        not ranges if ports is None else any(_alike(ports, item) for item in _known(row, ranges))
        for ports, ranges in sides
    )


def _known(row: PlanRow, ranges: tuple[PortRange, ...]) -> tuple[PortRange, ...]:
    """The ranges of a row, and the block of the product behind them."""
    block = row.policy_range_of
    return ranges if block is None or not ranges else (*ranges, block.range)


def _alike(one: PortRange, other: PortRange) -> bool:
    return one == other or beside(one, other)


def against(
    policy: HostPolicy, rows: list[PlanRow], state: PolicyRows
) -> Iterator[EndpointFinding]:
    """Yield what the policy and rows with its ports do not agree on."""
    names = ", ".join(row.id for row in rows)
    unlike = [row for row in rows if row.code_point not in (None, policy.code_point)]
    # One range may belong to several media of the plan: a row that agrees is the one meant.
    if unlike and len(unlike) == len(rows):
        wanted = unlike[0].code_point
        yield finding(
            "policy-code-point",
            f"policy {policy.name!r} marks {_shown(policy.code_point)}, row {unlike[0].id} of the "
            f"plan {_shown(wanted)}",
            policy.where,
            unlike[0].where,
            cure=f"Set-NetQosPolicy -Name {argument(policy.name)} -DSCPAction {wanted}",
        )
    if is_narrow := _narrower(policy, rows):
        yield finding(
            "policy-narrower", f"policy {policy.name!r} is {is_narrow} row {names}", policy.where
        )
    yield from _beside_block(policy, rows, state)


def _shown(point: CodePoint | None) -> str:
    return "nothing" if point is None else f"{int(point)}"


def _narrower(policy: HostPolicy, rows: list[PlanRow]) -> str:
    """What limits the policy and not the rows, as the middle of a sentence."""
    if all(len(row.protocols) > len(policy.protocols) for row in rows):
        return f"for {policy.protocols[0]} only, unlike"
    for prefix, named in (
        (policy.source_prefix, [row.sources for row in rows]),
        (policy.destination_prefix, [row.destinations for row in rows]),
    ):
        if prefix is not None and not any(named):
            return f"for {prefix} only, unlike"
    return ""


def _beside_block(
    policy: HostPolicy, rows: list[PlanRow], state: PolicyRows
) -> Iterator[EndpointFinding]:
    """What the policy's source ports are one port beside: the product's block, else the row's."""
    ports = policy.source_ports
    for row in rows[:1]:
        name = state.setting_of(row) or ""
        setting = state.ports.get(name)
        block = None if setting is None else setting.block
        used = (block.range,) if block is not None else row.source_ports
        stated = (*used, *_stated(name, state.plan))
        for item in used if ports is not None and ports not in stated else ():
            if ports is None or not beside(ports, item):
                continue
            yield finding(
                "policy-off-by-one",
                f"policy {policy.name!r} marks {ports}, {name or f'row {row.id}'} is {item}, "
                f"{item.high - item.low + 1} ports from {item.low}",
                policy.where,
                row.where if setting is None else setting.where,
                cure=set_source_ports(policy.name, item),
            )


def _stated(name: str, plan: Plan) -> Iterator[PortRange]:
    """The range that the plan wants of policies on purpose."""
    for item in plan.port_settings:
        if item.name == name and item.policy_range is not None:
            yield item.policy_range


def _may_move(policy: HostPolicy, row: PlanRow, state: PolicyRows) -> bool:
    """Whether the policy is for the same program and code point as a row with other ports.

    A range too small for the row's medium is that of something else, such as signalling.
    """
    ports = policy.source_ports
    return (
        ports is not None
        and policy.destination_ports is None
        and bool(program_of(policy) and row.source_ports)
        and _is_for(policy, row)
        and row.code_point == policy.code_point
        and ports.high - ports.low + 1 >= state.least(row)
    )


def other_ports(policy: HostPolicy, row: PlanRow, state: PolicyRows) -> EndpointFinding:
    """Return that the policy marks other ports than its program uses."""
    used = ", ".join(map(str, row.source_ports or row.destination_ports)) or "any port"
    setting = state.ports.get(state.setting_of(row) or "")
    return finding(
        "policy-other-ports",
        f"policy {policy.name!r} marks {policy.source_ports or policy.destination_ports}, "
        f"{row.component} uses {used} "
        f"(row {row.id})",
        policy.where,
        row.where if setting is None else setting.where,
        cure=set_source_ports(policy.name, row.source_ports[0]) if row.source_ports else "",
    )


def _move(policy: HostPolicy, row: PlanRow, state: PolicyRows) -> None:
    ports = policy.source_ports
    if ports is None:
        return
    moved = with_ports(row, (ports,), f"host policy, {place(policy.where)}", None)
    state.rows[row.id] = replace(moved, status=Status.USER, where=policy.where)
    state.found.append(
        finding(
            "policy-moves-row",
            f"row {row.id} ({row.component}, {row.media}) moves from {row.source_ports[0]} to "
            f"{ports}, as policy {policy.name!r} has it",
            policy.where,
            cure=show_ports(state.setting_of(row) or ""),
        )
    )


def _add(policy: HostPolicy, state: PolicyRows) -> None:
    said = said_by(policy, state.plan, state.rows)
    state.add(said)
    program = program_of(policy)
    is_known = not program or program in state.programs
    state.found.append(
        finding(
            "policy-own-row" if is_known else "policy-foreign-program",
            f"policy {policy.name!r}{f' for {program}' if program else ''} is row {said.id} now",
            policy.where,
        )
    )
