"""Whatever the text of a device holds, every report is well formed and nothing in it is active."""

from __future__ import annotations

import csv
import io
import json
from xml.etree import ElementTree

from audit.reports.strategies import audited_fleets
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from translator.audit.codec import from_plain, to_plain
from translator.audit.reports import Heading, report_text
from translator.audit.reports.csv import COLUMNS
from translator.audit.reports.json_schema import audit_schema
from translator.cli.audit_view import audit_lines
from translator.cli.audit_view_lines import Page

# Pieces that mean something somewhere, between any characters, lone surrogates included.
MEANT = ("]]>", "<!--", "&#0;", '"', "\n", "\r\n", "\x1b[2J", "\u2028", "{0}", "](", "=1", "\udcff")
fleets = audited_fleets(
    st.lists(st.sampled_from(MEANT) | st.text(max_size=2), max_size=3).map("".join)
)
SCHEMA = Draft202012Validator(audit_schema())


def check_json(fleet):
    text = report_text("json", fleet)
    assert text.encode("utf-8")
    SCHEMA.validate(json.loads(text))


def check_junit(fleet):
    text = report_text("junit", fleet)
    root = ElementTree.fromstring(text.encode("utf-8"))  # noqa: S314 - our own text
    assert len(root) == len(fleet.devices)
    names = [(case.get("classname"), case.get("name")) for case in root.iter("testcase")]
    assert len({*names}) == len(names)
    assert {element.tag for element in root.iter()} <= {
        *("testsuites", "testsuite", "properties", "property", "testcase"),
        *("failure", "error", "system-out", "system-err"),
    }


def check_sarif(fleet):
    text = report_text("sarif", fleet, root="/repo")
    assert text.encode("utf-8")
    [run] = json.loads(text)["runs"]
    assert len(run["results"]) >= sum(len(device.findings) for device in fleet.devices)


def check_csv(fleet):
    text = report_text("csv", fleet)
    assert text.encode("utf-8")
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert {len(row) for row in rows} == {len(COLUMNS)}
    assert len(rows) == len(text.split("\r\n")) - 1
    assert not any(
        cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for cell in row
    )


def check_view(fleet):
    page = Page(60, everything=len(fleet.plan) % 2 == 1)
    repairs = [device.repair for device in fleet.devices if device.repair is not None]
    whole = {page.command(command, 4).text for item in repairs for command in item.commands}
    for line in audit_lines(Heading(fleet.plan), fleet.devices, page):
        assert len(line.text) <= 60 or line.text in whole
        assert line.text.isprintable()


def check_bytes(fleet):
    for device in fleet.devices:
        assert from_plain(to_plain(device)) == device


@given(fleets)
@settings(max_examples=150)  # audits are large: each takes tens of milliseconds to draw
def test_reports_of_any_text(fleet):
    for check in (check_json, check_junit, check_sarif, check_csv, check_view, check_bytes):
        check(fleet)
