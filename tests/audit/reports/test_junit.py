"""JUnit XML: what CI systems read, by the rules of the public schemas and by a reader of others."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from audit.reports.samples import CLASSES, FLEET, HOSTILE, HOSTILE_DEVICE, compliant_device

from tests.support.values import replace
from translator.audit.model import DeviceAudit, Finding, FleetAudit, Judgement, Severity
from translator.audit.reports import report_text
from translator.audit.summary import Summary

MADE = "2026-11-22T22:30:00Z"
HOSTILE_FLEET = FleetAudit(HOSTILE, (HOSTILE_DEVICE, DeviceAudit(HOSTILE, HOSTILE, error=HOSTILE)))
# Children in order with (least, most), and attributes: those required, those allowed beside them.
# From the schema for Ant's JUnit task, which is the stricter one.
SUITE = ("name", "package", "id", "hostname", "tests", "failures", "errors", "time")
RULES = {
    "testsuites": ([("testsuite", 0, None)], (), ()),
    "testsuite": (
        [
            ("properties", 1, 1),
            ("testcase", 0, None),
            ("system-out", 1, 1),
            ("system-err", 1, 1),
        ],
        SUITE,
        ("timestamp", "skipped"),
    ),
    "properties": ([("property", 0, None)], (), ()),
    "property": ([], ("name", "value"), ()),
    "testcase": ([("error|failure|skipped", 0, 1)], ("name", "classname", "time"), ()),
    "failure": ([], ("type",), ("message",)),
    "error": ([], ("type",), ("message",)),
    "system-out": ([], (), ()),
    "system-err": ([], (), ()),
}
VALUES = {
    "tests": r"\d+",
    "failures": r"\d+",
    "errors": r"\d+",
    "skipped": r"\d+",
    "id": r"\d+",
    "time": r"\d+(\.\d+)?",
    "timestamp": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d",
    "name": r"(?s).+",
    "hostname": r"(?s).+",
}


def check(element):
    """Hold one element and all below it against the rules."""
    children, required, allowed = RULES[element.tag]
    assert {*required} <= {*element.attrib} <= {*required, *allowed}, element.attrib
    for name, value in element.attrib.items():
        assert re.fullmatch(VALUES.get(name, r"(?s).*"), value), (name, value)
    order = "".join(f"<{child.tag}>" for child in element)
    counts = "".join(
        f"(?:<(?:{tags})>){{{least},{'' if most is None else most}}}"
        for tags, least, most in children
    )
    assert re.fullmatch(counts, order), order
    for child in element:
        check(child)


def suites(fleet, **settings):
    text = report_text("junit", fleet, **settings)
    root = ElementTree.fromstring(text.encode())  # noqa: S314 - our own text
    check(root)
    return list(root)


@pytest.mark.parametrize("fleet", [FLEET, HOSTILE_FLEET, FleetAudit("p", ())], ids=range(3))
@pytest.mark.parametrize("made", ["", MADE])
def test_reports_keep_the_rules_of_the_schemas(fleet, made):
    found = suites(fleet, made=made)
    assert [suite.get("id") for suite in found] == [str(i) for i in range(len(fleet.devices))]
    for suite in found:
        assert suite.get("timestamp") == (MADE[:-1] if made else None)
        cases = suite.findall("testcase")
        assert int(suite.get("tests")) == len(cases)
        assert int(suite.get("failures")) == len(suite.findall("testcase/failure"))
        assert int(suite.get("errors")) == len(suite.findall("testcase/error"))


def test_a_test_passes_only_for_compliant():
    judgements = {
        Judgement.COMPLIANT: [],
        Judgement.DIFFERENT: ["failure"],
        Judgement.MISSING: ["failure"],
        Judgement.EXTRA: ["failure"],
        Judgement.UNKNOWN: ["error"],
    }
    seen = set()
    for suite, device in zip(suites(FLEET), FLEET.devices, strict=True):
        cases = iter(suite.findall("testcase"))
        if not device.placements:
            [error] = next(cases)
            assert (error.tag, error.get("type")) == ("error", "unknown")
        for placement in device.placements:
            for item in placement.classes:
                case = next(cases)
                assert case.get("name").endswith(f" {placement.direction}: {item.name}")
                assert [child.tag for child in case] == judgements[item.judgement]
                seen.add(item.judgement)
                for child in case:
                    assert child.get("type") == item.judgement
                    assert item.reason == child.get("message")
    assert seen == set(Judgement)


def test_a_suite_is_green_exactly_when_the_exit_code_is_zero():
    good = FLEET.devices[0]
    warned = [
        replace(good, findings=(Finding("k", severity, "m", judgement=judgement),))
        for severity in Severity
        for judgement in (None, Judgement.COMPLIANT, Judgement.UNKNOWN)
    ]
    fleet = FleetAudit("p", (*FLEET.devices, *warned))
    seen = set()
    for suite, device in zip(suites(fleet), fleet.devices, strict=True):
        green = suite.get("failures") == suite.get("errors") == "0"
        assert green == (Summary.of([device]).exit_code == 0), device
        seen.add(green)
    assert seen == {True, False}


def test_failures_tell_what_was_found():
    suite = suites(FLEET)[1]
    entering, leaving = suite.findall("testcase/failure")
    for words in (
        "role client, policy LYNC-IN",
        "packets  udp from any:20000-20039 to any, dscp 0",
        "such as  udp 10.0.0.1:20000 > 10.0.0.2:1024 dscp 0",
        ">12       match access-group name VIDEO",
        " 11      class-map match-any AUDIO",
        "hint     Change the lines that are named.",
    ):
        assert words in entering.text
    assert "priority limit" not in entering.text
    assert "priority limit" in leaving.text


def test_findings_without_a_class():
    missing, different = suites(FLEET)[2], suites(FLEET)[1]
    names = [case.get("name") for case in missing.findall("testcase")]
    assert len(names) == len(CLASSES) + 1  # the unbound policy is told by the classes
    assert names[-1] == "xe-9: interface-missing"
    assert "a note that fails nothing" in different.findtext("system-out")
    assert "fair-queue is ignored" in different.findtext("system-out")


def test_no_two_tests_have_one_name():
    found = [
        (case.get("classname"), case.get("name"))
        for suite in suites(FLEET)
        for case in suite.findall("testcase")
    ]
    assert len(set(found)) == len(found)
    assert ("branch-1 (2)", "Gi0/0 out: audio") in found
    devices = tuple(DeviceAudit(name, "f") for name in ("a", "a", "a (2)", "a", "a (3)", " ", ""))
    names = [suite.get("name") for suite in suites(FleetAudit("p", devices))]
    assert names == ["a", "a (2)", "a (2) (2)", "a (3)", "a (3) (2)", "unnamed", "unnamed (2)"]


def test_hostile_text_is_text():
    text = report_text("junit", HOSTILE_FLEET)
    assert all(char.isprintable() or char in "\n\t" for char in text)
    assert text.encode("utf-8")
    assert "<script>" not in text
    assert "]]>" not in text
    first, second = suites(HOSTILE_FLEET)
    assert first.get("name").startswith("=1+1\\x0a\\x0d\\x09\\x00\\x1b[31m")
    assert "<script>alert(1)</script>]]><!--&lt;&#x1b;\"'" in first.find("testcase/failure").text
    assert second.find("testcase/error").get("message").startswith("\\x0a")


def test_another_reader_counts_the_same():
    junitparser = pytest.importorskip("junitparser")
    read = junitparser.JUnitXml.fromstring(report_text("junit", FLEET).encode())
    results = [case.result for suite in read for case in suite]
    assert sum(not result for result in results) == sum(
        item.judgement is Judgement.COMPLIANT
        for device in FLEET.devices
        for placement in device.placements
        for item in placement.classes
    )
    assert sum(bool(result) and isinstance(result[0], junitparser.Error) for result in results) == 6


def test_equal_audits_give_equal_bytes():
    assert report_text("junit", FLEET) == report_text("junit", FLEET)


def test_compliant_devices_cost_a_line_a_test():
    fleet = FleetAudit("p", (compliant_device(),))
    assert len(report_text("junit", fleet).splitlines()) < 8 + 2 * len(CLASSES) + 10
