"""`counters` from the command line: tables, JSON, exit codes, and input that is no counters."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from counters.outputs import IOS_15, TC_CLASS, TC_QDISC

from translator.cli.main import main

PROMPT = "R1#show policy-map interface\n"
CLEAN = IOS_15.replace(
    "            ef            9/576", "            ef            0/0  "
).replace("          0 packets, 0 bytes", "          5 packets, 500 bytes")
IOS = ["counters", "--platform", "cisco_ios"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    clock = "R1#show clock\n*13:26:{}.000 UTC Wed Dec 15 2021\n"
    later = CLEAN.replace("2000 packets, 128000", "2300 packets, 147200")
    (tmp_path / "before.txt").write_text(clock.format("00") + PROMPT + CLEAN, encoding="utf-8")
    (tmp_path / "after.txt").write_text(clock.format("10") + PROMPT + later, encoding="utf-8")
    return tmp_path


def test_one_text_is_everything_since_the_start(capsys):
    assert main([*IOS, "before.txt"]) == 0
    shown = capsys.readouterr().out
    assert "counted since the counters began" in shown
    assert "note drops-in-class" in shown


def test_two_texts_are_what_came_between(capsys):
    assert main([*IOS, "before.txt", "after.txt"]) == 1
    shown = capsys.readouterr().out
    assert "counted in 10 s" in shown
    assert "warning class-idle: 'VIDEO', which serves video, saw no packet" in shown
    assert "plan rows" in shown


def test_json_holds_numbers_and_findings(capsys):
    assert main([*IOS, "before.txt", "after.txt", "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["seconds"] == 10
    (audio,) = [item for item in found["classes"] if item["counted"]["name"] == "AUDIO"]
    assert (audio["counted"]["packets"], audio["bps"], audio["state"]) == (300, 15360, "counted")
    assert [item["kind"] for item in found["findings"]] == ["class-idle"]


def test_folders_hold_one_file_for_each_command(folder, capsys):
    for name, text in (("before", TC_CLASS), ("after", TC_CLASS.replace("20 pkt", "25 pkt"))):
        (folder / name).mkdir()
        (folder / name / "tc -s class show dev eth1.txt").write_text(text, encoding="utf-8")
        (folder / name / "qdisc.txt").write_text(TC_QDISC, encoding="utf-8")
        (folder / name / "notes.txt").write_text("taken by hand\n", encoding="utf-8")
    assert main(["counters", "--platform", "linux", "before", "after"]) == 0
    shown = capsys.readouterr()
    assert "left out: before/notes.txt:1: holds no counters" in shown.err
    assert any("1:1/1:10" in line and " 5 " in line for line in shown.out.splitlines())


def test_a_configuration_and_roles_say_what_is_missing(folder, capsys):
    config = "interface GigabitEthernet0/9\n ip address 10.0.0.1 255.255.255.0\nend\n"
    (folder / "r1.conf").write_text(config, encoding="utf-8")
    role = ["--config", "r1.conf", "--interface", "Gi0/9=wan:10M"]
    assert main([*IOS, *role, "before.txt"]) == 1
    assert "no-queue-seen: GigabitEthernet0/9: no class is counted" in capsys.readouterr().out


def test_what_the_plan_wants_may_be_unknown(folder, capsys):
    (folder / "r1.conf").write_text("interface GigabitEthernet0/0\nend\n", encoding="utf-8")
    role = ["--config", "r1.conf", "--interface", "Gi0/0=wan"]
    main([*IOS, *role, "before.txt"])
    assert "Traceback" not in capsys.readouterr().err


BAD = {
    "missing": (None, "missing: cannot be read"),
    "binary": (b"R1#show policy-map interface\n\x00\x01", "binary:2: is binary"),
    "empty": (b"", "empty: is empty"),
    "config": (b"hostname r1\nend\n", "config:1: holds no counters"),
    "other": (b"R1#show policy-map interface\nCisco IOS\nROM\n", "other:2: this is no answer"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_error_with_its_place(folder, capsys, name):
    data, message = BAD[name]
    if data is not None:
        (folder / name).write_bytes(data)
    assert main([*IOS, name]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith(f"error: {message}")
    assert shown.err.count("error:") == 1
    assert "  hint: " in shown.err


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "latin-1"])
def test_any_encoding_and_line_end(folder, encoding, capsys):
    text = PROMPT.replace("R1", "Bür1") + CLEAN
    (folder / "odd.txt").write_bytes(text.replace("\n", "\r\n").encode(encoding))
    assert main([*IOS, "odd.txt"]) == 0
    assert "GigabitEthernet0/0 out" in capsys.readouterr().out


def test_the_wrong_order_is_refused(capsys):
    assert main([*IOS, "after.txt", "before.txt"]) == 2
    assert "older than the first" in capsys.readouterr().err


def test_an_empty_folder_is_refused(folder, capsys):
    (folder / "none").mkdir()
    assert main([*IOS, "none"]) == 2
    assert "holds no file" in capsys.readouterr().err
