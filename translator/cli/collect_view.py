"""What `collect` prints: where each configuration is, and why one is not there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from translator.cli.output import emit, emit_table, note
from translator.push.live.collect import Collected
from translator.push.live.many import Ended

__all__ = ["collect_json", "note_failures", "show_collect"]


def show_collect(found: Sequence[Ended[Collected]], folder: str) -> None:
    """Print a line for each host; what failed goes to stderr with its hint."""
    emit_table(("host", "file", "lines", ""), _rows(found))
    note_failures(found)
    whole = sum(item.value is not None for item in found)
    emit(f"{whole} of {len(found)} configurations are in {folder}")


def _rows(found: Iterable[Ended[Collected]]) -> Iterator[tuple[object, ...]]:
    for item in found:
        if item.value is not None:
            yield item.host.name, item.value.file, item.value.lines, item.value.kept
        else:
            yield item.host.name, "", "", "failed"


def note_failures(found: Iterable[Ended[Any]]) -> None:
    """Tell on stderr which hosts failed, why, and what to do."""
    for item in found:
        if item.error is not None:
            about = "" if item.host.name in str(item.error) else f"{item.host.name}: "
            note(f"error: {about}{item.error}")
            if item.error.hint:
                note(f"  hint: {item.error.hint}")


def collect_json(found: Iterable[Ended[Collected]]) -> dict[str, Any]:
    """Return what became of each host as JSON has it."""
    return {
        "schema_version": 1,
        "hosts": [
            {
                "host": item.host.name,
                "file": None if item.value is None else item.value.file,
                "lines": None if item.value is None else item.value.lines,
                "state": "failed" if item.value is None else item.value.kept,
                "error": None if item.error is None else str(item.error),
                "hint": None if item.error is None else item.error.hint,
            }
            for item in found
        ],
    }
