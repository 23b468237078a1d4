"""`plan diff` and the presets from the command line: exit codes, bad input, hostile names."""

from __future__ import annotations

import json

import pytest

from translator.cli.main import main

CLIENTS = ("--address", "clients=10.1.0.0/16")
ROLES = ("--role", "client", "--role", "wan")
SITE = "extends: lync-2013\nname: site\n"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    (tmp_path / "site.yaml").write_text(SITE, encoding="utf-8")
    moved = SITE + "port_settings: {client.audio: {start: 21000, count: 40}}\n"
    (tmp_path / "moved.yaml").write_text(moved, encoding="utf-8")
    hostile = SITE + 'rows: [{id: A10, component: "x\\ted\\u2028\\e[31m"}]\n'
    (tmp_path / "hostile.yaml").write_text(hostile, encoding="utf-8")
    monkeypatch.chdir(tmp_path)


def test_equal_plans(capsys):
    assert main(["plan", "diff", "lync-2013", "site.yaml", *ROLES]) == 0
    shown = capsys.readouterr()
    assert shown.out.startswith("lync-2013 -> site: equal over all packets (roles client, wan)\n")
    assert shown.err == ""


def test_different_plans(capsys):
    assert main(["plan", "diff", "site.yaml", "moved.yaml", *ROLES]) == 1
    out = capsys.readouterr().out
    assert "client audio: source ports 20000-20039 become 21000-21039; EF stays" in out
    assert "  entering, audio -> of no class:\n" in out
    assert "udp from any port 21000-21039 to any, no fragments" in out


def test_json(capsys):
    command = ["plan", "diff", "lync-2013", "microsoft-teams", *CLIENTS, "--format", "json"]
    assert main(command) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["verdict"], told["packets"]) == ("different", "different")
    assert [item["role"] for item in told["roles"]] == ["client", "server", "wan"]
    assert told["roles"][1]["verdict"] == "unknown"


def test_what_cannot_be_compared_is_neither_equal_nor_different(capsys, tmp_path):
    """The server rows of both plans are the same, but their order is not, and addresses lack."""
    rows = "rows: [{id: A02, before: A01}]\n"
    (tmp_path / "order.yaml").write_text(SITE + rows, encoding="utf-8")
    assert main(["plan", "diff", "site.yaml", "order.yaml", "--role", "server"]) == 6
    assert "unknown because: A: interface server" in capsys.readouterr().out
    bound = ("--address", "conference_servers=10.9.1.0/28")
    assert main(["plan", "diff", "site.yaml", "order.yaml", "--role", "server", *bound]) == 0
    assert "differing only in names" in capsys.readouterr().out


BAD = {
    "no such role": ["lync-2013", "zoom", "--role", "edge"],
    "hostile role": ["lync-2013", "zoom", "--role", "x\x1b[31m\u2028"],
    "no such plan": ["lync-2013", "lync-2031"],
    "no such file": ["lync-2013", "missing.yaml"],
    "hostile plan": ["lync-2013", "hostile.yaml"],
    "hostile name": ["lync-2013", "p\x1b[31m/x\u2028y"],
    "long name": ["p" * 300, "lync-2013"],
    "no such group": ["lync-2013", "zoom", "--address", "offices=10.1.0.0/16"],
    "no prefix": ["lync-2013", "zoom", "--address", "clients=10.1.0.0.0"],
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input(case, capsys):
    assert main(["plan", "diff", *BAD[case]]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    first, second = shown.err.splitlines()
    assert first.startswith("error: ")
    assert second.startswith("  hint: ")
    assert shown.err.replace("\n", "").isprintable()


def test_one_plan_is_too_few(capsys):
    assert main(["plan", "diff", "lync-2013"]) == 2
    assert capsys.readouterr().out == ""


def test_show_tells_source_and_confidence(capsys):
    assert main(["plan", "show", "microsoft-teams"]) == 0
    out = capsys.readouterr().out
    (row,) = [line for line in out.splitlines() if line.startswith("T05 ") and "ms-docs" in line]
    assert "primary" in row
    assert "QoS in Teams desktop clients on Windows" in row
    assert "on request, instead of T04" in out
    assert "52.112.0.0/14, 52.122.0.0/15, 2603:1063::/38" in out
    assert main(["plan", "show", "expressroute-edge"]) == 0
    assert "Code points that may pass: ef, af41, af21, af11, df; any other leaves as df" in (
        capsys.readouterr().out
    )


def test_a_row_that_the_edge_forbids_is_one_error(capsys, tmp_path):
    text = "extends: expressroute-edge\noptions: {include: [E05]}\n"
    (tmp_path / "edge.yaml").write_text(text, encoding="utf-8")
    assert main(["plan", "check", "edge.yaml"]) == 2
    shown = capsys.readouterr().err.splitlines()
    assert "row E05 writes cs3" in shown[0]
    assert len(shown) == 2
