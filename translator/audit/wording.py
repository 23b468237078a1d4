"""The words of findings: names of classes, sentences, and evidence from comparisons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from translator.audit.case import Case
from translator.audit.kinds import kind
from translator.audit.model import ClassAudit, Direction, Evidence, Finding, Judgement
from translator.drivers.capture import lines_of
from translator.intents.device import Unread
from translator.intents.stages import DEFAULT_CLASS, RESET_CLASS
from translator.verify.compare import Difference
from translator.verify.scheduling import SchedulingFinding

__all__ = [
    "LAST",
    "OTHER_TRAFFIC",
    "SHAPING",
    "UNTRUSTED",
    "cut_text",
    "evidence_of",
    "not_understood",
    "parameter",
    "queue_finding",
    "sentence",
    "shown_names",
]

OTHER_TRAFFIC: Final = "other"
"""The class of everything that the plan does not speak of."""
UNTRUSTED: Final = "untrusted"
"""Packets that carry a code point of the plan without being of its classes."""
SHAPING: Final = "shaping"
"""Stands among the classes for the shaper of the whole interface."""
LAST: Final = (OTHER_TRAFFIC, UNTRUSTED, SHAPING)
"""What stands below the classes of the plan."""

_NAMED: Final = 5
_SHOWN_NAMES: Final = {"": OTHER_TRAFFIC, DEFAULT_CLASS: OTHER_TRAFFIC, RESET_CLASS: UNTRUSTED}


def shown_names(name: str) -> list[str]:
    """Return the plan's classes; lowering joins those that share a queue as `audio+video`."""
    return [_SHOWN_NAMES.get(part, part) for part in name.split("+")]


def sentence(name: str, direction: Direction, row: ClassAudit) -> str:
    """Return what is wrong with a class in one sentence."""
    where = "entering" if direction is Direction.IN else "leaving"
    return f"{where} packets of class {name}: {row.reason or row.judgement}"


def evidence_of(item: Difference, way: str, *, service: bool) -> Evidence:
    """Return a difference as evidence, with the class of service or without."""
    return Evidence(
        str(item.box),
        str(item.packet),
        way,
        item.wanted.words(service=service),
        item.found.words(service=service),
        item.found_origin.lines,
        item.wanted_origin.rows,
    )


def parameter(item: SchedulingFinding) -> str:
    """Return what is wrong with a parameter of a queue."""
    return f"{item.problem}: wanted {item.wanted}, found {item.found}"


_SET_SHARE: Final = "Set the share, or pass a wider `--share-tolerance` if it is meant."
_CURES: Final = {
    "share": _SET_SHARE,
    "share of all together": _SET_SHARE,
    "shaping rate": "Shape to the rate of the circuit, or correct the rate of the role.",
    "service": "Serve the class as the plan wants: with priority, with a share, or with neither.",
    "limit": "Raise the limit of the class to its share, or take it away.",
    "early drop": "Switch early drop off in the priority queue.",
    "no queues are configured": "Bind a policy with queues; `render` writes one.",
}
_SORT: Final = "Let these packets wait in the queue of their class."


def queue_finding(item: SchedulingFinding, name: str) -> Finding:
    """Return the finding about one parameter of a queue."""
    return Finding(
        "queue-different",
        kind("queue-different").severity,
        f"{name}: {parameter(item)}",
        (),
        Direction.OUT,
        name,
        Judgement.DIFFERENT,
        lines=item.lines,
        hint=_CURES.get(item.problem, _SORT),
    )


def not_understood(unread: Sequence[Unread]) -> str:
    """Return which lines were not understood, the first five by number."""
    numbers = [str(item.line) for item in unread]
    if len(numbers) == 1:
        return f"line {numbers[0]} was not understood"
    more = f" and {len(numbers) - _NAMED} more" if len(numbers) > _NAMED else ""
    return f"lines {', '.join(numbers[:_NAMED])}{more} were not understood"


def cut_text(case: Case) -> Finding:
    """Return the finding on a text that does not prove to be whole."""
    lines = lines_of(case.text)
    last = len(lines) - (lines[-1] == "")
    return Finding(
        "text-incomplete",
        kind("text-incomplete").severity,
        case.found.incomplete,
        judgement=Judgement.UNKNOWN,
        lines=(last,) if last else (),
        hint=kind("text-incomplete").cure,
    )
