"""`size`: tables, JSON and plans of links, and one error for whatever is wrong."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from translator.cli.main import main
from translator.plan.load import load_plan

EXAMPLE = str(Path(__file__).resolve().parents[2] / "inventories" / "example" / "sites.yaml")
CALLS = ["size", "--link", "10M", "--calls", "20", "--codec", "rtaudio-wb", "--fec"]


def test_table_of_one_link(capsys):
    assert main([*CALLS, "--video", "1x1280x720", "--sharing", "2"]) == 0
    out = capsys.readouterr().out
    rows = {line.split()[0]: line.split() for line in out.splitlines() if line}
    assert rows["audio"][1:] == ["priority", "20", "1820", "-", "19", "%", "1900", "80"]
    assert rows["video"][1:5] == ["bandwidth", "1", "2510", "460"]
    assert rows["app_sharing"][1:] == ["bandwidth", "2", "400", "400", "4", "%", "400", "0"]
    assert rows["default"][-3:] == ["44", "%", "4400"]
    assert "fits: 19 % priority (at most 33 %), 44 % best effort (at least 25 %)" in out
    assert "queues: {audio: 19, video: 26, signalling: 3, app_sharing: 4, " in out
    assert "20 x 91.0 kbit/s: calls of site, rtaudio-wb with FEC [1]" in out
    assert "  [1] Microsoft, Lync Server 2013" in out


def test_blocking_of_offered_traffic(capsys):
    wanted = ["--erlangs", "4.46", "--blocking", "1%", "--codec", "silk-wb"]
    assert main(["size", "--link", "10M", *wanted]) == 0
    shown = capsys.readouterr().out
    assert "10 x 69.0 kbit/s: calls of site (4.46 erlangs), silk-wb" in shown
    assert "1.00 %" in shown
    users = ["--users", "40", "--phones", "4", "--busy-hour-minutes", "6", "--codec", "silk-wb"]
    assert main(["size", "--link", "10M", *users]) == 0
    assert "10 x 69.0 kbit/s: calls of site (4.4 erlangs)" in capsys.readouterr().out


def test_what_does_not_fit_is_a_finding_and_no_plan(tmp_path, capsys):
    target = tmp_path / "plan.yaml"
    small = ["size", "--link", "2M", "--calls", "20", "--codec", "g711"]
    assert main(small) == 1
    shown = capsys.readouterr().out
    assert "does not fit: 97 % priority" in shown
    assert "error: priority queues need 97 % of the link, more than 33 % [priority-share]" in shown
    assert "hint: 6 of 20 calls would fit" in shown
    assert "queues: {" not in shown
    assert main([*small, "--write-plan", str(target)]) == 5
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("error: link link: priority queues need 97 %")
    assert list(tmp_path.iterdir()) == []


def test_plan_of_a_link_is_rendered_with_its_shares(tmp_path, capsys):
    target = str(tmp_path / "branch.yaml")
    assert main([*CALLS, "--video", "1x1280x720", "--write-plan", target]) == 0
    assert f"wrote {target}" in capsys.readouterr().err
    assert {row.name: row.percent for row in load_plan(target).queues}["audio"] == 19
    render = ["render", "--plan", target, "--platform", "cisco_ios", "--interface"]
    assert main([*render, "Gi0/0=wan:10M"]) == 0
    shown = capsys.readouterr()
    assert re.findall(r"percent (\d+)", shown.out) == ["19", "26", "3", "10", "4"]
    assert "proved" in shown.err
    own = str(tmp_path / "own.yaml")
    assert main([*CALLS, "--plan", target, "--write-plan", own]) == 0
    assert [row.id for row in load_plan(own).rows] == [row.id for row in load_plan(target).rows]
    assert {row.name: row.percent for row in load_plan(own).queues}["video"] == 26


def test_shares_of_a_link_go_into_an_inventory_as_they_are_shown(tmp_path, capsys):
    main([*CALLS, "--video", "1x1280x720"])
    queues = re.search(r"^queues: \{.*\}$", capsys.readouterr().out, re.MULTILINE)[0]
    (tmp_path / "hosts.yaml").write_text(
        "r1:\n  platform: cisco_ios\n  data:\n    qos:\n      interfaces:\n"
        f"        Gi0/0:\n          role: wan\n          rate: 10M\n          {queues}\n"
    )
    assert main(["render", "-i", str(tmp_path)]) == 0
    assert re.findall(r"percent (\d+)", capsys.readouterr().out) == ["19", "26", "3", "10", "4"]


def test_file_of_sites_as_text_and_as_json(capsys):
    assert main(["size", EXAMPLE]) == 1
    out = capsys.readouterr().out
    assert "branch-hq: 10M, ethernet, carries branch" in out
    assert "[cac-over-queue]" in out
    assert re.search(r"sites\.yaml:23: warning: call admission control admits", out)
    assert main(["size", EXAMPLE, "--only", "lab-hq", "--format", "json"]) == 0
    (link,) = json.loads(capsys.readouterr().out)
    assert link["framing"] == "ethernet,dot1q,gre"
    assert sum(link["shares"].values()) == 100
    audio = link["queues"][0]
    assert (audio["streams"], audio["planned_bps"], audio["percent"]) == (3, 240_600, 3)
    assert {source["grade"] for source in audio["loads"][0]["sources"]} == {"published", "own"}


def test_input_is_not_replaced_by_the_plan(tmp_path, capsys):
    sites = tmp_path / "sites.yaml"
    sites.write_text(Path(EXAMPLE).read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "link.yaml").symlink_to(sites)
    before = sites.read_bytes()
    for target in (sites, tmp_path / "link.yaml"):
        assert main(["size", str(sites), "--only", "lab-hq", "--write-plan", str(target)]) == 2
        assert "would be replaced" in capsys.readouterr().err
    assert sites.read_bytes() == before
    assert main(["size", str(sites), "--only", "lab-hq", "--write-plan", "-"]) == 2
    assert "the sizes are printed there" in capsys.readouterr().err


BAD = {
    "nothing": ["size"],
    "nothing crosses the link": ["size", "--link", "10M"],
    "rate of zero": ["size", "--link", "0", "--calls", "1", "--codec", "g711"],
    "rate of no number": ["size", "--link", "nan", "--calls", "1", "--codec", "g711"],
    "rate of 1e308": ["size", "--link", "1e308", "--calls", "1", "--codec", "g711"],
    "negative calls": ["size", "--link", "10M", "--calls", "-1", "--codec", "g711"],
    "calls of 1e308": ["size", "--link", "10M", "--calls", "1e308", "--codec", "g711"],
    "no codec": ["size", "--link", "10M", "--calls", "1"],
    "hostile codec": ["size", "--link", "10M", "--calls", "1", "--codec", "g\x1b[31m\u2028\n7"],
    "long codec": ["size", "--link", "10M", "--calls", "1", "--codec", "g" * 300],
    "hostile picture size": ["size", "--link", "10M", "--video", "1x\x1b]0;x\x07"],
    "blocking of everything": [*CALLS, "--erlangs", "3", "--blocking", "100%"],
    "screens at their peak, and none": [*CALLS, "--sharing-at", "peak"],
    "framing of nothing known": [*CALLS, "--framing", "token-ring"],
    "only without a file": [*CALLS, "--only", "paris"],
    "file and options": ["size", EXAMPLE, "--calls", "3"],
    "file and link": ["size", EXAMPLE, "--link", "3M"],
    "unknown link": ["size", EXAMPLE, "--only", "x\x1b"],
    "no such file": ["size", "no-such-file"],
    "nul in a file name": ["size", "a\0b"],
    "plan of several links": ["size", EXAMPLE, "--write-plan", "x.yaml"],
    "plan over a folder": [*CALLS, "--write-plan", "."],
    "plan in no folder": [*CALLS, "--write-plan", "no/such/plan.yaml"],
    "nul in the name of a plan": [*CALLS, "--write-plan", "a\0b"],
    "unknown plan": [*CALLS, "--plan", "lync-2031"],
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_one_error(case, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(BAD[case]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    first, second = shown.err.splitlines()
    assert first.startswith("error: ")
    assert second.startswith("  hint: ")
    assert shown.err.replace("\n", "").isprintable()
    assert len(first) < 250
    assert list(tmp_path.iterdir()) == []
