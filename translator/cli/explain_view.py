"""The way of one packet, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from translator.cli.output import emit, visible
from translator.codepoint import CodePoint
from translator.drivers.capture import lines_of
from translator.verify.explain import Explanation

__all__ = ["explain_json", "policed_words", "quoted", "show_explanation"]

_LONGEST_LINE: Final = 200


def explain_json(found: Explanation) -> dict[str, Any]:
    """Return the verdict and the treatment; the lines that decided, by number."""
    return {
        "verdict": str(found.verdict),
        "dscp_in": found.dscp_in,
        "dscp_out": found.dscp_out,
        "service": None if found.service is None else str(found.service),
        "dropped": found.dropped,
        "class": found.class_name,
        "lines": list(found.lines),
        "policed_bps": found.policed_bps,
        "reasons": list(found.reasons),
        "notes": list(found.notes),
    }


def show_explanation(found: Explanation, text: str) -> None:
    """Print the treatment, and the deciding lines with their text."""
    report = explain_json(found)
    lines = lines_of(text)
    shown = {**report, "dscp_in": _named(found.dscp_in), "dscp_out": _named(found.dscp_out)}
    for key in ("verdict", "dscp_in", "dscp_out", "service", "dropped", "class"):
        value = shown[key]
        emit(f"{key:<9} {'-' if value is None else visible(str(value))}")
    if found.policed_bps is not None:
        emit(f"policed   {policed_words(found.policed_bps)}")
    for line in quoted(found.lines, lines):
        emit(visible(line))
    for reason in found.reasons:
        emit(f"unknown because: {visible(reason)}")
    for sentence in found.notes:
        emit(f"note: {visible(sentence)}")


def policed_words(rate_bps: int) -> str:
    """Return the rate above which a packet is dropped or re-marked, in words."""
    return f"above {rate_bps:,} bit/s" if rate_bps else "above a rate that the text does not state"


def quoted(numbers: Iterable[int], lines: Sequence[str]) -> Iterator[str]:
    """Yield lines of a text with their numbers."""
    for number in numbers:
        line = lines[number - 1].rstrip() if number <= len(lines) else ""
        yield f"{number:>7}: {_shortened(line)}"


def _named(point: CodePoint | None) -> str | None:
    return None if point is None else f"{int(point)} ({point.name})"


def _shortened(line: str) -> str:
    """The line, without the middle of a rule list of thousands of characters."""
    if len(line) <= _LONGEST_LINE:
        return line
    half = _LONGEST_LINE // 2
    return f"{line[:half]} ... {len(line) - 2 * half} characters ... {line[-half:]}"
