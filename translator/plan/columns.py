"""What the columns of a plan table are called, and its rows by column."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from translator.errors import PlanError, Where
from translator.plan.cells import Cells
from translator.plan.text import nearest

__all__ = [
    "COLUMNS",
    "TableRow",
    "columns_of",
    "is_plan_header",
    "looks_like_header",
    "may_be_header",
    "table_rows",
]

# Canonical name of each column, then what else tables call it (lower case, letters only).
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("row", "rowid"),
    "component": ("role", "server", "client", "application", "product", "service"),
    "media": ("communicationtype", "mediatype", "type", "modality", "traffic"),
    "executable": ("executablename", "exe", "exename", "program", "process", "applicationname"),
    "code_point": ("dscp", "dscpvalue", "codepoint", "dscpmark"),
    "protocols": ("protocol", "tcpudp", "transport", "proto"),
    "sources": ("sourceip", "source", "src", "srcip", "sourceaddress", "from"),
    "destinations": ("destinationip", "destination", "dst", "dstip", "destinationaddress", "to"),
    "source_ports": ("sourceport", "sport", "srcport", "srcports", "localport", "ports"),
    "destination_ports": ("destinationport", "dport", "dstport", "dstports", "remoteport"),
    "needs": (),
    "note": ("notes", "comment", "remarks"),
}
_BY_WORD: Final = {
    word: name for name, words in COLUMNS.items() for word in (name.replace("_", ""), *words)
}
_REQUIRED: Final = ("media", "code_point", "protocols")
_PORTS: Final = ("source_ports", "destination_ports")
# A header that lacks one of the required columns is still one, and its error says which.
_FEW: Final = len(_REQUIRED) - 1


@dataclass(frozen=True, slots=True)
class TableRow:
    """The texts of one row by canonical column; absent columns read as empty."""

    values: Mapping[str, str]
    where: Where
    extra: tuple[str, ...] = field(default=())

    def __getitem__(self, column: str) -> str:
        return self.values.get(column, "")


def columns_of(header: Cells) -> tuple[str, ...]:
    """Return the canonical column of each header cell.

    Raises:
        PlanError: an unknown or doubled column, or a column that a plan needs is missing.
    """
    values = list(header.values)
    while values and not values[-1]:
        values.pop()
    found: list[str] = []
    for title in values:
        name = _BY_WORD.get(_word(title))
        if name is None:
            raise PlanError(
                f"column {title[:40]!a} is not known",
                where=header.where,
                hint=nearest(title, COLUMNS),
            )
        if name in found:
            raise PlanError(
                f"column {name} stands twice", where=header.where, hint="keep one of them"
            )
        found.append(name)
    missing = [name for name in _REQUIRED if name not in found]
    if not any(name in found for name in _PORTS):
        missing.append("source_ports")
    if missing:
        raise PlanError(
            f"the table has no column {' and no column '.join(missing)}",
            where=header.where,
            hint="the first row names the columns, such as: "
            "component, media, executable, dscp, protocol, source ports, destination ports",
        )
    return tuple(found)


def looks_like_header(row: Cells) -> bool:
    """Whether most cells of the row are names of columns."""
    texts = [value for value in row.values if value]
    return sum(_word(text) in _BY_WORD for text in texts) * 2 > len(texts)


def is_plan_header(row: Cells) -> bool:
    """Whether a row that may stand anywhere in a file is the header of a plan's table."""
    names = {_BY_WORD.get(_word(value)) for value in row.values} - {None}
    return sum(name in names for name in _REQUIRED) >= _FEW and looks_like_header(row)


def may_be_header(row: Cells) -> bool:
    """Whether a row that begins a table was meant for the header of a plan's.

    That is, when some of its cells are names of columns: `columns_of` says what is wrong with
    the others.
    """
    texts = [value for value in row.values if value]
    known = sum(_word(text) in _BY_WORD for text in texts)
    return len(texts) > 1 and (known > 1 or known * 2 >= len(texts))


def table_rows(columns: Sequence[str], rows: Sequence[Cells]) -> list[TableRow]:
    """Return the rows by column; what stands beyond the last column is kept as `extra`."""
    return [
        TableRow(
            dict(zip(columns, row.values, strict=False)),
            row.where,
            tuple(value for value in row.values[len(columns) :] if value),
        )
        for row in rows
    ]


def _word(title: str) -> str:
    return re.sub(r"[^a-z]", "", title.lower())
