"""Workbooks for tests, honest and hostile."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

import openpyxl

__all__ = ["HEADER", "ROW", "repacked", "workbook"]

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
