"""Read an inventory that is a table: a row for each host, a heading for each column.

The headings are those of `COLUMNS`, of which only `name` must be there. Cells hold several things
with `;` between them: `Gi0/1=wan:10M;Gi0/2=client`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from translator.inventory.draft import Draft
from translator.inventory.fields import (
    ADDRESS,
    GROUP,
    HOST_NAME,
    PLATFORM,
    SERIAL,
    TRANSPORT,
    USERNAME,
    Form,
)
from translator.inventory.formats.secrets import SECRETS_NOTE, is_secret
from translator.inventory.model import Host, Inventory
from translator.inventory.qos import Place, QosData, merge_qos
from translator.inventory.short_qos import short_addresses, short_interfaces
from translator.inventory.source import MAX_HOSTS, Source, too_many_hosts
from translator.inventory.yamlfile import Table

__all__ = ["COLUMNS", "Row", "headings", "load_csv", "rows", "unique"]

COLUMNS: Final = (
    "name",
    "hostname",
    "platform",
    "driver",
    "groups",
    "interfaces",
    "addresses",
    "port",
    "username",
    "serial",
    "transport",
)
_BLANKS: Final = re.compile(r"[ _]+")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its cells by heading, empty ones left out."""

    cells: dict[str, str]
    place: Place
    line: int

    def word(self, column: str, form: Form) -> str | None:
        """Return a cell as a word of a form; None for an empty one."""
        text = self.cells.get(column)
        return None if text is None else self.place.form(text, form, column, self.line)

    def words(self, column: str, form: Form, separator: str = ";") -> tuple[str, ...]:
        """Return the words of a cell, each once."""
        items = (item.strip() for item in self.cells.get(column, "").split(separator))
        return tuple(
            dict.fromkeys(self.place.form(item, form, column, self.line) for item in items if item)
        )


def load_csv(source: Source) -> Inventory:
    """Return the hosts of a table.

    Raises:
        InventoryError: a heading is unknown, a name stands in two rows, a cell is wrong, or as
            `rows`.
    """
    found = headings(source)
    secret = [heading for heading in found if is_secret(heading)]
    table = Table(1)
    table.update(dict.fromkeys(heading for heading in found if heading not in secret))
    Place(source.file, "the table").known(table, COLUMNS, "the headings")
    hosts = unique((_host(row) for row in rows(source)), source)
    return Inventory(
        hosts=hosts,
        folder=source.file,
        group_names=tuple(dict.fromkeys(group for host in hosts for group in host.groups)),
        kind="CSV table",
        notes=(SECRETS_NOTE,) if secret else (),
    )


def _host(row: Row) -> Host:
    port = row.cells.get("port")
    interfaces = row.cells.get("interfaces")
    addresses = row.cells.get("addresses")
    qos = (
        QosData(
            driver=row.word("driver", PLATFORM),
            transport=row.word("transport", TRANSPORT),
        ),
        short_interfaces(interfaces, row.place, "interfaces", row.line),
        short_addresses(addresses, row.place, "addresses", row.line),
    )
    draft = Draft(
        name=row.word("name", HOST_NAME) or "",
        place=row.place,
        line=row.line,
        platform=row.word("platform", PLATFORM),
        hostname=row.word("hostname", ADDRESS),
        port=None if port is None else row.place.port(port, "port", row.line),
        username=row.word("username", USERNAME),
        serial=row.word("serial", SERIAL),
        groups=row.words("groups", GROUP),
        qos=merge_qos(qos),
    )
    return draft.host("fill the column platform or driver", only_qos=True)


def unique(hosts: Iterator[Host], source: Source) -> tuple[Host, ...]:
    """Return the hosts.

    Raises:
        InventoryError: a name occurs twice, or there are too many hosts.
    """
    found: dict[str, Host] = {}
    for host in hosts:
        line = None if host.where is None else host.where.line
        if host.name in found:
            first = found[host.name].where
            raise source.error(
                f"host {host.name} is given twice (first on line {first and first.line})",
                line,
                hint="keep one entry for each host",
            )
        if len(found) >= MAX_HOSTS:
            raise too_many_hosts(source.file, line or 1)
        found[host.name] = host
    return tuple(found.values())


def headings(source: Source) -> tuple[str, ...]:
    """Return the headings of a table in small letters, blanks as `_`; none without a `name`."""
    first, _, _ = source.text.partition("\n")
    cells = first.rstrip("\r").split(_separator(first))
    found = tuple(_BLANKS.sub("_", cell.strip().strip('"').strip().lower()) for cell in cells)
    return found if "name" in found else ()


def _separator(first: str) -> str:
    # A spreadsheet of a country with decimal commas writes semicolons.
    return max((",", ";", "\t"), key=first.count)


def rows(source: Source) -> Iterator[Row]:
    """Yield the rows below the headings, one at a time; empty rows are passed over.

    Raises:
        InventoryError: a row has no name or not one cell for each heading, its quotes do not fit,
            or a heading is given twice.
    """
    names = headings(source)
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise source.error(f"heading {twice!r} is given twice", 1, hint="remove one of them")
    first, _, _ = source.text.partition("\n")
    reader = csv.reader(_lines(source.text), delimiter=_separator(first), strict=True)
    line = 1
    try:
        for cells in reader:
            if line > 1 and any(cells):
                yield _row(cells, names, line, source)
            line = reader.line_num + 1
    except csv.Error as error:
        raise source.error(
            f"not readable as CSV: {error}", line, hint="close each quote; is the file complete?"
        ) from None


def _lines(text: str) -> Iterator[str]:
    # Not `splitlines`: that breaks at signs that no spreadsheet takes for the end of a line.
    start = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        yield text[start:end]
        start = end


def _row(cells: Sequence[str], names: Sequence[str], line: int, source: Source) -> Row:
    if len(cells) != len(names):
        raise source.error(
            f"the row has {len(cells)} cells below {len(names)} headings",
            line,
            hint="quote cells that hold the separator"
            if len(cells) > len(names)
            else "write a separator for each empty cell too; is the file complete?",
        )
    found = {name: cell.strip(" ") for name, cell in zip(names, cells, strict=True)}
    name = found.get("name", "")
    if not name:
        raise source.error("the row has no name", line, hint="fill the column name")
    place = Place(source.file, f"host {name}")
    return Row({key: cell for key, cell in found.items() if cell}, place, line)
