"""Differences in treatment, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from translator.audit.semdiff import Change, SemDiff, Way
from translator.audit.semdiff.queues import ParameterChange, QueueMove
from translator.cli.counted import counted
from translator.cli.output import emit, visible
from translator.verify.compare import Origin

__all__ = ["move_json", "parameter_json", "semdiff_json", "semdiff_lines", "show_semdiff"]

_SHOWN: Final = 8
_LINES: Final = 6
_LONGEST: Final = 160


def semdiff_json(found: SemDiff) -> dict[str, Any]:
    """Return verdict, scope and all evidence; lines by number."""
    return {
        "verdict": str(found.verdict),
        "ways": [_way_json(way) for way in found.ways],
        "changes": [_change_json(item) for item in found.changes],
        "also": [_way_json(way) for way in found.also],
        "queues": [parameter_json(item) for item in found.parameters],
        "moved": [move_json(item) for item in found.moves],
        "only_a": list(found.only_a),
        "only_b": list(found.only_b),
        "reasons": list(found.reasons),
        "notes": list(found.notes),
    }


def show_semdiff(found: SemDiff, text_a: str, text_b: str) -> None:
    """Print the verdict, then the packets, the queues, what is unknown and what it rests on."""
    for line in semdiff_lines(found, text_a, text_b):
        emit(visible(line))


def semdiff_lines(found: SemDiff, text_a: str, text_b: str) -> Iterator[str]:
    """Yield the same line by line."""
    yield f"{found.verdict}: {counted(len(found.ways), 'way')} compared, over all packets"
    lines_a, lines_b = text_a.split("\n"), text_b.split("\n")
    for change in found.changes[:_SHOWN]:
        yield from _change_text(change, lines_a, lines_b)
    if len(found.changes) > _SHOWN:
        yield f"  and {len(found.changes) - _SHOWN} more (--format json lists all)"
    yield from _rest(found)


def _rest(found: SemDiff) -> Iterator[str]:
    if found.also:
        yield f"  likewise on: {', '.join(str(way) for way in found.also)}"
    for item in found.parameters:
        yield f"  {item}"
        yield from _numbers(item.lines_a, item.lines_b)
    for move in found.moves:
        yield f"  {move.way}: {move.boxes[0]}"
        yield f"    waits in queue {move.queue_a} in A, in {move.queue_b} in B"
        yield f"    such as {move.packet}"
    for side, names in (("A", found.only_a), ("B", found.only_b)):
        if names:
            yield f"  only in {side}: {', '.join(names)}"
    for reason in found.reasons:
        yield f"  unknown because: {reason}"
    for sentence in found.notes:
        yield f"  note: {sentence}"


def _change_text(change: Change, lines_a: Sequence[str], lines_b: Sequence[str]) -> Iterator[str]:
    """The box of packets first, then what each text does with it and by which lines."""
    item = change.difference
    yield f"  {change.place}: {item.box}"
    yield f"    A: {item.wanted}{_class(item.wanted_origin)}"
    yield from _quoted(item.wanted_origin.lines, lines_a)
    yield f"    B: {item.found}{_class(item.found_origin)}"
    yield from _quoted(item.found_origin.lines, lines_b)
    yield f"    such as {item.packet}" + ("" if item.certain else " (not certain)")


def _class(origin: Origin) -> str:
    return f" (class {origin.class_name})" if origin.class_name else ""


def _quoted(numbers: Sequence[int], lines: Sequence[str]) -> Iterator[str]:
    """The last deciding lines: what binds and names the policy comes first and says least."""
    for number in numbers[-_LINES:]:
        line = lines[number - 1].strip() if number <= len(lines) else ""
        yield f"      {number:>6}: {line[:_LONGEST]}{'...' if len(line) > _LONGEST else ''}"


def _numbers(lines_a: Sequence[int], lines_b: Sequence[int]) -> Iterator[str]:
    for side, numbers in (("A", lines_a), ("B", lines_b)):
        if numbers:
            yield f"    {side} lines {', '.join(map(str, numbers[:12]))}"


def _way_json(way: Way) -> dict[str, Any]:
    ends = {"in": way.entry, "out": way.exit} if way.entry else {"policy": way.exit}
    return {key: None if end is None else {"a": end.a, "b": end.b} for key, end in ends.items()}


def _change_json(change: Change) -> dict[str, Any]:
    item = change.difference
    return {
        "place": change.place,
        "ways": [_way_json(way) for way in change.ways],
        "box": str(item.box),
        "packet": str(item.packet),
        "certain": item.certain,
        "a": _side_json(str(item.wanted), item.wanted_origin),
        "b": _side_json(str(item.found), item.found_origin),
    }


def _side_json(treatment: str, origin: Origin) -> dict[str, Any]:
    return {"treatment": treatment, "class": origin.class_name, "lines": list(origin.lines)}


def parameter_json(item: ParameterChange) -> dict[str, Any]:
    """Return one parameter of a queue that differs."""
    return {
        "interface": {"a": item.place.a, "b": item.place.b},
        "queue": item.queue,
        "what": item.what,
        "a": item.in_a,
        "b": item.in_b,
        "lines_a": list(item.lines_a),
        "lines_b": list(item.lines_b),
    }


def move_json(item: QueueMove) -> dict[str, Any]:
    """Return packets that wait in another queue."""
    return {
        "way": _way_json(item.way),
        "boxes": [str(box) for box in item.boxes],
        "packet": str(item.packet),
        "queue_a": item.queue_a,
        "queue_b": item.queue_b,
    }
