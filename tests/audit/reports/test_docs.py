"""The page on reports shows what the writers write; `--update-golden` writes its examples anew."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
import yaml

from translator.audit.model import (
    ClassAudit,
    DeviceAudit,
    Direction,
    Evidence,
    Finding,
    FleetAudit,
    Judgement,
    Placement,
    Severity,
)
from translator.audit.reports import REPORTS, report_text
from translator.audit.reports.csv import COLUMNS

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reports.md"
EXAMPLE = re.compile(r"(<!-- example: (\w+) -->\n```\w+\n)(.*?)(```\n<!-- /example -->)", re.DOTALL)
DEVICE = DeviceAudit(
    "branch-2",
    "configs/branch-2.cfg",
    "cisco_ios",
    placements=(
        Placement(
            ("Gi0/1",),
            "client",
            Direction.IN,
            (
                ClassAudit("audio", Judgement.DIFFERENT, "wanted set dscp ef; found keep"),
                ClassAudit("video", Judgement.COMPLIANT),
            ),
            "LYNC-IN",
        ),
    ),
    findings=(
        Finding(
            "treatment-different",
            Severity.ERROR,
            "entering packets of class audio: wanted set dscp ef; found keep",
            ("Gi0/1",),
            Direction.IN,
            "audio",
            Judgement.DIFFERENT,
            (
                Evidence(
                    "udp from any port 20039 to any",
                    "udp 10.0.0.1:20039 > 10.0.0.2:1024 dscp 0",
                    "Gi0/1 > *",
                    "set dscp ef",
                    "keep",
                    (12,),
                    ("A10",),
                ),
            ),
            (12,),
            ("A10",),
            "",
            ((12, " permit udp any range 20000 20038 any"),),
        ),
    ),
)
FLEET = FleetAudit("lync-2013", (DEVICE,), "1.0")


def shown(name: str) -> str:
    """What the page shows of a report."""
    text = report_text(name, FLEET)
    if name == "json":
        return json.dumps(json.loads(text)["devices"][0]["findings"][0], indent=1) + "\n"
    if name == "sarif":
        result = json.loads(text)["runs"][0]["results"][0]
        return json.dumps({**result, "properties": {}}, indent=1) + "\n"
    return text.replace("\r\n", "\n")


def test_examples_are_what_the_writers_write(request):
    page = PAGE.read_text(encoding="utf-8")
    fresh = EXAMPLE.sub(lambda found: found[1] + shown(found[2]) + found[4], page)
    if request.config.getoption("--update-golden"):
        PAGE.write_text(fresh, encoding="utf-8")
    assert page == fresh, "write the examples anew with --update-golden"
    assert {name for _, name, _, _ in EXAMPLE.findall(page)} == {*REPORTS} - {"html"}


def test_every_format_and_judgement_is_on_the_page():
    page = PAGE.read_text(encoding="utf-8")
    for word in (*REPORTS, *Judgement):
        assert f"| `{word}` |" in page
    assert "](../translator/audit/reports/audit.schema.json)" in page
    assert (PAGE.parent / "../translator/audit/reports/audit.schema.json").is_file()


def test_snippets_for_ci_are_yaml():
    page = PAGE.read_text(encoding="utf-8")
    snippets = re.findall(r"<!-- yaml -->\n```yaml\n(.*?)```", page, re.DOTALL)
    gitlab, github = map(yaml.safe_load, snippets)
    assert gitlab["audit"]["artifacts"]["reports"] == {"junit": "audit.xml"}
    assert github["permissions"]["security-events"] == "write"
    assert github["steps"][-1]["if"] == "always()"


@pytest.mark.parametrize("name", ["csv"])
def test_the_table_on_the_page_is_a_table(name):
    page = PAGE.read_text(encoding="utf-8")
    [text] = [text for _, found, text, _ in EXAMPLE.findall(page) if found == name]
    rows = list(csv.reader(io.StringIO(text), strict=True))
    assert rows[0] == list(COLUMNS)
    assert [row[0] for row in rows[1:]] == ["device", "class", "class", "finding"]
