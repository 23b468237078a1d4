"""The report for programs: its schema, its reader, its ids, and text that others wrote."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from audit.reports.samples import FLEET, HOSTILE_DEVICE, compliant_device, different_device
from audit.reports.strategies import audited_fleets
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import translator.audit.reports as package
from translator.audit.model import DeviceAudit, FleetAudit
from translator.audit.reports import report_text
from translator.audit.reports.json import load_json
from translator.audit.reports.json_schema import audit_schema, schema_text
from translator.errors import UsageError

SCHEMA = Path(package.__file__).with_name("audit.schema.json")
HOSTILE_FLEET = FleetAudit("lync-2013", (HOSTILE_DEVICE,))

fleets = audited_fleets(st.text(st.characters(exclude_categories=["Cs"]), max_size=8))


def test_committed_schema_is_in_step():
    hint = "python -m translator.audit.reports.json_schema > audit.schema.json"
    assert SCHEMA.read_text(encoding="utf-8") == schema_text(), hint
    Draft202012Validator.check_schema(audit_schema())


@pytest.mark.parametrize("fleet", [FLEET, HOSTILE_FLEET, FleetAudit("p", ())], ids=str)
def test_reports_satisfy_the_schema(fleet):
    Draft202012Validator(audit_schema()).validate(json.loads(report_text("json", fleet)))


def test_schema_names_every_field_of_a_report():
    """A field that the schema does not know would pass, since fields may be added."""
    schema = audit_schema()

    def closed(part):
        if isinstance(part, dict):
            part = {key: closed(value) for key, value in part.items()}
            if "properties" in part:
                part["additionalProperties"] = False
        return [closed(item) for item in part] if isinstance(part, list) else part

    Draft202012Validator(closed(schema)).validate(json.loads(report_text("json", FLEET)))


@pytest.mark.parametrize(
    "damage",
    [
        lambda report: report.update(schema_version=2),
        lambda report: report["devices"][0].update(judgement="fine"),
        lambda report: report["devices"][1]["findings"][0].update(id="1"),
        lambda report: report["devices"][1]["findings"][0].pop("severity"),
        lambda report: report.pop("summary"),
    ],
)
def test_schema_refuses_what_no_report_holds(damage):
    report = json.loads(report_text("json", FLEET))
    damage(report)
    assert not Draft202012Validator(audit_schema()).is_valid(report)


@given(fleets)
@settings(max_examples=40)
def test_a_report_read_back_is_the_audit(fleet):
    text = report_text("json", fleet)
    assert load_json(text) == fleet
    Draft202012Validator(audit_schema()).validate(json.loads(text))


def test_computed_values_are_those_of_the_model():
    report = json.loads(report_text("json", FLEET))
    for told, device in zip(report["devices"], FLEET.devices, strict=True):
        assert told["judgement"] == device.judgement
        assert [item["judgement"] for item in told["placements"]] == [
            item.judgement for item in device.placements
        ]
        assert [item["id"] for item in told["findings"]] == [
            item.identity(device.device) for item in device.findings
        ]
    assert report["summary"]["devices"] == len(FLEET.devices)
    assert report["summary"]["failed"] == 1
    assert sum(report["summary"]["judgements"].values()) == len(FLEET.devices) - 1
    assert report["summary"]["judgements"]["unknown"] == 2
    assert report["summary"]["findings"]["treatment-different"] == {"findings": 1, "devices": 1}


def test_a_device_is_a_line():
    lines = report_text("json", FLEET).splitlines()
    devices = [json.loads(line.rstrip(","))["device"] for line in lines[1:-1]]
    assert devices == [device.device for device in FLEET.devices]


def test_hostile_text_comes_back_and_nothing_active_stands_in_the_file():
    text = report_text("json", HOSTILE_FLEET)
    assert all(char.isprintable() or char == "\n" for char in text)
    device = load_json(text).devices[0]
    assert device.device == HOSTILE_DEVICE.device
    assert device.findings == HOSTILE_DEVICE.findings
    # A lone surrogate has no UTF-8, so it is spelled.
    assert device.file == HOSTILE_DEVICE.file.replace("\udce9", "\\udce9")


def test_ids_survive_moved_lines_and_the_way_through_a_report():
    before = different_device().findings[0].identity("r")
    [device] = load_json(report_text("json", FleetAudit("p", (different_device(),)))).devices
    assert device.findings[0].identity("r") == before


def test_ids_of_names_without_utf8_survive_a_report():
    fleet = FleetAudit("p", (DeviceAudit("r\udce9", "f", findings=different_device().findings),))
    report = json.loads(report_text("json", fleet))
    [read] = load_json(report_text("json", fleet)).devices
    assert report["devices"][0]["findings"][0]["id"] == read.findings[0].identity(read.device)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"format":"other","schema_version":1,"plan":"p","devices":[]}',
        '{"format":"qos-translator-audit","schema_version":2,"plan":"p","devices":[]}',
        '{"format":"qos-translator-audit","schema_version":1,"plan":"p","devices":[{}]}',
        '{"format":"qos-translator-audit","schema_version":1,"plan":"p","devices":[],"x":'
        + "[" * 100_000,
        '{"format":"\udce9"}',
    ],
    ids=range(8),
)
def test_other_texts_are_refused(text):
    with pytest.raises(UsageError) as caught:
        load_json(text, "x.json")
    assert str(caught.value).startswith("x.json: ")
    assert caught.value.hint


def test_equal_audits_give_equal_bytes_and_time_only_when_given():
    assert report_text("json", FLEET) == report_text("json", FLEET)
    assert json.loads(report_text("json", FLEET))["made"] == ""
    made = report_text("json", FLEET, made="2026-11-22T22:30:00Z")
    assert json.loads(made)["made"] == "2026-11-22T22:30:00Z"
    with pytest.raises(UsageError):
        report_text("json", FLEET, made="today")


def test_a_compliant_device_says_so():
    report = json.loads(report_text("json", FleetAudit("p", (compliant_device(),))))
    assert report["devices"][0]["judgement"] == "compliant"
