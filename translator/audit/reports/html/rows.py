"""What rows of the plan say, each in one line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from translator.audit.reports.words import several
from translator.plan.model import Plan, PlanRow
from translator.ports import PortRange

__all__ = ["RowGroup", "grouped", "wordings"]


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Rows that say the same of different programs; `wording` is "" where the plan is not given."""

    ids: tuple[str, ...]
    wording: str


def wordings(plan: Plan | None) -> dict[str, str]:
    """Return what each row of the plan asks for, by its id."""
    return {} if plan is None else {row.id: _wording(row) for row in plan.rows}


def grouped(ids: Iterable[str], words: dict[str, str]) -> Iterator[RowGroup]:
    """Yield the rows, those that ask for the same together."""
    by_wording: dict[str, list[str]] = {}
    for row_id in dict.fromkeys(ids):
        by_wording.setdefault(words.get(row_id, ""), []).append(row_id)
    for wording, members in by_wording.items():
        yield RowGroup(tuple(members), wording)


def _wording(row: PlanRow) -> str:
    protocols = " and ".join(sorted(row.protocols))
    ends = [
        _end("from", row.sources, row.source_ports),
        _end("to", row.destinations, row.destination_ports),
    ]
    if row.match_code_point is not None:
        ends.append(f"that carry {row.match_code_point.name}")
    wanted = row.code_point.name if row.code_point is not None else "no single code point"
    return f"{row.media}: {' '.join(filter(None, (protocols, *ends)))}: {wanted}"


def _end(word: str, groups: tuple[str, ...], ports: tuple[PortRange, ...]) -> str:
    parts = [several(groups)] if groups else []
    parts += [f"port {', '.join(map(str, ports))}"] if ports else []
    return f"{word} {' '.join(parts)}" if parts else ""
