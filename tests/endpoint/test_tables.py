"""The plan's table from Excel sheets and web pages gives the cells that Markdown gives."""

from __future__ import annotations

import sys

import pytest
from endpoint.texts import source
from endpoint.workbooks import HEADER, ROW, repacked, with_shared_strings, workbook
from hypothesis import given, settings
from hypothesis import strategies as st

from translator.endpoint.files.source import format_of
from translator.endpoint.formats import excel, html
from translator.endpoint.formats.registry import Source
from translator.errors import PlanError, UsageError
from translator.plan.importer import import_cells
from translator.plan.load import load_preset
from translator.ports import PortRange

STANDARD = load_preset("lync-2013")


def sheet(data):
    found = Source("plan.xlsx", data, "")
    assert format_of(found) is excel.FORMAT
    return excel.FORMAT.cells(found)


def page(text):
    found = source(text, "page.html")
    assert format_of(found) is html.FORMAT
    return html.FORMAT.cells(found)


def values(cells):
    return [row.values for row in cells]


def plan_of(cells):
    return import_cells(cells, "plan", STANDARD).plan


def test_the_sheet_with_the_header_is_found_below_its_title():
    data = workbook(
        Notes=[("Contact", "someone"), ("DSCP", 46)],
        Ports=[("Ports of our pool",), (), HEADER, ROW, (), ("", "Video", "lync.exe", 34.0)],
    )
    cells = sheet(data)
    assert [str(row.where) for row in cells] == [
        "plan.xlsx[Ports]:3",
        "plan.xlsx[Ports]:4",
        "plan.xlsx[Ports]:6",
    ]
    assert cells[1].values[3] == "46"
    assert cells[2].values[3] == "34"


def test_a_table_may_begin_in_any_column_and_a_cell_beyond_it_is_told():
    data = workbook(A=[("", "", *HEADER), ("", "", *ROW), ("", "", *ROW, "more")])
    cells = sheet(data)
    assert [len(row.values) for row in cells] == [9, 9, 10]
    with pytest.raises(PlanError, match="a cell too many: 'more'"):
        plan_of(cells)


def test_a_sheet_is_repaired_like_markdown():
    row = plan_of(sheet(workbook(Ports=[HEADER, ROW]))).row("A01")
    assert row.source_ports == (PortRange(20000, 20039),)
    assert row.executable == "lync.exe"


def test_texts_as_excel_writes_them():
    row = tuple(str(cell or "") for cell in ROW)
    assert values(sheet(with_shared_strings([HEADER, row]))) == [HEADER, row]


BOOKS = {
    "no plan": (workbook(A=[("x", "y")]), "no sheet has the columns"),
    "two plans": (workbook(A=[HEADER, ROW], B=[HEADER, ROW]), "two sheets hold a table"),
    "a formula without a value": (
        workbook(A=[HEADER, (*ROW[:3], "=40+6", *ROW[4:])]),
        "formula '=40+6' has no value",
    ),
    "too many rows": (workbook(A=[HEADER, *[ROW] * 2500]), "more than 2000 rows"),
    "cut off": (workbook(A=[HEADER, ROW])[:-200], "no whole workbook"),
    "cut at the start": (b"PK\x03\x04", "no whole workbook"),
    "another zip file": (repacked(b"PK\x05\x06" + bytes(18), other=b"<x/>"), "without a workbook"),
    "a huge part": (
        repacked(workbook(A=[HEADER, ROW]), sheet1=b"<a>" + b" " * (65 * 1024 * 1024)),
        "are too much for a plan",
    ),
    "a million texts": (with_shared_strings([HEADER], 1_000_000), "too many cells"),
    "entities": (
        repacked(
            workbook(A=[HEADER, ROW]),
            sheet1=b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><x>&a;&a;</x>',
        ),
        "<!DOCTYPE",
    ),
    "entities in UTF-16": (
        repacked(workbook(A=[HEADER, ROW]), sheet1="<!DOCTYPE x><x/>".encode("utf-16")),
        "<!DOCTYPE",
    ),
    "broken XML": (
        repacked(workbook(A=[HEADER, ROW]), sheet1=b"<worksheet><sheetData><row"),
        "no whole workbook",
    ),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old .xls"),
}


@pytest.mark.parametrize("case", BOOKS, ids=str)
def test_damaged_and_hostile_workbooks_are_one_clear_error(case):
    data, problem = BOOKS[case]
    with pytest.raises(PlanError) as caught:
        sheet(data)
    assert problem in caught.value.problem
    assert caught.value.hint


def test_a_sheet_of_a_million_rows_is_left_after_a_few(monkeypatch):
    row = b'<row r="%d"><c r="A%d"><v>1</v></c></row>'
    body = (row % (n, n) for n in (1, 1_048_576))
    data = repacked(
        workbook(A=[HEADER, ROW]),
        sheet1=b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b"<sheetData>" + b"".join(body) + b"</sheetData></worksheet>",
    )
    with pytest.raises(PlanError, match="no sheet has the columns"):
        sheet(data)


