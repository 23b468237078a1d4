"""One flat table: a row per device, per interface, direction and class, and per finding."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Final

from translator.audit.model import DeviceAudit, Evidence, Finding
from translator.audit.reports.heading import Heading
from translator.audit.reports.words import ranges, spelled

__all__ = ["COLUMNS", "cell", "write"]

COLUMNS: Final = (
    "record",  # device, class or finding
    "device",
    "file",
    "platform",
    "plan",
    "interface",  # of a finding: all of them, separated by spaces
    "role",
    "direction",
    "policy",
    "class",
    "judgement",
    "reason",  # of a device: why it could not be audited
    "id",
    "kind",
    "severity",
    "message",
    "packets",
    "packet",
    "way",
    "wanted",
    "found",
    "lines",
    "plan_rows",
    "hint",
)
# What makes a spreadsheet take a cell for a formula; the wide forms count in East Asian versions.
_FORMULA: Final = tuple("=+-@\t\r＝＋－＠")


def write(heading: Heading, devices: Iterable[DeviceAudit]) -> Iterator[str]:
    """Yield the table, one device at a time, with the lines and quotes of RFC 4180."""
    yield _lines([dict(zip(COLUMNS, COLUMNS, strict=True))])
    for device in devices:
        common = {
            "device": device.device,
            "file": device.file,
            "platform": device.platform,
            "plan": device.plan or heading.plan,
        }
        yield _lines({**common, **row} for row in _rows(device))


def _rows(device: DeviceAudit) -> Iterator[dict[str, str]]:
    yield {"record": "device", "judgement": device.judgement, "reason": device.error}
    for placement in device.placements:
        for interface in placement.interfaces:
            for item in placement.classes:
                yield {
                    "record": "class",
                    "interface": interface,
                    "role": placement.role,
                    "direction": placement.direction,
                    "policy": placement.policy,
                    "class": item.name,
                    "judgement": item.judgement,
                    "reason": item.reason,
                }
    for finding in device.findings:
        for evidence in finding.evidence or (None,):
            yield _finding(device, finding, evidence)


def _finding(device: DeviceAudit, finding: Finding, evidence: Evidence | None) -> dict[str, str]:
    row = {
        "record": "finding",
        "interface": " ".join(finding.interfaces),
        "direction": finding.direction,
        "class": finding.traffic_class,
        "judgement": finding.judgement or "",
        "id": finding.identity(device.device),
        "kind": finding.kind,
        "severity": finding.severity,
        "message": finding.message,
        "lines": ranges(finding.lines),
        "plan_rows": ", ".join(finding.rows),
        "hint": finding.hint,
    }
    if evidence is None:
        return row
    return {
        **row,
        "packets": evidence.box,
        "packet": evidence.packet,
        "way": evidence.way,
        "wanted": evidence.wanted,
        "found": evidence.found,
        "lines": ranges(evidence.lines or finding.lines),
        "plan_rows": ", ".join(evidence.rows or finding.rows),
    }


def _lines(rows: Iterable[dict[str, str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([cell(row.get(column, "")) for column in COLUMNS] for row in rows)
    return text.getvalue()


def cell(text: str) -> str:
    """Return the text as one line that no spreadsheet computes."""
    if not text:
        return text  # most cells
    return ("'" if text.startswith(_FORMULA) else "") + spelled(text)
