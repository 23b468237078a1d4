"""What `counters` prints: a table of what was counted, then what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from translator.audit.model import Finding
from translator.cli.output import emit, emit_table, note, visible
from translator.counters.change import Change
from translator.counters.examine import Examination
from translator.counters.meaning import Meaning
from translator.intents.counters import ClassCounters, Unit

__all__ = ["counters_json", "show_counters"]

_HEADINGS = ("interface", "class", "plan", "packets", "bytes", "bit/s", "dropped", "")


def show_counters(found: Examination) -> None:
    """Print the counters and the findings."""
    for text in found.meaning.notes:
        note(text)
    seconds = found.difference.seconds
    over = "since the counters began"
    if found.difference.before is not None:
        over = "between the two" if seconds is None else f"in {seconds:g} s"
    emit_table(_HEADINGS, _rows(found), f"counted {over}")
    if not found.findings:
        emit("nothing is wrong with what was counted")
    for item in found.findings:
        emit("\n".join(_finding(item)))


def _rows(found: Examination) -> Iterator[tuple[object, ...]]:
    for change in found.difference.changes:
        item = change.counted
        busy = item.seen or item.dropped or item.unread
        if item.unit is Unit.RULE and not busy:
            continue  # a ruleset has hundreds of them
        rate = change.bps if change.bps is not None else item.offered_bps
        yield (
            f"{item.interface} {item.direction}".strip(),
            "/".join((*item.path, item.name)),
            _plan(found.meaning, item),
            _shown(item.sent_packets if item.packets is None else item.packets),
            _shown(item.sent_bytes if item.bytes is None else item.bytes),
            _shown(rate),
            _shown(item.dropped),
            _state(change),
        )


def _plan(meaning: Meaning, item: ClassCounters) -> str:
    placement = meaning.placement(item.interface, item.direction)
    if item.unit is not Unit.CLASS or placement is None:
        return ""
    return ", ".join(known.name for known in placement.plan_classes_of(item.name))


def _shown(value: int | None) -> str:
    return "" if value is None else str(value)


def _state(change: Change) -> str:
    if change.counted.unread:
        return "unknown"
    return f"{change.state}, wrapped" if change.wrapped else str(change.state)


def _finding(item: Finding) -> Iterator[str]:
    yield visible(f"{item.severity} {item.kind}: {item.message}", keep="")
    about = [f"lines {', '.join(map(str, item.lines))}"] if item.lines else []
    about += [f"plan rows {' '.join(item.rows)}"] if item.rows else []
    if about:
        yield "  " + "; ".join(about)
    yield f"  hint: {item.hint}"


def counters_json(found: Examination) -> dict[str, Any]:
    """Return the counters and findings as JSON has them."""
    difference = found.difference
    return {
        "device": difference.after.device,
        "platform": difference.after.platform,
        "before": None if difference.before is None else str(difference.before.taken_at or ""),
        "after": str(difference.after.taken_at or ""),
        "seconds": difference.seconds,
        "classes": [
            {
                "plan": _plan(found.meaning, change.counted),
                "state": change.state,
                "wrapped": change.wrapped,
                "bps": change.bps,
                "dropped": change.counted.dropped,
                "counted": change.counted,
            }
            for change in difference.changes
        ],
        "gone": difference.gone,
        "findings": found.findings,
        "notes": found.meaning.notes,
    }
