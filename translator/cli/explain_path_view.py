"""One packet along several devices, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from translator.cli.explain_view import explain_json, policed_words, quoted
from translator.cli.output import emit, visible
from translator.codepoint import CodePoint
from translator.drivers.capture import lines_of
from translator.verify.explain import Explanation
from translator.verify.path import HopAnswer, PathAnswer

__all__ = ["path_json", "show_path"]

_FEW: Final = 4


def path_json(found: PathAnswer) -> dict[str, Any]:
    """Return the end of the way, and for each device what may happen there."""
    return {
        "verdict": found.verdict,
        "dscp_in": int(found.packet.dscp),
        "dscp_out": found.dscp_out,
        "dropped_at": found.dropped_at or None,
        "hops": [
            {
                "device": hop.stop.device,
                "in": hop.stop.enters,
                "out": hop.stop.leaves,
                "known": hop.known,
                "dscp_in": [int(point) for point in hop.dscp_in],
                "dscp_out": [int(point) for point in hop.dscp_out],
                "answers": [explain_json(item) for item in hop.answers],
            }
            for hop in found.hops
        ],
    }


def show_path(found: PathAnswer, texts: Mapping[str, str]) -> None:
    """Print each device in order with the lines that decide, then the end of the way."""
    for hop in found.hops:
        lines = lines_of(texts[hop.stop.device])
        for line in _hop(hop, lines):
            emit(visible(line))
    emit(visible(_end(found)))


def _hop(hop: HopAnswer, lines: Sequence[str]) -> Iterator[str]:
    gone = _points(hop.dscp_out) or "dropped"
    state = "" if hop.known else "   (not known)"
    yield f"{hop.stop}: dscp {_points(hop.dscp_in)} -> {gone}{state}"
    if len(hop.answers) > _FEW:
        yield f"  {len(hop.answers)} outcomes, by the code point that it comes with; the first:"
    for answer in hop.answers[: 1 if len(hop.answers) > _FEW else _FEW]:
        yield from _answer(answer, lines, several=len(hop.answers) > 1)


def _answer(answer: Explanation, lines: Sequence[str], *, several: bool) -> Iterator[str]:
    come = f"with dscp {_point(answer.dscp_in)}: " if several else ""
    out = "?" if answer.dscp_out is None else _point(answer.dscp_out)
    fate = "dropped" if answer.dropped else f"leaves with {out}, {answer.service or 'service ?'}"
    known = f", class {answer.class_name}" if answer.class_name else ""
    rate = answer.policed_bps
    policed = "" if rate is None else f", policed {policed_words(rate)}"
    yield f"  {come}{fate}{policed}{known}"
    yield from quoted(answer.lines, lines)
    for reason in answer.reasons:
        yield f"  unknown because: {reason}"
    for sentence in answer.notes:
        yield f"  note: {sentence}"


def _end(found: PathAnswer) -> str:
    if found.dropped_at:
        return f"end: dropped at {found.dropped_at}"
    if found.known and found.dscp_out is not None:
        last = found.hops[-1].answers[0]
        return f"end: dscp {_point(found.dscp_out)}, {last.service}"
    return f"end: not known: dscp {_points(found.hops[-1].dscp_out) or 'none'}"


def _points(points: Iterable[CodePoint]) -> str:
    named = [_point(item) for item in points]
    return " or ".join(named) if len(named) <= _FEW else f"one of {len(named)}"


def _point(point: CodePoint) -> str:
    return f"{int(point)} ({point.name})"
