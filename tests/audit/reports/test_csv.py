"""The flat table: every device, class and finding is a row, and no cell is a formula."""

from __future__ import annotations

import csv
import io

from audit.reports.samples import CLASSES, FLEET, HOSTILE, HOSTILE_DEVICE

from translator.audit.model import DeviceAudit, FleetAudit
from translator.audit.reports import report_text
from translator.audit.reports.csv import COLUMNS

HOSTILE_FLEET = FleetAudit("p", (HOSTILE_DEVICE,))


def rows_of(fleet):
    return list(csv.DictReader(io.StringIO(report_text("csv", fleet), newline=""), strict=True))


def test_rows():
    rows = rows_of(FLEET)
    by_record = {
        name: [row for row in rows if row["record"] == name]
        for name in ("device", "class", "finding")
    }
    assert sum(map(len, by_record.values())) == len(rows)
    assert [row["device"] for row in by_record["device"]] == [
        device.device for device in FLEET.devices
    ]
    assert len(by_record["class"]) == sum(
        len(placement.interfaces) * len(placement.classes)
        for device in FLEET.devices
        for placement in device.placements
    )
    assert len(by_record["finding"]) == sum(
        max(1, len(finding.evidence)) for device in FLEET.devices for finding in device.findings
    )
    assert all(row["plan"] == "lync-2013" for row in rows)


def test_a_class_row_and_a_finding_row():
    rows = [row for row in rows_of(FLEET) if row["device"] == "branch-2"]
    filled = [{key: value for key, value in row.items() if value} for row in rows]
    common = {
        "device": "branch-2",
        "file": "configs/branch-2.cfg",
        "platform": "cisco_ios",
        "plan": "lync-2013",
    }
    assert filled[0] == {"record": "device", **common, "judgement": "different"}
    assert filled[1] == {
        "record": "class",
        **common,
        "interface": "Gi0/1",
        "role": "client",
        "direction": "in",
        "policy": "LYNC-IN",
        "class": CLASSES[0],
        "judgement": "different",
        "reason": "wanted set dscp ef; found keep",
    }
    finding = next(row for row in filled if row["record"] == "finding")
    assert finding == {
        "record": "finding",
        **common,
        "interface": "Gi0/1 Gi0/2",
        "direction": "in",
        "class": "audio",
        "judgement": "different",
        "id": FLEET.devices[1].findings[0].identity("branch-2"),
        "kind": "treatment-different",
        "severity": "error",
        "message": FLEET.devices[1].findings[0].message,
        "packets": "udp from any:20000-20039 to any, dscp 0",
        "packet": "udp 10.0.0.1:20000 > 10.0.0.2:1024 dscp 0",
        "way": "Gi0/1 > *",
        "wanted": "set dscp ef",
        "found": "set dscp af41",
        "lines": "12, 14",
        "plan_rows": "client audio",
        "hint": "Change the lines that are named.",
    }


def test_a_file_that_could_not_be_read_is_a_row():
    [row] = [row for row in rows_of(FLEET) if row["device"] == "lost"]
    assert (row["judgement"], row["reason"]) == ("unknown", "configs/lost.cfg: is binary")


def test_form_is_that_of_rfc_4180():
    text = report_text("csv", FLEET)
    lines = text.split("\r\n")
    assert lines[0] == ",".join(COLUMNS)
    assert lines[-1] == ""
    assert "\n" not in "".join(lines)
    assert ',"12, 14",' in text


def test_no_cell_is_a_formula():
    for row in rows_of(HOSTILE_FLEET):
        assert None not in row
        for value in row.values():
            assert not value.startswith(("=", "+", "-", "@", "\t", "\r"))
    device = rows_of(HOSTILE_FLEET)[0]["device"]
    assert device.startswith("'=1+1\\x0a\\x0d")
    for start in "=+-@\t\r＝＋－＠":
        fleet = FleetAudit("p", (DeviceAudit(f"{start}1", "f"),))
        [row] = rows_of(fleet)
        assert row["device"][0] == "'"
    [row] = rows_of(FleetAudit("p", (DeviceAudit("a=b", "f"),)))
    assert row["device"] == "a=b"


def test_hostile_text_stays_in_its_cell():
    text = report_text("csv", HOSTILE_FLEET)
    assert all(char.isprintable() or char in "\r\n" for char in text)
    assert len(text.split("\r\n")) == 1 + 1 + 2 + 1 + 1
    [finding] = [row for row in rows_of(HOSTILE_FLEET) if row["record"] == "finding"]
    assert finding["hint"].endswith(HOSTILE.partition("<")[1] + HOSTILE.partition("<")[2])


def test_equal_audits_give_equal_bytes():
    assert report_text("csv", FLEET) == report_text("csv", FLEET)
