"""`inventory` shows what was understood, and writes it as a Nornir folder or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from support.inventories import FORMATS, write_host

from translator.cli.main import main

EXAMPLE = str(Path(__file__).resolve().parents[2] / "inventories" / "example")
FIXTURES = Path(__file__).resolve().parents[1] / "inventory" / "fixtures"


def test_table(capsys, monkeypatch):
    monkeypatch.chdir(Path(EXAMPLE).parents[1])
    assert main(["inventory", "-i", "inventories/example", "--limit", "branch-*"]) == 0
    shown = capsys.readouterr()
    assert "GigabitEthernet0/0=wan:10M" in shown.out
    assert "cisco_catalyst" in shown.out
    assert "hosts.yaml:36" in shown.out
    assert "hq-core" not in shown.out
    assert shown.err == ""


def test_json_and_yaml_say_the_same(capsys):
    arguments = ["inventory", "-i", str(FIXTURES / "hosts.ini"), "--limit", "access[0]"]
    assert main([*arguments, "--format", "json"]) == 0
    shown = capsys.readouterr()
    assert "read as Ansible INI file" in shown.err
    (host,) = json.loads(shown.out)
    assert host["name"] == "sw01.example"
    assert host["port"] == 2022
    assert host["driver"] == "cisco_ios"
    assert host["interfaces"] == [
        {"name": "Gi0/1", "role": "client", "rate_bps": None, "shares": []}
    ]
    assert host["addresses"]["clients"] == ["10.2.0.0/16"]
    assert host["defined"].endswith("hosts.ini:10")
    assert main([*arguments, "--format", "yaml"]) == 0
    assert yaml.safe_load(capsys.readouterr().out) == [host]


@pytest.mark.parametrize("kind", FORMATS)
def test_any_format_is_rendered(kind, tmp_path, capsys):
    path = write_host(kind, tmp_path, role="client", rate="10M")
    assert main(["render", "-i", str(path)]) == 0
    shown = capsys.readouterr()
    assert "eth0" in shown.out
    assert (f"read as {kind}" in shown.err) == (kind != "Nornir SimpleInventory")


def test_written_as_nornir_all_or_nothing_and_never_over_what_is_there(tmp_path, capsys):
    source = str(FIXTURES / "hosts.ini")
    target = tmp_path / "deep" / "nornir"
    write = ["inventory", "-i", source, "--limit", "access", "--to", "nornir", str(target)]
    assert main(write) == 0
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "wrote 6 hosts" in shown.err
    files = {path.name: path.read_text(encoding="utf-8") for path in target.iterdir()}
    assert sorted(files) == ["defaults.yaml", "groups.yaml", "hosts.yaml"]
    (target / "groups.yaml").write_text("mine: {}\n", encoding="utf-8")
    (target / "hosts.yaml").unlink()
    assert main(write) == 2
    assert "--force" in capsys.readouterr().err
    assert not (target / "hosts.yaml").exists()
    assert (target / "groups.yaml").read_text(encoding="utf-8") == "mine: {}\n"
    assert main([*write, "--force"]) == 0
    assert {path.name: path.read_text(encoding="utf-8") for path in target.iterdir()} == files
    assert main(["inventory", "-i", str(target), "--format", "json"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert main(["inventory", "-i", source, "--limit", "access", "--format", "json"]) == 0
    before = json.loads(capsys.readouterr().out)
    for host in (*again, *before):
        del host["defined"]
    assert again == before


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["-i", "no-such"],
        ["-i", EXAMPLE, "--force"],
        ["-i", EXAMPLE, "--to", "frob", "x"],
        ["-i", EXAMPLE, "--to", "nornir", "Makefile"],
        ["-i", EXAMPLE, "--to", "nornir", "a\0b"],
        ["-i", EXAMPLE, "--limit", "nowhere"],
        ["-i", EXAMPLE, "--limit", "~(a+)+$"],
        ["-i", EXAMPLE, "--format", "xml"],
    ],
    ids=str,
)
def test_wrong_use_is_one_error_with_a_hint(arguments, capsys, monkeypatch):
    monkeypatch.chdir(Path(EXAMPLE).parents[1])
    assert main(["inventory", *arguments]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.count("error: ") == 1
    assert shown.err.count("hint: ") == 1


def test_nothing_is_written_when_a_host_is_wrong(tmp_path, capsys):
    path = write_host("CSV table", tmp_path, interface="eth0;reboot")
    assert main(["inventory", "-i", str(path), "--to", "nornir", str(tmp_path / "out")]) == 2
    assert "hosts.csv:2" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
