"""A file that is no plan is called what it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from translator.cli.main import main

GOLDEN = Path(__file__).resolve().parents[1] / "conformance" / "golden"
PLATFORMS = ("cisco_ios", "juniper_junos", "linux")


def texts(platform: str) -> str:
    return (GOLDEN / platform / "webex.branch.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("name", ["running.conf", "my plan.yaml", "table.csv"])
@pytest.mark.parametrize(
    "command",
    [["plan", "show"], ["plan", "import"], ["plan", "diff", "lync-2013"], ["size"]],
    ids=" ".join,
)
def test_a_configuration_is_told_with_what_to_do(platform, name, command, tmp_path, capsys):
    path = tmp_path / name
    path.write_text(texts(platform), encoding="utf-8")
    assert main([*command, str(path)]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert f"{path}: this looks like a configuration of {platform}" in shown.err
    quoted = f"'{path}'" if " " in name else str(path)
    assert f"hint: to hold it against a plan: qos-translator audit {quoted};" in shown.err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("extends: lync-2014\n", "extends names 'lync-2014'"),
        ("- a\n", "the plan is no mapping"),
        ("name: x\nrows: {id: interface GigabitEthernet0/1}\n", "x.yaml:2: rows"),
        ("\0\0", "U+0000"),
    ],
)
def test_a_plan_with_a_fault_keeps_its_own_error(text, message, tmp_path, capsys):
    path = tmp_path / "x.yaml"
    path.write_text(text, encoding="utf-8")
    assert main(["plan", "show", str(path)]) == 2
    assert message in capsys.readouterr().err


def test_an_unknown_file_is_answered_with_all_formats_in_groups(tmp_path, capsys):
    from translator.endpoint.formats.registry import all_formats

    path = tmp_path / "notes.txt"
    path.write_text("Dear colleagues\n", encoding="utf-8")
    assert main(["plan", "import", str(path)]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert max(len(line) for line in lines[1:]) <= 100
    words = " ".join(" ".join(lines).split())
    assert all(item.title in words for item in all_formats())
    groups = {item.group for item in all_formats()}
    assert sum(line.startswith("    ") and line[4] != " " for line in lines) == len(groups)
