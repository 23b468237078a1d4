"""An Excel workbook (.xlsx) with the plan's table; its sheet is the one with the table's header.

A workbook is a zip file of XML: what would grow without measure when unpacked is refused first.
"""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import islice
from typing import Any, Final

from translator.endpoint.formats.registry import EndpointFormat, Source
from translator.errors import PlanError, UsageError, Where
from translator.plan.cells import MAX_TABLE_ROWS, Cells
from translator.plan.columns import is_plan_header

__all__ = ["FORMAT"]

_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0"  # .xls, and workbooks with a password
_MAX_UNPACKED: Final = 32 * 1024 * 1024
_MAX_TAGS: Final = 500_000  # a hundred thousand cells, or as many texts
_MAX_PARTS: Final = 2000
_SMALLER: Final = "copy the sheet with the table into a workbook of its own"
_MAX_COLUMNS: Final = 64
_MAX_SHEETS: Final = 50
_ABOVE_HEADER: Final = 100  # titles and notes above a table
_LAST_ROW: Final = _ABOVE_HEADER + 10 * MAX_TABLE_ROWS  # blank rows between others included
# Office Open XML allows no document type, in which entities could multiply (ECMA-376 part 2).
_DOCTYPE: Final = ("<!DOCTYPE", "<!ENTITY")
_DRAWING: Final = ".svg"  # the one part that is XML of another kind, and is not read


def _fits(source: Source) -> bool:
    return source.data.startswith((_ZIP, _OLE))


def _cells(source: Source) -> Sequence[Cells]:
    where = Where(source.file)
    if source.data.startswith(_OLE):
        raise PlanError(
            "an old .xls workbook, or one with a password",
            where=where,
            hint="save it as .xlsx without a password, or as CSV",
        )
    _check_archive(source)
    found = [cells for sheet in _sheets(source) if (cells := _table_of(sheet))]
    if len(found) > 1:
        raise PlanError(
            "two sheets hold a table of a plan",
            where=found[1][0].where,
            hint=f"the other is {found[0][0].where}; save one of them as CSV",
        )
    if not found:
        raise PlanError(
            "no sheet has the columns of a plan",
            where=where,
            hint="a header with component, media, executable, dscp, protocol, source ports",
        )
    return found[0]


def _check_archive(source: Source) -> None:
    """Refuse what is no workbook, or would be huge once unpacked.

    Sizes are those that the archive states: reading stops there, whatever the data would give.
    """
    where = Where(source.file)
    try:
        with zipfile.ZipFile(BytesIO(source.data)) as archive:
            parts = archive.infolist()
            size = sum(part.file_size for part in parts)
            if len(parts) > _MAX_PARTS or size > _MAX_UNPACKED:
                raise PlanError(
                    f"{len(parts)} parts of {size} bytes unpacked are too much for a plan",
                    where=where,
                    hint=_SMALLER,
                )
            if "xl/workbook.xml" not in archive.namelist():
                raise PlanError(
                    "a zip file without a workbook", where=where, hint="save it as .xlsx or CSV"
                )
            tags = 0
            for part in parts:
                if not part.filename.endswith(_DRAWING):
                    tags += _tags(archive.read(part), where)
                if tags > _MAX_TAGS:
                    raise PlanError("too many cells for a plan", where=where, hint=_SMALLER)
    except PlanError:
        raise
    except Exception as error:  # damaged archives break in many ways: zlib, struct, encryption
        raise _damaged(source, error) from None


def _tags(data: bytes, where: Where) -> int:
    """How many tags a part has, which is what reading it costs."""
    for word in _DOCTYPE:
        if any(word.encode(code) in data for code in ("utf-8", "utf-16-le", "utf-16-be")):
            raise PlanError(
                f"the workbook holds {word}>, which none may", where=where, hint="save it anew"
            )
    return data.count(b"<")


def _sheets(source: Source) -> Iterator[Iterator[Cells]]:
    """Yield the rows of each sheet."""
    try:
        import openpyxl  # type: ignore[import-untyped]  # no stubs
    except ImportError:
        raise UsageError(
            "workbooks are read with openpyxl, which is not installed",
            hint="install it: pip install 'qos-translator[excel]', or save the sheet as CSV",
        ) from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # parts of a workbook that play no role here
            values, formulas = (
                openpyxl.load_workbook(BytesIO(source.data), read_only=True, data_only=only)
                for only in (True, False)
            )
            for name in values.sheetnames[:_MAX_SHEETS]:
                yield _rows(values[name], formulas[name], f"{source.file}[{name}]")
    except PlanError:
        raise
    except Exception as error:  # openpyxl lets whatever its XML reader meets pass through
        raise _damaged(source, error) from None


def _rows(values: Any, formulas: Any, file: str) -> Iterator[Cells]:
    if not hasattr(values, "reset_dimensions"):
        return  # a sheet that is a chart
    for sheet in (values, formulas):
        sheet.reset_dimensions()  # what a sheet says of its own size may be wrong
    pairs = zip(
        *(sheet.iter_rows(max_col=_MAX_COLUMNS, values_only=True) for sheet in (values, formulas)),
        strict=False,
    )
    for number, (row, written) in enumerate(pairs, 1):
        where = Where(file, number)
        if number > _LAST_ROW:
            raise PlanError(
                f"more than {_LAST_ROW} rows", where=where, hint="a plan has tens of rows"
            )
        yield Cells(
            tuple(_text(value, was, where) for value, was in zip(row, written, strict=False)), where
        )


def _text(value: object, written: object, where: Where) -> str:
    if value is None and isinstance(written, str) and written.startswith("="):
        raise PlanError(
            f"the formula {written[:40]!a} has no value",
            where=where,
            hint="open the workbook in a spreadsheet program and save it",
        )
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).strip()


def _table_of(rows: Iterator[Cells]) -> list[Cells]:
    """The rows from the header of a plan on; none where the sheet has no such header."""
    for header in islice(rows, _ABOVE_HEADER):
        if is_plan_header(header):
            break
    else:
        return []
    named = [at for at, value in enumerate(header.values) if value]
    left, width = named[0], named[-1] + 1
    found = [_cut(header, left, width)]
    for row in rows:
        if any(row.values):
            found.append(_cut(row, left, width))
        if len(found) > MAX_TABLE_ROWS + 1:
            raise PlanError(
                f"more than {MAX_TABLE_ROWS} rows", where=row.where, hint="a plan has tens of rows"
            )
    return found


def _cut(row: Cells, left: int, width: int) -> Cells:
    """The row from the table's first column on; beyond its last one only what is not blank."""
    last = max((at + 1 for at, value in enumerate(row.values) if value), default=0)
    return Cells(row.values[left : max(last, width)], row.where)


def _damaged(source: Source, error: Exception) -> PlanError:
    return PlanError(
        f"no whole workbook: {str(error)[:80] or type(error).__name__}",
        where=Where(source.file),
        hint="save it again, or save the sheet as CSV",
    )


FORMAT: Final = EndpointFormat(
    name="excel",
    title="Excel workbook (.xlsx)",
    group="tables",
    fits=_fits,
    read=None,
    write=None,
    holds=lambda _setting: False,
    extension=".xlsx",
    cells=_cells,
)
