"""Bad files given to every command that reads plans, sites or captures: one error, no output."""

from __future__ import annotations

from pathlib import Path

import pytest
from capture.example import example

from translator.cli.main import main

HEADER = "media,code_point,protocols,source_ports,component,id\n"
ROW = "audio,ef,both,20000-20039,Softphone,R{}\n"
CUT = "extends: lync-2013\nname: x\nrows:\n  - {id: A12, code_p"

# What reads a plan, and where its name goes; with what it would write.
READERS = {
    "plan show": ["plan", "show", "FILE"],
    "plan check": ["plan", "check", "FILE"],
    "plan diff, first": ["plan", "diff", "FILE", "lync-2013"],
    "plan diff, second": ["plan", "diff", "lync-2013", "FILE"],
    "plan export": ["plan", "export", "FILE", "--format", "reg", "-o", "out/x.reg"],
    "plan export --all": ["plan", "export", "FILE", "--all", "-o", "out"],
    "plan import": ["plan", "import", "FILE"],
    "plan import --base": ["plan", "import", "--base", "FILE", "good.csv"],
    "size": ["size", "FILE"],
    "size --plan": [
        *("size", "--link", "10M", "--calls", "2", "--codec", "g711"),
        *("--plan", "FILE", "--write-plan", "out/x.yaml"),
    ],
    "capture check": ["capture", "check", "FILE"],
    "capture check --plan": ["capture", "check", "good.pcap", "--plan", "FILE"],
}
FILES = {
    "latin-1": ("x.csv", (HEADER + ROW.format(1).replace("Soft", "Büro")).encode("latin-1")),
    "half a character of UTF-16": ("x.csv", (HEADER + ROW.format(1)).encode("utf-16")[:-1]),
    "cut short": ("x.yaml", CUT.encode()),
    "binary": ("x.yaml", bytes(range(256)) * 8),
    "empty": ("x.yaml", b""),
    "a hostile name": ("a\x1b[31m\n\u2028b.yaml", b"- x\n"),
    "a value without end": ("x.yaml", b"[" * 100_000),
    "a million rows": ("x.csv", (HEADER + ROW.format(1) * 1_000_000).encode()),
}


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every bad file, each in a folder of its own."""
    found = {}
    for case, (name, data) in FILES.items():
        found[case] = tmp_path_factory.mktemp("bad") / name
        found[case].write_bytes(data)
    return found


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "good.csv").write_text(HEADER + ROW.format(1), encoding="utf-8")
    (tmp_path / "good.pcap").write_bytes(example())
    return tmp_path


@pytest.mark.parametrize("case", FILES)
@pytest.mark.parametrize("command", READERS)
def test_one_error_with_its_place_and_nothing_is_written(command, case, bad, here, capsys):
    before = sorted(here.iterdir())
    path = str(bad[case])
    assert main([path if word == "FILE" else word for word in READERS[command]]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    errors = [line for line in shown.err.splitlines() if line.startswith("error: ")]
    assert len(errors) == 1
    assert bad[case].name[-5:] in errors[0], "the error says which file"
    assert sum(line.startswith("  hint: ") for line in shown.err.splitlines()) == 1
    assert shown.err.replace("\n", "").isprintable()
    assert sorted(here.iterdir()) == before


@pytest.mark.parametrize("command", ["plan show", "plan import"])
def test_a_million_short_rows_are_counted_and_refused_at_the_row_too_many(
    command, tmp_path, capsys
):
    path = tmp_path / "short.csv"
    path.write_text("media,id\n" + "a,\n" * 1_000_000, encoding="utf-8")
    assert main([path.as_posix() if word == "FILE" else word for word in READERS[command]]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert f"error: {path}:2002: more than 2000 rows" in shown.err


def test_a_plan_file_given_to_an_import_is_called_one(tmp_path, capsys):
    path = tmp_path / "plan.yaml"
    path.write_text("extends: lync-2013\nname: x\n", encoding="utf-8")
    assert main(["plan", "import", str(path)]) == 2
    shown = capsys.readouterr().err
    assert "this is a plan already" in shown
    assert f"hint: look at it: qos-translator plan show {path}" in shown


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (["plan", "import"], "see qos-translator plan import --help"),
        (["plan", "diff", "lync-2013"], "see qos-translator plan diff --help"),
        (["size", "--frobnicate"], "see qos-translator size --help"),
        (["frobnicate"], "see qos-translator --help"),
    ],
    ids=str,
)
def test_wrong_usage_names_the_help_of_its_command(given, shown, capsys):
    assert main(given) == 2
    assert capsys.readouterr().err.splitlines()[1] == f"  hint: {shown}"
