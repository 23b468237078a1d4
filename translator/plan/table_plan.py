"""Rows of a table as rows of a plan; nothing is repaired here."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path
from typing import Final

from translator.codepoint import CodePoint
from translator.errors import PlanError, UsageError, Where
from translator.plan.cells import read_cells
from translator.plan.columns import TableRow, columns_of, table_rows
from translator.plan.components import ADDRESS_WORDS, MEDIA_WORDS, NO_EXECUTABLE, sender_of
from translator.plan.fields import MAX_NOTE, MAX_TEXT
from translator.plan.groups import STANDARD_GROUPS, Prefix
from translator.plan.legs import port_hazard
from translator.plan.model import AddressGroup, Media, Plan, PlanRow, Status, Transport
from translator.plan.port_text import parse_ranges
from translator.plan.text import nearest, require_name, require_printable
from translator.ports import PortBlock, PortRange

__all__ = ["plan_of_rows", "read_csv_plan"]

_BOTH: Final = frozenset({"both", "tcp/udp", "udp/tcp", "tcp+udp", "udp+tcp", "tcp and udp"})
_ANYWHERE: Final = frozenset({"", "any", "*"})
_NAMED_NUMBER: Final = re.compile(r"(\d+)\s*\([A-Za-z0-9 ]+\)")
_IMPORT_HINT: Final = "`qos-translator plan import` repairs tables copied from a page"


def read_csv_plan(text: str, file: str, standard: Plan) -> Plan:
    """Return the plan of a CSV (or Markdown) table that needs no repair.

    Groups, queues and port settings are those of `standard`, since a table has none.

    Raises:
        PlanError: a cell is wrong; names its line.
    """
    cells = read_cells(text, file)
    rows = table_rows(columns_of(cells[0]), cells[1:])
    for row in rows:
        if row.extra:
            raise PlanError(
                f"a cell too many: {row.extra[0][:40]!a}", where=row.where, hint=_IMPORT_HINT
            )
    return plan_of_rows(rows, file, standard, Status.USER)


def plan_of_rows(
    rows: Sequence[TableRow], file: str, standard: Plan, status: Status, first: int = 1
) -> Plan:
    """Return a plan of the rows in their order; rows without an id are called A01, A02 ...

    Args:
        first: number of the first row, where the rows follow those of another table.

    Raises:
        PlanError: a cell is wrong.
    """
    if not rows:
        raise PlanError(
            "the table has no rows", where=Where(file), hint="put rows under the header"
        )
    blocks = {
        item.policy_range: item.block
        for item in standard.port_settings
        if item.policy_range is not None and item.block is not None
    }
    reader = _RowReader(status, blocks)
    found = tuple(reader.row(row, f"A{number:02}") for number, row in enumerate(rows, first))
    stem = re.sub(r"[^A-Za-z0-9_.-]+", "-", Path(file).stem).strip("-.")[:64]
    return Plan(
        name=stem or "table",
        title="",
        rows=found,
        queues=standard.queues,
        groups=(*standard.groups, *reader.groups),
        port_settings=standard.port_settings,
        where=Where(file),
    )


class _RowReader:
    """Reads rows; collects the groups that cells with plain addresses stand for."""

    def __init__(self, status: Status, blocks: Mapping[PortRange, PortBlock]) -> None:
        self._status = status
        self._blocks = blocks
        self.groups: list[AddressGroup] = []

    def row(self, row: TableRow, default_id: str) -> PlanRow:
        where = row.where
        row_id = require_name(row["id"] or default_id, "row id", where)
        component = require_printable(row["component"], f"row {row_id}: component", where, MAX_TEXT)
        program = require_printable(row["executable"], f"row {row_id}: executable", where, MAX_TEXT)
        executable = None if program.lower() in NO_EXECUTABLE else program
        source_ports = parse_ranges(row["source_ports"], where)
        found = PlanRow(
            id=row_id,
            component=component,
            media=_media(row["media"], where),
            code_point=_code_point(row["code_point"], where),
            protocols=_protocols(row["protocols"], where),
            status=self._status,
            executable=executable,
            sources=self._addresses(row, "sources", row_id),
            destinations=self._addresses(row, "destinations", row_id),
            source_ports=source_ports,
            destination_ports=parse_ranges(row["destination_ports"], where),
            policy_range_of=self._blocks.get(source_ports[0]) if len(source_ports) == 1 else None,
            note=require_printable(row["note"], f"row {row_id}: note", where, MAX_NOTE),
            where=where,
        )
        needs = self._needs(row, found)
        return replace(found, needs=needs, port_only_safe=not needs and not port_hazard(found))

    def _needs(self, row: TableRow, found: PlanRow) -> tuple[str, ...]:
        """The groups that the row names, and the host of a server program with dynamic ports."""
        named = [
            require_name(word, "group", row.where)
            for word in re.split(r"[;, ]+", row["needs"])
            if word
        ]
        for name in named:
            if name not in STANDARD_GROUPS:
                raise PlanError(
                    f"there is no address group {name}",
                    where=row.where,
                    hint=nearest(name, STANDARD_GROUPS),
                )
        named.extend((*found.sources, *found.destinations))
        sender = sender_of(found.component, found.executable or "")
        if sender is not None and not found.sources and port_hazard(found):
            named.append(sender)
        return tuple(dict.fromkeys(named))

    def _addresses(self, row: TableRow, column: str, row_id: str) -> tuple[str, ...]:
        text = row[column]
        if text.lower() in _ANYWHERE:
            return ()
        names: list[str] = []
        prefixes: list[Prefix] = []
        for item in re.split(r"[;,]", text):
            word = item.strip()
            name = ADDRESS_WORDS.get(word.lower(), word)
            if name in STANDARD_GROUPS:
                names.append(name)
            else:
                prefixes.append(_prefix(word, column, row.where))
        if prefixes:
            names.append(require_name(f"{row_id}.{column}", "group", row.where))
            self.groups.append(AddressGroup(names[-1], tuple(prefixes), where=row.where))
        return tuple(names)


def _prefix(word: str, column: str, where: Where) -> Prefix:
    try:
        return ip_network(word)
    except ValueError:
        raise PlanError(
            f"{column}: {word[:60]!a} is neither an address group nor a prefix",
            where=where,
            hint=nearest(word, {*STANDARD_GROUPS, *ADDRESS_WORDS}),
        ) from None


def _media(text: str, where: Where) -> Media:
    media = MEDIA_WORDS.get(text.lower())
    if media is None:
        hint = nearest(text, MEDIA_WORDS) if text else _IMPORT_HINT
        raise PlanError(f"communication type {text[:40]!a} is not known", where=where, hint=hint)
    return media


def _code_point(text: str, where: Where) -> CodePoint:
    found = _NAMED_NUMBER.fullmatch(text)
    try:
        return CodePoint.of(found[1] if found else text[:40])
    except UsageError as error:
        raise PlanError(f"DSCP: {error.problem}", where=where, hint=error.hint) from None


def _protocols(text: str, where: Where) -> tuple[Transport, ...]:
    word = text.lower()
    if word in _BOTH:
        return (Transport.UDP, Transport.TCP)
    if word in list(Transport):
        return (Transport(word),)
    raise PlanError(
        f"protocol {text[:40]!a} is not known",
        where=where,
        hint=f"write TCP, UDP or Both; {_IMPORT_HINT}",
    )
