"""The reports of a real audit, as the command writes them."""

from __future__ import annotations

import csv
import io
import json
from xml.etree import ElementTree

import pytest
from jsonschema import Draft202012Validator

from translator.audit.model import Judgement
from translator.audit.reports.json import load_json
from translator.audit.reports.json_schema import audit_schema
from translator.cli.main import main

CONFIG = """\
hostname branch-2
ip access-list extended VOICE
 permit udp any range 20000 20038 any
class-map match-all VOICE
 match access-group name VOICE
policy-map IN
 class VOICE
  set dscp ef
interface GigabitEthernet0/1
 description <script>alert(1)</script>
 service-policy input IN
end
"""


@pytest.fixture
def audited(tmp_path, monkeypatch, capsys):
    """Run the command in an empty folder; return its exit code, stdout, and the folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "branch-2.cfg").write_text(CONFIG, encoding="utf-8")

    def run(*options):
        code = main(
            [
                *("audit", "branch-2.cfg", "--platform", "cisco_ios", "--no-cache"),
                *("--interface", "GigabitEthernet0/1=client", *options),
            ]
        )
        return code, capsys.readouterr().out, tmp_path

    return run


def test_every_format_tells_the_same(audited):
    names = {"json": "a.json", "junit": "a.xml", "sarif": "a.sarif", "csv": "a.csv"}
    reports = [part for name, file in names.items() for part in ("--report", f"{name}={file}")]
    code, view, folder = audited(*reports)
    assert code == 1
    texts = {name: (folder / file).read_bytes().decode("utf-8") for name, file in names.items()}
    Draft202012Validator(audit_schema()).validate(json.loads(texts["json"]))
    [device] = load_json(texts["json"]).devices
    assert device.judgement is Judgement.DIFFERENT
    ids = [finding.identity(device.device) for finding in device.findings]
    assert ids
    assert all(identity in view for identity in ids)
    [run] = json.loads(texts["sarif"])["runs"]
    assert [item["partialFingerprints"]["qosFinding/v1"] for item in run["results"]] == ids
    rows = csv.DictReader(io.StringIO(texts["csv"], newline=""), strict=True)
    assert {row["id"] for row in rows} == {"", *ids}
    root = ElementTree.fromstring(texts["junit"].encode())  # noqa: S314 - our own text
    failures = [case.get("name") for case in root.iter("testcase") if len(case)]
    assert "GigabitEthernet0/1 in: audio" in failures


def test_paths_in_sarif_are_relative_to_the_folder_of_the_run(audited, tmp_path):
    _, out, _ = audited(str(tmp_path / "branch-2.cfg"), "--format", "sarif")
    results = json.loads(out)["runs"][0]["results"]
    locations = [item["locations"][0]["physicalLocation"] for item in results]
    assert {item["artifactLocation"]["uri"] for item in locations} == {"branch-2.cfg"}


@pytest.mark.parametrize("name", ["json", "junit", "sarif", "csv"])
def test_stdout_holds_the_report_and_nothing_else(audited, name):
    _, out, folder = audited("--format", name, "--report", f"{name}=report")
    assert (folder / "report").read_bytes().decode("utf-8") == out


def test_the_view_names_the_packets_and_the_line(audited):
    code, out, _ = audited()
    assert code == 1
    assert "branch-2: different  (cisco_ios, branch-2.cfg)" in out
    assert "port 20039 " in out
    assert "\x1b" not in out
    assert max(map(len, out.splitlines())) <= 80
