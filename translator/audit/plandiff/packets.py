"""Two plans over all packets: what an interface of a role does under the one and the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from translator.audit.semdiff import Text, semdiff
from translator.audit.semdiff.join import joined_differences
from translator.audit.semdiff.queues import ParameterChange, QueueMove
from translator.errors import PlanError
from translator.intents.capabilities import Capabilities, Feature
from translator.intents.compile import InterfaceSpec, compile_intents
from translator.intents.device import DeviceQos
from translator.intents.match import Prefix
from translator.intents.model import Role
from translator.intents.placement import comes_from_outside, concerns
from translator.intents.stages import DEFAULT_CLASS, RESET_CLASS, device_of
from translator.plan.model import Plan, PlanRow
from translator.plan.select import chosen_rows, renderable_rows
from translator.verify.classes import class_diagram
from translator.verify.compare import Difference, Side, Verdict, compare_by_class
from translator.verify.diagram import Node, Space
from translator.verify.prove import OTHER

__all__ = ["PacketChange", "RoleDiff", "compare_role"]

_MAX_BOXES: Final = 24
# The device that does what a plan asks can do everything.
_ABLE: Final = Capabilities(~Feature(0), fragments_proven=True)
# What the compiler reads of a row.
_COMPILED: Final = (
    "media", "code_point", "protocols", "match_code_point", "sources", "destinations",
    "source_ports", "destination_ports", "port_setting", "narrow", "needs", "port_only_safe",
    "policy_range_of",
)  # fmt: skip
_EDGES: Final = frozenset({Role.CLIENT, Role.PHONE, Role.SERVER})
_Bindings = Mapping[str, Sequence[Prefix]]


@dataclass(frozen=True, slots=True)
class PacketChange:
    """Packets of one class of A that are of one class of B, and are treated otherwise there.

    Attributes:
        entering: whether it shows where packets enter; else where they leave.
        class_a, class_b: "" for packets that no row and no queue speaks of.
        differences: boxes of them; "wanted" is what A does and "found" what B does.
        cut: there are more boxes than were worked out.
    """

    entering: bool
    class_a: str
    class_b: str
    differences: tuple[Difference, ...]
    cut: bool = False


@dataclass(frozen=True, slots=True)
class RoleDiff:
    """The comparison for one role.

    Attributes:
        changes: every kind of change, with boxes and witnesses.
        parameters, moves: what differs in the queues.
        notes: rows left out and what was compared.
        reasons: why it is unknown or undecided.
    """

    role: Role
    verdict: Verdict
    changes: tuple[PacketChange, ...] = ()
    parameters: tuple[ParameterChange, ...] = ()
    moves: tuple[QueueMove, ...] = ()
    notes: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Compiled:
    """What a plan asks of the role; `device` None where that cannot be said, `reason` why."""

    device: DeviceQos | None
    notes: tuple[str, ...] = ()
    reason: str = ""


def compare_role(
    a: tuple[Plan, _Bindings], b: tuple[Plan, _Bindings], role: Role, space: Space
) -> RoleDiff:
    """Return which packets change treatment at an interface of the role.

    A plan without any row for the role asks nothing there. One whose rows lack addresses cannot be
    compared, unless the other has the same rows.
    """
    left, right = _compiled(*a, role, "A"), _compiled(*b, role, "B")
    notes = (*left.notes, *right.notes)
    if left.device is None or right.device is None:
        if _nameless(a[0], role) == _nameless(b[0], role):
            return RoleDiff(role, Verdict.EQUAL, notes=("both plans have the same rows here",))
        reasons = tuple(filter(None, (left.reason, right.reason)))
        return RoleDiff(role, Verdict.UNKNOWN, notes=notes, reasons=reasons)
    found = semdiff(Text(left.device, _ABLE), Text(right.device, _ABLE), space=space)
    changes, reasons = (
        _changes(left.device, right.device, role, space) if found.changes else ((), ())
    )
    return RoleDiff(
        role,
        found.verdict,
        changes,
        found.parameters,
        found.moves,
        notes,
        (*found.reasons, *reasons),
    )


def _compiled(plan: Plan, bindings: _Bindings, role: Role, side: str) -> _Compiled:
    """Compile for one interface of the role; what else is wrong with the plan is its own error."""
    rows = {row.id for row in _rows(plan, role)}
    if role in _EDGES and not rows:
        note = f"{side} has no rows for role {role}: nothing is asked of such interfaces"
        return _Compiled(DeviceQos("intents"), (note,))
    try:
        intents = compile_intents(plan, role, [InterfaceSpec(role, role)], bindings)
    except PlanError as error:
        if not any(item.row_id in rows for item in renderable_rows(plan, bindings)[1]):
            raise
        hint = f" ({error.hint})" if error.hint else ""
        return _Compiled(None, reason=f"{side}: {error.problem}{hint}")
    return _Compiled(device_of(intents), tuple(f"{side}: {text}" for text in intents.refused))


def _rows(plan: Plan, role: Role) -> tuple[PlanRow, ...]:
    return tuple(
        row
        for row in chosen_rows(plan)
        if concerns(plan, row, role) or (role is Role.INTERNET and comes_from_outside(plan, row))
    )


def _nameless(plan: Plan, role: Role) -> tuple[object, ...]:
    """What the compiler takes from a plan for the role, without what only names or explains it."""
    rows = tuple(tuple(getattr(row, name) for name in _COMPILED) for row in _rows(plan, role))
    queues = tuple(replace(item, where=None) for item in plan.queues)
    groups = {item.name: (item.prefixes, item.union_of, item.outside) for item in plan.groups}
    return rows, queues, groups, replace(plan.options, include=(), exclude=()), plan.code_points


def _changes(
    a: DeviceQos, b: DeviceQos, role: Role, space: Space
) -> tuple[tuple[PacketChange, ...], tuple[str, ...]]:
    """Return the changes by the classes that packets have on both sides, and what is undecided."""
    changes: list[PacketChange] = []
    reasons: list[str] = []
    for entering in (True, False):
        ends = (role.value, OTHER) if entering else (OTHER, role.value)
        classes = _class_pairs(a, b, ends, space)
        compared = compare_by_class(
            Side(a, *ends), Side(b, *ends), space, classes, max_boxes=_MAX_BOXES
        )
        for name, found in compared.items():
            reasons += found.reasons
            if found.differences:
                one, _, other = name.partition(">")
                joined = joined_differences(found.differences)
                cut = len(found.differences) >= _MAX_BOXES
                changes.append(PacketChange(entering, one, other, joined, cut))
    return tuple(changes), tuple(reasons)


def _class_pairs(a: DeviceQos, b: DeviceQos, ends: tuple[str, str], space: Space) -> Node:
    """Return the diagram of `audio>video` for packets of A's class audio and B's class video."""
    one = class_diagram(a, *ends, space, served=False)
    other = class_diagram(b, *ends, space, served=False)
    # Both sides may use the same name: the tuples keep equal names from counting as no pair.
    left = space.map_leaves(one, lambda name: (1, _kind(name)))
    right = space.map_leaves(other, lambda name: (2, _kind(name)))
    return space.combine(left, right, lambda mine, its: f"{mine[1]}>{its[1]}")


def _kind(name: str) -> str:
    return "" if name in (DEFAULT_CLASS, RESET_CLASS) else name
