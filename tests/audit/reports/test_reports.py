"""What holds for every form of report: streams, equal bytes, headings, and the rules of markup."""

from __future__ import annotations

from itertools import count

import pytest
from audit.reports.samples import FLEET, HOSTILE_DEVICE, different_device

from translator.audit.model import DeviceAudit, Direction, Finding, FleetAudit, Severity
from translator.audit.reports import REPORTS, Heading, report_text
from translator.audit.reports.words import place, ranges, several, shortened, spelled, told
from translator.errors import UsageError
from translator.plan.load import load_plan

TEXTS = ("json", "junit", "sarif", "csv")


@pytest.mark.parametrize("name", TEXTS)
def test_devices_are_written_as_they_come(name):
    taken = count()

    def devices():
        for device in (different_device(), *FLEET.devices * 10):
            next(taken)
            yield device

    pieces = REPORTS[name].write(Heading("p"), devices())
    while "configs/branch-2.cfg" not in next(pieces):
        pass
    assert next(taken) <= 2


@pytest.mark.parametrize("name", TEXTS)
def test_reports_are_utf8_and_end_with_a_line_end(name):
    text = report_text(name, FleetAudit("p", (*FLEET.devices, HOSTILE_DEVICE)))
    assert text.encode("utf-8").endswith(b"\n")


@pytest.mark.parametrize("name", TEXTS)
def test_every_device_and_finding_is_in_every_report(name):
    text = report_text(name, FLEET)
    for device in FLEET.devices:
        if name != "sarif" or device.findings or not device.placements:
            assert device.file in text
        for finding in device.findings:
            assert finding.message.replace('"', "&quot;") in text


def test_reports_are_those_of_the_registry():
    assert tuple(REPORTS) == (*TEXTS, "html")
    assert len({report.suffix for report in REPORTS.values()}) == len(REPORTS)


def test_the_page_is_written_through_the_registry_too():
    plan = load_plan("lync-2013")
    text = "".join(REPORTS["html"].write(Heading(plan.name), iter(FLEET.devices), plan))
    assert text.lower().startswith("<!doctype html>")
    assert "branch-2" in text


@pytest.mark.parametrize("made", ["today", "2026-11-22", "2026-11-22T22:30:00+01:00", "x" * 20])
def test_a_time_is_written_in_one_way(made):
    with pytest.raises(UsageError):
        Heading("p", made=made)


def test_spelled():
    assert spelled("a\tb\x1b\u2028\U000e0001\udce9ä") == "a\\x09b\\x1b\\u2028\\U000e0001\\udce9ä"
    assert spelled("a\tb\n", keep="\n") == "a\\x09b\n"


def test_shortened():
    assert shortened("x" * 10, 10) == "x" * 10
    text = shortened("a" * 500 + "z" * 500, 100)
    assert len(text) <= 100
    assert text.startswith("aaa")
    assert text.endswith("zzz")
    assert " more characters " in text


def test_ranges_and_names():
    assert ranges([12, 3, 4, 5, 5]) == "3-5, 12"
    assert ranges([]) == ""
    assert several(["a", "b", "c", "d"]) == "a, b, c, d"
    assert several(["a", "b", "c", "d", "e"]) == "a, b, c and 2 more"


def test_places():
    finding = Finding("k", Severity.NOTE, "m")
    assert place(finding) == "the device"
    finding = Finding("k", Severity.NOTE, "m", ("a", "b"), Direction.OUT, "audio")
    assert place(finding) == "a, b out, class audio"


def test_packets_of_one_fate_share_its_telling():
    [first, second] = different_device().findings[0].evidence
    alike = DeviceAudit("r", "f", findings=different_device().findings).findings[0]
    labels = [label for label, _ in told(alike)]
    assert labels.count("packets") == labels.count("wanted") == labels.count("found") == 2
    assert labels.count("such as") == 1
    both = Finding("k", Severity.NOTE, "m", evidence=(first, first, second))
    labels = [label for label, _ in told(both)]
    assert labels == [
        *("packets", "packets", "such as", "way", "wanted", "found"),
        *("packets", "wanted", "found", "plan", "lines"),
    ]
