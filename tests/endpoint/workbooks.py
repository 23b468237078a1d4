"""Workbooks for tests, honest and hostile."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

import openpyxl

__all__ = ["HEADER", "ROW", "repacked", "with_shared_strings", "workbook"]

HEADER = (
    "Component",
    "Communication type",
    "Executable name",
    "DSCP",
    "TCP/UDP",
    "Source IP",
    "Destination IP",
    "Source Ports",
    "Destination Ports",
)
ROW = ("Lync 2013", "Audio", "lync.exe", 46, "Both", "Any", "Any", "20000 – 20039", None)


def workbook(**sheets: Sequence[Sequence[object]]) -> bytes:
    """An .xlsx file of these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def repacked(data: bytes, **changed: bytes) -> bytes:
    """The same archive with parts, named by the end of their paths, replaced or added."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for item in old.infolist():
            part = item.filename.rpartition("/")[2].partition(".")[0]
            new.writestr(item.filename, changed.pop(part, old.read(item)))
        for part, text in changed.items():
            new.writestr(f"xl/{part}.xml", text)
    return out.getvalue()


_SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SHARED = (
    b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/'
    b'vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)


def with_shared_strings(rows: Sequence[Sequence[str]], more: int = 0) -> bytes:
    """A workbook as Excel writes it: texts stand in a part of their own, cells have numbers.

    Args:
        more: how many texts there are that no cell shows.
    """
    data = workbook(A=[])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        types = archive.read("[Content_Types].xml").replace(b"</Types>", _SHARED)
    texts = [text for row in rows for text in row]
    strings = "".join(f"<si><t>{text}</t></si>" for text in texts) + "<si><t/></si>" * more
    numbers = iter(range(len(texts)))
    cells = "".join(
        f'<row r="{at}">'
        + "".join(
            f'<c r="{chr(65 + n)}{at}" t="s"><v>{next(numbers)}</v></c>' for n in range(len(row))
        )
        + "</row>"
        for at, row in enumerate(rows, 1)
    )
    sheet = f'<worksheet xmlns="{_SPREADSHEET}"><sheetData>{cells}</sheetData></worksheet>'
    shared = f'<sst xmlns="{_SPREADSHEET}">{strings}</sst>'
    parts = {"[Content_Types]": types, "sheet1": sheet.encode(), "sharedStrings": shared.encode()}
    return repacked(data, **parts)
