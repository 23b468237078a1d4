"""The difference of two plans, as text for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from msgspec.structs import replace

from translator.audit.plandiff import Change, Line, PacketChange, PlanDiff, RoleDiff, Section
from translator.audit.semdiff.join import union_of_marks
from translator.cli.output import emit, visible
from translator.cli.semdiff_view import move_json, parameter_json
from translator.codepoint import CodePoint
from translator.plan.select import joined_refusals
from translator.verify.boxes import Box
from translator.verify.compare import Difference, Origin, Verdict
from translator.verify.treatment import Treatment

__all__ = ["plan_diff_json", "plan_diff_lines", "show_plan_diff"]

_BOXES: Final = 3
_ROW_HEADINGS: Final = {
    Change.CHANGED: "Rows that change",
    Change.ADDED: "Rows that are new",
    Change.REMOVED: "Rows that may go",
}
_SIGNS: Final = {Change.CHANGED: "~", Change.ADDED: "+", Change.REMOVED: "-"}


def show_plan_diff(found: PlanDiff) -> None:
    """Print the verdict, then what differs in words, then what differs over all packets."""
    for line in plan_diff_lines(found):
        emit(visible(line))


def plan_diff_lines(found: PlanDiff) -> Iterator[str]:
    """Yield the same line by line."""
    yield f"{found.a} -> {found.b}: {_verdict(found)}"
    rows = [item for item in found.lines if item.section is Section.ROWS]
    for change, heading in _ROW_HEADINGS.items():
        yield from _section(heading, "", (item for item in rows if item.change is change))
    for section in list(Section)[1:]:
        lines = (item for item in found.lines if item.section is section)
        yield from _section(section.capitalize(), "+", lines)
    for role in found.roles:
        yield ""
        yield from _role(role)


def _verdict(found: PlanDiff) -> str:
    roles = ", ".join(item.role for item in found.roles)
    word = "role" if len(found.roles) == 1 else "roles"
    packets = f"{found.packets} over all packets ({word} {roles})" if roles else "no role compared"
    if found.lines:
        return packets if found.packets is Verdict.DIFFERENT else f"different in words, {packets}"
    return f"{packets}, differing only in names" if found.renamed else packets


def _section(heading: str, signed: str, lines: Iterable[Line]) -> Iterator[str]:
    for number, item in enumerate(lines):
        if not number:
            yield ""
            yield heading
        rows = f" ({' '.join(item.rows_a)} -> {' '.join(item.rows_b)})".replace("( ->", "(->")
        sign = f"{_SIGNS[item.change]} " if signed else ""
        yield f"  {sign}{item}{rows.replace(' -> )', ')') if item.rows_a or item.rows_b else ''}"


def _role(item: RoleDiff) -> Iterator[str]:
    yield f"Packets at interfaces of role {item.role}: {item.verdict}"
    for change in item.changes:
        yield from _change(change)
    for parameter in item.parameters:
        queue = f"queue {parameter.queue}, " if parameter.queue else ""
        yield f"  {queue}{parameter.what}: A {parameter.in_a}, B {parameter.in_b}"
    for move in item.moves:
        yield f"  {move.boxes[0]}: queue {move.queue_a} in A, {move.queue_b} in B"
        yield f"    such as {move.packet}"
    yield from (f"  unknown because: {reason}" for reason in item.reasons)
    yield from (f"  note: {note}" for note in _notes(item.notes))


def _notes(notes: Iterable[str]) -> Iterator[str]:
    """The notes, refusals of one reason in one sentence."""
    for side in ("A: ", "B: "):
        own = [note.removeprefix(side) for note in notes if note.startswith(side)]
        yield from (side + text for text in joined_refusals(own))
    yield from (note for note in notes if note[:3] not in ("A: ", "B: "))


def _change(change: PacketChange) -> Iterator[str]:
    """Boxes that differ in their marks only are one box for people."""
    where = "entering" if change.entering else "leaving"
    if not (change.class_a or change.class_b):
        yield from _unclassified(change, where)
        return
    yield f"  {where}, {change.class_a or 'of no class'} -> {change.class_b or 'of no class'}:"
    boxes: dict[Box, list[Difference]] = {}
    for item in change.differences:
        boxes.setdefault(replace(item.box, tos=()), []).append(item)
    for box, group in list(boxes.items())[:_BOXES]:
        yield f"    {replace(box, tos=union_of_marks(group))}"
        a = [(item, item.wanted, item.wanted_origin) for item in group]
        b = [(item, item.found, item.found_origin) for item in group]
        yield f"      A: {_side(a, change.entering)}"
        yield f"      B: {_side(b, change.entering)}"
        yield f"      such as {group[0].packet}"
    if len(boxes) > _BOXES:
        least = "at least " if change.cut else ""
        yield f"    and {least}{len(boxes) - _BOXES} more boxes (--format json lists them)"


def _side(group: Sequence[tuple[Difference, Treatment, Origin]], entering: bool) -> str:
    """What one plan does with the packets, the rarer treatments with the marks that get them."""
    marks: dict[str, list[Difference]] = {}
    rows: dict[str, None] = {}
    for item, treatment, origin in group:
        marks.setdefault(_treated(treatment, entering), []).append(item)
        rows.update(dict.fromkeys(origin.rows))
    first, *others = sorted(marks, key=lambda text: -len(_points(marks[text])))
    told = [first, *(f"{text} where it carries {_names(_points(marks[text]))}" for text in others)]
    return ", or ".join(told) + (f" (rows {' '.join(rows)})" if rows else "")


def _unclassified(change: PacketChange, where: str) -> Iterator[str]:
    """Packets that neither plan has rows for differ by the mark that they carry, and only by it."""
    by_effect: dict[tuple[str, str], list[Difference]] = {}
    for item in change.differences:
        effect = _treated(item.wanted, change.entering), _treated(item.found, change.entering)
        by_effect.setdefault(effect, []).append(item)
    for (wanted, found), group in by_effect.items():
        yield f"  {where}, of no class in either plan, carrying {_names(_points(group))}:"
        yield f"      A: {wanted}"
        yield f"      B: {found}"
        yield f"      such as {group[0].packet}"


def _points(group: Iterable[Difference]) -> list[CodePoint]:
    return [
        CodePoint(number)
        for low, high in union_of_marks(group) or ((0, 255),)
        for number in range(low >> 2, (high >> 2) + 1)
    ]


def _names(points: Iterable[CodePoint]) -> str:
    return ", ".join(point.name for point in points)


def _treated(treatment: Treatment, entering: bool) -> str:
    """What shows on that side of an interface: the mark where packets enter, else the service."""
    return str(treatment.marking) if entering else str(treatment.service.value)


def plan_diff_json(found: PlanDiff) -> dict[str, Any]:
    """Return verdicts and all evidence."""
    return {
        "a": found.a,
        "b": found.b,
        "verdict": str(found.verdict),
        "packets": str(found.packets),
        "renamed": found.renamed,
        "lines": [_line_json(item) for item in found.lines],
        "roles": [_role_json(item) for item in found.roles],
    }


def _line_json(item: Line) -> dict[str, Any]:
    return {
        "section": str(item.section),
        "change": str(item.change),
        "subject": item.subject,
        "text": item.text,
        "rows_a": list(item.rows_a),
        "rows_b": list(item.rows_b),
    }


def _role_json(item: RoleDiff) -> dict[str, Any]:
    return {
        "role": str(item.role),
        "verdict": str(item.verdict),
        "changes": [_change_json(change) for change in item.changes],
        "queues": [parameter_json(parameter) for parameter in item.parameters],
        "moved": [move_json(move) for move in item.moves],
        "notes": list(item.notes),
        "reasons": list(item.reasons),
    }


def _change_json(change: PacketChange) -> dict[str, Any]:
    return {
        "direction": "in" if change.entering else "out",
        "class_a": change.class_a or None,
        "class_b": change.class_b or None,
        "all_boxes": not change.cut,
        "boxes": [
            {
                "box": str(item.box),
                "packet": str(item.packet),
                "a": _side_json(item.wanted, item.wanted_origin),
                "b": _side_json(item.found, item.found_origin),
            }
            for item in change.differences
        ],
    }


def _side_json(treatment: Treatment, origin: Origin) -> dict[str, Any]:
    return {"treatment": str(treatment), "rows": list(origin.rows)}