def test_blank_rows_without_end_below_a_header_are_refused():
    cells = "".join(
        f'<c r="{chr(65 + n)}1" t="inlineStr"><is><t>{name}</t></is></c>'
        for n, name in enumerate(HEADER)
    )
    data = repacked(
        workbook(A=[HEADER, ROW]),
        sheet1=(
            '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            f'<sheetData><row r="1">{cells}</row>'
            '<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData></worksheet>'
        ).encode(),
    )
    with pytest.raises(PlanError, match="more than 20100 rows"):
        sheet(data)


def test_without_openpyxl_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(UsageError) as caught:
        sheet(workbook(A=[HEADER, ROW]))
    assert "qos-translator[excel]" in caught.value.hint


PAGE = """<!DOCTYPE html><html><head><style>td > p {{ x: y }}</style></head><body>
<table><tr><td>menu</td><td>
<table id=inner><thead><tr>{header}</tr></thead><tbody>
<tr><td rowspan=2>Lync&nbsp;2013<td>Audio<td>lync.exe<td><b>46</b><td>Both<td colspan=2>Any
<td>20000&ndash;20039<td></tr>
<tr><td>Video</td><td>lync.exe</td><td>34 (AF41)</td><td>Both</td><td>Any</td><td>Any</td>
<td>20040&#x2013;20059<br>20060-20079</td><td> </td></tr>
</tbody></table></td></tr></table></body></html>
"""


def test_a_nested_table_with_spans_and_entities():
    header = "".join(f"<th>{name}</th>" for name in HEADER)
    cells = page(PAGE.format(header=header))
    assert values(cells)[1:] == [
        ("Lync\xa02013", "Audio", "lync.exe", "46", "Both", "Any", "Any", "20000–20039", ""),
        (
            *("Lync\xa02013", "Video", "lync.exe", "34 (AF41)", "Both", "Any", "Any"),
            *("20040–20059 ; 20060-20079", ""),
        ),
    ]
    assert [row.where.line for row in cells] == [3, 4, 6]
    plan = plan_of(cells)
    assert plan.row("A01").component == "Lync 2013"
    assert plan.row("A02").source_ports == (PortRange(20040, 20059), PortRange(20060, 20079))


def markup(rows, tag="td"):
    return "".join(
        "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in row) + "</tr>" for row in rows
    )


def test_two_tables_with_one_header_are_one():
    table = f"<table>{markup([HEADER])}{markup([('A', 'Audio', 'a.exe', 46, 'UDP')])}</table>"
    assert len(page(table * 2)) == 4
    assert [row.id for row in plan_of(page(table * 2)).rows] == ["A01", "A02"]


PAGES = {
    "no plan": ("<table><tr><td>x</table>", "none of 1 tables"),
    "two headers": (
        f"<table>{markup([HEADER])}</table><table>{markup([HEADER[:-1]])}</table>",
        "a second table with other columns",
    ),
    "too many rows": (f"<table>{markup([HEADER])}{'<tr><td>x' * 2500}", "more than 2000 rows"),
    "too many columns": (
        f"<table>{markup([HEADER])}<tr><td colspan=9999>x</table>",
        "more than 64 columns",
    ),
    "a span in words": (f"<table>{markup([HEADER])}<tr><td colspan=all>x", "is no number"),
    "a tag without an end": ("<table" * 300_000, "never ends"),
    "comments without an end": ("<table>" + "<!-->" * 10 + "<!-- > " * 300_000, "never ends"),
    "sections without an end": ("<table>" + "<![a>" * 300_000, "never ends"),
    "a huge page": ("<table>" + "x" * 5_000_000, "larger than 4 MiB"),
}


@pytest.mark.parametrize("case", PAGES, ids=str)
def test_damaged_and_hostile_pages_are_one_clear_error(case):
    text, problem = PAGES[case]
    with pytest.raises(PlanError) as caught:
        page(text)
    assert problem in caught.value.problem
    assert caught.value.hint


def test_a_span_over_rows_that_never_come_costs_nothing():
    text = f"<table>{markup([HEADER])}<tr><td rowspan=9999>x<td>Audio</table>"
    assert len(page(text)) == 2


CELL = st.text(
    st.characters(codec="ascii", exclude_characters="<>&|*`;\\\"'", categories=["L", "N"])
)


@settings(max_examples=30)  # a workbook takes its time
@given(st.lists(st.lists(CELL, min_size=9, max_size=9), min_size=1, max_size=4))
def test_a_page_a_sheet_and_markdown_have_the_same_cells(rows):
    kept = [row for row in rows if any(row)]
    lines = [HEADER, ("---",) * 9, *kept]
    text = "\n".join("|" + "|".join(line) + "|" for line in lines)
    markdown = format_of(source(text, "t.md"))
    assert markdown.name == "table"
    wanted = values(markdown.cells(source(text, "t.md")))
    assert values(page(f"<table>{markup([HEADER, *kept])}</table>")) == wanted
    assert values(sheet(workbook(A=[HEADER, *kept]))) == wanted
