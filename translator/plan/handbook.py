"""The documentation of the presets, written from the presets themselves.

`python -m translator.plan.handbook` prints it; a test holds `docs/presets.md` against it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence

from translator.plan.load import load_preset, preset_names
from translator.plan.model import AddressGroup, Plan, PlanRow, PortSetting
from translator.plan.select import renderable_rows

__all__ = ["handbook"]

_HEAD = """\
# Presets

Plans that come with the program: `--plan NAME` takes one, `extends: NAME` in a plan file starts
from one, `plan show NAME` prints it and `plan diff A B` compares two.

Each value has a source and a confidence: *primary* was read in the vendor's own text, *secondary*
elsewhere, *memory* is not confirmed; of several values in a row the weakest counts. A row that is
derived is our own conclusion and may have none. Where sources contradict each other, both values
are rows and one is on request: `options: {include: [ROW]}` puts it in the place of the other.
Shares of queues are suggestions to start from.

This page is written by `make readme`; change the presets in `translator/plan/presets/`.
"""


def handbook() -> str:
    """Return the page in Markdown: an index, then a section for each preset."""
    plans = [load_preset(name) for name in preset_names()]
    return "\n".join([_HEAD, *_index(plans), *(line for plan in plans for line in _section(plan))])


def _index(plans: Iterable[Plan]) -> Iterator[str]:
    yield from _table(
        ("preset", "what", "bind before use"),
        (
            (f"[{plan.name}](#{plan.name})", plan.title, ", ".join(_wanted(plan)) or "nothing")
            for plan in plans
        ),
    )


def _wanted(plan: Plan) -> list[str]:
    """The groups without whose addresses rows that are in force are not rendered."""
    refused = {item.row_id for item in renderable_rows(plan, {})[1]}
    names = [name for row in plan.rows if row.id in refused for name in (*row.sources, *row.needs)]
    return list(dict.fromkeys(names))


def _section(plan: Plan) -> Iterator[str]:
    yield f"## {plan.name}\n"
    yield f"{plan.title}. Source: {plan.source}\n"
    if allowed := plan.options.allowed_code_points:
        names = ", ".join(f"{point.name} ({int(point)})" for point in allowed)
        yield (
            f"Only {names} and 0 may pass (`options.allowed_code_points`): on every interface "
            "with a role, packets that enter with another code point leave with 0.\n"
        )
    yield from _table(
        ("row", "sender", "media", "DSCP", "protocol", "from ports", "to", "confidence"),
        (_row(row) for row in plan.rows),
    )
    yield from _table(
        ("row", "kind", "source and note"),
        ((row.id, row.status, _why(row)) for row in plan.rows),
    )
    if plan.port_settings:
        yield from _table(
            ("port setting", "ports", "confidence", "source"),
            (_setting(item) for item in plan.port_settings),
        )
    yield from _table(
        ("address group", "addresses", "confidence", "source and note"),
        (_group(item) for item in plan.groups),
    )


def _row(row: PlanRow) -> tuple[str, ...]:
    point = "none" if row.code_point is None else f"{int(row.code_point)} ({row.code_point.name})"
    if row.match_code_point is not None:
        point += f" if {int(row.match_code_point)}"
    ports = ", ".join(map(str, row.source_ports)) or row.port_setting or "any"
    target = " ".join(filter(None, (" ".join(row.destinations), _list(row.destination_ports))))
    name = row.id + (f", on request{_instead(row)}" if row.opt_in else "")
    protocols = "/".join(row.protocols)
    confidence = row.confidence or "-"
    return name, row.component, row.media, point, protocols, ports, target or "any", confidence


def _instead(row: PlanRow) -> str:
    return f" instead of {row.alternative_to}" if row.alternative_to else ""


def _why(row: PlanRow) -> str:
    return ". ".join(text.rstrip(".") for text in (row.source, row.note) if text)


def _setting(item: PortSetting) -> tuple[str, ...]:
    ports = "not set" if item.block is None else str(item.block.range)
    return f"`{item.name}`", ports, item.confidence or "-", item.source


def _group(item: AddressGroup) -> tuple[str, ...]:
    addresses = ", ".join((*map(str, item.prefixes), *item.union_of)) or "to be bound"
    where = "beyond the Internet line" if item.outside else ""
    why = "; ".join(text for text in (where, item.source, item.note) if text)
    return f"`{item.name}`", addresses, item.confidence or "-", why


def _list(items: Iterable[object]) -> str:
    return ", ".join(map(str, items))


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(headings)} |"
    yield "|" + "---|" * len(headings)
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '&#124;') for cell in row)} |"
    yield ""


if __name__ == "__main__":
    sys.stdout.write(handbook())
